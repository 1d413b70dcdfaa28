"""Rows as JSON, one verdict a line.

A verdict in full is some 7 kB, and nearly all of it has been said of other rows in the same words. So the texts are
made once for each answer that differs, in the bytes in which they are written: as a verdict tells them, and in the
canonical form of which the seal is made. What comes out is what `compact(row_document(row))` gives, to the letter.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from hashlib import sha256
from itertools import islice
from json.encoder import encode_basestring as quoted
from typing import Any, Final

from cxc.advice.remedies import dated_in, standing_remedy
from cxc.advice.slips import or_else, slips_in
from cxc.canonical import canonical
from cxc.conclusions import ELIGIBLE, UNDECIDED, Payable, assumed
from cxc.facts import Approval
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
from cxc.reports.values import perhaps_this_trip
from cxc.resolver import NOTHING_READ, Constant
from cxc.rules import RULE_NAMES, Answer
from cxc.tables.judged import Heading, JudgedRows
from cxc.tables.redaction import redacted_value
from cxc.tables.summary import Summary
from cxc.trip.as_json import plain
from cxc.trip.fields import FIELDS, NAMES
from cxc.verdict import Verdict, Verdicts
from cxc.vocabulary import Outcome


class LinesReport(Report):
    """`jsonl`: one verdict a row and line, with its file and row at the front."""

    def __init__(self) -> None:
        self._lines = _VerdictsInLines()

    def pieces(self, judged: JudgedRows) -> Iterator[bytes]:
        """Some rows, each on a line of its own, a few lines at a time: a line is some 7 kB."""
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
        self._resolver: object = None

    def __call__(self, judged: JudgedRows) -> Iterator[bytes]:
        """A line for each row but those that are no trip."""
        if self._resolver is not judged.rows.resolver:  # the answers were begun anew since
            self._resolver, skeleton = judged.rows.resolver, _skeleton(judged.verdicts)
            self._told = _Form(compact(skeleton)[1:-1], compact, b"}")
            self._sealed = _Form(canonical(skeleton), canonical, b',"sources":')
        sheet = "" if judged.sheet is None else f'"sheet":{quoted(judged.sheet)},'
        begin = in_utf8(f'{{"file":{quoted(judged.file)},{sheet}"row":')
        beside = {place: table_document(judged[place]) for place in judged.notices.keys() | judged.expected.keys()}
        few = _Few(judged)
        for place, (told, sealed) in enumerate(zip(self._told.texts(few), self._sealed.texts(few), strict=True)):
            if place in judged.no_trips:
                continue
            if place in judged.problems:
                line = in_utf8(compact(row_document(judged[place])))
            else:
                content, more = b"".join(sealed), b""
                if place in beside:
                    content = _with_members(content, beside[place])
                    more = in_utf8(f",{compact(beside[place])[1:-1]}")
                seal = sha256(content).hexdigest().encode()
                line = b"".join((begin, b"%d," % judged.lines[place], *told, b',"seal":"', seal, b'"', more, b"}"))
            yield _uncommanded(line)


def _uncommanded(line: bytes) -> bytes:
    """A line in which no CI server finds a command. That there is no single sign of one is seen ten times as fast."""
    return uncommanded(line.decode()).encode() if b"#" in line and b"##" in line else line


def _with_members(content: bytes, more: Mapping[str, object]) -> bytes:
    """A verdict in canonical form, with what only the table shows of it."""
    for key, value in more.items():
        member = in_utf8(f",{quoted(key)}:{canonical(value)}")
        content = content.replace(_BEHIND[key], member + _BEHIND[key], 1)
    return content


_BEHIND: Final = {"expectation": b',"findings":', "table_notices": b',"today":'}  # the key that comes next


class _Few:
    """Some rows, with what few of them have, each to be put into text on its own.

    `names` are the texts of what no rule reads. `put` are values, each behind the place of its row and the name of what
    it stands for: earlier visits, notices where one of them may be this very trip, and findings on what is approved.
    `remedies` are those that differ from row to row, each behind its place and the code of its rule: what other dates
    would mend, and what may have been meant.
    """

    def __init__(self, judged: JudgedRows) -> None:
        self.rows, self.verdicts, self.count = judged.rows, judged.verdicts, len(judged)
        self.names = {
            field: [in_utf8(_name(name)) for name in judged.named(field)] for field in FIELDS if field in NAMES
        }
        self.put: list[tuple[int, str, object]] = [
            (place, "earlier_visits", [*map(visit_document, visits)]) for place, visits in judged.visits.items()
        ]
        for place, visits in judged.visits.items():
            if visits[0].same_day and (verdict := judged.verdict(place)):
                self.put.append((place, "notices", [*perhaps_this_trip(verdict), *verdict.notices]))
        approvals = self.rows.values("approval")
        for place, approval in enumerate(approvals if any(approvals) else ()):
            if isinstance(approval, Approval) and (verdict := judged.verdict(place)):
                self.put += [
                    (place, code, _finding(self.verdicts, code, verdict.answer(code)))
                    for code in self.verdicts.codes_of(approval)
                ]
        self.remedies = [(place, *dated) for place, dated in dated_in(self.verdicts, self.rows).items()]
        for place, slips in slips_in(self.verdicts, self.rows).items():
            verdict = judged.verdict(place)
            assert verdict is not None  # which asks about the cluster
            self.remedies += [(place, code, _or_else(verdict, code, slip)) for code, slip in slips.items()]


def _or_else(verdict: Verdict, code: str, slip: str) -> str:
    """The remedy of a rule whose cluster may be a slip."""
    standing = standing_remedy(code, verdict.answer(code), verdict.verdicts)
    assert standing is not None  # of what is to be asked of the partnership
    return or_else(slip, standing)


class _Form:
    """A form of a verdict: what stands before each text that differs from row to row, and how such a text is made.

    `behind_remedy` is what stands behind the remedy of a finding.
    """

    def __init__(self, skeleton: str, write: Callable[[object], str], behind_remedy: bytes) -> None:
        *parts, end = _HOLE.split(skeleton)
        self._before = {name: in_utf8(before) for before, name in zip(parts[::2], parts[1::2], strict=True)}
        self._end, self._write, self._behind_remedy = in_utf8(end), write, behind_remedy
        self._remembered: dict[str, list[bytes]] = {}

    def texts(self, few: _Few) -> Iterator[tuple[bytes, ...]]:
        """What the verdict on each row is put together from."""
        columns = {name: self._column(few, name) for name in self._before}
        for place, name, value in few.put:
            columns[name][place] = self._text(name, value)
        for place, code, remedy in few.remedies:
            finding, key, rest = columns[code][place].partition(b',"remedy":')
            _, behind, more = rest.rpartition(self._behind_remedy)
            columns[code][place] = b"".join((finding, key, in_utf8(quoted(remedy)), behind, more))
        return zip(*columns.values(), [self._end] * few.count, strict=True)

    def _text(self, name: str, value: object) -> bytes:
        return self._before[name] + in_utf8(self._write(value))

    def _column(self, few: _Few, name: str) -> list[bytes]:
        """The texts of what has a name, each made once, and remembered unless there are very many."""
        if name in few.names:
            return [*map(self._before[name].__add__, few.names[name])]
        if name == "earlier_visits":
            return [self._text(name, [])] * few.count
        asked, make = _asked(few.verdicts, name)
        node = few.rows.node(asked)
        numbers, values = few.rows.column(node), node.values

        def made(value: Any) -> bytes:
            return b"" if value is NOTHING_READ else self._text(name, make(value))

        if len(values) > MOST_REMEMBERED:
            some = {number: made(values[number]) for number in {*numbers}}
            return [*map(some.__getitem__, numbers)]
        texts = self._remembered.setdefault(name, [])
        texts += map(made, values[len(texts) :])
        return [*map(texts.__getitem__, numbers)]


_HOLE: Final = re.compile(r'"\\u0000(\w+)"')


def _skeleton(verdicts: Verdicts) -> dict[str, object]:
    """A verdict with a hole in the place of whatever differs from row to row, in the order in which it is told."""
    return {
        **origin_document(verdicts),
        "trip": {field: None if _is_never_stated(verdicts, field) else f"\0{field}" for field in FIELDS},
        **{name: f"\0{name}" for name in ("earlier_visits", *_CONCLUSIONS)},
        "findings": [f"\0{code}" for code in verdicts.codes],
        **{name: f"\0{name}" for name in _LISTS},
    }


def _is_never_stated(verdicts: Verdicts, field: str) -> bool:
    """Whether no row states a field, since there is no column for it."""
    return field not in NAMES and isinstance(verdicts.resolver[field], Constant)


def _asked(verdicts: Verdicts, name: str) -> tuple[str | Callable[..., Any], Callable[[Any], object]]:
    """What is asked of the rows for what has a name, and how an answer becomes a value as JSON holds it."""
    if name in RULE_NAMES:
        return name, partial(_finding, verdicts, name)
    if name in FIELDS:
        return name, partial(_shown, name, verdicts.nameless)
    if name == "notices":
        return name, lambda notices: [*notices, *verdicts.closing]
    return (_CONCLUSIONS | _LISTS)[name]


def _name(name: str | None) -> str:
    return "null" if name is None else quoted(name)


def _shown(field: str, redact: bool, value: object) -> object:
    return plain(redacted_value(field, value) if redact else value)


def _finding(verdicts: Verdicts, code: str, answer: Answer) -> dict[str, object]:
    """What a rule found, without what other dates would mend."""
    remedy = standing_remedy(code, answer, verdicts)
    return finding_document(verdicts.found(code, answer)._replace(remedy=remedy))


def payable(outcome: Outcome, amount: Payable | None) -> Payable | None:
    """What is payable."""
    return amount if outcome == ELIGIBLE else None


def if_settled(outcome: Outcome, amount: Payable | None) -> Payable | None:
    """What would be payable if what is open is settled in the trip's favour."""
    return amount if outcome == UNDECIDED else None


# What else differs from row to row, in the order in which a verdict tells it: before the findings, and behind them.
_CONCLUSIONS: Final[dict[str, tuple[str | Callable[..., Any], Callable[[Any], object]]]] = {
    "outcome": ("outcome", plain),
    "days_on_site": ("days_on_site", plain),
    "working_days": ("working_days", plain),
    "payable": (payable, payable_document),
    "if_settled": (if_settled, payable_document),
}
_LISTS: Final[dict[str, tuple[str | Callable[..., Any], Callable[[Any], object]]]] = {
    "assumptions": (assumed, plain),
    "needed": ("needed", plain),
    "notices": ("notices", plain),
    "next_steps": ("next_steps", plain),
}
