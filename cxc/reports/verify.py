"""What became of saved verdicts: for people as text, Markdown and HTML, and as JSON.

First line the counts; then what moved, what was altered, what cannot be read, and the sums by host country.
"""

from collections.abc import Sequence
from typing import NamedTuple

from cxc import __version__
from cxc.conclusions import ELIGIBLE, NOT_ELIGIBLE, UNDECIDED
from cxc.receipts.moves import moved_findings
from cxc.receipts.saved import Finding, Substance
from cxc.receipts.verification import DATA, Moved, Outcome, Place
from cxc.reports.html import filled, safe
from cxc.reports.listing import as_markdown
from cxc.reports.markdown import MOST_BYTES, fitting
from cxc.reports.output import in_utf8
from cxc.reports.text import LAST_WORDS, STYLES, Block, Row
from cxc.reports.values import cut, grouped, money, unmarked
from cxc.text import clean, listed
from cxc.verdict import DISCLAIMER


class Table(NamedTuple):
    """A part of the report: its title, its columns and rows; where they are `sums`, all but the first hold figures."""

    title: str
    heading: tuple[str, ...]
    rows: Sequence[tuple[str, ...]]
    sums: bool = False


def document(outcome: Outcome) -> dict[str, object]:
    """The outcome as JSON holds it."""
    return {
        "receipts": outcome.receipts,
        "same": outcome.same,
        "moved": [_moved_document(moved) for _, moved in sorted(outcome.moved.items())],
        "altered": [{"file": place.file, "row": place.row} for place in outcome.altered],
        "unreadable": [
            {"file": place.file, "row": place.row, "message": message} for place, message in outcome.unreadable
        ],
        "by_host_country": [
            {"host_country": code, "was_eur": money(was), "now_eur": money(now)}
            for code, (was, now) in sorted(outcome.by_host.items())
        ],
    }


def _moved_document(moved: Moved) -> dict[str, object]:
    pairs = moved_findings(moved.was, moved.now)
    return {
        "file": moved.place.file,
        "row": moved.place.row,
        "reference": moved.place.reference,
        "was": _said_document(moved.was, {code: was for code, (was, _) in pairs.items()}),
        "now": _said_document(moved.now, {code: now for code, (_, now) in pairs.items()}),
        "why": list(moved.why),
    }


def _said_document(said: Substance, findings: dict[str, Finding | None]) -> dict[str, object]:
    return {
        "outcome": said.outcome,
        "amount": said.amount,
        "basis": said.basis,
        "days_on_site": said.days_on_site,
        "working_days": said.working_days,
        "needed": list(said.needed),
        "findings": [
            {"code": code, "outcome": finding.outcome, "values": dict(finding.values)}
            for code, finding in findings.items()
            if finding is not None
        ],
    }


def counts(outcome: Outcome) -> list[tuple[int, str]]:
    """How many receipts became what, those that need a look first; the last are the same."""
    results = sum(moved.in_result for moved in outcome.moved.values())
    found = [
        (results, "would change" if outcome.what_if else "moved"),
        (len(outcome.altered), "altered"),
        (len(outcome.unreadable), "cannot be read"),
        (len(outcome.moved) - results, "same result from other figures"),
        (outcome.same, "same"),
    ]
    return [(count, words) for count, words in found if count]


def headline(outcome: Outcome) -> str:
    """The counts in one line."""
    said = ", ".join(f"{count} {words}" for count, words in counts(outcome))
    return f"{'What if? ' if outcome.what_if else ''}{_receipts(outcome.receipts)}: {said}"


def notes(outcome: Outcome) -> list[str]:
    """What to know beside the counts, a sentence each."""
    found = []
    if outcome.what_if:
        found.append(
            f"The receipts were judged again by {clean(outcome.what_if)}, instead of what they were made with."
        )
    for name, count in outcome.changed.items():
        found.append(f"{_receipts(count)}: {DATA[name]} has changed since.")
    for version, count in outcome.versions.items():
        found.append(f"{_receipts(count)}: written by cxc {version}. This is cxc {__version__}.")
    if outcome.other_words:
        found.append(f"{_receipts(outcome.other_words)}: the same result in other words.")
    if outcome.altered:
        found.append(
            f"Altered receipts: {len(outcome.altered)}. Do not pay on what they say. Ask for the files that cxc wrote, "
            "or check the trips again with cxc check."
        )
    if outcome.names_withheld:
        found.append(
            f"{_receipts(outcome.names_withheld)}: the visitor is not named. Whether it has visited before was not "
            "checked again."
        )
    if outcome.clusters_withheld:
        found.append(
            f"{_receipts(outcome.clusters_withheld)}: a cluster is not named. Whether it is on the partnership's list "
            "was not checked again."
        )
    if outcome.repeated:
        found.append(
            f"{_receipts(outcome.repeated)}: another receipt of the same trip is given, too. The sums count each of "
            "them."
        )
    if outcome.rows_without_verdict:
        found.append(f"Rows that could not be read and have no verdict: {outcome.rows_without_verdict}.")
    return found


def _receipts(count: int) -> str:
    return "1 receipt" if count == 1 else f"{count} receipts"


def _tables(outcome: Outcome) -> list[Table]:
    """The parts of the report that have something to say."""
    moved = sorted(outcome.moved.items())
    results, figures = ([_row(one) for _, one in moved if one.in_result is wanted] for wanted in (True, False))
    heading = ("receipt", "before", "now", "why")
    hosts = [(code, *sums) for code, sums in sorted(outcome.by_host.items()) if sums[0] != sums[1]]
    tables = [
        Table(
            "Payable by host country",
            ("host country", "before EUR", "now EUR", "change EUR"),
            [
                (code, grouped(was), grouped(now), grouped(now - was, "+"))
                for code, was, now in (*hosts, ("all", *outcome.payable))
            ],
            sums=True,
        ),
        Table("Would change" if outcome.what_if else "Moved", heading, results),
        Table("Altered after they were written", ("receipt",), [(place.words,) for place in outcome.altered]),
        Table("Cannot be read", ("receipt", "why"), _unreadable(outcome.unreadable)),
        Table("The same result from other figures", heading, figures),
    ]
    return [table for table in tables if table.rows and (not table.sums or any(outcome.payable))]


def _row(moved: Moved) -> tuple[str, ...]:
    return _named(moved.place), _in_short(moved.was), _in_short(moved.now), " ".join(moved.why)


def _named(place: Place) -> str:
    trip = "; ".join(filter(None, (place.trip, cut(place.reference))))
    return f"{place.words} ({trip})" if trip else place.words


def _in_short(said: Substance) -> str:
    """The outcome with its amount."""
    if said.amount is None:
        return said.outcome
    return f"{said.outcome}, EUR {said.amount}{' if settled' if said.outcome == UNDECIDED else ''}"


def _unreadable(found: Sequence[tuple[Place, str]]) -> list[tuple[str, ...]]:
    """Why receipts cannot be read, the same reason once."""
    places: dict[str, list[str]] = {}
    for place, message in found:
        places.setdefault(message, []).append(place.words)
    return [(_some(words), f"{message[0].upper()}{message[1:].rstrip('.')}.") for message, words in places.items()]


def _some(words: Sequence[str]) -> str:
    more = len(words) - _MOST_NAMED
    return listed(words, "and") if more <= 0 else f"{'; '.join(words[:_MOST_NAMED])}; and {more} more"


_MOST_NAMED = 5


def page(outcome: Outcome) -> list[Block]:
    """The report in parts, as people read it in a terminal."""
    bad = outcome.moved or outcome.altered or outcome.unreadable
    blocks = [
        Block(
            headline(outcome),
            [Row(note, "•") for note in notes(outcome)],
            STYLES[NOT_ELIGIBLE if bad else ELIGIBLE],
        )
    ]
    for table in _tables(outcome):
        if table.sums:
            rows = [Row(_change(*cells[1:]), label=cells[0]) for cells in table.rows]
        else:
            rows = [Row(_line(cells), "•") for cells in table.rows]
        blocks.append(Block(table.title, rows))
    return [*blocks, LAST_WORDS]


def _change(was: str, now: str, change: str) -> str:
    return f"EUR {was}" if was == now else f"EUR {was}, now EUR {now} ({change})"


def _line(cells: Sequence[str]) -> str:
    """A row as a sentence: where, and why; what it was before and is now is among the reasons."""
    return cells[0] if len(cells) == 1 else f"{cells[0]}: {cells[-1]}"


def markdown(outcome: Outcome) -> str:
    """The report for a pull request or a step summary, as long as GitHub shows one."""
    parts = [f"# {unmarked(headline(outcome))}\n", "".join(f"* {unmarked(note)}\n" for note in notes(outcome))]
    left = MOST_BYTES
    for table in _tables(outcome):
        lines = as_markdown(table.heading, table.rows).splitlines(keepends=True)
        shown = fitting(lines, left)
        text = "".join(shown)
        left -= len(in_utf8(text))
        parts.append(f"## {table.title}\n\n{text}")
        if len(shown) < len(lines):
            parts.append(f"{len(lines) - len(shown)} more rows; they do not fit here.\n")
    return "\n".join((*filter(None, parts), f"{DISCLAIMER}\n"))


def html(outcome: Outcome) -> str:
    """The report as a page to send."""
    title = f"What would {safe(outcome.what_if)} change?" if outcome.what_if else "Receipts, judged again"
    cards = "".join(f"<li><strong>{count}</strong> {words}</li>" for count, words in counts(outcome))
    was, now = (safe(grouped(amount)) for amount in outcome.payable)
    paid = f"<li><strong>EUR {now}</strong> payable, before EUR {was}</li>" if was != now else ""
    said = "".join(f"<p>{safe(note)}</p>\n" for note in notes(outcome))
    tables = "".join(f"<h2>{table.title}</h2>\n{_html_table(table)}" for table in _tables(outcome))
    return filled(f'<h1>{title}</h1>\n<ul class="counts">{cards}{paid}</ul>\n{said}{tables}', outcome.scheme_name)


def _html_table(table: Table) -> str:
    """A table whose rows are stacked where there is no room."""
    kinds = [' class="number"' if table.sums and place else "" for place in range(len(table.heading))]
    head = "".join(f'<th scope="col"{kind}>{name}</th>' for name, kind in zip(table.heading, kinds, strict=True))
    labels = [f'{kind} data-label="{name}"' for name, kind in zip(table.heading, kinds, strict=True)]
    rows = "".join(
        f"<tr>{''.join(f'<td{label}>{safe(cell)}</td>' for cell, label in zip(row, labels, strict=True))}</tr>\n"
        for row in table.rows
    )
    kind = "sums" if table.sums else "stacked"
    return f'<table class="{kind}"><thead><tr>{head}</tr></thead><tbody>\n{rows}</tbody></table>\n'
