"""What leaves a report under --redact: names, ids, references, approvers, and whatever is in an unknown column."""

from collections.abc import Sequence

from cxc.errors import Problem
from cxc.tables.columns import Columns
from cxc.trip.reader import MEMBER_UNNAMED, NO_MEMBER, Trip
from cxc.verdict import Verdict
from cxc.visits import Visit


def redacted(trip: Trip) -> Trip:
    """A trip without names, ids, places, reference and approver."""
    return trip._replace(
        reference=None,
        visitor=None,
        visitor_id=None,
        host=None,
        visitor_cluster=_unnamed(trip.visitor_cluster),
        host_cluster=_unnamed(trip.host_cluster),
        visitor_place=None,
        host_place=None,
        approved_by=trip.approved_by and WITHHELD,
    )


WITHHELD = "(withheld)"
_NAMES = frozenset({"reference", "visitor", "visitor_id", "visitor_place", "host", "host_place", "approved_by"})


def _unnamed(cluster: str | None) -> str | None:
    return cluster if cluster in (None, NO_MEMBER) else MEMBER_UNNAMED


def nameless(visit: Visit) -> Visit:
    """An earlier visit without who it was."""
    return visit._replace(visitor=None, visitor_id=None)


def without_value(problem: Problem) -> Problem:
    """What a cell holds that cannot be read may be anything, a name too."""
    if not problem.field:
        return problem
    return Problem(problem.field, None, f"{problem.field}: the value cannot be read (withheld)")


def kept_columns(columns: Columns, redact: bool, headings: Sequence[str]) -> list[str]:
    """The headings of a table that go into a report."""
    if not redact:
        return list(headings)
    return [headings[at] for field, at in columns.places.items() if field not in _NAMES]


def redacted_cells(cells: Sequence[str], verdict: Verdict | None, columns: Columns) -> list[str]:
    """The cells of the columns that are kept; none of a row that cannot be read, since a name may stand anywhere."""
    kept = []
    for field, at in columns.places.items():
        if field in _NAMES:
            continue
        cell = cells[at] if at < len(cells) and verdict is not None else ""
        if field in ("visitor_cluster", "host_cluster") and verdict is not None:
            cell = getattr(verdict.trip, field) or ""
        kept.append(cell)
    return kept
