"""The input's own columns, then what came out; safe to open in a spreadsheet."""

import csv
from collections.abc import Callable, Sequence

from cxc.batch import NO_TRIP, Heading, Judged, Summary
from cxc.memory import Bounded, Memory
from cxc.reports.values import money, unrunnable, why
from cxc.table import titled
from cxc.verdict import DAYS, FAILS, Part, Verdict

RESULTS = ("outcome", "payable_eur", "days_on_site", "working_days", "failed", "needed", "message")


# What no line may hold that is written without a look at each cell: what CSV quotes, and what begins a formula.
_NEVER = ('"', "=", "+", "@", ",-", ", ", ";-", "; ")
_NEVER_EITHER = ("＝", "＋", "－", "＠")  # where there are letters beyond ASCII


class _Echo:
    """A file that gives back what is written to it, so that a line can be had as text."""

    def write(self, text: str) -> str:
        """The text itself."""
        return text


class CsvReport:
    """Writes each row as it was, also one that is no trip, with its result behind it.

    Columns of several files are joined, `file` first, then `sheet`.
    """

    def __init__(self) -> None:
        # With this end of a line the writer quotes a carriage return within a cell, which else would end the line.
        self._write: Callable[[Sequence[object]], str] = csv.writer(_Echo(), lineterminator="\r\n").writerow
        self._places: dict[str, list[int | None]] = {}
        self._with_file = self._with_sheet = False
        # Of each table whose rows are written with all their cells in their order: how many, and what stands before.
        self._whole: dict[str, tuple[int, str]] = {}
        self._tails: Bounded[object, str] = Bounded()
        self._money = Memory(money)
        self._days = Memory(_days)

    def begin(self, sources: Sequence[Heading]) -> str:
        """The heading. An input column that is called like a result gets `input_` in front."""
        columns: dict[str, None] = {}
        for source in sources:
            columns |= dict.fromkeys(_unique(source.columns))
        self._with_sheet = len({source.name for source in sources}) < len(sources)
        self._with_file = len(sources) > 1
        for source in sources:
            own = _unique(source.columns)
            self._places[source.title] = [own.index(name) if name in own else None for name in columns]
            if own == list(columns):
                before = self._before(source.name, source.sheet)
                self._whole[source.title] = len(own), self._line([*map(unrunnable, before), ""])[:-1] if before else ""
        front = self._before("file", "sheet")
        taken = {*RESULTS, *front}
        names = []
        for name in columns:
            while name in taken:
                name = f"input_{name}"
            taken.add(name)
            names.append(name)
        return self._line([*front, *map(unrunnable, names), *RESULTS])

    def _before(self, file: str, sheet: str | None) -> list[str]:
        """What stands before the input's own columns: the file, where there are several, and of workbooks the sheet."""
        return [*([file] if self._with_file else []), *([sheet or ""] if self._with_sheet else [])]

    def _line(self, cells: Sequence[object]) -> str:
        return self._write(cells).removesuffix("\r\n") + "\n"

    def row(self, judged: Judged) -> str:
        """One row."""
        file, _, cells, verdict, _, noted, expected, _, _, sheet = judged
        title = titled(file, sheet)
        width, front = self._whole.get(title, _NOT_WHOLE)
        if verdict is not None and expected is None and len(cells) == width:
            own = ",".join(cells)
            if _is_plain(own, width):
                if noted or verdict.earlier_visits or verdict.approved or verdict.clusters_in_doubt:
                    return front + own + self._line(["", *_result(judged)])
                return front + own + self._tail(judged, verdict)
        row = [cells[at] if at is not None and at < len(cells) else "" for at in self._places[title]]
        return self._line([*map(unrunnable, [*self._before(file, sheet), *row]), *_result(judged)])

    def _tail(self, judged: Judged, verdict: Verdict) -> str:
        """The result of a row as text; its last cells are made once for each that differs."""
        reasons: object = verdict.grounds
        if verdict.rank < FAILS:
            reasons = verdict.grounds, verdict.judge.notices(verdict)
        tail = self._tails.get(reasons)
        if tail is None:
            tail = self._tails.keep(reasons, self._line(["", *_result(judged)[4:]]))
        payable = verdict.payable
        paid = "" if payable is None else self._money[payable.amount]
        return f",{verdict.outcome},{paid},{self._days[verdict.parts[DAYS]]}{tail}"

    def end(self, summary: Summary) -> str:
        """Nothing: a table has no foot."""
        return ""


def _is_plain(line: str, width: int) -> bool:
    """Whether cells, joined by commas, are a line of CSV as they stand, with nothing that a spreadsheet runs.

    What is printable has no control character and no other white space than the space.
    """
    return (
        line.isprintable()
        and line.count(",") == width - 1
        and not any(map(line.__contains__, _NEVER))
        and line[:1] not in ("-", " ")
        and (line.isascii() or not any(map(line.__contains__, _NEVER_EITHER)))
    )


_NOT_WHOLE = (0, "")


def _days(part: Part) -> str:
    """The days on site and the working days among them, as two cells."""
    days, working = part.facts["days_on_site"], part.facts["working_days"]
    return f"{'' if days is None else days},{'' if working is None else working}"


def _result(judged: Judged) -> tuple[object, ...]:
    verdict, message = judged.verdict, unrunnable(why(judged))
    if judged.outcome == NO_TRIP:
        return ("",) * len(RESULTS)
    if verdict is None:
        return (judged.outcome, "", "", "", "", "", message)
    payable = verdict.payable
    return (
        verdict.outcome,
        "" if payable is None else money(payable.amount),
        verdict.days_on_site,
        verdict.working_days,
        ";".join(verdict.grounds.codes) if verdict.rank == 2 else "",
        ";".join(verdict.needed),
        message,
    )


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
