"""One self-contained page to send: summary, payable by host country, and a table that filters, sorts and opens.

Works from a file without a network; without scripts all rows are shown. Every text from outside is escaped.
"""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from html import escape
from pathlib import Path

from cxc.advice.remedies import advised
from cxc.reports.formats import Report
from cxc.reports.text import MARKS, Block, mark_of, outcome_of, shown_as
from cxc.reports.values import (
    TAKEN_AS_CLUSTERS,
    clusters_taken,
    label,
    money,
    outcomes_counted,
    summary_notes,
    way_out,
    why,
)
from cxc.tables.judged import Heading, Judged
from cxc.tables.summary import Summary
from cxc.text import clean, disarmed
from cxc.verdict import DISCLAIMER, Verdict

_PAGE = Path(__file__).parent / "page.html"
_COLUMNS = (
    ("row", ""),
    ("outcome", ""),
    ("trip", ""),
    ("days on site", ' class="number"'),
    ("payable EUR", ' class="number"'),
    ("why", ""),
)


class HtmlReport(Report):
    """Keeps the rows, which stand below the summary."""

    def __init__(self) -> None:
        self._rows: list[str] = []
        self._several = False

    def begin(self, sources: Sequence[Heading]) -> str:
        """Nothing: the summary comes first, and is known last."""
        self._several = len(sources) > 1
        return ""

    def row(self, judged: Judged) -> str:
        """Keeps one row and what it opens to."""
        number = len(self._rows) + 1
        verdict = judged.verdict
        place = judged.place if self._several else str(judged.row)
        amount = money(verdict.payable.amount) if verdict and verdict.payable else ""
        days = verdict.days_on_site if verdict and verdict.days_on_site is not None else ""
        mark, outcome = outcome_of(judged)
        kind = "unexpected" if judged.mismatch else shown_as(judged)
        said = _safe(f"{why(judged)} {way_out(judged)}")
        self._rows.append(
            f'<tr class="trip {kind}" data-outcome="{shown_as(judged)}" data-detail="d{number}">'
            f'<td data-value="{number:09}"><button type="button" aria-expanded="false" aria-controls="d{number}" '
            f'aria-label="Findings of row {_safe(place)}">+</button> {_safe(place)}</td>'
            f'<td class="outcome">{mark} {outcome}</td><td>{_safe(label(judged))}</td>'
            f'<td class="number" data-value="{days or 0}">{days}</td>'
            f'<td class="number" data-value="{amount or 0}">{amount}</td><td>{said}</td></tr>\n'
            f'<tr class="detail" id="d{number}"><td colspan="{len(_COLUMNS)}">{_detail(judged)}</td></tr>\n'
        )
        return ""

    def end(self, summary: Summary) -> str:
        """The whole page."""
        head = "".join(f'<th scope="col"{kind}><button type="button">{name}</button></th>' for name, kind in _COLUMNS)
        options = "".join(f'<option value="{name}">{words}</option>' for name, words, _ in outcomes_counted(summary))
        content = (
            f"{_summary(summary)}{_chart(summary)}{_clusters(summary)}<h2>Trips</h2>\n"
            '<div class="controls"><label>Text <input type="search" id="text"></label> '
            f'<label>Outcome <select id="outcome"><option value="">all</option>{options}</select></label> '
            '<span id="shown" role="status"></span></div>\n'
            f'<table id="trips"><thead><tr>{head}</tr></thead><tbody>\n{"".join(self._rows)}</tbody></table>\n'
        )
        return _filled(f"<h1>{_safe(summary.scheme_name)} trips</h1>\n{content}", summary.scheme_name)


def page(blocks: Iterable[Block], scheme_name: str) -> str:
    """One verdict's page."""
    parts = []
    for number, block in enumerate(blocks):
        if block.title:
            parts.append(f"<h1>{_safe(block.title)}</h1>\n" if number == 0 else f"<h2>{_safe(block.title)}</h2>\n")
        lines = [_safe(" ".join(part for part in (row.mark, row.label, row.text) if part)) for row in block.rows]
        if number == 0:
            parts += [f"<p>{line}</p>\n" for line in lines]
        elif block.title:
            parts.append(f'<ul class="plain">{"".join(f"<li>{line}</li>" for line in lines)}</ul>\n')
    return _filled("".join(parts), scheme_name)


def _filled(content: str, scheme_name: str) -> str:
    page = _PAGE.read_text(encoding="utf-8")
    head, _, rest = page.partition("<!-- scheme -->")
    before, _, rest = rest.partition("<!-- content -->")
    middle, _, after = rest.partition("<!-- disclaimer -->")
    return f"{head}{_safe(scheme_name)}{before}{content}{middle}{DISCLAIMER}{after}"


def _safe(text: str) -> str:
    return disarmed(escape(clean(text)), "&#35;&#35;")


def _summary(summary: Summary) -> str:
    counts = "".join(
        f"<li><strong>{count}</strong> {MARKS.get(name, '!')} {words}</li>"
        for name, words, count in outcomes_counted(summary)
    )
    due = "due" if summary.today else "payable"
    paid = f"<li><strong>EUR {money(summary.paid)}</strong> paid already</li>" if summary.today else ""
    return (
        f'<ul class="counts">{counts}<li><strong>EUR {money(summary.payable)}</strong> {due}</li>{paid}</ul>\n'
        + "".join(f"<p>{_safe(note)}</p>\n" for note in summary_notes(summary))
    )


def _chart(summary: Summary) -> str:
    """Payable by host country as bars, which are a table for those who do not see them."""
    if not summary.by_host:
        return ""
    most = max(euros for _, euros in summary.by_host.values()) or Decimal(1)
    rows = "".join(
        f'<tr><th scope="row">{code}</th><td class="number">{trips}</td><td class="number">{money(euros)}</td>'
        f'<td style="width:60%"><div class="bar" style="width:{float(euros / most * 100):.1f}%"></div></td></tr>\n'
        for code, (trips, euros) in sorted(summary.by_host.items(), key=lambda entry: (-entry[1][1], entry[0]))
    )
    return (
        f"<h2>{'Due' if summary.today else 'Payable'} by host country</h2>\n"
        '<table id="chart"><thead><tr><th scope="col">country</th>'
        '<th scope="col" class="number">trips</th><th scope="col" class="number">EUR</th>'
        f'<th scope="col">share of the largest</th></tr></thead><tbody>\n{rows}</tbody></table>\n'
    )


def _clusters(summary: Summary) -> str:
    """The texts that were taken as names of clusters."""
    lines = "".join(f"<li>{_safe(f'{mark} {line}'.strip())}</li>" for mark, line in clusters_taken(summary))
    return f'<h2>{TAKEN_AS_CLUSTERS}</h2>\n<ul class="plain">{lines}</ul>\n' if lines else ""


def _detail(judged: Judged) -> str:
    verdict = judged.verdict
    if verdict is None:
        return f"<ul>{''.join(f'<li>{_safe(problem.message)}</li>' for problem in judged.problems)}</ul>"
    return f"<ul>{_findings(verdict)}</ul>{_derivation(verdict)}"


def _findings(verdict: Verdict) -> str:
    return "".join(
        f"<li>{mark_of(finding)} {finding.code} {finding.name}, {finding.outcome}: {_safe(finding.message)}"
        f"{f' → {_safe(finding.remedy)}' if finding.remedy else ''}</li>"
        for finding in advised(verdict)
    )


def _derivation(verdict: Verdict) -> str:
    payable = verdict.payable or verdict.if_settled
    if payable is None:
        return ""
    lines = "".join(
        f"<li>{_safe(line.text)} {'' if line.factor is None else f'× {line.factor} '}EUR {money(line.amount)}</li>"
        for line in payable.derivation
    )
    heading = "Amount" if verdict.payable else "Amount, if the open points are settled in its favour"
    return f"<p>{heading} ({payable.basis}):</p><ul>{lines}</ul>"
