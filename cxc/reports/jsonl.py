"""Rows as JSON, one verdict a line.

A verdict in full is some 5 kB, and nearly all of it has been said of other rows in the same words. So the texts are
made once for each part that differs; what comes out is what `compact(row_document(row))` gives, to the letter.
"""

from collections.abc import Callable, Mapping, Sequence
from hashlib import sha256
from json.encoder import encode_basestring as quoted
from typing import Any, Final

from cxc.advice import dated_remedies, standing_remedy
from cxc.batch import Heading, Judged, Summary
from cxc.memory import Bounded, Memory
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
from cxc.trip import FIELDS
from cxc.verdict import DAYS, PLACES, RUNS, Grounds, Part, Payable, Verdict


class LinesReport:
    """`jsonl`: one verdict a row and line, with its file and row at the front."""

    def __init__(self) -> None:
        self._line = RowWriter()

    def begin(self, sources: Sequence[Heading]) -> str:
        """Nothing: lines have no heading."""
        return ""

    def row(self, judged: Judged) -> str:
        """One row as a line."""
        return uncommanded(self._line(judged)) + "\n"

    def end(self, summary: Summary) -> str:
        """Nothing: the summary is the reader's."""
        return ""


class ObjectReport:
    """`json`: one object with every verdict and the summary."""

    def __init__(self) -> None:
        self._separator = ""
        self._line = RowWriter()

    def begin(self, sources: Sequence[Heading]) -> str:
        """The object's head."""
        return f'{{"schema_version": "{SCHEMA_VERSION}", "verdicts": ['

    def row(self, judged: Judged) -> str:
        """One row on a line of its own."""
        separator, self._separator = self._separator, ","
        return f"{separator}\n{uncommanded(self._line(judged))}"

    def end(self, summary: Summary) -> str:
        """The summary, and the end of the object."""
        return f'\n], "summary": {uncommanded(compact(summary_document(summary)))}}}\n'


_NAMES: Final = ("reference", "visitor", "visitor_id", "host")  # seldom the same in two rows
_TRIP: Final = ",".join(f'"{field}":%s' for field in FIELDS)
_HEAD: Final = ("schema_version", "cxc_version", "rulebook", "strict", "data")


class RowWriter:
    """Writes rows; made for the verdicts of one judge."""

    def __init__(self) -> None:
        self._head = self._steps = ""
        self._limits: Mapping[str, object] = {}
        self._findings = Memory(self._written)
        self._runs = Memory(self._in_runs)
        self._amounts: Bounded[int, tuple[Payable, str]] = Bounded()
        self._files = Memory(quoted)
        self._needed: Memory[Grounds, str] = Memory(lambda grounds: compact(grounds.needed))
        self._notices = Memory(compact)
        self._values: list[Callable[[Any], str]] = [
            _name if field in _NAMES else Memory(_value).__getitem__ for field in FIELDS
        ]

    def __call__(self, judged: Judged) -> str:
        """A row on one line, without a line break."""
        verdict = judged.verdict
        if verdict is None or judged.notices or judged.expected is not None:
            return compact(row_document(judged))
        body = self._body(verdict)
        seal = sha256(f"{{{body}}}".encode()).hexdigest()
        sheet = "" if judged.sheet is None else f'"sheet":{self._files[judged.sheet]},'
        return f'{{"file":{self._files[judged.file]},{sheet}"row":{judged.row},{body},"seal":"{seal}"}}'

    def _body(self, verdict: Verdict) -> str:
        """A verdict without its seal, and without braces."""
        if not self._head:
            content = unsealed(verdict)
            self._head = compact({name: content[name] for name in _HEAD})[1:-1]
            self._steps = compact(content["next_steps"])
            self._limits = verdict.scheme.rulebook.limits
        runs = [self._runs[part] for part in verdict.parts]
        if dated := dated_remedies(verdict):
            runs[DAYS] = self._dated(verdict.parts[DAYS], dated)
        said = [runs[place][run] for place, run in _IN_ORDER]
        trip = _TRIP % tuple([write(value) for write, value in zip(self._values, verdict.trip, strict=True)])
        facts = verdict.parts[DAYS].facts
        visits = verdict.earlier_visits
        amount = self._amount(verdict.amount)
        return (
            f'{self._head},"trip":{{{trip}}},'
            f'"earlier_visits":{compact([visit_document(visit) for visit in visits]) if visits else "[]"},'
            f'"outcome":"{verdict.outcome}",'
            f'"days_on_site":{_number(facts["days_on_site"])},"working_days":{_number(facts["working_days"])},'
            f'"payable":{"null" if verdict.rank else amount},"if_settled":{amount if verdict.rank else "null"},'
            f'"findings":[{",".join([findings for findings, _ in said])}],'
            f'"assumptions":[{",".join([assumed for _, assumed in said if assumed])}],'
            f'"needed":{self._needed[verdict.grounds]},"notices":{self._notices[verdict.notices]},'
            f'"next_steps":{self._steps}'
        )

    def _written(self, part: Part) -> list[str]:
        """What each rule of a part found."""
        found = []
        for finding in part.findings:
            remedy = standing_remedy(finding.code, part.answers[finding.code], self._limits)
            found.append(compact(finding_document(finding._replace(remedy=remedy))))
        return found

    def _in_runs(self, part: Part) -> list[tuple[str, str]]:
        """The findings of a part that follow each other, and the assumptions among them."""
        chapter, _ = PLACES[part.findings[0].code]
        return [
            (
                ",".join(self._findings[part][first:end]),
                ",".join([quoted(f.message) for f in part.findings[first:end] if f.outcome == "assumed"]),
            )
            for place, first, end in RUNS
            if place == chapter
        ]

    def _dated(self, part: Part, dated: Mapping[str, str]) -> list[tuple[str, str]]:
        """The findings on days, with what other dates would mend in place of what stands there."""
        texts = [
            f"{text.rpartition(_REMEDY)[0]}{_REMEDY}{quoted(dated[code])}}}" if code in dated else text
            for code, text in zip(part.answers, self._findings[part], strict=True)
        ]
        return [(",".join(texts[first:end]), "") for chapter, first, end in RUNS if chapter == DAYS]

    def _amount(self, amount: Payable | None) -> str:
        if amount is None:
            return "null"
        found = self._amounts.get(id(amount))  # kept with it, so that no other has its id
        if found is None:
            found = self._amounts.keep(id(amount), (amount, compact(payable_document(amount))))
        return found[1]


def _in_order() -> list[tuple[int, int]]:
    """Each run of findings by its chapter and its place among the runs of that chapter."""
    chapters = [chapter for chapter, _, _ in RUNS]
    return [(chapter, chapters[:place].count(chapter)) for place, chapter in enumerate(chapters)]


_IN_ORDER: Final = _in_order()
_REMEDY: Final = ',"remedy":'  # the last key of a finding


def _name(text: Any) -> str:
    return "null" if text is None else quoted(text)


def _value(value: object) -> str:
    return compact(plain(value))


def _number(number: object) -> object:
    return "null" if number is None else number
