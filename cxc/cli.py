"""Which commands there are, and what becomes of whatever goes wrong: a line on standard error, and the exit status."""

import os
import sys
from collections.abc import Mapping, Sequence
from importlib import import_module
from itertools import takewhile
from typing import Annotated, Any, Final

import typer
from typer.exceptions import TyperException

from cxc import __version__
from cxc.commands.exit_status import ELIGIBLE, FAULT, STOPPED, UNREADABLE
from cxc.commands.help_page import Command, Commands
from cxc.errors import CxcError, InputError
from cxc.text import clean

_MOST_LINES: Final = 20

_APP: Mapping[str, Any] = {
    "name": "cxc",
    "help": "Is a proposed ClusterXchange visit eligible, and what does it pay?\n\n"
    "Example: cxc check --to PT --arrival 2023-05-14 --departure 2023-05-20 --host-cluster yes",
    "cls": Commands,
    "epilog": "cxc COMMAND --help shows an example of a command, its options and its exit statuses.\n\n"
    "The partnership decides. What this program says is not a decision of the EU.",
    "rich_markup_mode": None,
    "pretty_exceptions_enable": False,
    "add_completion": False,
    "context_settings": {"help_option_names": ["-h", "--help"]},
}


def _print_version(wanted: bool) -> None:
    if wanted:
        print(f"cxc {__version__}")
        raise typer.Exit()


def _main(
    version: Annotated[
        bool, typer.Option("--version", help="Print the version and exit.", callback=_print_version, is_eager=True)
    ] = False,
) -> None:
    pass


COMMANDS: Final = (
    "check",
    "validate",
    "estimate",
    "plan",
    "countries",
    "rules",
    "template",
    "schema",
    "verify",
    "data",
)


def _app(arguments: Sequence[str]) -> typer.Typer:
    """The command line with the command that is asked for alone: building the others costs time at every start."""
    app = typer.Typer(**_APP)
    app.callback()(_main)
    asked = arguments[0] if arguments else ""
    for name in COMMANDS:
        if asked == name or asked not in COMMANDS:
            called = import_module(f"cxc.commands.{name}").COMMAND
            app.command(name, cls=Command, epilog=called.statuses)(called)
    return app


def run(arguments: Sequence[str] | None = None) -> int:
    """Run a command and give its exit status. Whatever goes wrong becomes a line on standard error."""
    from cxc.reports.output import Stopped, complain, give_up, set_up_streams, write

    set_up_streams()
    try:
        given = sys.argv[1:] if arguments is None else list(arguments)
        _refuse_ambiguous(given)
        status = _app(given)(args=given or ["--help"], prog_name="cxc", standalone_mode=False, obj=given)
        write("", None)
        if status == STOPPED:  # Typer turns Ctrl-C into this status
            complain("stopped")
        return (status if isinstance(status, int) else 0) if given else UNREADABLE
    except TyperException as error:
        context = getattr(error, "ctx", None)
        hint = f" (see {context.command_path} --help)" if context is not None else ""
        complain(f"{clean(error.format_message())}{hint}")
        return UNREADABLE
    except CxcError as error:
        for line in _lines(error):
            complain(line)
        return UNREADABLE
    except (KeyboardInterrupt, typer.Abort):
        complain("stopped")
        return STOPPED
    except Stopped as signal:
        complain("stopped")
        return signal.status
    except SystemExit:  # Typer's way out where the reader of its help went away
        give_up(sys.stdout)
        return ELIGIBLE if given else UNREADABLE
    except Exception as error:
        if isinstance(error, OSError) and error.filename is None:  # Typer's own printing of help and version
            give_up(sys.stdout)
            complain(f"standard output cannot be written: {error.strerror or error}")
            return UNREADABLE
        if os.environ.get("CXC_TRACEBACK"):
            raise
        complain(_fault(error))
        return FAULT


def _refuse_ambiguous(arguments: Sequence[str]) -> None:
    """Refuse an option that is also the name of a file here: `*` may have put it there. Raises InputError."""
    for argument in takewhile("--".__ne__, arguments):
        if argument.startswith("-") and argument != "-" and os.path.lexists(argument):
            name = clean(argument)
            raise InputError(
                f"'{name}' is an option, and also the name of a file here; if you mean the file, write ./{name}, or "
                "rename it"
            )


def _fault(error: Exception) -> str:
    return (
        f"a fault of cxc itself ({type(error).__name__}: {clean(str(error))[:200]}). Please report this line and "
        "the command to the maintainers; CXC_TRACEBACK=1 in the environment shows where it happened."
    )


def _lines(error: CxcError) -> list[str]:
    from cxc.errors import TripError

    if not isinstance(error, TripError):
        return [clean(str(error))]
    messages = [problem.message for problem in error.problems]
    more = len(messages) - _MOST_LINES
    return messages if more <= 0 else [*messages[:_MOST_LINES], f"and {more} more"]
