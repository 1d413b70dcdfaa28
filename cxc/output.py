"""Writing: standard output, a file that is written whole or not at all, and colour where a terminal wants it."""

import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from cxc.errors import InputError

if TYPE_CHECKING:
    from cxc.reports.text import Block


def set_up_streams() -> None:
    """Make writing safe: a file or pipe gets UTF-8, a terminal never stops at a letter that it cannot show.

    A stream that was closed before the start, as some schedulers do, is the empty device.
    """
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, mode, encoding="utf-8"))
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="replace", **({} if stream.isatty() else {"encoding": "utf-8"}))


def wants_colour(choice: str, stream: TextIO) -> bool:
    """Whether a stream gets colour: as chosen; else as FORCE_COLOR or NO_COLOR say; else where it is a terminal."""
    if choice != "auto":
        return choice == "always"
    if os.environ.get("NO_COLOR"):
        return False
    return bool(os.environ.get("FORCE_COLOR")) or (stream.isatty() and os.environ.get("TERM") != "dumb")


def write(text: str, path: Path | None) -> None:
    """Write a report to a file, or to standard output. Raises InputError where the file cannot be written."""
    if path is None:
        try:
            sys.stdout.write(text)
            sys.stdout.flush()
        except BrokenPipeError:  # the reader went away, as `head` does; the exit status still tells the outcome
            give_up_stdout()
        except OSError as error:
            give_up_stdout()
            raise InputError(f"standard output cannot be written: {error.strerror or error}") from error
        return
    try:
        _write_whole(text, path)
    except OSError as error:
        raise InputError(f"{path} cannot be written: {error.strerror or error}") from error


def give_up_stdout() -> None:
    """Let what is still to be written go nowhere, so that nothing fails again at the exit."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _write_whole(text: str, path: Path) -> None:
    """Write beside the file and move into place, so that a reader sees all of it or what was there before."""
    import tempfile

    path = path.resolve()  # what a link points to is written, not the link
    if path.exists() and not path.is_file():  # a device or a pipe cannot be moved into place
        path.write_text(text, encoding="utf-8", newline="")
        return
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="") as stream:
            stream.write(text)
        os.chmod(name, path.stat().st_mode & 0o777 if path.exists() else 0o666 & ~_umask())
        os.replace(name, path)
    except BaseException:
        os.unlink(name)
        raise


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def write_page(blocks: "Sequence[Block]", path: Path | None, colour: str) -> None:
    """Write a page for people: wrapped in a terminal (with colour unless it is not wanted), plain elsewhere."""
    from cxc.reports.text import plain

    colourful = wants_colour(colour, sys.stdout)
    if path is None and (sys.stdout.isatty() or colourful):
        _print_page(blocks, colourful)
        return
    write(plain(blocks), path)


def _print_page(blocks: "Sequence[Block]", colourful: bool) -> None:
    from rich.console import Console

    from cxc.reports.text import Block, ascii_only, coloured, plain

    if not _can_write(sys.stdout, plain(blocks)):
        blocks = [
            Block(
                ascii_only(b.title),
                [row._replace(mark=ascii_only(row.mark), text=ascii_only(row.text)) for row in b.rows],
                b.style,
            )
            for b in blocks
        ]
    width = None if sys.stdout.isatty() else 10_000  # a pipe gets whole lines, coloured or not
    console = Console(
        force_terminal=True if colourful else None,
        no_color=not colourful,
        color_system="standard" if colourful else None,
        width=width,
        highlight=False,
        emoji=False,
        markup=False,
        legacy_windows=False,
    )
    with console.capture() as capture:
        console.print(coloured(blocks))
    lines = capture.get().splitlines()
    write("".join(f"{line.rstrip()}\n" for line in lines), None)


def _can_write(stream: TextIO, text: str) -> bool:
    try:
        text.encode(stream.encoding or "utf-8")
    except UnicodeEncodeError:
        return False
    return True


def complain(message: str) -> None:
    """One line on standard error."""
    print(f"cxc: {message}", file=sys.stderr)
