"""The help of a command: an example first, its options under headings, its exit statuses at the end.

Everything on it stands with the command: the docstring of its `run`, in which the paragraph that begins with "Example:"
is the example; the `rich_help_panel` of an option, which is its heading; and the statuses that `command` was given.
"""

from inspect import cleandoc
from typing import TYPE_CHECKING, Final

from typer.core import TyperCommand, TyperGroup

from cxc.commands.options import ORDER, OTHERS, READ

if TYPE_CHECKING:
    from typer._click import Command as ClickCommand
    from typer._click import Context, HelpFormatter

_EXAMPLE: Final = "Example: "
_WIDEST: Final = 27  # names of an option that are longer stand on a line of their own


def paragraphs(help: str | None) -> tuple[str, list[str]]:
    """The example of a docstring, without its word, and its other paragraphs.

    >>> paragraphs("Check one trip.\\n\\nExample: cxc check trip.yaml\\n\\nOr by\\noptions.")
    ('cxc check trip.yaml', ['Check one trip.', 'Or by options.'])
    """
    found = [" ".join(paragraph.split()) for paragraph in cleandoc(help or "").split("\n\n")]
    example = next((paragraph for paragraph in found if paragraph.startswith(_EXAMPLE)), "")
    return example.removeprefix(_EXAMPLE), [paragraph for paragraph in found if paragraph and paragraph != example]


def sections(command: "ClickCommand", context: "Context") -> dict[str, list[tuple[str, str]]]:
    """The arguments and options by their headings, each with its sentence; those without one come last."""
    found: dict[str, list[tuple[str, str]]] = {}
    for parameter in command.get_params(context):
        record = parameter.get_help_record(context)
        if record is not None:
            usual = OTHERS if parameter.param_type_name == "option" else READ
            found.setdefault(getattr(parameter, "rich_help_panel", None) or usual, []).append(record)
    if found.keys() == {OTHERS}:
        return {"Options": found[OTHERS]}
    return {heading: found[heading] for heading in sorted(found, key=ORDER.index)}


def statuses(command: "ClickCommand") -> list[tuple[str, str]]:
    """The exit statuses of a command, each with its sentence."""
    split = [line.partition(" ") for line in (command.epilog or "").splitlines()]
    return [(status, meaning) for status, _, meaning in split]


def _begin(command: "ClickCommand", context: "Context", formatter: "HelpFormatter") -> None:
    """The usage, the example, which stands on one line to be copied, and what the command does."""
    command.format_usage(context, formatter)
    example, said = paragraphs(command.help)
    if example:
        formatter.write(f"\nExample:\n{example}\n")
    for paragraph in said:
        formatter.write_paragraph()
        with formatter.indentation():
            formatter.write_text(paragraph)


def _write_options(command: "ClickCommand", context: "Context", formatter: "HelpFormatter") -> None:
    """The options, their sentences below one another under all headings."""
    found = sections(command, context)
    width = min(_WIDEST, max(len(names) for rows in found.values() for names, _ in rows))
    for heading, rows in found.items():
        with formatter.section(heading):
            formatter.write_dl([(names.ljust(width), sentence) for names, sentence in rows], col_max=width)


class Command(TyperCommand):
    """A command with its help."""

    def format_help(self, ctx: "Context", formatter: "HelpFormatter") -> None:
        """Write the whole page."""
        _begin(self, ctx, formatter)
        _write_options(self, ctx, formatter)
        with formatter.section("Exit status"):
            formatter.write_dl(statuses(self))

    def get_short_help_str(self, limit: int = 0) -> str:
        """What it does, for a list of commands: a whole sentence, however long."""
        return next(iter(paragraphs(self.help)[1]), "")

    def collect_usage_pieces(self, ctx: "Context") -> list[str]:
        """The words of the usage, without the braces that Typer puts round what is needed."""
        return [piece.strip("{}") for piece in super().collect_usage_pieces(ctx)]


class Commands(TyperGroup):
    """All the commands with their help."""

    def format_help(self, ctx: "Context", formatter: "HelpFormatter") -> None:
        """Write the whole page: each command with the first sentence of its own help, whole."""
        _begin(self, ctx, formatter)
        with formatter.section("Commands"):
            formatter.write_dl([(name, one.get_short_help_str()) for name, one in self.commands.items()])
        _write_options(self, ctx, formatter)
        self.format_epilog(ctx, formatter)
