"""Estimates as text with bars, as JSON, and as rows of a table."""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Final

from cxc.advice.estimate import (
    Estimate,
    Estimates,
    counted,
    euros,
    full_sum_from,
    in_range,
    reasons,
    shared_notices,
)
from cxc.conclusions import ELIGIBLE, NOT_ELIGIBLE, UNDECIDED
from cxc.reports.json import SCHEMA_VERSION
from cxc.reports.listing import Cells, as_markdown, as_text, cells_of
from cxc.reports.text import LAST_WORDS, MARKS, STYLES, Block, Row, derivation, to_note, weekday
from cxc.reports.values import days_counted, money, one_sentence, unmarked
from cxc.text import share
from cxc.trip.reader import Trip
from cxc.verdict import Verdict

LONGEST_BAR: Final = 40
SHORTEST_BAR: Final = 5
HEADING: Final = ("host_country", "country", "days_on_site", "working_days", "amount", "basis", "outcome")


def document(found: Estimates) -> dict[str, object]:
    """The estimates as JSON; `cxc schema estimates` describes it."""
    return {
        "schema_version": SCHEMA_VERSION,
        "rulebook": found.verdicts.scheme.rulebook.name,
        "estimates": [_entry(entry) for entry in found.entries],
        "assumptions": list(found.assumptions),
        "changes": list(found.changes),
        "notices": list(found.notices),
    }


def _entry(entry: Estimate) -> dict[str, object]:
    return {
        "host_country": entry.country.code,
        "days_on_site": entry.verdict.days_on_site,
        "working_days": entry.verdict.working_days,
        "amount": money(entry.payable.amount) if entry.payable else None,
        "basis": entry.payable.basis if entry.payable else None,
        "outcome": entry.verdict.outcome,
    }


def rows(found: Estimates) -> list[Cells]:
    """A row for each estimate, under HEADING."""
    rows: list[Cells] = []
    for entry in found.entries:
        code, *others = cells_of(_entry(entry))
        rows.append([code, entry.country.name, *others])
    return rows


def markdown(found: Estimates) -> str:
    """The rows as a Markdown table, with what was assumed and what to know below it."""
    said = [one_sentence(found.assumptions), *found.changes, *found.notices]
    return as_markdown(HEADING, rows(found)) + "".join(f"\n{unmarked(sentence)}\n" for sentence in said)


def page(found: Estimates, width: int) -> list[Block]:
    """The estimates for people, on lines of so many characters where the table allows it."""
    blocks = _one(found) if found.single else _all(found, width)
    note = [Row(one_sentence(found.assumptions))]
    changes = [Row(sentence, "•") for sentence in found.changes]
    shared, own = shared_notices([entry.verdict for entry in found.entries])
    notes = [to_note(notice) for notice in (*shared, *(own[0] if found.single else ()))]
    if any(own) and not found.single:
        marked = "Each country marked with ! has its own notice. cxc estimate --to CODE with the same dates shows it."
        notes.append(to_note(marked))
    blocks += [
        Block("What would change the amount", changes),
        Block("Please note", notes),
        Block("Assumed", note),
        LAST_WORDS,
    ]
    return [block for block in blocks if block.rows]


def _when(found: Estimates) -> str:
    """The days or the dates that were asked about."""
    rulebook = found.verdicts.scheme.rulebook
    if found.trip.stay is None:
        return counted(found.days, rulebook) if found.days else in_range(full_sum_from(rulebook), None, rulebook)
    return _dates(found.trip)


def _dates(trip: Trip) -> str:
    if trip.arrival and trip.departure:
        return f"{weekday(trip.arrival)} to {weekday(trip.departure)}, travel days included"
    assert trip.first_day is not None
    assert trip.last_day is not None
    return f"{weekday(trip.first_day)} to {weekday(trip.last_day)} on site"


def _by_rulebook(found: Estimates) -> str:
    visitor = found.trip.visitor_country
    return f"{f'from {visitor.name}; ' if visitor else ''}by the rulebook {found.verdicts.scheme.rulebook.name}"


def _one(found: Estimates) -> list[Block]:
    """One country."""
    entry = found.entries[0]
    verdict, name = entry.verdict, entry.country.name
    mark, amount = MARKS[verdict.outcome], verdict.amount
    if verdict.outcome == ELIGIBLE:
        assert amount is not None
        title = f"{mark} {name}: {euros(amount)} for {_when(found)}"
    elif verdict.outcome == NOT_ELIGIBLE:
        title = f"{mark} {name}: not eligible, nothing is payable for {_when(found)}"
    else:
        settled = (
            f"{euros(amount)} if the open points are settled in its favour" if amount else "the amount is not known"
        )
        title = f"{mark} {name}: undecided for {_when(found)}; {settled}"
    lines = [_by_rulebook(found)]
    if found.trip.stay is not None:
        lines.insert(0, days_counted(verdict))
    why = [Row(reason, MARKS[verdict.outcome], style=STYLES[verdict.outcome]) for reason in reasons(verdict)]
    return [
        Block(title, [Row(line) for line in lines], STYLES[verdict.outcome]),
        Block("Why", why),
        Block(
            "How the amount is worked out", derivation(amount, verdict.scheme.rulebook.scheme.name) if amount else ()
        ),
        Block("By days", [Row(line) for line in _tiers(found)]),
    ]


def _tiers(found: Estimates) -> list[str]:
    """What any number of days brings, with bars; nothing where no number brings anything."""
    sums = [tier.verdict.amount.amount for tier in found.tiers if tier.verdict.amount]
    if not sums:
        return []
    rulebook = found.verdicts.scheme.rulebook
    cells = []
    for tier in found.tiers:
        payable = tier.verdict.payable
        bar = _bar(payable.amount, max(sums), LONGEST_BAR // 2) if payable else ""
        if tier.verdict.fact("days_past_longest") is None:
            bar = "the dates decide whether they fit"
        cells.append((in_range(tier.first, tier.last, rulebook), _amount(tier.verdict), bar))
    return as_text(("", "EUR", ""), cells).splitlines()[1:]


def _amount(verdict: Verdict) -> str:
    """A cell with an amount and its basis; `?` in front where it is not promised."""
    amount = verdict.amount
    if amount is None:
        return f"{'nothing' if verdict.outcome == NOT_ELIGIBLE else '?':>8}"
    return f"{'?' if verdict.outcome == UNDECIDED else ''}{money(amount.amount)}".rjust(8) + f" {amount.basis}"


def _bar(amount: Decimal, top: Decimal, width: int, first: Decimal | None = None) -> str:
    """A bar as long as the amount is beside the highest; what `first` days bring in full, the rest shaded."""
    whole = max(1, round(width * amount / top))
    full = whole if first is None else max(1, round(width * first / top))
    return "█" * full + "▒" * (whole - full)


def _all(found: Estimates, width: int) -> list[Block]:
    """Every country."""
    entries, rulebook = found.entries, found.verdicts.scheme.rulebook
    unasked = found.days is None and found.trip.stay is None
    about = "" if unasked else f" for {_when(found)}"
    if not entries:
        return [Block("✘ No other country in the table takes part", [Row(_by_rulebook(found))])]
    if any(entry.payable for entry in entries):
        title = f"What a visit brings{about}, the highest amount first"
    elif any(entry.verdict.outcome == UNDECIDED for entry in entries):
        title = f"? Undecided{about}: nothing can be promised for any country"
    else:
        title = f"✘ Not eligible{about} in any country: nothing is payable"
    lines = [_by_rulebook(found)]
    shorter = any(entry.shorter for entry in entries)
    if unasked and shorter:
        full = full_sum_from(rulebook)
        short, less = in_range(rulebook.shortest_stay_days, full - 1, rulebook), share(rulebook.reduced_to_percent)
        lines.append(f"{less}: for {short}; full: for {in_range(full, None, rulebook)}")
        lines.append(f"bars: █ {less}, ▒ what the full sum adds")
    elif unasked:
        lines.append(f"for {in_range(full_sum_from(rulebook), None, rulebook)}")
    if found.trip.stay is not None:
        lines.append(f"days on site {entries[0].verdict.days_on_site}")
    table = [Row(line) for line in _table(found, shorter, width)]
    if not any(entry.verdict.amount for entry in entries):
        lines, table = lines[:1], []
    why = [Row(text, MARKS[outcome], style=STYLES[outcome]) for outcome, text in _why(entries)]
    if any(entry.verdict.if_settled for entry in entries):
        why.append(
            Row("An amount with ? in front is paid only if the open points are settled in favour of the visit.", "?")
        )
    return [
        Block(title, [Row(line) for line in lines]),
        Block("", table),
        Block("", why),
    ]


def _table(found: Estimates, shorter: bool, width: int) -> list[str]:
    entries, dated = found.entries, found.trip.stay is not None
    less = share(found.verdicts.scheme.rulebook.reduced_to_percent)
    _, own = shared_notices([entry.verdict for entry in entries])
    top = max((entry.payable.amount for entry in entries if entry.payable), default=Decimal(1))
    heading = ["", "code", "country", *(["working"] if dated else []), *([f"{less} EUR"] if shorter else [])]
    heading.append("full EUR" if shorter else "EUR")
    table = []
    for entry, notes in zip(entries, own, strict=True):
        verdict = entry.verdict
        row = [f"{MARKS[verdict.outcome]}{'!' if notes else ''}", entry.country.code, entry.country.name]
        if dated:
            row.append("?" if verdict.working_days is None else str(verdict.working_days))
        if entry.shorter:
            row.append(_amount(entry.shorter))
        table.append([*row, _amount(verdict)])
    lines = as_text([*heading, "."], [[*row, "."] for row in table]).splitlines()
    room = min(LONGEST_BAR, max(SHORTEST_BAR, width - max(map(len, lines)) + 1))
    bars = [""]
    for entry in entries:
        first = entry.shorter.payable.amount if entry.shorter and entry.shorter.payable else None
        bars.append(_bar(entry.payable.amount, top, room, first) if entry.payable else "")
    return [f"{line[:-1]}{bar}".rstrip() for line, bar in zip(lines, bars, strict=True)]


def _why(entries: Sequence[Estimate]) -> Iterator[tuple[str, str]]:
    """Why countries bring nothing, or nothing that can be promised: each reason once, with its countries."""
    found: dict[tuple[str, str], list[str]] = {}
    for entry in entries:
        for reason in reasons(entry.verdict):
            found.setdefault((entry.verdict.outcome, reason), []).append(entry.country.code)
    for (outcome, reason), codes in found.items():
        where = "All countries" if len(codes) == len(entries) else ", ".join(codes)
        yield outcome, f"{where}: {reason}"
