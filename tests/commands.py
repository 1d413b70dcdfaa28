"""What a command gave: its exit status, standard output and standard error."""

import os
from collections.abc import Callable
from typing import NamedTuple


class Result(NamedTuple):
    status: int
    out: str
    err: str


Run = Callable[..., Result]


def unmeasured() -> dict[str, str]:
    """The environment of a program whose lines are not counted: it may be held to limits, or be interrupted anywhere.

    What counts lines takes a lock for each new file, and a signal that comes just then leaves it taken: the program
    would wait for it for ever.
    """
    return {name: value for name, value in os.environ.items() if not name.startswith("COV")}
