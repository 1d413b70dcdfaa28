"""What is never written over: a file that the command reads, and a report by another one."""

from collections.abc import Hashable, Iterable, Sequence
from pathlib import Path

from cxc.errors import InputError
from cxc.tables.same_file import which_file
from cxc.text import clean


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
