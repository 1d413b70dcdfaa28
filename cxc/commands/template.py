"""`cxc template`: an empty table to fill in."""

from pathlib import Path
from typing import Annotated

import typer

from cxc.commands.options import Stage, Text, command, frozen
from cxc.commands.writing import write
from cxc.errors import InputError


@frozen
class Options:
    """What `cxc template` is asked."""

    xlsx: Annotated[bool, typer.Option("--xlsx", help="A spreadsheet with lists to choose from; needs -o.")] = False
    output: Annotated[
        Text,
        typer.Option("--output", "-o", help="Write to a file; to a spreadsheet if it ends in .xlsx.", metavar="FILE"),
    ] = None
    stage: Annotated[
        Stage, typer.Option("--stage", help="payment: with columns for papers, evidence and what was paid.")
    ] = Stage.proposal
    force: Annotated[bool, typer.Option("--force", help="Replace the file if it is there already.")] = False


def run(options: Options) -> int:
    """Write an empty table with the right columns and one example row."""
    from cxc.tables import template

    if options.xlsx and not options.output:
        raise InputError("--xlsx: name the file with -o, such as -o trips.xlsx")
    if not options.output or not template.wants_xlsx(options.output, options.xlsx, options.force):
        write(template.as_csv(options.stage.value), options.output)
        return 0
    from cxc.reports.output import WholeFile
    from cxc.scheme.loading import load_scheme

    table = template.as_xlsx(load_scheme().countries, options.stage.value)
    with WholeFile(Path(options.output)) as file:
        file.write(table)
    return 0


COMMAND = command(Options, run)
