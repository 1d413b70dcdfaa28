"""Writing: standard output, a file that is written whole or not at all, and colour where a terminal wants it."""

import errno
import os
import signal
import stat
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, TextIO

from cxc.errors import InputError
from cxc.text import clean, listed, uncommanded

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


def wants_colour(choice: str, stream: TextIO | None) -> bool:
    """Whether a stream gets colour: as chosen; else as FORCE_COLOR or NO_COLOR say; else where it is a terminal.

    None is a file, which is plain unless colour is chosen for good.
    """
    if choice != "auto":
        return choice == "always"
    if stream is None or os.environ.get("NO_COLOR"):
        return False
    return bool(os.environ.get("FORCE_COLOR")) or (stream.isatty() and os.environ.get("TERM") != "dumb")


def terminal_width() -> int | None:
    """How many letters a line of standard output has; None where that is no terminal."""
    import shutil

    return shutil.get_terminal_size().columns if sys.stdout.isatty() else None


def write(report: str | bytes, file: str | None) -> None:
    """Write a report to a file, or to standard output. Raises InputError where it cannot be written."""
    if not file:
        try:
            if isinstance(report, str):
                sys.stdout.write(report)
            else:
                sys.stdout.buffer.write(report)
            sys.stdout.flush()
        except BrokenPipeError:  # the reader went away, as `head` does; the exit status still tells the outcome
            give_up(sys.stdout)
        except OSError as error:
            give_up(sys.stdout)
            raise InputError(f"standard output cannot be written: {error.strerror or error}") from error
        return
    if isinstance(report, str) and file.lower().endswith(".xlsx"):
        raise InputError(f"{file}: what is written is not a workbook; choose another ending than .xlsx")
    with WholeFile(Path(file)) as whole:
        whole.write(report)


def in_utf8(piece: str | bytes) -> bytes:
    """A piece of a report as it is written."""
    return piece.encode("utf-8", "replace") if isinstance(piece, str) else piece


def append(path: Path, pieces: Iterable[bytes]) -> None:
    """Add to a file that a CI server reads. Where it cannot be written that is said, and nothing else is lost by it."""
    try:
        with path.open("ab") as stream:
            stream.writelines(pieces)
    except OSError as error:
        complain(f"{path} cannot be written: {error.strerror or error}")


def give_up(stream: IO[Any]) -> None:
    """Let what is still to be written to a stream go nowhere, so that nothing fails again at the exit."""
    null = os.open(os.devnull, os.O_WRONLY)
    os.dup2(null, stream.fileno())
    os.close(null)


def tell(text: str, end: str = "\n") -> None:
    """Write to standard error. Where that fails nobody is there to be told, and nothing else is lost by it."""
    try:
        print(uncommanded(text), end=end, file=sys.stderr, flush=True)
    except OSError:
        give_up(sys.stderr)


def written(files: Iterable[str | None]) -> str:
    """The files that were written, as a sentence; nothing where there is none.

    >>> written([None, "trips.html"]), written([])
    ('Written: trips.html.', '')
    """
    named = [clean(file) for file in files if file]
    return f"Written: {listed(named, 'and')}." if named else ""


class Stopped(BaseException):
    """A signal asks the program to end; `status` is the exit status."""

    def __init__(self, status: int) -> None:
        self.status = status


def heed_signals() -> None:
    """Let a signal that asks the program to end unwind it, so that nothing half-written is left behind.

    One that is ignored, as under nohup, stays so.
    """
    asked_to_end = [number for name in _SIGNALS if (number := getattr(signal, name, None)) is not None]

    def end(number: int, _: object) -> None:
        for one in asked_to_end:  # a second one must not come between the clearing away
            signal.signal(one, signal.SIG_IGN)
        raise Stopped(128 + number)

    for one in asked_to_end:
        if signal.getsignal(one) is not signal.SIG_IGN:
            signal.signal(one, end)


_SIGNALS = ("SIGTERM", "SIGHUP")  # Windows has no SIGHUP


class StandardOutput:
    """Standard output, written piece by piece: at once to a terminal, else in larger parts. Used with `with`.

    `write` raises InputError where it cannot be written.
    """

    def __init__(self) -> None:
        self._live = sys.stdout.isatty() or not hasattr(sys.stdout, "buffer")  # or it takes letters alone
        self._pieces: list[bytes] = []
        self._size = 0

    def __enter__(self) -> "StandardOutput":
        return self

    def write(self, piece: str | bytes) -> None:
        """Add a piece, in letters that a terminal can show."""
        if self._live:
            text = in_utf8(piece).decode()
            if not _can_be_shown(text):
                from cxc.reports.text import ascii_only

                text = ascii_only(text)
            write(text, None)
            return
        self._pieces.append(in_utf8(piece))
        self._size += len(self._pieces[-1])
        if self._size >= WRITTEN_AT_ONCE:
            self._write_out()

    def _write_out(self) -> None:
        written = b"".join(self._pieces)
        self._pieces.clear()
        self._size = 0
        write(written, None)

    def __exit__(self, *_: object) -> None:
        if self._pieces:
            self._write_out()


WRITTEN_AT_ONCE = 1 << 16  # bytes: what a pipe holds; more at once is no faster


class WholeFile:
    """A file that is written piece by piece and appears only when it is whole. Used with `with`."""

    def __init__(self, path: Path) -> None:
        if str(path) == "-":
            raise InputError("-o -: name a file; without -o the report goes to standard output")
        self._path = Path(os.path.realpath(path))
        try:
            self._direct = not stat.S_ISREG(path.stat().st_mode)
        except FileNotFoundError:
            self._direct = False
        except OSError as error:
            raise self._failure(error) from error
        # Chosen before the file is made, so that whenever Ctrl-C comes, it is known what to take away. A name can have
        # 255 bytes, and the file's own may be as long.
        begun = f".{self._path.name[:50]}.{os.urandom(4).hex()}"
        self._name = self._path if self._direct else self._path.with_name(begun)
        self._stream: IO[bytes] | None = None

    def __enter__(self) -> "WholeFile":
        return self

    def open(self) -> IO[bytes]:
        """Make the file, unless it is made. Raises InputError where it cannot be written."""
        if self._stream is None:
            try:
                handle = os.open(self._name, os.O_WRONLY | (0 if self._direct else os.O_CREAT | os.O_EXCL), 0o600)
                self._stream = os.fdopen(handle, "wb", WRITTEN_AT_ONCE)
            except OSError as error:
                raise self._failure(error) from error
        return self._stream

    def write(self, piece: str | bytes) -> None:
        """Add a piece. Raises InputError where it cannot be written."""
        try:
            self.open().write(in_utf8(piece))
        except OSError as error:
            raise self._failure(error) from error

    def _failure(self, error: OSError) -> InputError:
        return InputError(f"{self._path} cannot be written: {_why(error)}")

    def __exit__(self, kind: object, *_: object) -> None:
        try:
            if self._stream is not None:
                if kind is not None:  # the disk may be full, and whoever reads a pipe may have stopped reading
                    give_up(self._stream)
                self._stream.close()
            if kind is None and self._stream is not None and not self._direct:
                mode = self._path.stat().st_mode & 0o777 if self._path.exists() else 0o666 & ~_umask()
                os.chmod(self._name, mode)
                os.replace(self._name, self._path)
        except OSError as error:
            raise self._failure(error) from error
        finally:
            if not self._direct:
                self._name.unlink(missing_ok=True)


@contextmanager
def on_disk() -> Iterator[None]:
    """Say of a temporary file where the disk is full, or where it cannot be written. Raises InputError."""
    try:
        yield
    except OSError as error:
        raise InputError(f"a temporary file cannot be written: {error.strerror or error}") from error


def _why(error: OSError) -> str:
    """Why a file cannot be written."""
    return _WHY.get(error.errno or 0) or error.strerror or str(error)


_WHY = {
    errno.ENOENT: "there is no such folder",
    errno.ENOTDIR: "a part of its path is a file, not a folder",
    errno.EISDIR: "it is a folder; name a file in it",
    errno.ELOOP: "its links lead round in a circle",
    errno.ENAMETOOLONG: "its name is too long",
}


class Progress:
    """How many rows are done, on standard error where that is a terminal. Used with `with`."""

    def __init__(self) -> None:
        self._shown = sys.stderr.isatty()
        self._begun = False

    def __enter__(self) -> "Progress":
        return self

    def show(self, rows: int) -> None:
        """So many rows are done."""
        if self._shown and rows >= ROWS_AT_ONCE:
            self._begun = True
            tell(f"\r{rows:,} rows", end="")

    def __exit__(self, *_: object) -> None:
        if self._begun:
            tell("\r\x1b[K", end="")


ROWS_AT_ONCE = 200


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def write_page(blocks: "Sequence[Block]", file: str | None, colour: str) -> None:
    """Write a page for people: wrapped in a terminal (with colour unless it is not wanted), plain elsewhere."""
    write(page_text(blocks, file, colour), file)


def page_text(blocks: "Sequence[Block]", file: str | None, colour: str) -> str:
    """A page as it is written to a file, or to standard output."""
    from cxc.reports.text import plain

    colourful = wants_colour(colour, None if file else sys.stdout)
    to_terminal = not file and sys.stdout.isatty()
    return _wrapped(blocks, colourful, to_terminal=to_terminal) if colourful or to_terminal else plain(blocks)


def _wrapped(blocks: "Sequence[Block]", colourful: bool, *, to_terminal: bool) -> str:
    from rich.console import Console

    from cxc.reports.text import Block, ascii_only, coloured, plain

    if to_terminal and not _can_be_shown(plain(blocks)):
        blocks = [
            Block(
                ascii_only(b.title),
                [row._replace(mark=ascii_only(row.mark), text=ascii_only(row.text)) for row in b.rows],
                b.style,
            )
            for b in blocks
        ]
    width = None if to_terminal else 10_000  # a file or pipe gets whole lines, coloured or not
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
    return uncommanded("".join(f"{line.rstrip()}\n" for line in lines))


def _can_be_shown(text: str) -> bool:
    try:
        text.encode(sys.stdout.encoding or "utf-8")
    except UnicodeEncodeError:
        return False
    return True


def complain(message: str) -> None:
    """One line on standard error."""
    tell(f"cxc: {message}")
