"""The input's own columns, then what came out; safe to open in a spreadsheet."""

import csv
import re
from collections.abc import Callable, Sequence

from cxc.batch import Heading, Judged, Summary
from cxc.reports.values import money, unrunnable, why
from cxc.verdict import NOT_ELIGIBLE

RESULTS = ("outcome", "payable_eur", "days_on_site", "working_days", "failed", "needed", "message")


# A cell that begins with a sign that a spreadsheet runs; most rows have none, and are not looked at cell by cell.
_SUSPECT = re.compile(r"\n(\s*[=+\-@＝＋－＠]|[\t\r])")


class _Echo:
    """A file that gives back what is written to it, so that a line can be had as text."""

    def write(self, text: str) -> str:
        """The text itself."""
        return text


class CsvReport:
    """Writes each row as it was, with its result behind it. Columns of several files are joined, `file` first."""

    def __init__(self) -> None:
        self._line: Callable[[Sequence[object]], str] = csv.writer(_Echo(), lineterminator="\n").writerow
        self._places: dict[str, list[int | None]] = {}
        self._with_file = False

    def begin(self, sources: Sequence[Heading]) -> str:
        """The heading. An input column that is called like a result gets `input_` in front."""
        columns: dict[str, None] = {}
        for source in sources:
            columns |= dict.fromkeys(_unique(source.columns))
        self._with_file = len(sources) > 1
        for source in sources:
            own = _unique(source.columns)
            self._places[source.name] = [own.index(name) if name in own else None for name in columns]
        names = [
            f"input_{name}" if name in (*RESULTS, *(["file"] if self._with_file else [])) else name for name in columns
        ]
        return self._line([*(["file"] if self._with_file else []), *map(unrunnable, names), *RESULTS])

    def row(self, judged: Judged) -> str:
        """One row."""
        cells = judged.cells
        own = [cells[at] if at is not None and at < len(cells) else "" for at in self._places[judged.file]]
        if _SUSPECT.search("\n".join(("", *own))):
            own = [unrunnable(cell) for cell in own]
        verdict, message = judged.verdict, unrunnable(why(judged))
        result: tuple[object, ...]
        if verdict is None:
            result = (judged.outcome, "", "", "", "", "", message)
        else:
            payable = verdict.payable
            failed = [finding.code for finding in verdict.decisive] if verdict.outcome == NOT_ELIGIBLE else ()
            result = (
                verdict.outcome,
                "" if payable is None else money(payable.amount),
                verdict.days_on_site,
                verdict.working_days,
                ";".join(failed),
                ";".join(verdict.needed),
                message,
            )
        return self._line((*([unrunnable(judged.file)] if self._with_file else ()), *own, *result))

    def end(self, summary: Summary) -> str:
        """Nothing: a table has no foot."""
        return ""


def _unique(columns: Sequence[str]) -> list[str]:
    """The names of columns, a second one of a name numbered, so that none is lost."""
    names: list[str] = []
    for name in columns:
        number, wanted = 1, name
        while wanted in names:
            number += 1
            wanted = f"{name}_{number}"
        names.append(wanted)
    return names
