"""`cxc data`: country tables and rulebooks of one's own."""

from typing import Annotated

import typer

from cxc.commands.options import command, frozen
from cxc.commands.writing import write
from cxc.text import uncommanded


@frozen
class Options:
    """What `cxc data` is asked."""

    files: Annotated[list[str], typer.Argument(help="Country tables and rulebooks in YAML.", metavar="FILE...")]


def run(options: Options) -> int:
    """Check country tables and rulebooks."""
    from cxc.scheme.checking import check_file

    for file in options.files:
        write(f"{uncommanded(check_file(file))}\n", None)
    return 0


COMMAND = command(Options, run)
