"""The tests of a mutant, in a process that has everything loaded but the program. Used by scripts/mutate.py.

mutant_tests.py serve SOCKET SECONDS TEST...   waits to be asked, and runs the tests in a fork for each asking
mutant_tests.py ask SOCKET                     asks, and exits with 0 where all tests passed
"""

import os
import shlex
import signal
import socket
import sys
from functools import cache
from importlib import import_module
from pathlib import Path

LOADED = (
    "hypothesis",
    "pytest",
    "doctest",
    "yaml",
    "dateutil.relativedelta",
    "typer",
    "openpyxl",
    "rich.console",
    "csv",
)
QUIETLY = ("-x", "-q", "-p", "no:cacheprovider", "--assert=plain")
FINE = (0, 5)  # all passed; there is no test in this file


def passed(tests: list[str], seconds: int) -> bool:
    """Run the tests in a fork, the quick ones first, until one fails or the time is over."""
    child = os.fork()
    if not child:
        signal.alarm(seconds)
        nothing = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nothing, 1)
        os.dup2(nothing, 2)
        fine = False
        try:  # a mutant may break whatever is imported
            fine = all_pass(tests)
        finally:
            os._exit(not fine)
    _, status = os.waitpid(child, 0)
    return status == 0


def all_pass(tests: list[str]) -> bool:
    """Whether the tests of these files pass."""
    import pytest

    if not tests[0].startswith("cxc/scheme/"):  # reading the same data for each case is half of the work
        from cxc.scheme import loading

        loading.load_scheme = cache(loading.load_scheme)
    return all(pytest.main([*QUIETLY, *shlex.split(test)]) in FINE for test in tests)


def serve(place: str, seconds: int, tests: list[str]) -> None:
    """Answer one asking after the other, until the process is ended."""
    sys.dont_write_bytecode = True  # two mutants made in one second would have one compiled copy
    for module in LOADED:
        import_module(module)
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(place)
        server.listen()
        while True:
            asking, _ = server.accept()
            with asking:
                asking.sendall(b"0" if passed(tests, seconds) else b"1")


def ask(place: str) -> int:
    """Ask, and give the exit status."""
    with socket.socket(socket.AF_UNIX) as asking:
        asking.connect(place)
        return int(asking.recv(1) or b"1")


if __name__ == "__main__":
    what, where, *more = sys.argv[1:]
    if what == "ask":
        sys.exit(ask(where))
    assert Path("cxc").is_dir(), "run it in the copy of the project that is changed"
    serve(where, int(more[0]), more[1:])
