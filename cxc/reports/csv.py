"""The input's own columns, then what came out; safe to open in a spreadsheet."""

import csv
from collections.abc import Callable, Sequence

from cxc.reports.formats import Report
from cxc.reports.values import money, unrunnable, why, worth_saying
from cxc.tables.judged import Heading, Judged, JudgedRows
from cxc.verdict import ELIGIBLE, NO_TRIP, Ground, Payable, failed, needed
from cxc.verdict import outcome as outcome_of
from cxc.vocabulary import Outcome

RESULTS = ("outcome", "payable_eur", "days_on_site", "working_days", "failed", "needed", "message")


# What no line may hold that is written without a look at each cell: what CSV quotes, and what begins a formula.
_NEVER = ('"', "=", "+", "@", ",-", ", ", ";-", "; ", "\n-", "\n ")
_NEVER_EITHER = ("＝", "＋", "－", "＠")  # where there are letters beyond ASCII


class _Echo:
    """A file that gives back what is written to it, so that a line can be had as text."""

    def write(self, text: str) -> str:
        """The text itself."""
        return text


# With this end of a line the writer quotes a carriage return within a cell, which else would end the line.
_write: Callable[[Sequence[object]], str] = csv.writer(_Echo(), lineterminator="\r\n").writerow


class CsvReport(Report):
    """Writes each row as it was, also one that is no trip, with its result behind it.

    Columns of several files are joined, `file` first, then `sheet`.
    """

    def __init__(self) -> None:
        self._places: dict[str, list[int | None]] = {}
        self._with_file = self._with_sheet = False
        # Of each table whose rows are written with all their cells in their order: how many, and what stands before.
        self._whole: dict[str, tuple[int, str]] = {}

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
                self._whole[source.title] = len(own), _in_line([*map(unrunnable, before), ""]) if before else ""
        front = self._before("file", "sheet")
        taken = {*RESULTS, *front}
        names = []
        for name in columns:
            while name in taken:
                name = f"input_{name}"
            taken.add(name)
            names.append(name)
        return f"{_in_line([*front, *map(unrunnable, names), *RESULTS])}\n"

    def _before(self, file: str, sheet: str | None) -> list[str]:
        """What stands before the input's own columns: the file, where there are several, and of workbooks the sheet."""
        return [*([file] if self._with_file else []), *([sheet or ""] if self._with_sheet else [])]

    def rows(self, judged: JudgedRows) -> str:
        """Some rows, those that are no trips too. What was found is put into text once for each that differs."""
        width, front = self._whole.get(judged.title, _NOT_WHOLE)
        special = judged.special
        found = judged.rows
        fronts, backs = found.values(result_in_front), found.values(result_behind)
        own = [*map(",".join, judged.cells)]
        all_plain = {*map(len, judged.cells)} == {width} and _is_plain("\n".join(own), len(own), len(own) * (width - 1))
        lines = []
        for place, cells in enumerate(judged.cells):
            if not (all_plain or (len(cells) == width and _is_plain(own[place], 1, width - 1))):
                lines.append(self.row(judged[place]))
            elif place not in special:
                lines.append(f"{front}{own[place]},{fronts[place]}{backs[place]}\n")
            elif (verdict := (row := judged[place]).verdict) is not None:
                back = _last_cells(verdict.failed, verdict.needed, why(row))
                lines.append(f"{front}{own[place]},{fronts[place]}{back}\n")
            else:
                lines.append(self.row(row))
        return "".join(lines)

    def row(self, judged: Judged) -> str:
        """One row."""
        cells = judged.cells
        row = [cells[at] if at is not None and at < len(cells) else "" for at in self._places[judged.title]]
        before = self._before(judged.file, judged.sheet)
        return f"{_in_line([*map(unrunnable, [*before, *row]), *_result(judged)])}\n"


def result_in_front(
    outcome: Outcome, amount: Payable | None, days_on_site: int | None, working_days: int | None
) -> str:
    """The first cells of a result as text: those that need no quotation marks."""
    paid = money(amount.amount) if amount is not None and outcome == ELIGIBLE else ""
    return f"{outcome},{paid},{_number(days_on_site)},{_number(working_days)},"


def _number(number: int | None) -> str:
    return "" if number is None else str(number)


def result_behind(decisive_grounds: tuple[Ground, ...], notices: tuple[str, ...], noted: tuple[str, ...]) -> str:
    """The last cells of a result as text. The message is that of `why`, of a row that no other row concerns."""
    outcome = outcome_of(decisive_grounds)
    said = [ground.message for ground in decisive_grounds]
    said += worth_saying(outcome, notices, noted)
    return _last_cells(failed(decisive_grounds, outcome), needed(decisive_grounds, outcome), " ".join(said))


def _last_cells(failed: Sequence[str], needed: Sequence[str], message: str) -> str:
    return _in_line([";".join(failed), ";".join(needed), unrunnable(message)])


def _in_line(cells: Sequence[object]) -> str:
    return _write(cells).removesuffix("\r\n")


def _is_plain(lines: str, count: int, commas: int) -> bool:
    """Whether cells, joined by commas, are so many lines of CSV as they stand, with nothing that a spreadsheet runs.

    What is printable has no control character and no other white space than the space.
    """
    return (
        lines.count("\n") == count - 1
        and lines.replace("\n", "").isprintable()
        and lines.count(",") == commas
        and not any(map(lines.__contains__, _NEVER))
        and lines[:1] not in ("-", " ")
        and (lines.isascii() or not any(map(lines.__contains__, _NEVER_EITHER)))
    )


_NOT_WHOLE = (0, "")


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
        ";".join(verdict.failed),
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
