"""`cxc schema`: the JSON Schema of what cxc reads and writes."""

from typing import Annotated, Literal, NamedTuple, get_args

import typer

from cxc.commands.options import OutputOption, command
from cxc.reports.output import write
from cxc.text import listed

Name = Literal[
    "trip",
    "verdict",
    "verdicts",
    "estimates",
    "plans",
    "rulebook",
    "countries",
    "verify",
    "data",
    "coverage",
    "table",
]


class Options(NamedTuple):
    """What `cxc schema` is asked."""

    name: Annotated[
        Name,
        typer.Argument(help=f"What the schema is of: {listed(get_args(Name))}.", metavar="NAME"),
    ]
    output: OutputOption = None


def run(options: Options) -> int:
    """Print the JSON Schema of what cxc reads and writes.

    Example: cxc schema trip
    """
    from cxc.reports.json import dumps
    from cxc.reports.schema import SCHEMAS

    write(dumps(SCHEMAS[options.name]()), options.output)
    return 0


COMMAND = command(Options, run)
