"""One trip in the formats of tables: a table of one row."""

from cxc.batch import Heading, Judged, Summary
from cxc.reports import report
from cxc.reports.values import trip_fields
from cxc.trip import FIELDS
from cxc.verdict import Verdict


def render(format: str, verdict: Verdict, file: str) -> str:
    """The verdict as jsonl, csv, github or junit; the row is the first below a heading."""
    cells = [_cell(value) for value in trip_fields(verdict.trip).values()]
    judged = Judged(file, 2, cells, verdict)
    summary = Summary()
    summary.add(judged)
    writer = report(format)
    return "".join((writer.begin([Heading(file, list(FIELDS))]), writer.row(judged), writer.end(summary)))


def _cell(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ";".join(value)
    return "" if value is None else str(value)
