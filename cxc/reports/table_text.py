"""A table for people: a block for each row that needs a look, as `cxc check` writes a trip; then the summary.

What many rows share is said once at the end, with the number of rows.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from textwrap import fill
from typing import TYPE_CHECKING, Final

from cxc.advice.remedies import remedies
from cxc.conclusions import ELIGIBLE, NOT_ELIGIBLE, UNDECIDED, UNREADABLE, idle_notice, inferred_notice, period_notice
from cxc.reports.formats import Report
from cxc.reports.noticed import IDLE, PERIOD, TITLE, NoticesCounted, kinds_of_notices
from cxc.reports.text import LAST_WORDS, MARKS, Block, Row, dates_of, outcome_of, plain, shown_as, to_do, to_note
from cxc.reports.values import (
    TAKEN_AS_CLUSTERS,
    by_host,
    clusters_taken,
    cut,
    earlier_trip,
    euros,
    in_rows,
    label,
    noted,
    one_sentence,
    summary_line,
    summary_notes,
    worth_saying_of,
)
from cxc.rules import RULE_NAMES
from cxc.tables.batch import PROMISED_ONCE
from cxc.text import uncommanded
from cxc.verdict import Verdict

if TYPE_CHECKING:
    from cxc.tables.judged import Judged, JudgedRows
    from cxc.tables.kept import Asked
    from cxc.tables.summary import Summary

MOST_ROWS: Final = 200  # of those that need a look; more make no page that anybody reads
# What Rich makes of the styles of outcomes, without its cost.
_CODES: Final = {
    ELIGIBLE: "\x1b[1;32m",
    NOT_ELIGIBLE: "\x1b[1;31m",
    UNDECIDED: "\x1b[1;33m",
    UNREADABLE: "\x1b[1;31m",
}
_BOLD: Final = "\x1b[1m"
_END_OF_CODE: Final = "\x1b[0m"
_SHARED: Final = (period_notice, idle_notice)  # notices that say the same of every trip


class TextReport(Report):
    """A block for each row that needs a look; then the summary. `verbose`: all rows, and what was assumed.

    With `colour` outcomes are coloured and ways out bold. Lines are wrapped to `width`, with a hanging indent. `render`
    makes text of the summary's page.
    """

    def __init__(
        self,
        *,
        verbose: bool = False,
        quiet: bool = False,
        colour: bool = False,
        width: int | None = None,
        render: Callable[[Sequence[Block]], str] = plain,
    ) -> None:
        self._verbose, self._quiet, self.names_visits = verbose, quiet, not quiet
        self._colour, self._width, self._render = colour, width, render
        self._written = self._left_out = 0
        self._shared: Counter[str] = Counter()
        # These say the same of every trip; where trips are shown, they are told with them.
        self._noticed = NoticesCounted(told=() if quiet else (PERIOD, IDLE))

    @property
    def asks(self) -> "Sequence[Asked]":
        """What the summary alone is made of."""
        return (kinds_of_notices,) if self._quiet else ()

    def pieces(self, judged: "JudgedRows") -> Iterable[str | bytes]:
        self._noticed.add(judged)
        return () if self._quiet else super().pieces(judged)

    def row(self, judged: "Judged") -> str:
        """A block, and a blank line behind it."""
        shared = self._share(judged)
        beside = [notice for notice in noted(judged) if notice not in shared]
        if judged.standing == ELIGIBLE and not beside and not self._verbose:
            return ""
        if self._written >= MOST_ROWS and not self._verbose:
            self._left_out += 1
            return ""
        self._written += 1
        lines = [self._heading(judged), *(self._line(row) for row in _said(judged, shared, self._verbose))]
        return uncommanded("\n".join(lines) + "\n\n")

    def _share(self, judged: "Judged") -> set[str]:
        """The notices of a row that say the same of many; they are counted, and said once at the end."""
        found = [PROMISED_ONCE] if PROMISED_ONCE in judged.notices else []  # in order: those as frequent keep it
        inferred = None
        if judged.verdict is not None and judged.verdict.outcome != NOT_ELIGIBLE:
            found += [notice for shared in _SHARED if (notice := judged.verdict.fact(shared)) is not None]
            inferred = judged.verdict.fact(inferred_notice)
        self._shared.update(found)
        return {*found, *([inferred] if inferred else [])}

    def _heading(self, judged: "Judged") -> str:
        """Where the row stands, its outcome and amount, and which trip it is."""
        mark, words = outcome_of(judged)
        outcome = f"{mark} {words}"
        amount = judged.verdict.payable if judged.verdict else None
        shown = f"{judged.place}  {outcome}{f' {euros(amount.amount)}' if amount else ''}"
        line = "  ".join(filter(None, (shown, *_trip(judged))))
        line = fill(line, self._width, subsequent_indent="    ", break_on_hyphens=False) if self._width else line
        code = _CODES.get(NOT_ELIGIBLE if judged.mismatch else shown_as(judged), "")
        return line.replace(outcome, f"{code}{outcome}{_END_OF_CODE}", 1) if self._colour and code else line

    def _line(self, row: Row) -> str:
        start = "  ".join(filter(None, (row.mark, row.label)))
        text = f"  {start}  {row.text}" if start else f"  {row.text}"
        if self._width:
            indent = " " * (len(start) + 4)
            first = f"  {start}  "
            text = fill(row.text, self._width, initial_indent=first, subsequent_indent=indent, break_on_hyphens=False)
        return f"{_BOLD}{text}{_END_OF_CODE}" if self._colour and row.style == "bold" else text

    def end(self, summary: "Summary") -> str:
        """What is left out, what rows share, and the summary."""
        more = []
        if self._left_out:
            more.append(f"{self._left_out} more rows need a look. cxc validate -v lists all rows.")
        for notice, count in self._shared.most_common():  # how many amounts are inferred, the summary says
            more.append(f"{in_rows(count)}: {notice}")
        each = "" if self._verbose else " (cxc validate -v shows each)"
        noticed = Block(f"{TITLE}{each}", [to_note(line) for line in self._noticed.lines])
        return self._render(summary_page(summary, more, noticed))


def _trip(judged: "Judged") -> Iterator[str]:
    """The reference, who visits whom and where, and when."""
    if judged.verdict is None:
        yield label(judged)
        return
    trip = judged.verdict.trip
    visitor = cut(trip.visitor) or (trip.visitor_country.name if trip.visitor_country else "")
    country = trip.host_country.name if trip.host_country else ""
    host = f"{cut(trip.host)} ({country})" if trip.host and country else cut(trip.host) or country
    who = " → ".join(filter(None, (visitor, host)))
    yield ": ".join(filter(None, (cut(trip.reference), who)))
    yield dates_of(trip)


def _said(judged: "Judged", shared: set[str], verbose: bool) -> Iterator[Row]:
    """What is said of a row: what is wrong or open, with its code and its way out; what to note; what was assumed."""
    if judged.mismatch:
        yield Row(f"Not as expected: {judged.mismatch}.", MARKS[NOT_ELIGIBLE])
    if judged.verdict is None:
        yield from (Row(f"{problem.message.rstrip('.')}.", "!") for problem in judged.problems)
        notices: Sequence[str] = judged.notices
    else:
        yield from _decided(judged.verdict)
        notices = (*worth_saying_of(judged.verdict), *judged.notices)
    yield from (Row(notice, "!") for notice in notices if notice not in shared)
    if verbose and judged.verdict and judged.verdict.assumptions:
        yield Row(one_sentence(judged.verdict.assumptions), "≈")


def _decided(verdict: Verdict) -> Iterator[Row]:
    """What decides against a trip or leaves it open, each with its way out; and dates that bring the full sum."""
    mended = remedies(verdict)
    said = set()
    for ground in verdict.grounds:
        yield Row(ground.message, MARKS["fail" if ground.fails else "unknown"], ground.code)
        if (remedy := mended.get(ground.code)) and remedy not in said:
            said.add(remedy)
            yield to_do(remedy)
    if verdict.outcome != ELIGIBLE and verdict.earlier_visits:
        yield Row(earlier_trip(verdict.earlier_visits[0]), "•")
    if (better := mended.get("CXC602")) and better not in said:
        yield to_do(better)


def summary_page(summary: "Summary", more: Sequence[str] = (), noticed: Block | None = None) -> list[Block]:
    """Counts and the sum, what was `noticed`, per host country, the most frequent reasons, and what was taken as the
    name of a cluster.
    """
    notes = [*summary_notes(summary), *more]
    blocks = [
        Block(summary_line(summary), [to_note(note) for note in notes]),
        *([noticed] if noticed else []),
        Block(
            "Due by host country" if summary.today else "Payable by host country",
            [Row(f"{euros(amount)} ({trips})", label=code) for code, trips, amount in by_host(summary)],
        ),
        Block(
            "What is missing or wrong most often" if summary.today else "Most frequent reasons",
            [Row(f"{count} × {RULE_NAMES[code]}", label=code) for code, count in summary.reasons.most_common(5)],
        ),
        Block(TAKEN_AS_CLUSTERS, [Row(line, mark, style="yellow") for mark, line in clusters_taken(summary)]),
    ]
    return [*blocks[:1], *(block for block in blocks[1:] if block.rows), LAST_WORDS]
