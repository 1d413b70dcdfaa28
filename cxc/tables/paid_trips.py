"""At the stage of payment: trips that are marked as paid, of which other trips of the same visitor are told."""

import datetime
from collections.abc import Callable

from cxc.trip.stay import Stay
from cxc.visits import REFUSED, Identity, Recollection, Visit

# What tells a visitor; and the days on site with the host country, which tell the trips of one visitor apart.
_Who = tuple[object, ...]
_Days = tuple[datetime.date, datetime.date, object]


def days_of(stay: object, host_country: object) -> _Days | None:
    """The days on site and the host country of a trip; None without dates."""
    return (stay.first, stay.last, host_country) if isinstance(stay, Stay) else None


class PaidTrips:
    """The rows that are marked as paid, by their numbers: the first of each visitor, and the first on the same days.

    And the first of each name, by its country: where it cannot be told whose trip it is, a name is better than nothing.
    """

    def __init__(self) -> None:
        self._first: dict[_Who, int] = {}
        self._on_days: dict[tuple[_Who, _Days], int] = {}
        self._named: dict[int, dict[str, int]] = {}

    def note(self, number: int, name: int, identity: Identity | None, days: _Days | None) -> None:
        """Note a row that is marked as paid. Rows are to be noted in their order."""
        if name:
            self._named.setdefault(name, {}).setdefault(identity.country if identity else "", number)
        if identity is None:
            return
        for who in (*identity.names, *_without_id(identity, not identity.visitor_id)):
            self._first.setdefault(who, number)
            if days is not None:
                self._on_days.setdefault((who, days), number)

    def notice(
        self,
        name: int,
        identity: Identity | None,
        days: _Days | None,
        found: Recollection,
        where: Callable[[int], Visit],
    ) -> tuple[str, ...]:
        """A notice for a row that is not marked, of one that is; none where it is refused for that row already.

        `found` is what is told of earlier visits, and `where` tells a row by its number.
        """
        who = _same_visitor(identity) if identity else []
        same = days and _first_of([self._on_days.get((one, days)) for one in who])
        number = same or _first_of([self._first.get(one) for one in who])
        if number is None:
            return self._of_name(name, identity, where)
        paid = where(number)
        if found.kind in REFUSED and found.rests_on(paid):
            return ()
        if same:
            return (f"A trip on the same days is marked as paid in {paid.file}, row {paid.row}. Do not pay it again.",)
        return (f"Another trip of this visitor is marked as paid: {paid.file}, row {paid.row}. Check before you pay.",)

    def _of_name(self, name: int, identity: Identity | None, where: Callable[[int], Visit]) -> tuple[str, ...]:
        """The same by the name alone, unless two countries tell that these are two organisations."""
        country = identity.country if identity else ""
        found = self._named.get(name, {})
        number = _first_of([number for of, number in found.items() if not (of and country) or of == country])
        if number is None:
            return ()
        paid = where(number)
        return (
            f"A visitor with the same name is marked as paid in {paid.file}, row {paid.row}. Check before you pay.",
        )


def _without_id(identity: Identity, wanted: bool) -> list[_Who]:
    """What tells a visitor without an id, by its name and country; nothing where that is not wanted, or not known."""
    return [(identity.country, identity.name, "without an id")] if wanted and identity.name else []


def _same_visitor(identity: Identity) -> list[_Who]:
    """What tells the rows of a visitor: its id, or its name where one of the two has no id."""
    key = identity.visitor_id
    return [(key,), *_without_id(identity, True)] if key else [*identity.names]


def _first_of(numbers: list[int | None]) -> int | None:
    return min([number for number in numbers if number is not None], default=None)
