"""The memory of visits: which organisation has visited when.

The same `visitor_id` (ignoring case, spaces and punctuation) is the same organisation; so is the same name in the same
country (ignoring accents too), where at least one of the two has no id.
"""

import datetime
from collections.abc import Iterable
from typing import NamedTuple

from cxc.text import fold
from cxc.trip import Trip


class Visit(NamedTuple):
    """A visit that took place, or a trip that would use one up, and where it stands: file and row (header = line 1)."""

    file: str
    row: int
    visitor: str | None
    visitor_id: str | None
    visitor_country: str | None
    arrival: datetime.date | None
    decided: bool = True


class Recollection(NamedTuple):
    """What the memory tells of an organisation.

    `kind` is a fact for the rule one-visit: no-history, no-name, no-country, none-found, found, same-name or undecided.
    `visits` are the visits that it rests on.
    """

    kind: str
    visits: tuple[Visit, ...] = ()


NO_HISTORY = Recollection("no-history")


class Visits:
    """Visits by organisation. It grows with the visits that it is told, and with nothing else."""

    def __init__(self, history: Iterable[Visit] = ()) -> None:
        self._by_id: dict[str, list[Visit]] = {}
        self._by_name: dict[tuple[str, str], list[Visit]] = {}
        for visit in history:
            self.remember(visit)

    def remember(self, visit: Visit) -> None:
        """Add a visit. One that names no organisation cannot be told from others and is left out."""
        if visit.visitor_id:
            self._by_id.setdefault(fold(visit.visitor_id), []).append(visit)
        if visit.visitor and fold(visit.visitor) and visit.visitor_country:
            self._by_name.setdefault((visit.visitor_country, fold(visit.visitor)), []).append(visit)

    def recall(self, trip: Trip, visits_at_most: int) -> Recollection:
        """What the visits so far tell of a trip's organisation, which may visit `visits_at_most` times."""
        key = fold(trip.visitor_id) if trip.visitor_id else None
        name = fold(trip.visitor) if trip.visitor else None
        if not key and not name:
            return Recollection("no-name")
        if not key and trip.visitor_country is None:
            return Recollection("no-country")
        same = list(self._by_id.get(key, ())) if key else []
        alike: list[Visit] = []
        if name and trip.visitor_country is not None:
            for visit in self._by_name.get((trip.visitor_country.code, name), ()):
                if not (key and visit.visitor_id):
                    same.append(visit)
                elif fold(visit.visitor_id) != key:
                    alike.append(visit)
        decided = [visit for visit in same if visit.decided]
        if len(decided) >= visits_at_most:
            return Recollection("found", tuple(decided))
        if len(same) >= visits_at_most:
            return Recollection("undecided", tuple(visit for visit in same if not visit.decided))
        if len(same) + len(alike) >= visits_at_most:
            return Recollection("same-name", tuple(alike))
        return Recollection("none-found")
