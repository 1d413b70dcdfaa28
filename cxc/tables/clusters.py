"""Which texts the rows of a table state as names of clusters: a remark among them must meet an eye."""

from collections.abc import Iterable
from typing import Final, NamedTuple

from cxc.trip.remarks import is_in_doubt
from cxc.trip.texts import MEMBER_UNNAMED, NO_MEMBER

MOST_LISTED: Final = 1_000  # of each kind; real tables have some tens
_LONGEST: Final = 120  # letters of a name


class Taken(NamedTuple):
    """A text taken as the name of a cluster, cut short, and whether it may be a remark."""

    text: str
    in_doubt: bool


def taken(visitor_cluster: str | None, host_cluster: str | None) -> tuple[Taken, ...]:
    """What the two cluster fields, as read, name; each text once.

    >>> taken("Medvia", "Medvia"), taken("yes", None)
    ((Taken(text='Medvia', in_doubt=False),), ())
    """
    clusters = (visitor_cluster, host_cluster)
    named = dict.fromkeys(cluster for cluster in clusters if cluster not in (None, MEMBER_UNNAMED, NO_MEMBER))
    return tuple(
        Taken(name if len(name) <= _LONGEST else f"{name[:_LONGEST]}…", is_in_doubt(name)) for name in named if name
    )


class TakenAsClusters:
    """The texts taken as names of clusters, with the numbers of their rows. Memory does not grow with a table.

    Where they are `withheld` none is kept. `rows` counts the rows that name any cluster, `rows_left_out` those that
    name one that is not kept.
    """

    def __init__(self) -> None:
        self.withheld = False
        self.rows = self.rows_left_out = 0
        self._rows: dict[bool, dict[str, int]] = {True: {}, False: {}}

    def add(self, named: Iterable[Taken], count: int = 1) -> None:
        """Count so many rows by what each of them names."""
        self.rows += count
        if self.withheld:
            return
        left_out = False
        for text, in_doubt in named:
            rows = self._rows[in_doubt]
            if text in rows or len(rows) < MOST_LISTED:
                rows[text] = rows.get(text, 0) + count
            else:
                left_out = True
        self.rows_left_out += left_out and count

    def listed(self) -> list[tuple[Taken, int]]:
        """Each text with the number of its rows: those that may be remarks first, then by the alphabet."""
        return [
            (Taken(text, in_doubt), rows)
            for in_doubt, found in self._rows.items()
            for text, rows in sorted(found.items(), key=lambda entry: (entry[0].casefold(), entry[0]))
        ]
