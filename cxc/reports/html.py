"""One self-contained page to send: summary, payable by host country, and a table that filters, sorts and opens.

Works from a file without a network; without scripts all rows are shown. Every text from outside is escaped.
"""

import re
from collections.abc import Iterable, Sequence
from decimal import Decimal
from html import escape
from pathlib import Path

from cxc.advice.remedies import advised, ways_out
from cxc.reports.formats import Report
from cxc.reports.text import MARKS, Block, Row, dates_of, mark_of, outcome_of, shown_as
from cxc.reports.values import (
    TAKEN_AS_CLUSTERS,
    by_host,
    cluster_lines,
    euros,
    grouped,
    label,
    money,
    outcomes_counted,
    reasons_and_notices,
    summary_notes,
    unbroken,
    without_commands,
)
from cxc.tables.judged import Heading, Judged, JudgedRows
from cxc.tables.summary import Summary
from cxc.text import clean, disarmed
from cxc.verdict import DISCLAIMER, Finding, Verdict, Verdicts

_PAGE = Path(__file__).parent / "page.html"
_COLUMNS = (
    ("row", ""),
    ("outcome", ""),
    ("trip", ""),
    ("host country", ""),
    ("dates", ""),
    ("days on site", ' class="number"'),
    ("EUR", ' class="number"'),
    ("why, and what to do", ""),
)


class HtmlReport(Report):
    """Keeps the rows, which stand below the summary."""

    def __init__(self) -> None:
        self._rows: list[str] = []
        self._sources: Sequence[Heading] = ()
        self._made_from = ""

    def begin(self, sources: Sequence[Heading]) -> str:
        """Nothing: the summary comes first, and is known last."""
        self._sources = sources
        return ""

    def pieces(self, judged: JudgedRows) -> Iterable[str | bytes]:
        """Keeps some rows."""
        if not self._made_from:
            self._made_from = _made_from(judged.verdicts)
        return super().pieces(judged)

    def row(self, judged: Judged) -> str:
        """Keeps one row and what it opens to."""
        number = len(self._rows) + 1
        verdict = judged.verdict
        place = judged.place if len(self._sources) > 1 else str(judged.row)
        amount = verdict.payable.amount if verdict and verdict.payable else None
        days = verdict.days_on_site if verdict and verdict.days_on_site is not None else ""
        first_day = verdict.stay.arrival if verdict and verdict.stay else ""
        country = verdict.trip.host_country.name if verdict and verdict.trip.host_country else ""
        mark, outcome = outcome_of(judged)
        kind = "unexpected" if judged.mismatch else shown_as(judged)
        button = (
            f'<button type="button" aria-expanded="false" aria-controls="d{number}" '
            f'aria-label="Findings of row {safe(place)}">+</button>'
        )
        cells = (
            ("row", f' data-value="{number:09}"', f"{button} {safe(place)}"),
            ("outcome", ' class="outcome"', f"{mark} {outcome}"),
            ("trip", "", safe(label(judged))),
            ("host country", "", safe(country)),
            ("dates", f' data-value="{first_day}"', dates_of(verdict.trip) if verdict else ""),
            ("days on site", f' class="number" data-value="{days or 0}"', str(days)),
            ("EUR", f' class="number" data-value="{amount or 0}"', "" if amount is None else safe(grouped(amount))),
            ("why", "", _said(judged)),
        )
        row = "".join(f'<td data-label="{name}"{more}>{text}</td>' for name, more, text in cells)
        self._rows.append(
            f'<tr class="trip {kind}" data-outcome="{shown_as(judged)}" data-detail="d{number}">{row}</tr>\n'
            f'<tr class="detail" id="d{number}"><td colspan="{len(_COLUMNS)}">{_detail(judged)}</td></tr>\n'
        )
        return ""

    def end(self, summary: Summary) -> str:
        """The whole page."""
        head = "".join(f'<th scope="col"{kind}><button type="button">{name}</button></th>' for name, kind in _COLUMNS)
        options = "".join(f'<option value="{name}">{words}</option>' for name, words, _ in outcomes_counted(summary))
        content = (
            f"{_summary(summary)}{_chart(summary)}{_clusters(summary)}"
            '<section class="wide">\n<h2>Trips</h2>\n'
            '<div class="controls"><label>Text <input type="search" id="text"></label> '
            f'<label>Outcome <select id="outcome"><option value="">all</option>{options}</select></label> '
            '<span id="shown" role="status"></span></div>\n'
            f'<table id="trips"><thead><tr>{head}</tr></thead><tbody>\n{"".join(self._rows)}</tbody></table>\n'
            "</section>\n"
        )
        files = ", ".join(safe(source.title) for source in self._sources)
        today = "" if summary.today is None else f" For payment, asked on {summary.today}."
        begin = f"<h1>{safe(summary.scheme_name)} trips</h1>\n<p>{files}</p>\n<p>{self._made_from}{today}</p>\n"
        return filled(f"{begin}{content}", summary.scheme_name)


def _made_from(verdicts: Verdicts) -> str:
    """By what the trips were judged: rulebook and data, with the day of the newest check."""
    book = verdicts.scheme.rulebook
    checked = max(entry.checked for entry in (*book.entries.values(), book.period_entry) if entry)
    prints = ", ".join(f"{name} {digest[:8]}" for name, digest in verdicts.scheme.fingerprints.items())
    strict = ", nothing assumed" if verdicts.strict else ""
    return f"Rulebook {safe(book.name)}{strict}: {safe(book.title)}. Its data was last checked on {checked} ({prints})."


def _said(judged: Judged) -> str:
    """Reason, notices and what to do, each on its own."""
    reasons, notices = reasons_and_notices(judged)
    ways = ways_out(judged.verdict) if judged.verdict else ()
    parts = [
        ("reason", "", " ".join(reasons)),
        ("notice", "! ", " ".join(notices)),
        *(("todo", "→ ", way) for way in ways),
    ]
    return "".join(f'<p class="{kind}">{mark}{_plain(text)}</p>' for kind, mark, text in parts if text)


def _plain(text: str) -> str:
    """A text that names no command."""
    return safe(without_commands(text))


def page(blocks: Iterable[Block], scheme_name: str) -> str:
    """One verdict's page: a letter, whose first page holds what everybody looks at, and another one the rest."""
    parts: list[str] = []
    later: list[str] = []
    for number, block in enumerate(blocks):
        lines = [_line(row, linked=block.title == "Sources") for row in block.rows]
        if number == 0:
            parts += [f"<h1>{safe(block.title)}</h1>\n", *(f"<p>{line}</p>\n" for line in lines)]
        elif block.title:
            items = "".join(f"<li>{line}</li>" for line in lines)
            (later if block.later else parts).append(f'<h2>{safe(block.title)}</h2>\n<ul class="plain">{items}</ul>\n')
    behind = ""
    if later:
        parts.append(
            f'<p class="printed">{DISCLAIMER}</p>\n'
        )  # the page ends here, and the last words stand on the next
        behind = f'<section class="later">\n{"".join(later)}</section>\n'
    return filled(f'<article class="letter">\n{"".join(parts)}</article>\n{behind}', scheme_name)


def _line(row: Row, *, linked: bool) -> str:
    """A line of a page; the addresses of sources, which are the product's or a rulebook's, are links."""
    line = _plain(" ".join(filter(None, (row.mark, row.label, row.text))))
    if linked:
        return _ADDRESS.sub(r'<a href="\g<0>">\g<0></a>', line)
    return f"<strong>{line}</strong>" if row.style == "bold" else line


_ADDRESS = re.compile(r"https?://[^\s<>&\"']+(?:&amp;[^\s<>&\"']+)*")


def filled(content: str, scheme_name: str) -> str:
    """The page around a content, with its style; the scheme is in its title."""
    page = _PAGE.read_text(encoding="utf-8")
    head, _, rest = page.partition("<!-- scheme -->")
    before, _, rest = rest.partition("<!-- content -->")
    middle, _, after = rest.partition("<!-- disclaimer -->")
    return f"{head}{safe(scheme_name)}{before}{content}{middle}{DISCLAIMER}{after}"


def safe(text: str) -> str:
    """A text in which nothing is markup, nor a command of a CI server; no line ends within a sum."""
    return disarmed(escape(unbroken(clean(text))), "&#35;&#35;")


def _summary(summary: Summary) -> str:
    counts = "".join(
        f'<li><button type="button" data-filter="{name}" aria-pressed="false"><strong>{count}</strong> '
        f"{MARKS.get(name, '!')} {words}</button></li>"
        for name, words, count in outcomes_counted(summary)
    )
    due = "due" if summary.today else "payable"
    paid = f"<li><strong>{safe(euros(summary.paid))}</strong> paid already</li>" if summary.today else ""
    return (
        f'<ul class="counts">{counts}<li><strong>{safe(euros(summary.payable))}</strong> {due}</li>{paid}</ul>\n'
        + "".join(f"<p>{_plain(note)}</p>\n" for note in summary_notes(summary))
    )


def _chart(summary: Summary) -> str:
    """Payable by host country as bars, which are a table for those who do not see them."""
    hosts = by_host(summary)
    if not hosts:
        return ""
    most = hosts[0][2] or Decimal(1)
    rows = "".join(
        f'<tr><th scope="row">{code}</th><td class="number">{trips}</td><td class="number">{safe(grouped(amount))}</td>'
        f'<td style="width:60%"><div class="bar" style="width:{float(amount / most * 100):.1f}%"></div></td></tr>\n'
        for code, trips, amount in hosts
    )
    return (
        f"<h2>{'Due' if summary.today else 'Payable'} by host country</h2>\n"
        '<table id="chart"><thead><tr><th scope="col">country</th>'
        '<th scope="col" class="number">trips</th><th scope="col" class="number">EUR</th>'
        f'<th scope="col">share of the largest</th></tr></thead><tbody>\n{rows}</tbody></table>\n'
    )


def _clusters(summary: Summary) -> str:
    """The texts that were taken as names of clusters."""
    lines = "".join(f"<li>{safe(line)}</li>" for line in cluster_lines(summary))
    return f'<h2>{TAKEN_AS_CLUSTERS}</h2>\n<ul class="plain">{lines}</ul>\n' if lines else ""


def _detail(judged: Judged) -> str:
    verdict = judged.verdict
    if verdict is None:
        return f"<ul>{''.join(f'<li>{safe(problem.message)}</li>' for problem in judged.problems)}</ul>"
    return f"<ul>{_findings(verdict)}</ul>{_derivation(verdict)}"


def _findings(verdict: Verdict) -> str:
    return "".join(
        f"<li>{mark_of(finding)} {finding.code} {finding.name}, {finding.outcome}: {safe(finding.message)}"
        f"{f' → {_plain(finding.remedy)}' if finding.remedy else ''}{_sources(finding)}</li>"
        for finding in advised(verdict)
    )


def _sources(finding: Finding) -> str:
    links = ", ".join(
        f'<a href="{safe(address)}">{number}</a>'
        for number, address in enumerate(finding.sources, 1)
        if address.startswith(("https://", "http://"))
    )
    return f" (sources: {links})" if links else ""


def _derivation(verdict: Verdict) -> str:
    payable = verdict.amount
    if payable is None:
        return ""
    lines = "".join(
        f"<li>{safe(line.text)} {'' if line.factor is None else f'× {line.factor} '}EUR {money(line.amount)}</li>"
        for line in payable.derivation
    )
    heading = "Amount" if verdict.payable else "Amount, if the open points are settled in its favour"
    return f"<p>{heading} ({payable.basis}):</p><ul>{lines}</ul>"
