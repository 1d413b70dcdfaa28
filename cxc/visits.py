"""The memory of visits: which organisation has visited when.

The same `visitor_id` (ignoring case, spaces and punctuation) is the same organisation; so is the same name in the same
country (ignoring accents too), where at least one of the two has no id.
"""

import datetime
from collections.abc import Iterable
from typing import Any, NamedTuple

from cxc.text import fold
from cxc.trip.reader import Trip


class Visit(NamedTuple):
    """A visit that took place, or a trip that would use one up, and where it stands: file and row (header = line 1).

    `decided` is False for a trip that is still undecided. `order` places a trip among others of its tables; a visit of
    a history has none and comes before them all.
    """

    file: str
    row: int
    visitor: str | None
    visitor_id: str | None
    visitor_country: str | None
    arrival: datetime.date | None
    decided: bool = True
    order: Any = None


class Recollection(NamedTuple):
    """What the memory tells of an organisation.

    `kind` is a fact for the rule one-visit: no-history, no-name, no-country, id-not-compared, name-not-compared,
    none-found, found, same-name or undecided; or same-trip or same-trip-undecided, where the visit is this very trip in
    another row. `visits` are the visits that it rests on.
    """

    kind: str
    visits: tuple[Visit, ...] = ()


NO_HISTORY = Recollection("no-history")
NONE_FOUND = Recollection("none-found")


class Identity(NamedTuple):
    """An organisation, folded for comparing: its id, and its name with its country; empty where not known."""

    visitor_id: str
    name: str
    country: str

    @classmethod
    def of(cls, visitor: str | None, visitor_id: str | None, country: str | None) -> "Identity | None":
        """Who an organisation is, or None where neither an id nor a name with its country tells.

        >>> Identity.of("ACME Ltd.", "RO 12-3", "RO")
        Identity(visitor_id='ro123', name='acmeltd', country='RO')
        """
        return cls.folded(fold(visitor) if visitor else "", fold(visitor_id) if visitor_id else "", country)

    @classmethod
    def folded(cls, name: str, visitor_id: str, country: str | None) -> "Identity | None":
        """The same from a name and an id that are folded already."""
        if name and country:
            return cls(visitor_id, name, country)
        return cls(visitor_id, "", "") if visitor_id else None


def identity_of(trip: Trip) -> Identity | None:
    """Who travels."""
    return Identity.of(trip.visitor, trip.visitor_id, trip.visitor_country.code if trip.visitor_country else None)


def unidentified(visitor: str | None) -> Recollection:
    """What is told of an organisation that cannot be told from others, by its name if there is one: what is missing."""
    return Recollection("no-country" if visitor and fold(visitor) else "no-name")


class Visits:
    """Visits by organisation, told in the order in which they are held against others.

    It grows with the visits that it is told, and with nothing else. Where an organisation may visit so many times, to
    `keep` as many of each kind is enough: decided and undecided ones, and those of the same name by their ids.
    """

    def __init__(self, history: Iterable[Visit] = (), keep: int | None = None) -> None:
        self._keep = keep
        self._by_id: dict[str, list[Visit]] = {}
        self._by_name: dict[tuple[str, str], list[Visit]] = {}
        # Visits that state only a name, and only an id: the first of each kind, since it decides what can be compared.
        self._only_name: Visit | None = None
        self._only_id: Visit | None = None
        for visit in history:
            self.remember(visit)

    def remember(self, visit: Visit, identity: Identity | None = None) -> None:
        """Add a visit, of an `identity` that is known already or found out.

        One that names no organisation cannot be told from others and is left out.
        """
        identity = identity or Identity.of(visit.visitor, visit.visitor_id, visit.visitor_country)
        if identity is None:
            return
        if identity.visitor_id:
            found = self._by_id.setdefault(identity.visitor_id, [])
            if self._counts(visit, found):
                found.append(visit)
        else:
            self._only_name = _first(self._only_name, visit)
        if identity.name:
            found = self._by_name.setdefault((identity.country, identity.name), [])
            alike = [other for other in found if fold(other.visitor_id or "") == identity.visitor_id]
            ids = {fold(other.visitor_id) for other in found if other.visitor_id and other.decided == visit.decided}
            new = identity.visitor_id and identity.visitor_id not in ids
            full = self._keep is not None and new and len(ids) > self._keep
            if not full and self._counts(visit, alike):
                found.append(visit)
        else:
            self._only_id = _first(self._only_id, visit)

    def _counts(self, visit: Visit, others: list[Visit]) -> bool:
        """Whether a visit adds to what is known of others like it."""
        return self._keep is None or sum(other.decided == visit.decided for other in others) < self._keep

    def recall(self, trip: Trip, at_most: int) -> Recollection:
        """What the visits so far tell of a trip's organisation, which may visit so many times."""
        identity = identity_of(trip)
        return self.recall_identity(identity, at_most) if identity else unidentified(trip.visitor)

    def recall_identity(self, identity: Identity, at_most: int, before: Any = None) -> Recollection:
        """The same for an organisation; with `before`, from the visits that come before that place in the order."""
        key = identity.visitor_id
        by_id = self._by_id.get(key, ()) if key else ()
        by_name = self._by_name.get((identity.country, identity.name), ()) if identity.name else ()
        same = list(by_id)
        alike: list[Visit] = []
        if by_name:
            for visit in by_name:
                if not (key and visit.visitor_id):
                    same.append(visit)
                elif fold(visit.visitor_id) != key:
                    alike.append(visit)
        if before is not None and (same or alike):
            same = [visit for visit in same if visit.order is None or visit.order < before]
            alike = [visit for visit in alike if visit.order is None or visit.order < before]
        if same or alike:
            decided = [visit for visit in same if visit.decided]
            if len(decided) >= at_most:
                return Recollection("found", tuple(decided[:at_most]))
            if len(same) >= at_most:
                return Recollection("undecided", tuple(visit for visit in same if not visit.decided))
            if len(same) + len(alike) >= at_most:
                return Recollection("same-name", tuple(alike))
        if not key and _before(self._only_id, before):
            return Recollection("id-not-compared")
        if not identity.name and _before(self._only_name, before):
            return Recollection("name-not-compared")
        return NONE_FOUND


def _first(one: Visit | None, other: Visit) -> Visit:
    """The one of two visits that comes first; those of a history come before all others."""
    return other if one is None or (one.order is not None and (other.order is None or other.order < one.order)) else one


def _before(visit: Visit | None, order: Any) -> bool:
    return visit is not None and (order is None or visit.order is None or visit.order < order)
