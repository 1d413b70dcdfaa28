"""What differs between a rulebook and the one that it extends, value by value."""

from collections.abc import Iterator, Mapping
from typing import Final, NamedTuple

from cxc.scheme.countries import Countries, LumpSum
from cxc.scheme.rulebook import LIMITS, Rulebook, in_words
from cxc.text import share

NOTHING: Final = "none"


class Difference(NamedTuple):
    """A value that differs: its keys in the file, the value of the rulebook that is extended, and the own one."""

    keys: str
    theirs: str
    ours: str


def differences(book: Rulebook, countries: Countries) -> list[Difference]:
    """Every value of a rulebook that is not that of the rulebook which it extends, in the order of a rulebook's keys.

    `countries` is the table whose lump sums a rulebook replaces. Reasons that were another scheme's and are not taken
    over are left out.
    """
    if book.base is None:
        return []
    theirs, ours = dict(_values(book.base)), dict(_values(book))
    for key in ours.keys() | theirs.keys():
        section, _, code = key.partition(": ")
        if section == "lump_sums" and code in countries.by_code:
            for values in (theirs, ours):
                values.setdefault(key, _amounts(countries.by_code[code].lump_sums))
    reasonless = {f"rules: {code}: why" for code, text in book.rules.items() if text.taken_over}
    keys = [key for key in dict.fromkeys([*ours, *theirs]) if key not in reasonless]
    found = [Difference(key, theirs.get(key, NOTHING), ours.get(key, NOTHING)) for key in keys]
    return [difference for difference in found if difference.theirs != difference.ours]


def _values(book: Rulebook) -> Iterator[tuple[str, str]]:
    """Every value of a rulebook in words, by its keys in the file."""
    yield "scheme: name", book.scheme.name
    yield "scheme: programme", book.scheme.programme
    yield "scheme: platform", book.scheme.platform or NOTHING
    if book.period:
        first, last = book.period
        yield "period", f"{first} to {last}" if last else f"from {first}"
    yield from ((f"limits: {name}", in_words(name, book.entries[name].value)) for name in LIMITS)
    for key in ("may_visit", "may_host"):
        permissions = book.entries[key].value
        assert isinstance(permissions, Mapping)
        yield from ((f"{key}: {kind}", permission) for kind, permission in permissions.items())
    activities = book.entries["activities_listed"].value
    assert isinstance(activities, tuple)
    yield "activities", ", ".join(activities)
    if book.clusters:
        yield "clusters", "; ".join(" = ".join((name, *aliases)) for name, aliases in book.clusters)
    for code, text in book.rules.items():
        yield f"rules: {code}: says", text.says
        yield f"rules: {code}: why", text.why
    if book.paperwork:
        yield "paperwork", " ".join(f"{place}. {step}" for place, step in enumerate(book.next_steps, 1))
    yield from ((f"lump_sums: {code}", _amounts(amounts)) for code, amounts in book.lump_sums.items())


def _amounts(amounts: tuple[LumpSum, ...]) -> str:
    """Dated amounts in words."""
    said = [
        f"EUR {amount.full:.2f} {amount.full_basis} ({share(amount.origin.percent)} {amount.half_basis}) "
        f"from {amount.valid_from}{f' to {amount.valid_to}' if amount.valid_to else ''}"
        for amount in amounts
    ]
    return "; ".join(said) or NOTHING
