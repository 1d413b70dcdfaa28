"""A Code Quality report, as GitLab shows it beside a merge request: a JSON array of what to look at, by file and line.

https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from hashlib import sha256
from typing import TYPE_CHECKING, Final

from cxc.advice.remedies import remedies
from cxc.conclusions import ELIGIBLE, NOT_ELIGIBLE, UNREADABLE
from cxc.reports.formats import Report
from cxc.reports.json import compact, uncommanded
from cxc.reports.output import in_utf8
from cxc.reports.values import label, noted, why

if TYPE_CHECKING:
    from cxc.tables.judged import Judged
    from cxc.tables.summary import Summary

_SEVERITIES: Final = {UNREADABLE: "critical", NOT_ELIGIBLE: "major"}  # of a row that counts so; else it is open
_OPEN, _NOTED = "minor", "info"


class GitlabReport(Report):
    """Writes an entry for each rule that decides against a row, or leaves it open.

    An entry is known again by its fingerprint, which is made of what the row states and never of where it stands: rows
    may move. Of rows that state the same, the second has another one.
    """

    def __init__(self) -> None:
        self._separator = "[\n"
        self._copies: Counter[str] = Counter()

    def row(self, judged: Judged) -> str:
        """The entries for one row."""
        return self.entries(judged, judged.row)

    def entries(self, judged: Judged, line: int) -> str:
        """The same at a line of the file."""
        stated = "\x1f".join((judged.file, judged.sheet or "", *judged.cells))
        self._copies[stated] += 1
        written = []
        for check, severity, said in _said(judged):
            identity = f"{stated}\x1f{check}\x1f{self._copies[stated]}"
            place = f"{judged.sheet}, row {judged.row}: " if judged.sheet else ""
            entry = {
                "description": place + ": ".join(filter(None, (label(judged), said))),
                "check_name": check,
                "fingerprint": sha256(in_utf8(identity)).hexdigest(),
                "severity": severity,
                "location": {"path": judged.file, "lines": {"begin": line}},
            }
            written.append(self._separator + uncommanded(compact(entry)))
            self._separator = ",\n"
        return "".join(written)

    def end(self, summary: Summary) -> str:
        """The end of the array."""
        return "[]\n" if self._separator == "[\n" else "\n]\n"


def _said(judged: Judged) -> Iterator[tuple[str, str, str]]:
    """What to look at in a row: by which check, how grave, and in words."""
    severity = _SEVERITIES.get(judged.standing, _OPEN)
    if judged.mismatch:
        yield "not-as-expected", severity, why(judged)
    elif judged.verdict is None:
        yield UNREADABLE, severity, why(judged)
    elif said := noted(judged):
        yield "notice", _NOTED, " ".join(said)
    if judged.verdict is not None and judged.standing != ELIGIBLE and not judged.mismatch:
        mended = remedies(judged.verdict)
        for ground in judged.verdict.grounds:
            out = f" → {mended[ground.code]}" if ground.code in mended else ""
            yield ground.code, severity, f"{ground.message}{out}"
