"""Rows as JSON, one verdict a line.

A verdict in full is some 5 kB, and nearly all of it has been said of other rows in the same words. So the texts are
made once for each answer that differs; what comes out is what `compact(row_document(row))` gives, to the letter.
"""

from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache, partial
from hashlib import sha256
from json.encoder import encode_basestring as quoted
from typing import Any, Final

from cxc.advice.remedies import dated_remedies, standing_remedy
from cxc.reports.formats import Report
from cxc.reports.json import (
    SCHEMA_VERSION,
    compact,
    finding_document,
    payable_document,
    row_document,
    summary_document,
    uncommanded,
    unsealed,
    visit_document,
)
from cxc.reports.values import plain
from cxc.resolver import NOTHING_READ, ListedRows, Node
from cxc.rules import RULES, Answer
from cxc.tables.judged import Heading, Judged, JudgedRows
from cxc.tables.summary import Summary
from cxc.trip.fields import FIELDS
from cxc.verdict import DISCLAIMER, ELIGIBLE, NO_TRIP, UNDECIDED, Payable, Verdict, Verdicts


class LinesReport(Report):
    """`jsonl`: one verdict a row and line, with its file and row at the front."""

    def __init__(self) -> None:
        self._lines = _VerdictsInLines()

    def rows(self, judged: JudgedRows) -> str:
        """Some rows, each as a line."""
        return "".join(self.pieces(judged))

    def pieces(self, judged: JudgedRows) -> Iterator[str]:
        """The same, line by line: a line is some 5 kB."""
        return (f"{uncommanded(line)}\n" for line in self._lines(judged))

    def row(self, judged: Judged) -> str:
        """One row as a line."""
        return f"{uncommanded(compact(row_document(judged)))}\n"


class ObjectReport(Report):
    """`json`: one object with every verdict and the summary."""

    def __init__(self) -> None:
        self._separator = ""
        self._lines = _VerdictsInLines()

    def begin(self, sources: Sequence[Heading]) -> str:
        """The object's head."""
        return f'{{"schema_version": "{SCHEMA_VERSION}", "verdicts": ['

    def rows(self, judged: JudgedRows) -> str:
        """Some rows, each on a line of its own."""
        return "".join(self.pieces(judged))

    def pieces(self, judged: JudgedRows) -> Iterator[str]:
        """The same, row by row."""
        return map(self._listed, self._lines(judged))

    def row(self, judged: Judged) -> str:
        """One row on a line of its own."""
        return self._listed(compact(row_document(judged)))

    def _listed(self, line: str) -> str:
        separator, self._separator = self._separator, ","
        return f"{separator}\n{uncommanded(line)}"

    def end(self, summary: Summary) -> str:
        """The summary, and the end of the object."""
        return f'\n], "summary": {uncommanded(compact(summary_document(summary)))}}}\n'


_TRIP: Final = ",".join(f'"{field}":%s' for field in FIELDS)
_HEAD: Final = ("schema_version", "cxc_version", "rulebook", "strict", "data")
_CODES: Final = tuple(rule.code for rule in RULES)


class _VerdictsInLines:
    """Writes rows, each on one line without a line break."""

    def __init__(self) -> None:
        self._texts: dict[tuple[str, Node], list[str]] = {}
        self._resolver: object = None
        self._head = self._steps = ""

    def __call__(self, judged: JudgedRows) -> Iterator[str]:
        """A line for each row but those that are no trip."""
        rows, verdicts = judged.rows, judged.verdicts
        if self._resolver is not rows.resolver:
            self._resolver, self._texts = rows.resolver, {}
        alone = judged.problems.keys() | judged.notices.keys() | judged.expected.keys()
        approvals = rows.values("approval")
        columns = self._columns(rows, verdicts)
        file = quoted(judged.file)
        sheet = "" if judged.sheet is None else f'"sheet":{quoted(judged.sheet)},'
        for place, (row, texts) in enumerate(zip(judged, columns, strict=True)):
            verdict = row.verdict
            if verdict is None or place in alone or approvals[place] is not None:
                if row.outcome != NO_TRIP:
                    yield compact(row_document(row))
                continue
            body = self._body(verdict, texts)
            seal = sha256(f"{{{body}}}".encode()).hexdigest()
            yield f'{{"file":{file},{sheet}"row":{row.row},{body},"seal":"{seal}"}}'

    def _columns(self, rows: ListedRows, verdicts: Verdicts) -> Iterator[tuple[str, ...]]:
        """The texts of each row: what stands behind the trip, the findings, the assumptions."""
        limits = verdicts.scheme.rulebook.limits
        asked: list[tuple[str, Callable[[Any], str]]] = [
            *((name, make) for name, make in _PLAIN),
            *((code, partial(_finding, verdicts, code, limits)) for code in _CODES),
            *((code, _assumption) for code in _CODES),
        ]
        return zip(*[self._column(rows, place, name, make) for place, (name, make) in enumerate(asked)], strict=True)

    def _column(self, rows: ListedRows, place: int, name: str, make: Callable[[Any], str]) -> Sequence[str]:
        """The texts of what has a name, row by row, each made once."""
        node = rows.resolver[name]
        numbers = rows.column(node)
        texts = self._texts.setdefault((str(place), node), [])
        texts += ["" if value is NOTHING_READ else make(value) for value in node.values[len(texts) :]]
        return [*map(texts.__getitem__, numbers)]

    def _body(self, verdict: Verdict, texts: Sequence[str]) -> str:
        """A verdict without its seal, and without braces."""
        if not self._head:
            content = unsealed(verdict)
            self._head = compact({name: content[name] for name in _HEAD})[1:-1]
            self._steps = compact(content["next_steps"])
        outcome, days, working, amount, needed, notices, dated, *said = texts
        findings, assumed = said[: len(_CODES)], [text for text in said[len(_CODES) :] if text]
        if dated:
            for code, remedy in dated_remedies(verdict).items():
                at = _CODES.index(code)
                findings[at] = f"{findings[at].rpartition(_REMEDY)[0]}{_REMEDY}{quoted(remedy)}}}"
        trip = _TRIP % tuple(map(_value, verdict.trip))
        visits = verdict.earlier_visits
        return (
            f'{self._head},"trip":{{{trip}}},'
            f'"earlier_visits":{compact([visit_document(visit) for visit in visits]) if visits else "[]"},'
            f'"outcome":"{outcome}","days_on_site":{days},"working_days":{working},'
            f'"payable":{amount if outcome == ELIGIBLE else "null"},'
            f'"if_settled":{amount if outcome == UNDECIDED else "null"},'
            f'"findings":[{",".join(findings)}],"assumptions":[{",".join(assumed)}],'
            f'"needed":{needed},"notices":{notices},"next_steps":{self._steps}'
        )


def _finding(verdicts: Verdicts, code: str, limits: Any, answer: Answer) -> str:
    """What a rule found, without what other dates would mend."""
    found = verdicts.found(code, answer)
    return compact(finding_document(found._replace(remedy=standing_remedy(code, answer, limits))))


def _assumption(answer: Answer) -> str:
    return quoted(answer.message) if answer.outcome == "assumed" else ""


def _amount(amount: Payable | None) -> str:
    return compact(payable_document(amount))


def _notices(notices: tuple[str, ...]) -> str:
    return compact([*notices, DISCLAIMER])


# What is put into text for each value that differs, in the order in which a line is made of it.
_PLAIN: Final[tuple[tuple[str, Callable[[Any], str]], ...]] = (
    *(("outcome", str), ("days_on_site", compact), ("working_days", compact), ("amount", _amount)),
    *(("needed", compact), ("notices", _notices), ("codes_of_dates", ",".join)),
)
_REMEDY: Final = ',"remedy":'  # the last key of a finding


@lru_cache(maxsize=20_000, typed=True)  # False is not 0
def _value(value: object) -> str:
    return compact(plain(value))
