"""Annotations for GitHub Actions, on the lines of the rows.

GitHub shows ten errors and ten warnings of a step. Where there are more, rows of one reason share an annotation, which
names them all, so that no row goes unseen.
"""

from collections.abc import Sequence
from typing import NamedTuple

from cxc.conclusions import ELIGIBLE, NOT_ELIGIBLE, UNREADABLE
from cxc.errors import CxcError, DataError
from cxc.reports.formats import Report
from cxc.reports.values import TAKEN_AS_CLUSTERS, clusters_in_a_line, label, noted, outcome_named, way_out, why
from cxc.tables.judged import Judged
from cxc.tables.summary import Summary
from cxc.text import clean

MOST = 10
_MOST_LETTERS = 4_000  # of an annotation


class _Entry(NamedTuple):
    """A row that needs an annotation: the reason by which such rows are grouped, and what is said of it."""

    row: Judged
    reason: str
    said: str


class GithubReport(Report):
    """Keeps what needs an annotation, and writes all of it at the end."""

    def __init__(self) -> None:
        self._kept: dict[str, list[_Entry]] = {"error": [], "warning": []}

    def row(self, judged: Judged) -> str:
        """Keeps one row, unless it is good."""
        if judged.standing != ELIGIBLE:
            kind = "error" if judged.standing in (NOT_ELIGIBLE, UNREADABLE) else "warning"
            self._keep(kind, judged, _reason(judged), f"{why(judged)} {way_out(judged)}")
        elif said := noted(judged):
            self._keep("warning", judged, "notice", " ".join(said))
        return ""

    def _keep(self, kind: str, judged: Judged, reason: str, said: str) -> None:
        message = ": ".join(filter(None, (label(judged), said)))
        self._kept[kind].append(_Entry(judged, reason, message))

    def one(self, judged: Judged, line: int | None) -> str:
        """The annotation of a trip on its own, if it needs one: on a line of its file; None where it has no file."""
        self.row(judged)
        file = None if line is None else judged.file
        return "".join(
            command(kind, file, line, reason, message)
            for kind, kept in self._kept.items()
            for _, reason, message in kept
        )

    def end(self, summary: Summary) -> str:
        """Every annotation, and the texts that were taken as names of clusters."""
        lines = [line for kind, kept in self._kept.items() for line in _annotations(kind, kept)]
        if taken := clusters_in_a_line(summary, _MOST_LETTERS):
            lines.append(command("notice", None, None, TAKEN_AS_CLUSTERS, taken))
        return "".join(lines)


def _reason(judged: Judged) -> str:
    if judged.mismatch:
        return "not as expected"
    if judged.verdict is None:
        return judged.outcome
    return f"{outcome_named(judged)} {' '.join(judged.verdict.codes)}"


def _annotations(kind: str, kept: Sequence[_Entry]) -> list[str]:
    if len(kept) <= MOST:
        return [
            command(kind, row.file, row.row, f"{f'{row.sheet}, row' if row.sheet else 'Row'} {row.row}: {reason}", said)
            for row, reason, said in kept
        ]
    groups: dict[str, list[_Entry]] = {}
    for entry in kept:
        groups.setdefault(entry.reason, []).append(entry)
    largest = sorted(groups.items(), key=lambda group: -len(group[1]))
    if len(largest) > MOST:
        rest = [entry for _, group in largest[MOST - 1 :] for entry in group]
        largest = [*largest[: MOST - 1], ("other reasons", rest)]
    lines = []
    for reason, group in largest:
        rows, first = ", ".join(entry.row.place for entry in group), group[0]
        message = f"Rows {rows}. The first: {first.said}"
        lines.append(command(kind, first.row.file, first.row.row, f"{len(group)} rows: {reason}", message))
    return lines


def file_fault(error: CxcError, tables: Sequence[str]) -> str:
    """The annotation for a table or a data file that cannot be read as a whole; nothing where an error names none."""
    message = str(error)
    if isinstance(error, DataError):
        return command("error", error.file, error.line or None, _UNREADABLE, error.message)
    for name in sorted(tables, key=len, reverse=True):
        file = name if name.isprintable() else clean(name)
        if message.startswith((f"{file}: ", f"{file}, sheet ")):
            return command("error", file, None, _UNREADABLE, message)
    return ""


_UNREADABLE = "This file cannot be read"


def command(kind: str, file: str | None, line: int | None, title: str, message: str) -> str:
    """One workflow command, at a file or a line of it if there is one. No text inside can end it or begin another.

    >>> command("error", "a.csv", 2, "Row 2", "100% ::error::x")
    '::error file=a.csv,line=2,title=Row 2::100%25 ::error::x\\n'
    """
    place = "" if file is None else f"file={_property(file)},{'' if line is None else f'line={line},'}"
    return f"::{kind} {place}title={_property(title)}::{_data(clean(message))}\n"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text if text.isprintable() else clean(text)).replace(":", "%3A").replace(",", "%2C")
