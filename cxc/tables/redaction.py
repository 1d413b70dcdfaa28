"""What leaves a report under --redact: names, ids, references, approvers, and whatever is in an unknown column."""

from collections.abc import Sequence
from typing import Any, Final

from cxc.errors import Problem
from cxc.tables.columns import Columns
from cxc.trip.fields import BY_NAME, PAPERS
from cxc.trip.reader import Misread, Trip
from cxc.trip.texts import MEMBER_UNNAMED, NO_MEMBER
from cxc.verdict import Verdict
from cxc.visits import Visit

WITHHELD = "(withheld)"
_REDACTED: Final = frozenset(name for name, field in BY_NAME.items() if field.kind.redaction != "kept")
_CLUSTERS: Final = frozenset(name for name in _REDACTED if BY_NAME[name].kind.redaction == "membership")
_LEFT_OUT: Final = _REDACTED - _CLUSTERS  # the columns that go into no report


def redacted(trip: Trip) -> Trip:
    """A trip without names, ids, places, reference and approver."""
    return trip._replace(**{name: redacted_value(name, getattr(trip, name)) for name in _REDACTED})


def redacted_value(field: str, value: Any) -> Any:
    """What a field of a trip states, without names, ids, places, reference and approver."""
    redaction = BY_NAME[field].kind.redaction
    if value is None or redaction == "left out":
        return None
    if redaction == "withheld":
        return WITHHELD
    return MEMBER_UNNAMED if redaction == "membership" and value != NO_MEMBER else value


def nameless(visit: Visit) -> Visit:
    """An earlier visit without who it was."""
    return visit._replace(visitor=None, visitor_id=None)


def without_value(problem: Problem) -> Problem:
    """What a cell holds that cannot be read may be anything, a name too. What was read of days is told as it is."""
    if not problem.field or problem.of_days:
        return problem
    return Problem(problem.field, None, f"{problem.field}: the value cannot be read (withheld)")


def kept_columns(columns: Columns, redact: bool, headings: Sequence[str]) -> list[str]:
    """The headings of a table that go into a report."""
    if not redact:
        return list(headings)
    return [headings[at] for field, at in columns.places.items() if field not in _LEFT_OUT]


def redacted_cells(cells: Sequence[str], verdict: Verdict | None, columns: Columns) -> list[str]:
    """The cells of the columns that are kept; none of a row that cannot be read, since a name may stand anywhere."""
    kept = []
    for field, at in columns.places.items():
        if field in _LEFT_OUT:
            continue
        if verdict is None or (field in PAPERS and isinstance(getattr(verdict.trip, field), Misread)):
            kept.append("")  # what cannot be read may be anything, a name too
        elif field in _CLUSTERS:
            kept.append(getattr(verdict.trip, field) or "")
        else:
            kept.append(cells[at] if at < len(cells) else "")
    return kept
