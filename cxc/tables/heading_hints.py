"""Which field a heading may mean that names none. A column that is not used may hold what decides.

A wrong hint is worse than none: what begins like a field, as "visitor city" does like visitor_type, is no slip of it.
"""

import re
from collections.abc import Collection, Mapping
from functools import cache
from typing import Final

from cxc.tables.columns import KNOWN, Columns
from cxc.text import fold, nearest
from cxc.trip.fields import DATE, PAIRS, of_kind

_MISSPELT: Final = 0.8  # of the letters are the same
_ENDS_ALIKE: Final = 0.75  # of the letters behind a first word that is the same
_SAID_APART: Final = frozenset({"of", "the", "in", "s"})
_SAME: Final = {
    "traveler": "traveller", "city": "place", "town": "place", "kilometre": "km", "kilometer": "km", "date": "on",
}  # fmt: skip
_OTHERWISE: Final = {
    frozenset({"km"}): "distance_km",
    frozenset({"approver"}): "approved_by",
    **{frozenset({number, "traveller"}): "travellers" for number in ("number", "no", "nr")},
}
# Beginnings of a field that may as well begin something else, such as a first name.
_OF_THEIR_OWN: Final = frozenset({"first", "last", "third", "residence", "residency", "business", "report"})
# Words that are none of the slips that they could be: what is visited is the host, not the visitor.
_NO_SLIPS: Final = frozenset({"visit", "visited", "visiting", "travel", "travelled", "traveled", "count", "county"})


def meant(columns: Columns) -> list[tuple[str, str]]:
    """Headings that name no field, but may mean one that has no column, each with that field.

    >>> meant(Columns({"host_country": 0}, ("travelers", "Host Contry", "distance", "our notes")))
    [('travelers', 'travellers'), ('distance', 'distance_km')]
    """
    stated = {*columns.places}
    stated.update(*(pair for pair in PAIRS if any(stated.issuperset(other) for other in PAIRS)))  # one pair is enough
    free = [field for field in KNOWN if field not in stated]
    found = {heading: _meant(heading, free) for heading in columns.unknown}
    return [(heading, field) for heading, field in found.items() if field]


def _meant(heading: str, free: Collection[str]) -> str | None:
    """The field that a heading says in other words, or with a slip."""
    field = _in_other_words().get(_words(heading))
    if field is None:
        field = next(iter(nearest(heading, free, most=1, alike=_MISSPELT)), None)
        return field if field and _is_a_slip(heading, field) else None
    return field if field in free else None


def _words(heading: str) -> frozenset[str]:
    """What a heading says, in whatever order."""
    words = {_singular(fold(word)) for word in re.split(r"[\W_]+", heading[:_LONGEST])}
    words = {_SAME.get(word, word) for word in words} - _SAID_APART - {""}
    return frozenset(words - {"code"} if "country" in words else words)


_LONGEST: Final = 200  # letters of a heading that are looked at


def _singular(word: str) -> str:
    if word.endswith("ies"):
        return f"{word.removesuffix('ies')}y"
    return word if word.endswith("ss") or len(word) < len("kms") else word.removesuffix("s")


@cache
def _in_other_words() -> Mapping[frozenset[str], str]:
    """The field of each set of words that stands for one: its own, with "date" or "day", and its beginning alone."""
    own = {_words(field): field for field in KNOWN}
    days = {words | {word}: field for words, field in own.items() if field in of_kind(DATE) for word in ("on", "day")}
    begins: dict[frozenset[str], str | None] = {}
    for field in KNOWN:
        parts = field.split("_")
        for end in range(1, len(parts)):
            words = _words("_".join(parts[:end]))
            begins[words] = None if words in begins or words <= _OF_THEIR_OWN else field
    alone = {words: field for words, field in begins.items() if field}
    return {**alone, **days, **_OTHERWISE, **own}


def _is_a_slip(heading: str, field: str) -> bool:
    """Whether a heading that is written nearly like a field has no other word behind or before it, or in it."""
    written, named = fold(heading), fold(field)
    words = _words(heading)
    if len(words) > len(_words(field)) or words <= _OF_THEIR_OWN or words & _NO_SLIPS:
        return False
    if named in written and not (written.startswith(named) and len(written) == len(named) + 1):
        return False
    first = fold(field.partition("_")[0])
    if first == named or not written.startswith(first):
        return True
    ends = written.removeprefix(first), named.removeprefix(first)
    return bool(nearest(ends[0], [ends[1]], most=1, alike=_ENDS_ALIKE))
