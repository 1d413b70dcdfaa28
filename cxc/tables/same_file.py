"""Whether two names are names of one file: so no file is read twice, and none that is read or written is written over.

A file is the same by whatever name it is given: `./a.csv` for `a.csv`, or a link.
"""

import os
import stat
import sys
from collections.abc import Hashable, Iterable, Sequence
from pathlib import Path

from cxc.errors import InputError
from cxc.text import clean


def read_once(tables: Iterable[str], histories: Iterable[str] = ()) -> None:
    """Refuse a file that is given twice, as a table, as a history or as both. Raises InputError."""
    taken: dict[Hashable, tuple[str, str]] = {}
    for role, files in (("trips", tables), ("visits", histories)):
        for file in files:
            which = which_file(file, may_be_piped=True, also_devices=True) or file
            if which in taken:
                raise InputError(_twice(*taken[which], file, role))
            taken[which] = file, role


def _twice(one: str, one_role: str, other: str, other_role: str) -> str:
    """Why a file that is given twice is refused."""
    one, other = ("standard input" if file == "-" else clean(file) for file in (one, other))
    given = f"{one} is named twice" if one == other else f"{one} and {other} are one file, which is named twice"
    if one_role != other_role:
        return f"{given}, as a table of trips and as its history; each trip would be compared with itself"
    return f"{given}; its {one_role} would be compared with themselves; name it once"


def keep_apart(written: Sequence[tuple[str, str | None]], read: Iterable[str | Path]) -> None:
    """Refuse a file to write that is one of those to read, and two that are one, whatever names they are given by.

    `written` holds an option and its file, or None; `-` among `read` is standard input. Devices and pipes hold nothing
    that could be lost. Raises InputError.
    """
    inputs = {which_file(file, may_be_piped=True) for file in read} - {None}
    taken: dict[Hashable, str] = {}
    for option, file in written:
        which = which_file(file) if file else None
        if file is None or which is None:
            continue
        if which in inputs:
            raise InputError(f"{clean(file)} is a file that is read; name another file to write to")
        if which in taken:
            raise InputError(f"{clean(file)} is named by {taken[which]} and by {option}; name two files")
        taken[which] = option


def which_file(file: str | Path, *, may_be_piped: bool = False, also_devices: bool = False) -> Hashable | None:
    """What is the same for every name of one file, also of one that is not there yet; None for what is no file."""
    try:
        found = os.stat(sys.stdin.fileno() if may_be_piped and str(file) == "-" else file)
    except ValueError:  # a standard input without a number, or a name that no file can have
        return None
    except OSError:
        return os.path.realpath(file)
    return (found.st_dev, found.st_ino) if also_devices or stat.S_ISREG(found.st_mode) else None
