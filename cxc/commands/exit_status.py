"""The exit statuses of every command."""

from collections.abc import Collection, Mapping
from typing import Final

from cxc.vocabulary import RowOutcome

ELIGIBLE: Final = 0  # of `check` and `validate`; of other commands: done
REFUSED: Final = 1
UNREADABLE: Final = 2  # a usage error, or input that cannot be read
OPEN: Final = 3
FAULT: Final = 70  # of the program itself
STOPPED: Final = 130  # by Ctrl-C; SIGTERM and SIGHUP give 143 and 129

# What the exit statuses of a command mean, as its help says it. Those of FOR_ALL are the same for every command.
FOR_ALL: Final = {
    UNREADABLE: "The command is wrong, or a file cannot be read or written.",
    FAULT: "A fault of cxc itself. Please report it.",
    STOPPED: "Stopped by Ctrl-C.",
}
DONE: Final = {ELIGIBLE: "Done."}
OF_TRIP: Final = {
    ELIGIBLE: "The trip is eligible.",
    REFUSED: "The trip is not eligible.",
    OPEN: "The trip is undecided: something still has to be settled.",
}
OF_TABLE: Final = {
    ELIGIBLE: "Every trip is eligible.",
    REFUSED: "At least one trip is not eligible.",
    UNREADABLE: "The command is wrong, or a file or a row cannot be read.",
    OPEN: "No trip is refused, but at least one is undecided.",
}
OF_DATA: Final = {
    ELIGIBLE: "The files are sound.",
    REFUSED: "With --stale: at least one value was last checked too long ago.",
    UNREADABLE: "The command is wrong, or there is a fault in a file.",
}
OF_VERIFY: Final = {
    ELIGIBLE: "Nothing moved.",
    REFUSED: "Something moved, or a receipt was altered.",
}
OF_PLAN: Final = {ELIGIBLE: "At least one stay was found.", REFUSED: "There is no stay between the two days."}


def in_help(statuses: Mapping[int, str]) -> str:
    """The exit statuses of a command, a line each.

    >>> print(in_help(DONE))
    0 Done.
    2 The command is wrong, or a file cannot be read or written.
    70 A fault of cxc itself. Please report it.
    130 Stopped by Ctrl-C.
    """
    return "\n".join([f"{status} {meaning}" for status, meaning in sorted({**FOR_ALL, **statuses}.items())])


def status_of(outcomes: Collection[RowOutcome], exit_zero: bool) -> int:
    """The exit status for the outcomes of trips: a row that cannot be read comes first, then what is refused.

    >>> status_of(["eligible", "undecided"], False), status_of(["undecided"], True), status_of(["unreadable"], True)
    (3, 0, 2)
    """
    if "unreadable" in outcomes:
        return UNREADABLE
    if exit_zero:
        return ELIGIBLE
    return REFUSED if "not-eligible" in outcomes else OPEN if "undecided" in outcomes else ELIGIBLE
