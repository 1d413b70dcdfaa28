"""Trips of one organisation under several names, of which only another row shows that they belong together.

A trip under a name without an id, and one with an id under another name, are two visitors by the scheme's words; but a
row that states this name beside that id shows that they are one. That changes no outcome, and is told.
"""

from collections import Counter
from collections.abc import Callable, Iterable

from cxc.visits import Identity, Visit

_Name = tuple[str, int]  # the code of a country, and the number of a name


class OtherNames:
    """The rows that count as visits, by the organisations that other rows show.

    `rows` are the number of each row, whose trip it is, and whether it counts. A name that stands beside several ids
    tells nothing.
    """

    def __init__(self, rows: Iterable[tuple[int, Identity, bool]]) -> None:
        stated, counted = dict[tuple[int, _Name], int](), dict[Identity, int]()
        for number, identity, counts in rows:
            if identity.visitor_id and identity.name:
                stated.setdefault((identity.visitor_id, _name(identity)), number)
            if counts:
                counted.setdefault(identity, number)
        ids = Counter(name for _, name in stated)
        self._shown_by = {name: (key, number) for (key, name), number in stated.items() if ids[name] == 1}
        self._visits = dict[int, dict[Identity, int]]()
        for identity, number in counted.items():
            if key := self._id_of(identity):
                self._visits.setdefault(key, {})[identity] = number

    def _id_of(self, identity: Identity) -> int:
        """Its id, or the one beside which its name stands; 0 where there is none."""
        return identity.visitor_id or self._shown_by.get(_name(identity), (0, 0))[0]

    def notice(self, identity: Identity, where: Callable[[int], Visit]) -> tuple[str, ...]:
        """A notice for a trip, of another one of its visitor under another name; `where` tells a row by its number."""
        for other, number in self._visits.get(self._id_of(identity), {}).items():
            if _name(other) == _name(identity) or (other.visitor_id and other.visitor_id == identity.visitor_id):
                continue  # one visitor by the scheme's words
            _, shown_by = self._shown_by[_name(identity if other.visitor_id else other)]
            trip, shows = where(number), where(shown_by)
            return (
                f"The same organisation seems to have a trip under another name in {trip.file}, row {trip.row}: the "
                f"visitor_id in {shows.file}, row {shows.row} links the two. Perhaps only one of them can be paid.",
            )
        return ()


def _name(identity: Identity) -> _Name:
    return identity.country, identity.name
