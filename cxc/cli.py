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
from cxc.commands.exit_status import ELIGIBLE, FAULT, REFUSED, STOPPED, UNREADABLE
from cxc.commands.help_page import Command, Commands
from cxc.errors import CxcError, InputError
from cxc.reports.output import Stopped, complain, give_up, set_up_streams, write
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


def app(arguments: Sequence[str]) -> typer.Typer:
    """The command line with the command that is asked for: building the options of others costs time at every start.

    Where none is asked for, all are there by name and help, to be listed.
    """
    asked = _asked(arguments)
    if not asked:
        from cxc.commands import shells

        shells.prepare_scripts()
    made = typer.Typer(**_APP, add_completion=not asked)
    made.callback()(_main)
    for name in (asked,) if asked else COMMANDS:
        called = import_module(f"cxc.commands.{name}").COMMAND
        told = {"cls": Command, "help": called.__doc__, "epilog": called.statuses}
        made.command(name, **told)(called if name == asked else _listed)
    return made


def _asked(arguments: Sequence[str]) -> str:
    """The command among the words of a command line; nothing where there is none."""
    word = next((word for word in arguments if not word.startswith("-")), "")
    return word if word in COMMANDS else ""


def _listed() -> None:
    """Stands for a command that is listed and not run."""


def run(arguments: Sequence[str] | None = None) -> int:
    """Run a command and give its exit status. Whatever goes wrong becomes a line on standard error."""
    set_up_streams()
    try:
        if os.environ.get("_CXC_COMPLETE"):
            return _complete()
        given = sys.argv[1:] if arguments is None else list(arguments)
        _refuse_ambiguous(given)
        status = app(given)(args=given or ["--help"], prog_name="cxc", standalone_mode=False, obj=given)
        write("", None)
        return _status(status, given)
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
    except BaseException as error:  # a panic of Polars is no Exception, and would end with status 1: not eligible
        if isinstance(error, OSError) and error.filename is None:  # Typer's own printing of help and version
            give_up(sys.stdout)
            complain(f"standard output cannot be written: {error.strerror or error}")
            return UNREADABLE
        if os.environ.get("CXC_TRACEBACK"):
            raise
        complain(_fault(error))
        return FAULT


def _status(given_back: object, arguments: Sequence[str]) -> int:
    """The exit status for what Typer gave back, and a line on standard error where Typer says too little."""
    if given_back == STOPPED:  # Typer turns Ctrl-C into this status
        complain("stopped")
    if given_back == REFUSED and not _asked(arguments):  # what Typer gives for a shell that it does not know
        complain("completion is there for bash, zsh, fish and PowerShell; run this command in one of them")
        return UNREADABLE
    if not arguments:
        return UNREADABLE
    return given_back if isinstance(given_back, int) else ELIGIBLE


def _complete() -> int:
    """Answer a shell in which Tab was pressed: only the command that is completed is built."""
    from cxc.commands import shells

    status = shells.answer(typer.main.get_command(app(shells.typed())))
    write("", None)
    return status


def _refuse_ambiguous(arguments: Sequence[str]) -> None:
    """Refuse an option that is also the name of a file here: `*` may have put it there. Raises InputError."""
    for argument in takewhile("--".__ne__, arguments):
        if argument.startswith("-") and argument != "-" and os.path.lexists(argument):
            name = clean(argument)
            raise InputError(
                f"'{name}' is an option, and also the name of a file here; if you mean the file, write ./{name}, or "
                "rename it"
            )


def _fault(error: BaseException) -> str:
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
