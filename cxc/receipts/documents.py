"""Files of saved verdicts: `json` with one verdict or with many, and `jsonl` with one on each line.

Whatever stands in such a file, it is read or refused with a sentence. Lines come one by one, and of an object with many
verdicts one is in memory at a time, besides its text.
"""

import json
import re
from collections.abc import Generator, Iterator
from typing import BinaryIO, Final, NamedTuple

from cxc.errors import InputError
from cxc.receipts.saved import INSTEAD
from cxc.tables.table import changed, state_of, stream_of
from cxc.text import clean
from cxc.trip.kinds import kind_in_words

LONGEST_LINE: Final = 10_000_000  # bytes; a verdict has some 7 000
LARGEST_OBJECT: Final = 1_000_000_000


class Document(NamedTuple):
    """What stands at a place of a file: its line in `jsonl`, else its number from 1 on; its value, or its `fault`."""

    number: int
    value: object
    fault: str | None = None


class Saved:
    """A file of saved verdicts, or `-` for standard input. It can be gone through again. Raises InputError.

    `in_lines` tells that there is one on each line, and `fault` what is wrong with a file that is none of verdicts.
    """

    def __init__(self, name: str) -> None:
        self.name = "standard input" if name == "-" else clean(name)
        self._stream, start = stream_of(name, self.name)
        self._state = state_of(self._stream)
        self._stream.seek(0)
        self.in_lines = not _begins_object(self._stream.readline(LONGEST_LINE))
        if start.startswith((b"\xff\xfe", b"\xfe\xff")):
            raise InputError(
                f"{self.name}: this is UTF-16 text, as PowerShell writes it with >; save it as UTF-8, or write reports "
                "with -o"
            )
        self.fault = _another_kind(start) if _is_foreign(self._stream) else None

    def place(self, number: int) -> str:
        """Where a document stands, in words."""
        return self.name if self.fault else f"{self.name}, {'line' if self.in_lines else 'verdict'} {number}"

    def documents(self) -> Iterator[Document]:
        """Every document of the file, in order; of one with a `fault`, that alone.

        Raises InputError where the file changes meanwhile.
        """
        self._stream.seek(0)
        if self.fault:
            yield Document(1, None, self.fault)
        else:
            yield from _in_lines(self._stream) if self.in_lines else _in_object(self._stream)
        if state_of(self._stream) != self._state:
            raise changed(self.name)


def _is_foreign(stream: BinaryIO) -> bool:
    """Whether something else than JSON stands in a file: it does not begin as JSON, nor does any line as a verdict."""
    stream.seek(0)
    filled = False
    while line := stream.readline(LONGEST_LINE):
        bare = line.removeprefix(b"\xef\xbb\xbf").lstrip()
        if bare.startswith(b'{"' if filled else (b"{", b"[")):
            return False
        filled = filled or bool(bare)
    return filled


def _another_kind(start: bytes) -> str:
    """What a file seems to be by its first bytes, and what to give instead."""
    kind = kind_in_words(start)
    seems = f"this seems to be {kind}, not a file of saved verdicts" if kind else "this is not a file of saved verdicts"
    return f"{seems}; {INSTEAD}"


def _begins_object(line: bytes) -> bool:
    """Whether the first line of a file begins a document that goes on, or that holds many verdicts."""
    bare = line.removeprefix(b"\xef\xbb\xbf").strip()
    return bare.startswith(b"[") or bare.endswith((b"{", b"[", b",")) or bool(_MANY.match(bare))


_MANY: Final = re.compile(rb'\{\s*"(verdicts|summary|schema_version"\s*:\s*"[^"]*"\s*,\s*"(verdicts|summary))"')


def _in_lines(stream: BinaryIO) -> Iterator[Document]:
    """A document on each line; blank lines are none."""
    number = 0
    while line := stream.readline(LONGEST_LINE):
        number += 1
        if len(line) == LONGEST_LINE and not line.endswith(b"\n"):
            while (more := stream.readline(LONGEST_LINE)) and not more.endswith(b"\n"):
                pass
            yield Document(number, None, f"the line is longer than {LONGEST_LINE // 1_000_000} MB")
        elif line.strip():
            found = [*_parsed(line)]
            yield from (one._replace(number=number) for one in (found[-1:] if found[-1].fault else found))


def _in_object(stream: BinaryIO) -> Iterator[Document]:
    """The verdicts of one document that may have many lines."""
    content = stream.read(LARGEST_OBJECT + 1)
    if len(content) > LARGEST_OBJECT:
        yield Document(
            1, None, f"the document is larger than {LARGEST_OBJECT // 1_000_000} MB; jsonl has no such limit"
        )
    else:
        yield from _parsed(content)


def _parsed(content: bytes) -> Iterator[Document]:
    """The verdicts of a document, numbered, and behind those that can be read why the rest cannot."""
    number = 1
    try:
        for value in _verdicts(content.decode("utf-8-sig")):
            yield Document(number, value)
            number += 1
    except UnicodeDecodeError:
        yield Document(number, None, "this is not UTF-8 text")
    except RecursionError:
        yield Document(number, None, "it is nested too deep")
    except json.JSONDecodeError as error:
        where = f" (line {error.lineno}, column {error.colno})" if error.lineno > 1 else f" (column {error.colno})"
        yield Document(number, None, f"this is not valid JSON: {error.msg}{where}")
    except ValueError as error:
        yield Document(number, None, f"this is not valid JSON: {clean(str(error))[:200]}")


def _verdicts(text: str) -> Iterator[object]:
    """The verdicts of a document, one by one: the elements of a list, or under `verdicts`; or else the whole of it."""
    at = _behind_blanks(text, 0)
    if text.startswith("[", at):
        at = yield from _elements(text, at)
    elif text.startswith("{", at):
        at = yield from _of_object(text, at)
    else:
        value, at = _DECODER.raw_decode(text, at)
        yield value
        at = _behind_blanks(text, at)
    if at != len(text):
        raise json.JSONDecodeError("more stands behind its end, and jsonl has each verdict on one line", text, at)


def _of_object(text: str, at: int) -> Generator[object, None, int]:
    """The elements under `verdicts`, or else the object itself; and where it ends."""
    members: dict[str, object] = {}
    many = False
    at = _behind_blanks(text, at + 1)
    while not text.startswith("}", at):
        key, at = _DECODER.raw_decode(text, at)
        if not isinstance(key, str):
            raise json.JSONDecodeError("Expecting property name enclosed in double quotes", text, at)
        if key in members:
            raise ValueError(_TWICE.format(key))
        members[key] = None
        at = _behind(text, at, ":")
        if key == "verdicts" and text.startswith("[", at):
            many = True
            at = yield from _elements(text, at)
        else:
            members[key], at = _DECODER.raw_decode(text, at)
            at = _behind_blanks(text, at)
        at = _next_member(text, at, "}")
    if not many:
        yield members
    return _behind_blanks(text, at + 1)


def _elements(text: str, at: int) -> Generator[object, None, int]:
    """The elements of a list, and where it ends."""
    at = _behind_blanks(text, at + 1)
    while not text.startswith("]", at):
        value, at = _DECODER.raw_decode(text, at)
        yield value
        at = _next_member(text, _behind_blanks(text, at), "]")
    return _behind_blanks(text, at + 1)


def _next_member(text: str, at: int, end: str) -> int:
    """Where the next member begins, or the end stands."""
    if text.startswith(end, at):
        return at
    at = _behind(text, at, ",")
    if text.startswith(end, at):
        raise json.JSONDecodeError("Illegal trailing comma", text, at)
    return at


def _behind(text: str, at: int, sign: str) -> int:
    """What comes behind a sign that must stand here, and behind blanks."""
    at = _behind_blanks(text, at)
    if not text.startswith(sign, at):
        raise json.JSONDecodeError(f"Expecting '{sign}'", text, at)
    return _behind_blanks(text, at + 1)


def _behind_blanks(text: str, at: int) -> int:
    found = _BLANKS.match(text, at)
    assert found is not None
    return found.end()


_BLANKS: Final = re.compile(r"[ \t\r\n]*")
_TWICE: Final = "the key '{}' is given twice"


def _unique(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) < len(pairs):
        keys = [key for key, _ in pairs]
        raise ValueError(_TWICE.format(max(keys, key=keys.count)))
    return found


def _no_number(name: str) -> float:
    raise ValueError(f"{name} is not a number in JSON")


def _whole(digits: str) -> int:
    if len(digits) > _MOST_DIGITS:
        raise ValueError("a number has too many digits")
    return int(digits)


_MOST_DIGITS: Final = 30
_DECODER: Final = json.JSONDecoder(object_pairs_hook=_unique, parse_int=_whole, parse_constant=_no_number)
