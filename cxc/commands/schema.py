"""`cxc schema`: the JSON Schema of what cxc reads and writes."""

from enum import Enum
from typing import Annotated, NamedTuple

import typer

from cxc.commands.options import OutputOption, command
from cxc.commands.writing import write
from cxc.text import listed


class SchemaName(str, Enum):
    """What a schema is printed of."""

    trip = "trip"
    verdict = "verdict"
    verdicts = "verdicts"
    estimates = "estimates"
    plans = "plans"
    rulebook = "rulebook"
    countries = "countries"
    verify = "verify"
    data = "data"
    coverage = "coverage"
    table = "table"


class Options(NamedTuple):
    """What `cxc schema` is asked."""

    name: Annotated[
        SchemaName,
        typer.Argument(help=f"What the schema is of: {listed([name.value for name in SchemaName])}.", metavar="NAME"),
    ]
    output: OutputOption = None


def run(options: Options) -> int:
    """Print the JSON Schema of what cxc reads and writes.

    Example: cxc schema trip
    """
    from cxc.reports.json import dumps
    from cxc.reports.schema import SCHEMAS

    write(dumps(SCHEMAS[options.name.value]()), options.output)
    return 0


COMMAND = command(Options, run)
