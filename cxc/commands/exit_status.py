"""The exit statuses of every command."""

from typing import Final

from cxc.vocabulary import Outcome

ELIGIBLE: Final = 0  # of `check` and `validate`; of other commands: done
REFUSED: Final = 1
UNREADABLE: Final = 2  # a usage error, or input that cannot be read
OPEN: Final = 3
FAULT: Final = 70  # of the program itself
STOPPED: Final = 130  # by Ctrl-C; SIGTERM and SIGHUP give 143 and 129


def status_of(outcome: Outcome, exit_zero: bool) -> int:
    """The exit status of an outcome of a trip."""
    found = {"eligible": ELIGIBLE, "not-eligible": REFUSED, "undecided": OPEN}[outcome]
    return ELIGIBLE if exit_zero else found
