"""Make docs/cxc.1, the man page, from the commands: their help in another form.

python scripts/make_man.py            # writes the page
python scripts/make_man.py --print    # prints it
"""

import re
import sys
import textwrap
from pathlib import Path
from typing import Final

import typer

from cxc import __version__
from cxc.cli import COMMANDS, app
from cxc.commands.help_page import Command, Commands, paragraphs, sections, statuses

_WIDTH: Final = 72
_AS_OF: Final = "2026-11-28"  # the day of the version that is described
PAGE: Final = Path(__file__).parent.parent / "docs" / "cxc.1"
_ABOUT: Final = (
    "ClusterXchange pays a lump sum to an organisation that visits a host organisation of another country. "
    "cxc says whether a trip is eligible, why or why not, and what it pays."
)
_FILES: Final = {
    "cxc.yaml": "Options of check, validate, estimate and plan, for the folder in which it stands. "
    "An option that is typed counts more. --no-config leaves the file alone.",
}
_ENVIRONMENT: Final = {
    "NO_COLOR, FORCE_COLOR": "Switch colour off or on, where --color is auto.",
    "CXC_TRACEBACK": "If it is set, a fault of cxc itself is shown with the place where it happened.",
}


def roff(text: str) -> str:
    """A line as troff has to read it. An option, a default and a list of choices are not broken."""
    quoted = text.replace("\\", "\\e").replace("-", "\\-").replace("'", "\\(aq")
    quoted = re.sub(r"(?<!\S)(?=\\-|[<[])", r"\\%", quoted)
    return f"\\&{quoted}" if quoted.startswith(".") else quoted


def sentences(text: str) -> list[str]:
    """Sentences, each on a line of its own or several, as troff wants them."""
    apart = re.split(r"(?<=[.?!]) +(?=[A-Z\[])", " ".join(text.split()))
    return [roff(line) for one in apart for line in textwrap.wrap(one, _WIDTH, break_on_hyphens=False)]


def listed(rows: "list[tuple[str, str]] | dict[str, str]") -> list[str]:
    """Words, each with its sentence below it."""
    pairs = rows.items() if isinstance(rows, dict) else rows
    return [line for words, said in pairs for line in (".TP", f".B {roff(words)}", *sentences(said))]


def example(command: str) -> list[str]:
    """A command to be copied, on more lines than one where it is long."""
    lines = [""]
    for part in re.split(r" (?=--)", command):
        if len(lines[-1]) + len(part) > _WIDTH - 8:
            lines[-1] += " \\"
            lines.append("   ")
        lines[-1] += f" {part}"
    return [".PP", ".EX", *(roff(line.removeprefix(" ")) for line in lines), ".EE"]


def of_command(name: str) -> list[str]:
    """The part on a command."""
    group = typer.main.get_command(app([name]))
    assert isinstance(group, Commands)
    command = group.commands[name]
    assert isinstance(command, Command)
    context = typer.Context(command, info_name=f"cxc {name}", help_option_names=["-h", "--help"])
    shown, said = paragraphs(command.help)
    lines = [f".SS {roff(' '.join(['cxc', name, *command.collect_usage_pieces(context)]))}"]
    lines += [line for paragraph in said for line in (".PP", *sentences(paragraph))][1:]
    lines += example(shown)
    for heading, rows in [*sections(command, context).items(), ("Exit status", statuses(command))]:
        lines += [".PP", f".I {roff(heading)}", *listed(rows)]
    return lines


def page() -> str:
    """The man page."""
    group = typer.main.get_command(app([]))
    assert isinstance(group, Commands)
    context = typer.Context(group, info_name="cxc", help_option_names=["-h", "--help"])
    shown, said = paragraphs(group.help)
    lines = [
        '.\\" Made by scripts/make_man.py from the help of the commands.',
        f'.TH CXC 1 "{_AS_OF}" "cxc {__version__}" "User Commands"',
        ".ad l",  # no line is stretched
        ".SH NAME",
        "cxc \\- is a proposed ClusterXchange visit eligible, and what does it pay?",
        ".SH SYNOPSIS",
        ".B cxc",
        ".I COMMAND",
        "[options]",
        ".SH DESCRIPTION",
        *sentences(_ABOUT),
        *sentences((group.epilog or "").split("\n\n")[-1]),
        *example(shown),
        ".SH OPTIONS",
        *listed([row for rows in sections(group, context).values() for row in rows]),
        ".SH COMMANDS",
    ]
    assert said
    for name in COMMANDS:
        lines += of_command(name)
    return "\n".join([*lines, ".SH FILES", *listed(_FILES), ".SH ENVIRONMENT", *listed(_ENVIRONMENT), ""])


if __name__ == "__main__":
    if "--print" in sys.argv[1:]:
        print(page(), end="")
    else:
        PAGE.write_text(page(), encoding="utf-8")
