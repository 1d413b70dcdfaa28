"""YAML files read as text, with the place of everything in them.

YAML guesses: `NO` becomes false, `780.10` a float, a key given twice wins silently. Here every scalar stays the text
that was written, and each field is parsed by what it means. Refused, always with file and line: duplicate keys, unknown
keys, anchors and aliases (a few lines can stand for gigabytes), tags, several documents, deep nesting, large files.

>>> section = Section(parse("code: NO\\n", "example.yaml"), "example.yaml")
>>> section.text("code")
'NO'
>>> parse("a: 1\\na: 2\\n", "example.yaml")
Traceback (most recent call last):
    ...
cxc.errors.DataError: example.yaml:2: the key 'a' is given twice; the first is in line 1
"""

import contextlib
import datetime
from collections.abc import Iterable, Iterator
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar

import yaml

from cxc.errors import DataError
from cxc.text import clean, share

# libyaml halves the time; without it the pure parser gives the same events. (Its composer, unlike its parser, crashes
# the interpreter on deep nesting, so events are all that is taken from it.)
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

MAX_BYTES = 1_000_000
MAX_DEPTH = 20


class Text(str):
    """A scalar, as it was written; `line` is where it stands. `empty` tells a plain blank, ~ or null from a text."""

    __slots__ = ("empty", "line")
    line: int
    empty: bool


class Items(list["Node"]):
    """A list, with its `line`."""

    __slots__ = ("line",)
    line: int


class Fields(dict[str, "Node"]):
    """A mapping, with its `line` and the line of every key in `key_lines`."""

    __slots__ = ("key_lines", "line")
    line: int
    key_lines: dict[str, int]


Node = Text | Items | Fields


def read(path: Path) -> bytes:
    """The bytes of a data file or a trip file, no more than tell that it is too large. Raises DataError."""
    try:
        with path.open("rb") as stream:
            content = stream.read(MAX_BYTES + 1)
    except (OSError, ValueError) as error:  # ValueError: a name with a NUL in it
        raise DataError(str(path), 0, reason(error)) from error
    return content


def rows(path: Path, delimiter: str) -> Iterator[list[str]]:
    """The rows of a table that comes with the product, below the comments that say how it was made."""
    for line in path.read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            yield line.split(delimiter)


def reason(error: OSError | ValueError) -> str:
    """Why a file cannot be opened, as a sentence."""
    if isinstance(error, FileNotFoundError):
        return "there is no such file"
    if isinstance(error, IsADirectoryError):
        return "this is a folder, not a file"
    return f"the file cannot be read ({getattr(error, 'strerror', None) or error})"


def decode(content: bytes, file: str) -> str:
    """The text of a file in UTF-8, with or without a byte order mark. Raises DataError."""
    if len(content) > MAX_BYTES:
        raise DataError(
            file, 0, f"the file is larger than {MAX_BYTES // 1_000_000} MB; a file of this kind has a few lines"
        )
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise DataError(file, line, "the file is not UTF-8 text; save it as UTF-8") from error


# What to look for, by a part of what the library says, with libyaml or without.
_HINTS = {
    "cannot start any token": "indent with spaces, not with tabs, and put a text that begins with a sign in quotes",
    "mapping values are not allowed": "put a text with a colon in it in quotes",
    "unexpected end of stream": "a quotation mark is not closed",
    "expected": "look here and above for a missing comma, an open bracket, or a line that is indented otherwise",
}


@lru_cache(maxsize=6)
def parse(text: str, file: str) -> Node:
    """One YAML document as nodes that know their lines, which nobody changes. Raises DataError.

    The last few are remembered: a program that checks one trip after the other needs the same rulebooks and the same
    country table for each.
    """
    try:
        return _Builder(file).build(text)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        if mark:
            # The library looks ahead, and has a depth of its own, which differs by its version: what stands before the
            # place where it stopped may be refused by ours.
            with contextlib.suppress(yaml.YAMLError):
                _Builder(file).read(text[: mark.index])
        problem = getattr(error, "problem", None) or getattr(error, "reason", None) or "it cannot be read"
        hint = next((f"; {hint}" for part, hint in _HINTS.items() if part in problem), "")
        raise DataError(file, mark.line + 1 if mark else 0, f"this is not valid YAML: {problem}{hint}") from error


class _Builder:
    """Builds nodes from the parser's events, without recursion."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.stack: list[Items | Fields] = []
        self.keys: list[Text | None] = []
        self.root: Node | None = None

    def refuse(self, event: Any, message: str) -> DataError:
        return DataError(self.file, event.start_mark.line + 1, message)

    def build(self, text: str) -> Node:
        self.read(text)
        if self.root is None:
            raise DataError(self.file, 0, "the file is empty")
        return self.root

    def read(self, text: str) -> None:
        next_event = _LOADER(text).get_event
        while True:
            event = next_event()
            kind = type(event)
            if kind is yaml.StreamEndEvent:
                break
            if kind is yaml.ScalarEvent:
                self.add(event, self.scalar(event))
            elif kind is yaml.MappingStartEvent:
                self.open(event, Fields())
            elif kind is yaml.SequenceStartEvent:
                self.open(event, Items())
            elif kind is yaml.MappingEndEvent or kind is yaml.SequenceEndEvent:
                self.stack.pop()
                self.keys.pop()
            elif kind is yaml.AliasEvent:
                raise self.refuse(event, "aliases (*name) are not accepted; write the value out")
            elif kind is yaml.DocumentStartEvent and self.root is not None:
                raise self.refuse(event, "the file contains more than one document")

    def scalar(self, event: Any) -> Text:
        node = Text(event.value)
        node.line = event.start_mark.line + 1
        node.empty = not event.style and event.value in ("", "~", "null", "Null", "NULL")
        return node

    def open(self, event: Any, node: Items | Fields) -> None:
        if len(self.stack) >= MAX_DEPTH:
            raise self.refuse(event, "the file is nested too deep")
        node.line = event.start_mark.line + 1
        if isinstance(node, Fields):
            node.key_lines = {}
        self.add(event, node)
        self.stack.append(node)
        self.keys.append(None)

    def add(self, event: Any, node: Node) -> None:
        if event.anchor is not None:
            raise self.refuse(event, "anchors (&name) are not accepted; write the value out")
        if event.tag is not None and event.tag != "!":
            raise self.refuse(event, f"tags ({event.tag}) are not accepted")
        if not self.stack:
            self.root = node
            return
        holder = self.stack[-1]
        if isinstance(holder, Items):
            holder.append(node)
            return
        key = self.keys[-1]
        if key is not None:
            holder[key] = node
            self.keys[-1] = None
        elif not isinstance(node, Text):
            raise self.refuse(event, "a key must be a plain word")
        elif node in holder.key_lines:
            first = holder.key_lines[node]
            raise self.refuse(event, f"the key {str(node)!r} is given twice; the first is in line {first}")
        else:
            holder.key_lines[node] = node.line
            self.keys[-1] = node


_MOST_DIGITS = 9
CENT = Decimal("0.01")


def is_digits(text: str, most: int = _MOST_DIGITS) -> bool:
    """Whether a text is nothing but digits 0 to 9, at most so many."""
    return text.isascii() and text.isdigit() and len(text) <= most


def has_form_of_date(text: str) -> bool:
    """Whether a text has the form YYYY-MM-DD, a day that does not exist too."""
    return len(text) == 10 and text[4] == text[7] == "-" and is_digits(text[:4] + text[5:7] + text[8:])


def parse_date(text: str) -> datetime.date | None:
    """The date that a text of the form YYYY-MM-DD names, or None: another form, or a day that does not exist.

    >>> parse_date("2023-02-28")
    datetime.date(2023, 2, 28)
    >>> parse_date("2023-02-30") is None
    True
    """
    if not has_form_of_date(text):
        return None
    try:
        return datetime.date(int(text[:4]), int(text[5:7]), int(text[8:]))
    except ValueError:
        return None


def is_whole_cent(amount: Decimal, percent: int) -> bool:
    """Whether so many percent of an amount are whole cents.

    >>> is_whole_cent(Decimal("780.10"), 50), is_whole_cent(Decimal("780.10"), 25)
    (True, False)
    """
    return amount * percent % 1 == 0


Word = TypeVar("Word", bound=str)


class Section:
    """A mapping of a data file, asked key by key. `close` refuses the keys that nobody asked for."""

    def __init__(self, node: Node, file: str, name: str = "the file") -> None:
        if not isinstance(node, Fields):
            raise DataError(file, node.line, f"{name} must contain keys and values")
        self.fields, self.file, self.name = node, file, name
        self.asked: set[str] = set()

    def fail(self, key: str, message: str) -> DataError:
        """A DataError at the place of `key`."""
        return DataError(self.file, self.line(key), f"{key}: {message}")

    def line(self, key: str) -> int:
        """The line of `key`, or of the section where it has none."""
        return self.fields.key_lines.get(key, self.fields.line)

    def has(self, key: str) -> bool:
        """Whether `key` is stated."""
        self.asked.add(key)
        return key in self.fields

    def node(self, key: str) -> Node:
        """What stands under `key`; a missing one is a DataError."""
        if not self.has(key):
            raise DataError(self.file, self.fields.line, f"{self.name} lacks the key {key!r}")
        return self.fields[key]

    def text(self, key: str) -> str:
        """A text that is not blank."""
        node = self.node(key)
        if not isinstance(node, Text):
            raise self.fail(key, "one text is needed here, not a list or a mapping")
        if node.empty or not node.strip():
            raise self.fail(key, "a value is needed here")
        return clean(node)

    def choice(self, key: str, allowed: Iterable[Word]) -> Word:
        """One of the allowed words."""
        found, words = self.text(key), {str(word): word for word in allowed}
        if found not in words:
            raise self.fail(key, f"{found!r} is not allowed; write one of {', '.join(words)}")
        return words[found]

    def whole(self, key: str, most: int) -> int:
        """A whole number from 1 to `most`."""
        found = self.text(key)
        if not is_digits(found) or not 1 <= int(found) <= most:
            raise self.fail(key, f"{found!r} is not a whole number from 1 to {most}")
        return int(found)

    def money(self, key: str, percent: int | None = None) -> Decimal:
        """An amount in EUR with at most two decimals, of which so many percent are whole cents."""
        found = self.text(key)
        euros, point, cents = found.partition(".")
        if not is_digits(euros) or (point and not is_digits(cents, most=2)):
            raise self.fail(key, f"{found!r} is not an amount in EUR, such as 780 or 780.10")
        amount = Decimal(found).quantize(CENT)
        if amount <= 0:
            raise self.fail(key, "an amount must be more than 0")
        if percent is not None and not is_whole_cent(amount, percent):
            raise self.fail(key, f"{share(percent)} of {found} is not a whole cent")
        return amount

    def date(self, key: str) -> datetime.date:
        """A date, written YYYY-MM-DD."""
        found = self.text(key)
        day = parse_date(found)
        if day is None:
            raise self.fail(key, f"{found!r} is not a date of the form YYYY-MM-DD")
        return day

    def texts(self, key: str) -> tuple[str, ...]:
        """A list of texts, none of them blank."""
        node = self.node(key)
        if not isinstance(node, Items):
            raise self.fail(key, "a list is needed here, such as [one, two]")
        for item in node:
            if not isinstance(item, Text) or item.empty or not item.strip():
                raise DataError(self.file, item.line, f"{key}: each entry of the list must be a text")
        return tuple(clean(str(item)) for item in node)

    def section(self, key: str) -> "Section":
        """The mapping under `key`."""
        return Section(self.node(key), self.file, key)

    def sections(self, key: str) -> Iterator["Section"]:
        """The mappings of the list under `key`."""
        node = self.node(key)
        if not isinstance(node, Items) or not node:
            raise self.fail(key, "a list with at least one entry is needed here")
        for item in node:
            yield Section(item, self.file, key)

    def names(self) -> Iterator[str]:
        """Every key, in the order of the file."""
        yield from self.fields

    def close(self) -> None:
        """Refuse the keys that nobody asked for."""
        for key in self.fields:
            if key not in self.asked:
                if is_digits(key):  # {full_eur: 780,50} has two keys
                    raise DataError(
                        self.file,
                        self.line(key),
                        f"{self.name} has the unknown key {key!r}, perhaps because of a comma in a number; write a "
                        "decimal point, such as 780.50, and no mark for thousands",
                    )
                allowed = ", ".join(sorted(self.asked))
                raise DataError(
                    self.file, self.line(key), f"{self.name} has the unknown key {key!r}; allowed are {allowed}"
                )


def section_in(content: bytes, file: str) -> Section:
    """The mapping that a file holds, in UTF-8. Raises DataError."""
    return Section(parse(decode(content, file), file), file)
