"""Markdown, such as a GitHub step summary shows: the summary first, then every row that needs a look."""

from collections.abc import Iterable, Sequence
from itertools import accumulate

from cxc.conclusions import ELIGIBLE
from cxc.reports.formats import Report
from cxc.reports.noticed import TITLE, NoticesCounted
from cxc.reports.output import in_utf8
from cxc.reports.text import MARKS, Block, outcome_of
from cxc.reports.values import (
    TAKEN_AS_CLUSTERS,
    cluster_lines,
    label,
    money,
    noted,
    outcomes_counted,
    summary_notes,
    unmarked,
    way_out,
    why,
)
from cxc.tables.judged import Judged, JudgedRows
from cxc.tables.summary import Summary
from cxc.verdict import DISCLAIMER

# GitHub drops a step summary above 1 MiB; what does not fit is counted.
MOST_BYTES = 900_000


class MarkdownReport(Report):
    """Keeps the rows that need a look, and writes them below the summary."""

    def __init__(self) -> None:
        self._rows: list[str] = []
        self._bytes = 0
        self._left_out = 0
        self._noticed = NoticesCounted()

    def pieces(self, judged: JudgedRows) -> Iterable[str | bytes]:
        self._noticed.add(judged)
        return super().pieces(judged)

    def row(self, judged: Judged) -> str:
        """Keeps one row."""
        if judged.standing == ELIGIBLE and not noted(judged):
            return ""
        mark, outcome = outcome_of(judged)
        said = " ".join(filter(None, (why(judged), way_out(judged))))
        place = unmarked(judged.place)
        line = f"| {place} | {mark} {outcome} | {unmarked(label(judged))} | {unmarked(said)} |\n"
        self._bytes += len(in_utf8(line))
        if self._bytes > MOST_BYTES:
            self._left_out += 1
        else:
            self._rows.append(line)
        return ""

    def end(self, summary: Summary) -> str:
        """The whole page."""
        parts = [f"# {unmarked(summary.scheme_name)} trips\n\n", "| outcome | rows |\n| --- | ---: |\n"]
        parts += [f"| {MARKS.get(name, '!')} {words} | {count} |\n" for name, words, count in outcomes_counted(summary)]
        due = "Due" if summary.today else "Payable"
        parts.append(f"\n{due} in all: **EUR {money(summary.payable)}**.\n")
        if summary.today:
            parts.append(f"\nPaid already: **EUR {money(summary.paid)}**.\n")
        parts += [f"\n{unmarked(note)}\n" for note in summary_notes(summary)]
        if lines := self._noticed.lines:
            parts.append(f"\n{TITLE} (`cxc validate -v` shows each):\n\n")
            parts += [f"* {unmarked(line)}\n" for line in lines]
        if summary.by_host:
            parts.append("\n| host country | trips | EUR |\n| --- | ---: | ---: |\n")
            parts += [
                f"| {code} | {trips} | {money(euros)} |\n" for code, (trips, euros) in sorted(summary.by_host.items())
            ]
        if taken := cluster_lines(summary):
            parts.append(f"\n{TAKEN_AS_CLUSTERS}:\n\n")
            lines = [f"* {unmarked(line)}\n" for line in taken]
            shown = fitting(lines, MOST_BYTES // 9)
            parts += shown
            if len(shown) < len(lines):
                parts.append(f"* {len(lines) - len(shown)} more texts; they do not fit here\n")
        if self._rows:
            parts += ["\n| row | outcome | trip | why |\n| --- | --- | --- | --- |\n", *self._rows]
        if self._left_out:
            parts.append(f"\n{self._left_out} more rows need a look; they do not fit here.\n")
        return "".join((*parts, f"\n{DISCLAIMER}\n"))


def fitting(lines: Sequence[str], most_bytes: int) -> Sequence[str]:
    """The first lines, as many as so many bytes hold.

    >>> fitting(["a\\n", "b\\n", "c\\n"], 4)
    ['a\\n', 'b\\n']
    """
    return lines[: sum(end <= most_bytes for end in accumulate(len(in_utf8(line)) for line in lines))]


def page(blocks: Iterable[Block]) -> str:
    """One verdict's page."""
    parts = []
    for number, block in enumerate(blocks):
        lines = [f"{'#' if number == 0 else '##'} {unmarked(block.title)}", ""] if block.title else []
        bullet = "" if number == 0 or not block.title else "* "
        for row in block.rows:
            start = " ".join(filter(None, (row.mark, row.label)))
            lines.append(f"{bullet}{unmarked(f'{start} {row.text}'.strip())}" + ("" if bullet else "  "))
        parts.append("\n".join(line.rstrip() if bullet else line for line in lines))
    return "\n\n".join(parts) + "\n"
