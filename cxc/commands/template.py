"""`cxc template`: an empty table to fill in, or a rulebook to start from."""

from typing import Annotated, Literal, NamedTuple

import typer

from cxc.commands.options import Text, command
from cxc.errors import InputError
from cxc.reports.output import write
from cxc.vocabulary import Stage


class Options(NamedTuple):
    """What `cxc template` is asked."""

    kind: Annotated[
        Literal["table", "rulebook"],
        typer.Option("--kind", help="Write a table of trips, or a commented rulebook to start from."),
    ] = "table"
    xlsx: Annotated[
        bool, typer.Option("--xlsx", help="Write a spreadsheet with lists to choose from. It needs -o.")
    ] = False
    output: Annotated[
        Text,
        typer.Option(
            "--output",
            "-o",
            help="Write to this file, and not to the screen. If its name ends in .xlsx, a spreadsheet is written.",
            metavar="FILE",
        ),
    ] = None
    stage: Annotated[
        Stage,
        typer.Option("--stage", help="With payment, the table has columns for papers, evidence and what was paid."),
    ] = "proposal"
    force: Annotated[bool, typer.Option("--force", help="Replace the file if it is there already.")] = False


def run(options: Options) -> int:
    """Write an empty table with the right columns and one example row, or a commented rulebook to start from.

    Example: cxc template -o trips.csv
    """
    from cxc.tables import template

    if options.kind == "rulebook":
        if options.xlsx:
            raise InputError("--xlsx: a rulebook is a YAML file; leave this option out")
        if options.stage != "proposal":
            raise InputError("--stage: a rulebook is for every stage; leave this option out")
        if options.output:
            template.must_be_yaml(options.output)
            template.must_be_free(options.output, options.force)
        write(template.rulebook(), options.output)
        return 0
    if options.xlsx and not options.output:
        raise InputError("--xlsx: name the file with -o, such as -o trips.xlsx")
    if not options.output or not template.wants_xlsx(options.output, options.xlsx, options.force):
        write(template.as_csv(options.stage), options.output)
        return 0
    from cxc.scheme.loading import load_scheme

    write(template.as_xlsx(load_scheme().countries, options.stage), options.output)
    return 0


COMMAND = command(Options, run)
