"""Rows as JSON, one verdict a line.

A verdict in full is some 7 kB, and nearly all of it has been said of other rows in the same words. So the texts are
made once for each answer that differs, in the bytes in which they are written; what comes out is what
`compact(row_document(row))` gives, to the letter.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from hashlib import sha256
from itertools import islice
from json.encoder import encode_basestring as quoted
from typing import Any, Final

from cxc.advice.remedies import dated_in, standing_remedy
from cxc.reports.formats import Report
from cxc.reports.json import (
    SCHEMA_VERSION,
    compact,
    finding_document,
    origin_document,
    payable_document,
    row_document,
    summary_document,
    table_document,
    uncommanded,
    visit_document,
)
from cxc.reports.output import in_utf8
from cxc.reports.values import plain
from cxc.resolver import NOTHING_READ, ListedRows, Node
from cxc.rules import RULES, Answer
from cxc.tables.judged import Heading, JudgedRows
from cxc.tables.redaction import redacted_value
from cxc.tables.summary import Summary
from cxc.trip.fields import FIELDS, NAMES
from cxc.verdict import DISCLAIMER, ELIGIBLE, UNDECIDED, Payable, Verdicts
from cxc.visits import Visit
from cxc.vocabulary import Outcome


class LinesReport(Report):
    """`jsonl`: one verdict a row and line, with its file and row at the front."""

    def __init__(self) -> None:
        self._lines = _VerdictsInLines()

    def rows(self, judged: JudgedRows) -> str:
        """Some rows, each on a line of its own."""
        return b"".join(self.pieces(judged)).decode()

    def pieces(self, judged: JudgedRows) -> Iterator[bytes]:
        """The same, a few lines at a time: a line is some 7 kB."""
        return (b"\n".join((*lines, b"")) for lines in _some(self._lines(judged)))


class ObjectReport(LinesReport):
    """`json`: one object with every verdict and the summary."""

    def __init__(self) -> None:
        super().__init__()
        self._separator = b"\n"

    def begin(self, sources: Sequence[Heading]) -> str:
        """The object's head."""
        return f'{{"schema_version": "{SCHEMA_VERSION}", "verdicts": ['

    def pieces(self, judged: JudgedRows) -> Iterator[bytes]:
        """Some rows, a few at a time."""
        for lines in _some(self._lines(judged)):
            yield self._separator + b",\n".join(lines)
            self._separator = b",\n"

    def end(self, summary: Summary) -> str:
        """The summary, and the end of the object."""
        return f'\n], "summary": {uncommanded(compact(summary_document(summary)))}}}\n'


def _some(lines: Iterator[bytes]) -> Iterator[list[bytes]]:
    """Lines, as many at a time as are written at once."""
    while some := [*islice(lines, LINES_AT_ONCE)]:
        yield some


LINES_AT_ONCE: Final = 10
MOST_REMEMBERED: Final = (
    30_000  # texts of one answer; where there are more, hardly any row has one that was made before
)


class _VerdictsInLines:
    """Writes rows, each on one line without a line break."""

    def __init__(self) -> None:
        self._texts: dict[Node, list[bytes]] = {}
        self._resolver: object = None

    def __call__(self, judged: JudgedRows) -> Iterator[bytes]:
        """A line for each row but those that are no trip."""
        sheet = "" if judged.sheet is None else f'"sheet":{quoted(judged.sheet)},'
        begin = in_utf8(f'{{"file":{quoted(judged.file)},{sheet}"row":')
        in_table = {
            place: in_utf8(f",{compact(table_document(judged[place]))[1:-1]}")
            for place in judged.notices.keys() | judged.expected.keys()
        }
        for place, texts in enumerate(zip(*self._columns(judged).values(), strict=True)):
            if place in judged.no_trips:
                continue
            if place in judged.problems:
                line = in_utf8(compact(row_document(judged[place])))
            else:
                verdict = b"".join(texts)
                seal = sha256(verdict).hexdigest().encode()
                row, more = b"%d," % judged.lines[place], in_table.get(place, b"")
                line = b"".join((begin, row, verdict[1:-1], b',"seal":"', seal, b'"', more, b"}"))
            yield _uncommanded(line)

    def _columns(self, judged: JudgedRows) -> dict[str, list[bytes]]:
        """What verdicts are put together from, by what it tells of, in its order: a text for each row."""
        rows, verdicts = judged.rows, judged.verdicts
        if self._resolver is not rows.resolver:
            self._resolver, self._texts = rows.resolver, {}
        columns = {"origin": [in_utf8(f'{compact(origin_document(verdicts))[:-1]},"trip":{{')] * len(judged)}
        for field in FIELDS:
            if field in NAMES:
                columns[field] = [in_utf8(_stated(field, name)) for name in judged.named(field)]
            else:
                columns[field] = self._column(rows, field, partial(_shown, field, verdicts.nameless))
        columns["earlier_visits"] = [_visits(())] * len(judged)
        findings: list[_Made] = [(code, partial(_finding, verdicts, code)) for code in _CODES]
        for asked, make in (*_BEFORE_FINDINGS, *findings, *_BEHIND_FINDINGS):
            columns[asked if isinstance(asked, str) else asked.__name__] = self._column(rows, asked, make)
        next_steps = in_utf8(f',"next_steps":{compact(verdicts.scheme.rulebook.next_steps)}}}')
        columns["next_steps"] = [next_steps] * len(judged)
        _put_in(judged, columns)
        return columns

    def _column(self, rows: ListedRows, asked: str | Callable[..., Any], make: Callable[[Any], str]) -> list[bytes]:
        """The texts of what is asked, each made once, and remembered unless there are very many."""
        node = rows.node(asked)
        numbers, values = rows.column(node), node.values

        def made(value: Any) -> bytes:
            return b"" if value is NOTHING_READ else in_utf8(make(value))

        if len(values) > MOST_REMEMBERED:
            some = {number: made(values[number]) for number in {*numbers}}
            return [*map(some.__getitem__, numbers)]
        texts = self._texts.setdefault(node, [])
        texts += map(made, values[len(texts) :])
        return [*map(texts.__getitem__, numbers)]


def _put_in(judged: JudgedRows, columns: Mapping[str, list[bytes]]) -> None:
    """Put in what few rows have: earlier visits, what is approved, what other dates would mend."""
    verdicts, rows = judged.verdicts, judged.rows
    for place, visits in judged.visits.items():
        columns["earlier_visits"][place] = _visits(visits)
    approvals = rows.values("approval")
    for place, approval in enumerate(approvals if any(approvals) else ()):
        if approval and (verdict := judged.verdict(place)):
            for code in approval.codes:
                columns[code][place] = in_utf8(_finding(verdicts, code, verdict.answer(code)))
    for place, (code, remedy) in dated_in(verdicts, rows).items():
        finding, last_key, _ = columns[code][place].rpartition(_REMEDY)
        columns[code][place] = in_utf8(f"{quoted(remedy)}}}").join((finding + last_key, b""))


_REMEDY: Final = b',"remedy":'  # the last key of a finding
_CODES: Final = tuple(rule.code for rule in RULES)


def _uncommanded(line: bytes) -> bytes:
    """A line in which no CI server finds a command. That there is no single sign of one is seen ten times as fast."""
    return uncommanded(line.decode()).encode() if b"#" in line and b"##" in line else line


def _stated(field: str, value: object) -> str:
    """A field of a trip, behind a comma but for the first."""
    text = "null" if value is None else quoted(value) if isinstance(value, str) else compact(plain(value))
    return f'{"" if field == FIELDS[0] else ","}"{field}":{text}'


def _shown(field: str, redact: bool, value: object) -> str:
    return _stated(field, redacted_value(field, value) if redact else value)


def _visits(visits: Sequence[Visit]) -> bytes:
    """The end of a trip, and earlier visits."""
    return in_utf8(f'}},"earlier_visits":{compact([*map(visit_document, visits)])}')


def _finding(verdicts: Verdicts, code: str, answer: Answer) -> str:
    """What a rule found, without what other dates would mend."""
    remedy = standing_remedy(code, answer, verdicts.scheme.rulebook.limits)
    found = compact(finding_document(verdicts.found(code, answer)._replace(remedy=remedy)))
    return f',"findings":[{found}' if code == _CODES[0] else f",{found}"


def amounts(outcome: Outcome, amount: Payable | None) -> tuple[Payable | None, Payable | None]:
    """What is payable, and what would be if what is open is settled in the trip's favour."""
    return (amount if outcome == ELIGIBLE else None), (amount if outcome == UNDECIDED else None)


def _amounts(found: tuple[Payable | None, Payable | None]) -> str:
    payable, if_settled = map(compact, map(payable_document, found))
    return f',"payable":{payable},"if_settled":{if_settled}'


def _list(texts: Iterable[str]) -> str:
    return f"[{','.join(map(quoted, texts))}]"


# What else is put into text for each value that differs, in the order in which a verdict tells it.
_Made = tuple[str | Callable[..., Any], Callable[[Any], str]]
_BEFORE_FINDINGS: Final[tuple[_Made, ...]] = (
    ("outcome", lambda outcome: f',"outcome":"{outcome}"'),
    ("days_on_site", lambda days: f',"days_on_site":{compact(days)}'),
    ("working_days", lambda days: f',"working_days":{compact(days)}'),
    (amounts, _amounts),
)
_BEHIND_FINDINGS: Final[tuple[_Made, ...]] = (
    ("assumptions", lambda assumed: f'],"assumptions":{_list(message for _, message in assumed)}'),
    ("needed", lambda needed: f',"needed":{_list(needed)}'),
    ("notices", lambda notices: f',"notices":{_list((*notices, DISCLAIMER))}'),
)
