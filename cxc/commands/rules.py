"""`cxc rules`: every rule, or one on a page."""

from collections.abc import Sequence
from textwrap import fill
from typing import TYPE_CHECKING, Annotated, NamedTuple

import typer

from cxc.commands import completion
from cxc.commands.options import (
    ColourOption,
    ListFormatOption,
    OutputOption,
    RulebookOption,
    Text,
    command,
)
from cxc.commands.writing import listing_as
from cxc.errors import InputError
from cxc.reports.output import terminal_width, write, write_page
from cxc.text import clean, listed, nearest, uncommanded

if TYPE_CHECKING:
    from cxc.rules import Rule
    from cxc.scheme.differences import Difference
    from cxc.scheme.rulebook import Rulebook


class Options(NamedTuple):
    """What `cxc rules` is asked."""

    code: Annotated[
        Text, typer.Argument(help="One rule, by its code or name.", metavar="[CODE]", autocompletion=completion.rules)
    ] = None
    rulebook: RulebookOption = "medic-nest"
    format: ListFormatOption = "text"
    output: OutputOption = None
    color: ColourOption = "auto"


def run(options: Options) -> int:
    """Show every rule, or one on a page: what it says, why, its limits, an example and its sources.

    Example: cxc rules CXC201
    """
    from cxc.reports import listing
    from cxc.reports.data import rulebook_document
    from cxc.rules import RULES
    from cxc.scheme.loading import load_scheme
    from cxc.tables.same_file import keep_apart

    scheme = load_scheme(options.rulebook)
    keep_apart([("-o", options.output)], scheme.files)
    chosen = RULES if options.code is None else [_one_rule(RULES, options.code)]
    if options.code is not None and options.format == "text":
        write_page(listing.rule_page(scheme, chosen[0]), options.output, options.color)
        return 0
    rows = listing.rule_rows(scheme, chosen)
    if options.format == "text":
        wide = None if options.output else terminal_width()
        title = f"The rules under {scheme.rulebook.name}: {scheme.rulebook.title}"
        heading = uncommanded(f"{fill(title, wide) if wide else title}\n\n")
        table = listing.as_text(listing.RULE_HEADING[:-1], [row[:-1] for row in rows], page=wide)
        changed = listing.differing_text(scheme.rulebook, _differing(scheme.rulebook))
        closing = "\ncxc rules CODE shows why, the limits, an example and the sources of one rule.\n"
        write(f"{heading}{table}{changed}{closing}", options.output)
        return 0
    document = rulebook_document(scheme.rulebook, chosen[0].code if options.code else None)
    written = listing_as(options.format, listing.RULE_HEADING, rows, document)
    if options.format == "markdown" and options.code is None:
        written += listing.differing_markdown(scheme.rulebook, _differing(scheme.rulebook))
    write(written, options.output)
    return 0


def _differing(rulebook: "Rulebook") -> "list[Difference]":
    """What differs between a rulebook of one's own and the one that it extends."""
    from cxc.scheme.countries import load_countries
    from cxc.scheme.differences import differences

    return differences(rulebook, load_countries()) if rulebook.is_own else []


def _one_rule(rules: "Sequence[Rule]", text: str) -> "Rule":
    """The rule of this code or name. Raises InputError."""
    for rule in rules:
        if text.casefold() in (rule.code.casefold(), rule.name):
            return rule
    close = nearest(text, [word for rule in rules for word in (rule.code, rule.name)])
    hint = f"; did you mean {listed(close)}?" if close else "; cxc rules lists the rules"
    raise InputError(f"there is no rule '{clean(text)}'{hint}")


COMMAND = command(Options, run)
