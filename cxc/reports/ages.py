"""The values of data files with their age: what each rests on, and when it was last checked."""

import datetime
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Final, NamedTuple

from cxc.reports.json import SCHEMA_VERSION
from cxc.reports.listing import Cells, as_text, cells_of
from cxc.reports.text import Block, Row, weekday
from cxc.scheme.checking import SoundFile
from cxc.scheme.countries import sources
from cxc.scheme.stated import StatedValue
from cxc.trip.as_json import plain

HEADING: Final = ("file", "line", "name", "value", "basis", "from", "to", "checked", "age_days", "stale", "sources")


class Ages(NamedTuple):
    """Data files on the day `today`; `shipped` tells whether they are those that come with the product.

    Values that were not checked for more than `most_days` are stale; None: nobody asks.
    """

    files: Sequence[SoundFile]
    shipped: bool
    today: datetime.date
    most_days: int | None

    def is_stale(self, value: StatedValue) -> bool:
        """Whether a value is stale; none is where nobody asks."""
        return self.most_days is not None and value.is_stale(self.today, self.most_days)

    def split(self) -> list[tuple[SoundFile, bool, list[StatedValue]]]:
        """The values of each file that are stale (True), file by file; then those that are not."""
        parts = [
            (file, stale, [value for value in file.values if self.is_stale(value) is stale])
            for stale in (True, False)
            for file in self.files
        ]
        return [part for part in parts if part[2]]

    @property
    def stale(self) -> int:
        """How many values are stale."""
        return sum(self.is_stale(value) for file in self.files for value in file.values)

    @property
    def values(self) -> int:
        """How many values there are."""
        return sum(len(file.values) for file in self.files)


def document(ages: Ages) -> dict[str, object]:
    """The values as JSON, the stale ones first. Its shape is a written promise: `cxc schema data`."""
    return {
        "schema_version": SCHEMA_VERSION,
        "today": plain(ages.today),
        "stale_days": ages.most_days,
        "values": _entries(ages),
        "summary": {
            "files": len(ages.files),
            "values": ages.values,
            "stale": ages.stale if ages.most_days is not None else None,
        },
    }


def rows(ages: Ages) -> list[Cells]:
    """The same as rows of a table, under HEADING."""
    return [cells_of(entry) for entry in _entries(ages)]


def _entries(ages: Ages) -> list[dict[str, object]]:
    return [
        {
            "file": file.name,
            "line": value.line,
            "name": value.name,
            "value": "; ".join(value.stated),
            "basis": value.basis,
            "from": plain(value.valid_from),
            "to": plain(value.valid_to),
            "checked": plain(value.checked),
            "age_days": value.age(ages.today),
            "stale": stale if ages.most_days is not None else None,
            "sources": list(value.sources),
        }
        for file, stale, values in ages.split()
        for value in values
    ]


def page(ages: Ages) -> list[Block]:
    """The values for people: file by file, the stale ones first, then what to do about them."""
    addresses = dict.fromkeys(a for file in ages.files for value in file.values for a in value.sources)
    keys = _keys(addresses)
    nothing = [Row("It states no value of its own.")]
    blocks = [Block(f"{file.name}: sound; {file.holds}", nothing, "bold") for file in ages.files if not file.values]
    for file, stale, values in ages.split():
        title = f"{file.name}: sound; {file.holds}"
        if stale:
            title = (
                f"{file.name}: sound, but not checked for {_longer(ages)}: {len(values)} of {len(file.values)} values"
            )
        lines = _lines(values, ages, keys, stale)
        blocks.append(Block(title, [Row(line) for line in lines], "bold yellow" if stale else "bold"))
    width = max(map(len, keys.values()), default=0)
    listed = [Row(f"{keys[address]:<{width}}  {address}") for address in addresses]
    if listed:
        blocks.append(Block("Sources", listed))
    return [*blocks, Block("", [Row(sentence) for sentence in in_short(ages)])]


def _keys(addresses: Iterable[str]) -> dict[str, str]:
    """What stands for each address: its key in the list of sources, else a number."""
    known = {address: key for key, address in sources().items()}
    unknown = [address for address in addresses if address not in known]
    return {
        **{address: known[address] for address in addresses if address in known},
        **{address: f"[{number}]" for number, address in enumerate(unknown, 1)},
    }


def _lines(values: Sequence[StatedValue], ages: Ages, keys: Mapping[str, str], stale: bool) -> list[str]:
    """A heading and a line for each value; of stale ones with the line of the file that is to change.

    Where a name comes twice, the first day for which it holds tells which of its values is meant.
    """
    names = Counter(value.name for value in values)
    columns = {
        "line": [str(value.line or "") if stale else "" for value in values],
        "what": [
            cut_at(value.name, _LONGEST) + (f" from {value.valid_from}" if names[value.name] > 1 else "")
            for value in values
        ],
        "value": [f"{_short(value.stated)} {value.basis or ''}".rstrip() for value in values],
        "checked": [str(value.checked or "no day") for value in values],
        "age": [in_days(value.age(ages.today)) for value in values],
        "sources": [" ".join(keys[address] for address in value.sources) for value in values],
    }
    shown = {name: column for name, column in columns.items() if any(column)}
    cells = [*zip(*shown.values(), strict=True)]
    wide, narrow = (as_text(list(shown), cells, gap).splitlines() for gap in ("  ", " "))
    return wide if max(map(len, wide)) <= _WIDTH else narrow


_WIDTH: Final = 78  # of a terminal, less the two letters by which a line is indented
_LONGEST: Final = 23


def _short(stated: Sequence[str]) -> str:
    return cut_at(stated[0], _LONGEST - 4) if len(stated) == 1 else f"{len(stated)} entries"


def cut_at(text: str, most: int) -> str:
    """A text of so many letters at most."""
    return text if len(text) <= most else f"{text[: most - 1]}…"


def in_days(age: int | None) -> str:
    """An age as people read it.

    >>> [in_days(age) for age in (0, 1, 412, -3, None)]
    ['today', '1 day', '412 days', 'to come', 'not known']
    """
    if age is None:
        return "not known"
    return "to come" if age < 0 else "today" if age == 0 else "1 day" if age == 1 else f"{age} days"


def _longer(ages: Ages) -> str:
    return f"more than {in_days(ages.most_days)}"


def in_short(ages: Ages) -> list[str]:
    """How many values there are, how old the oldest is, and what to do about those that are stale."""
    days = [value.checked for file in ages.files for value in file.values if value.checked]
    if not days:
        return ["No value with a day of checking."]
    oldest = min(days)
    age = in_days((ages.today - oldest).days)
    said = [f"Values: {ages.values}. The oldest was last checked on {weekday(oldest)} ({age})."]
    if ages.most_days is None:
        return said
    if not ages.stale:
        return [*said, f"None was left unchecked for {_longer(ages)}."]
    said.append(f"Not checked for {_longer(ages)}: {ages.stale} of {ages.values}.")
    if ages.shipped:
        said.append("What to do: install a newer version of cxc. Until then, look at the sources of what you rely on.")
    else:
        said.append(
            "What to do: compare each of these with its sources and correct what has changed. Then write the day on "
            "which you looked, as YYYY-MM-DD, at 'checked' in its line."
        )
    if max(days) > ages.today:
        said.append(f"A day at 'checked' that lies after today, {ages.today}, does not count.")
    return said
