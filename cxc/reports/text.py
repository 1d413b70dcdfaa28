"""The verdict as a page for people: in a terminal with colour and wrapped, elsewhere plain and one line a sentence.

First line the outcome and the amount; then what decided it, the other rules, what was assumed, notices, next steps,
sources. Colour repeats what words and marks say already.
"""

import datetime
from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Final, NamedTuple

from cxc.advice.remedies import advised
from cxc.advice.slips import slips
from cxc.conclusions import ELIGIBLE, NOT_ELIGIBLE, UNDECIDED, Payable, eligibility
from cxc.reports.values import (
    OUTCOME_IN_WORDS,
    PAID,
    STRICTER,
    cut,
    days_counted,
    money,
)
from cxc.text import listed, uncommanded
from cxc.trip.reader import Trip
from cxc.trip.texts import MEMBER_UNNAMED, NO_MEMBER, Euros
from cxc.verdict import DISCLAIMER, Finding, Verdict
from cxc.visits import IF_THIS_TRIP

if TYPE_CHECKING:
    from rich.console import RenderableType

    from cxc.tables.judged import Judged

MARKS: Final = {
    ELIGIBLE: "✔",
    NOT_ELIGIBLE: "✘",
    UNDECIDED: "?",
    PAID: "–",
    "pass": "✔",
    "fail": "✘",
    "unknown": "?",
    "assumed": "≈",
    "applies": "½",
    "not-applicable": "–",
}
LESS: Final = "↓"  # in place of ½ where the share is another
_HALF: Final = Decimal("0.5")
STYLES: Final = {
    ELIGIBLE: "bold green",
    NOT_ELIGIBLE: "bold red",
    UNDECIDED: "bold yellow",
    "pass": "green",
    "fail": "red",
    "unknown": "yellow",
    "assumed": "cyan",
    "applies": "magenta",
    "not-applicable": "dim",
}
# Where the marks cannot be written (an old terminal), these stand for them.
_ASCII: Final = str.maketrans(
    {
        "✔": "+",
        "✘": "x",
        "≈": "~",
        "½": "/",
        "↓": "/",
        "–": "-",
        "•": "*",
        "×": "x",
        "→": ">",
        "…": "...",
        "█": "#",
        "▒": "=",
        "·": ".",
    }
)


class Row(NamedTuple):
    """A line of the page: a sentence, behind a mark and a label of fixed width. `style` colours mark and label."""

    text: str
    mark: str = ""
    label: str = ""
    style: str = ""


def to_note(sentence: str) -> Row:
    """Something to know."""
    return Row(sentence, "!", style="yellow")


def to_do(sentence: str) -> Row:
    """What would mend something, or settle it."""
    return Row(sentence, "→", style="bold")


class Block(NamedTuple):
    """A headed part of the page. `style` is that of the whole heading, `later` what can do without the first look."""

    title: str
    rows: Sequence[Row]
    style: str = "bold"
    later: bool = False


LAST_WORDS: Final = Block("", [Row(DISCLAIMER, style="dim")])  # of every page


def page(
    verdict: Verdict, *, verbose: bool = False, configured: str | None = None, commands: bool = True
) -> list[Block]:
    """The parts of the page, in order; parts with nothing to say are left out. Without `commands` it names none.

    At the stage of payment it is the page to put into the file of the visit, so it says by which data it was made.
    `configured` says which options were taken from cxc.yaml.
    """
    payment = verdict.verdicts.stage == "payment"
    findings = advised(verdict)
    decisive = [finding for finding in findings if _decides(finding, verdict)]
    rest = [f for f in findings if f not in decisive and f.outcome != "assumed"]
    assumed = [_row(finding) for finding in findings if finding.outcome == "assumed"]
    summary = [*_summary(verdict), *([configured] if configured else [])]
    style = "bold" if verdict.already_paid else STYLES[verdict.outcome]
    heading = Block(headline(verdict), [Row(line) for line in summary], style)
    missing = payment and verdict.outcome == UNDECIDED
    blocks = [
        Block(
            "Still missing before it may be paid" if missing else "What decided it",
            _decided(verdict, decisive, findings, _option if commands else _in_words),
        ),
        Block("The other rules" if decisive else "The rules", [_row(finding) for finding in rest], later=True),
        Block(
            "Assumed, because it is not stated",
            [*assumed, *([to_note(STRICTER)] if payment and verdict.assumptions else [])],
        ),
        Block("Please note", [to_note(notice) for notice in verdict.notices if notice != DISCLAIMER]),
        Block(
            "Next steps" if payment or verdict.outcome == ELIGIBLE else "Next steps, once the trip is eligible",
            [Row(step, f"{number}.") for number, step in enumerate(verdict.next_steps, 1)],
        ),
        Block("Sources", _sources(findings if verbose else decisive, verbose or not commands)),
    ]
    if verbose or payment:
        blocks.append(Block("Data used", [Row(line, "•") for line in _made_from(verdict)], later=True))
    return [heading, *(block for block in blocks if block.rows), LAST_WORDS]


def headline(verdict: Verdict) -> str:
    """The outcome and the amount, in one line."""
    mark = MARKS[verdict.outcome]
    if verdict.verdicts.stage == "payment":
        return _headline_of_payment(verdict, mark)
    if verdict.payable is not None:
        return f"{mark} Eligible: {verdict.payable.in_words} is payable"
    if verdict.outcome == NOT_ELIGIBLE:
        return f"{mark} Not eligible: nothing is payable"
    if verdict.if_settled is not None:
        return f"{mark} Undecided: {verdict.if_settled.in_words} if the open points are settled in its favour"
    return f"{mark} Undecided: the amount is not known"


def _headline_of_payment(verdict: Verdict, mark: str) -> str:
    """The same at the stage of payment, where eligible means due."""
    refused = any(ground.fails for ground in verdict.fact(eligibility))
    if verdict.already_paid:
        paid = verdict.trip.paid_eur
        stated = f": EUR {money(paid)}, as stated" if isinstance(paid, Euros) else ""
        although = ", although the visit is not eligible" if refused else ""
        return f"{MARKS['not-applicable']} Already paid on {verdict.trip.paid_on}{stated}{although}"
    if verdict.payable is not None:
        return f"{mark} Due: {verdict.payable.in_words} may be paid"
    if verdict.outcome == NOT_ELIGIBLE:
        return f"{mark} {'Not eligible' if refused else 'Not due'}: nothing may be paid"
    if verdict.if_settled is not None:
        return f"{mark} Not due yet: {verdict.if_settled.in_words} once nothing is missing"
    return f"{mark} Not due yet: the amount is not known"


def in_short(verdict: Verdict) -> str:
    """The same without its mark, which a terminal may not be able to show.

    >>> from cxc import check
    >>> in_short(check(host_country="NO"))
    'Not eligible: nothing is payable'
    """
    return headline(verdict).partition(" ")[2]


def weekday(day: datetime.date) -> str:
    """A date with its weekday.

    >>> weekday(datetime.date(2023, 5, 14))
    'Sun 14 May 2023'
    """
    return f"{day:%a} {day.day} {day:%b} {day.year}"


def dates_of(trip: Trip) -> str:
    """The days of a trip as they are stated; nothing where they are not."""
    first, last = (trip.arrival, trip.departure) if trip.arrival else (trip.first_day, trip.last_day)
    return f"{weekday(first)} to {weekday(last)}{'' if trip.arrival else ', on site'}" if first and last else ""


def _summary(verdict: Verdict) -> list[str]:
    trip = verdict.trip
    lines = []
    visitor, host = _side(trip, "visitor"), _side(trip, "host")
    who = " ".join(filter(None, (visitor and f"from {visitor}", host and f"to {host}")))
    if trip.reference or who:
        lines.append(": ".join(filter(None, (trip.reference, who))))
    days = days_counted(verdict)
    if trip.arrival and trip.departure:
        lines.append(f"{weekday(trip.arrival)} to {weekday(trip.departure)}, travel days included; {days}")
    elif trip.first_day and trip.last_day:
        lines.append(f"on site {weekday(trip.first_day)} to {weekday(trip.last_day)}; {days}")
        assert trip.stay is not None
        lines.append(f"the arrival is taken to be the day before, {weekday(trip.stay.arrival)}")
    for side, cluster in (("visitor", trip.visitor_cluster), ("host", trip.host_cluster)):
        if cluster not in (None, MEMBER_UNNAMED, NO_MEMBER):
            lines.append(f"cluster of the {side}: {cut(cluster)}")
    strict = ", strict" if verdict.strict else ""
    today = verdict.verdicts.today
    asked = "" if today is None else f"for payment, asked on {weekday(today)}, "
    lines.append(f"{asked}by the rulebook {verdict.scheme.rulebook.name}{strict}")
    return lines


def _side(trip: Trip, side: str) -> str:
    name, country = cut(getattr(trip, side)), getattr(trip, f"{side}_country")
    if name and country:
        return f"{name} ({country.name})"
    return name or (country.name if country else "")


def _decides(finding: Finding, verdict: Verdict) -> bool:
    if verdict.payable is None:
        return finding.code in verdict.codes
    return finding.code in {line.code for line in verdict.payable.derivation} or "approved_by" in finding.values


def _decided(
    verdict: Verdict,
    decisive: Sequence[Finding],
    findings: Sequence[Finding],
    field_named: Callable[[str, Verdict], str],
) -> list[Row]:
    payable = verdict.payable
    in_amount = {line.code for line in payable.derivation} if payable else set()
    rows, slipped = [], slips(verdict)
    for finding in decisive:
        if finding.code not in in_amount:
            rows.append(_row(finding))
            out = finding.remedy if finding.outcome == "fail" else slipped.get(finding.code)
            if out:
                rows.append(to_do(out))
    if payable is not None:
        rows += derivation(payable, verdict.scheme.rulebook.scheme.name)
        rows += [to_do(finding.remedy) for finding in decisive if finding.code in in_amount and finding.remedy]
    if verdict.needed:
        rows.append(to_do(f"To settle it, state: {', '.join(field_named(name, verdict) for name in verdict.needed)}"))
    if verdict.if_settled is not None:
        rows += [to_do(f.remedy) for f in findings if f.outcome == "applies" and f.remedy]
    for visit in verdict.earlier_visits:
        named = ", ".join(filter(None, (visit.visitor, visit.visitor_id, visit.visitor_country)))
        when = f", {weekday(visit.arrival)}" if visit.arrival else ""
        same_day = f". {IF_THIS_TRIP}" if visit.same_day and verdict.outcome != ELIGIBLE else ""
        rows.append(Row(f"{visit.file}, row {visit.row}: {named}{when}{same_day}", "→"))
    return rows


def _option(field: str, verdict: Verdict) -> str:
    if field == "approved":
        return f"--approved '{';'.join(verdict.asks)}' --approved-by NAME --approved-on YYYY-MM-DD"
    return f"--{field.replace('_', '-')}"


def _in_words(field: str, verdict: Verdict) -> str:
    """A field that would settle a verdict, for somebody who types no options."""
    if field == "approved":
        return f"the partnership's approval of {listed(verdict.asks, 'and')}, by whom and when"
    return field.replace("_", " ")


def derivation(payable: Payable, scheme_name: str) -> list[Row]:
    """The steps to an amount, and the amount with its basis."""
    rows = []
    for line in payable.derivation:
        if line.factor is None:
            rows.append(Row(line.text, "€", line.code))
        else:
            halved = f"{line.text.rstrip('.')}: × {line.factor} = EUR {money(line.amount)}"
            mark = MARKS["applies"] if line.factor == _HALF else LESS
            rows.append(Row(halved, mark, line.code, STYLES["applies"]))
    basis = {"published": f"published for {scheme_name}", "inferred": f"inferred, not confirmed for {scheme_name}"}
    rows.append(Row(f"EUR {money(payable.amount)}, {basis[payable.basis]}", "=", style="bold"))
    return rows


def mark_of(finding: Finding) -> str:
    """The mark of a finding; one that reduces the sum to another share than half has one of its own."""
    return LESS if finding.outcome == "applies" and "reduced_to_percent" in finding.values else MARKS[finding.outcome]


def _row(finding: Finding) -> Row:
    return Row(finding.message, mark_of(finding), finding.code, STYLES[finding.outcome])


def _sources(findings: Iterable[Finding], complete: bool) -> list[Row]:
    codes: dict[str, list[str]] = {}
    for finding in findings:
        for address in finding.sources:
            codes.setdefault(address, []).append(finding.code)
    rows = [Row(f"{address}  ({', '.join(among)})", "•") for address, among in codes.items()]
    return (
        rows
        if complete
        else [*rows, Row("-v shows the sources of all rules, and cxc rules CODE those of one rule", "•")]
    )


def _made_from(verdict: Verdict) -> list[str]:
    return [f"{name}: SHA-256 {digest}" for name, digest in verdict.scheme.fingerprints.items()]


def plain(blocks: Iterable[Block]) -> str:
    """A page as plain text."""
    parts = []
    for block in blocks:
        lines = [block.title] if block.title else []
        for row in block.rows:
            start = "  ".join(filter(None, (row.mark, row.label)))
            indent = "  " if block.title else ""
            lines.append(f"{indent}{start}{'  ' if start else ''}{row.text}".rstrip())
        parts.append("\n".join(lines))
    return uncommanded("\n\n".join(parts) + "\n")


def ascii_only(text: str) -> str:
    """A page for an output that cannot write the marks."""
    return text.translate(_ASCII).encode("ascii", "replace").decode("ascii")


def coloured(blocks: Iterable[Block]) -> "RenderableType":
    """A page for a terminal: wrapped to its width, with hanging indents."""
    from rich.console import Group
    from rich.padding import Padding
    from rich.table import Table
    from rich.text import Text

    parts: list[RenderableType] = []
    for block in blocks:
        if parts:
            parts.append(Text(""))
        if block.title:
            parts.append(Text(block.title, style=block.style))
        if block.rows:
            grid = Table.grid(padding=(0, 1))
            labelled = any(row.label for row in block.rows)
            marked = any(row.mark for row in block.rows)
            for column in (marked, labelled):
                if column:
                    grid.add_column(no_wrap=True)
            grid.add_column(overflow="fold")
            for row in block.rows:
                cells = [Text(row.mark, style=row.style)] if marked else []
                cells += [Text(row.label, style=row.style)] if labelled else []
                grid.add_row(*cells, Text(row.text, style=row.style if row.style in ("bold", "dim") else ""))
            parts.append(Padding(grid, (0, 0, 0, 2 if block.title else 0)))
    return Group(*parts)


def outcome_of(judged: "Judged") -> tuple[str, str]:
    """The mark and the words for the outcome of a row; one that misses what it expects is never marked as good."""
    kind = shown_as(judged)
    words = kind if judged.verdict is None else OUTCOME_IN_WORDS[judged.verdict.verdicts.stage].get(kind, kind)
    if judged.mismatch:
        return MARKS[NOT_ELIGIBLE], f"{words}, not as expected"
    return MARKS.get(kind, "!"), words


def shown_as(judged: "Judged") -> str:
    """The outcome of a row; `paid` where its visit is paid already."""
    return PAID if judged.already_paid else judged.outcome
