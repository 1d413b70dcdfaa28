"""Plans as text with a calendar, as JSON, and as rows of a table."""

import datetime
from typing import Final

from cxc.advice.estimate import counted, euros, shared_notices
from cxc.advice.plan import Plan, Plans
from cxc.reports.calendar import LEGEND, holidays_in_months, months
from cxc.reports.json import SCHEMA_VERSION
from cxc.reports.listing import Cells, as_markdown, as_text, cells_of
from cxc.reports.text import LAST_WORDS, Block, Row, to_do, to_note, weekday
from cxc.reports.values import NOT_KNOWN, days_counted, money, one_sentence, unmarked
from cxc.trip.texts import DateForm

HEADING: Final = ("arrival", "departure", "nights", "days_on_site", "working_days", "amount", "basis", "holidays")


def document(found: Plans, most: int | None) -> dict[str, object]:
    """The best so many plans as JSON; `cxc schema plans` describes it."""
    assumptions, notices = found.said(most)
    window, safer = found.nearest[0] if found.nearest else None, found.safer(most)
    return {
        "schema_version": SCHEMA_VERSION,
        "rulebook": found.verdicts.scheme.rulebook.name,
        "total": len(found.plans),
        "plans": [_entry(plan) for plan in found.plans[:most]],
        "safer_stay": {"place": safer[0], **_entry(safer[1])} if safer else None,
        "reason": found.reason,
        "nearest_window": {"earliest": str(window.earliest), "latest": str(window.latest)} if window else None,
        "assumptions": list(assumptions),
        "notices": list(notices),
    }


def _entry(plan: Plan) -> dict[str, object]:
    return {
        "arrival": str(plan.arrival),
        "departure": str(plan.departure),
        "nights": plan.nights,
        "days_on_site": plan.verdict.days_on_site,
        "working_days": plan.verdict.working_days,
        "amount": money(plan.payable.amount),
        "basis": plan.payable.basis,
        "holidays": None if plan.holidays is None else [str(day) for day in plan.holidays],
    }


def rows(found: Plans, most: int | None) -> list[Cells]:
    """A row for each of the best so many plans, under HEADING."""
    return [cells_of(_entry(plan), NOT_KNOWN) for plan in found.plans[:most]]


def markdown(found: Plans, most: int | None, form: DateForm) -> str:
    """The rows as a Markdown table, with what was assumed and what to know below it; or why there is none."""
    assumptions, notices = found.said(most)
    table = as_markdown(HEADING, rows(found, most)) if found.plans else ""
    more = [how_many(found, most), *_safer(found, most)] if found.plans else why_none(found, form)
    text = "\n".join(f"{unmarked(sentence)}\n" for sentence in (*more, one_sentence(assumptions), *notices))
    return f"{table}\n{text}" if table else text


def why_none(found: Plans, form: DateForm) -> list[str]:
    """Why no stay meets the rules, and the nearest window that has one, dates in options as they are written there."""
    assert found.reason is not None
    if found.nearest is None:
        return [found.reason]
    wider, best = found.nearest
    option = (
        f"--latest {form.write(wider.latest)}"
        if wider.earliest == found.window.earliest
        else f"--earliest {form.write(wider.earliest)}"
    )
    stay = _stay(best)
    return [found.reason, f"The nearest window with a stay that meets the rules: {option}. Its best stay: {stay}."]


def page(found: Plans, most: int | None, pick: int, form: DateForm) -> list[Block]:
    """The best so many plans for people, and the picked one (from 1) in a calendar; or why there is none."""
    assumptions, _ = found.said(most)
    about = [Row(line) for line in _about(found)]
    note = Block("Assumed", [Row(one_sentence(assumptions))])
    if not found.plans:
        reason, *nearest = why_none(found, form)
        mark, style = ("?", "yellow") if found.undecided else ("✘", "red")
        why = [Row(reason, mark, style=style), *(to_do(sentence) for sentence in nearest)]
        title = f"{mark} No stay in this window {'can be promised' if found.undecided else 'meets the rules'}"
        return [Block(title, about, f"bold {style}"), Block("Why", why), note, LAST_WORDS]
    picked, shown = found.plans[pick - 1], found.plans[:most]
    # The last of all is held against them, too: what the best ones have in common may be theirs alone.
    shared, own = shared_notices([plan.verdict for plan in (*shown, picked, found.plans[-1])])
    mine = [to_note(f"Stay {pick}: {notice}") for notice in own[-2]]
    if any(own[:-2]):
        mine.append(to_note("Each stay marked with ! has its own notice. --pick N shows it."))
    mine += [to_do(line) for line in _safer(found, most)]
    left_out = [found.left_out] if found.left_out else []
    notes = [to_note(notice) for notice in (*left_out, *shared)] + mine
    title = f"Stay {pick}: {_stay(picked)}, {picked.nights} nights, {days_counted(picked.verdict)}"
    calendar = [*months(picked), "", LEGEND, holidays_in_months(picked)]
    blocks = [
        Block(f"✔ {how_many(found, most)}", about, "bold green"),
        Block("", [Row(line) for line in _table(found, shown, own)]),
        Block(title, [Row(line) for line in calendar]),
        Block("Please note", notes),
        note,
        LAST_WORDS,
    ]
    return [block for block in blocks if block.rows]


def _safer(found: Plans, most: int | None) -> list[str]:
    """The best stay that brings the same if only working days count, in a sentence, where none that is listed does."""
    safer = found.safer(most)
    if safer is None:
        return []
    place, plan = safer
    return [
        f"{found.verdicts.scheme.rulebook.scheme.platform} counts working days. Counted that way, none of the stays "
        "listed brings the same. The best stay that does "
        f"is number {place}: {_stay(plan)}. --pick {place} shows it."
    ]


def _stay(plan: Plan) -> str:
    """The travel days of a plan, and what it brings."""
    return f"{weekday(plan.arrival)} to {weekday(plan.departure)}, {euros(plan.payable)}"


def how_many(found: Plans, most: int | None = None) -> str:
    """How many stays meet the rules, and that the best so many are listed, where these are not all."""
    total = len(found.plans)
    stays = "1 stay meets" if total == 1 else f"{total} stays meet"
    rest = f"; the best {most} (more: --most N or --most all)" if most and total > most else ""
    return f"{stays} the rules{rest}"


def _about(found: Plans) -> list[str]:
    trip, window, rulebook = found.trip, found.window, found.verdicts.scheme.rulebook
    assert trip.host_country is not None
    whence = f"from {trip.visitor_country.name} " if trip.visitor_country else ""
    exactly = f"; exactly {counted(window.days, rulebook)}" if window.days is not None else ""
    return [
        f"{whence}to {trip.host_country.name}; by the rulebook {rulebook.name}",
        f"arrival on {weekday(window.earliest)} or later, departure on {weekday(window.latest)} or earlier{exactly}",
    ]


def _table(found: Plans, shown: tuple[Plan, ...], own: list[list[str]]) -> list[str]:
    one_year = found.window.earliest.year == found.window.latest.year
    heading = (" #", "arrival", "departure", "nights", "days", "working", "    EUR", "basis", "holidays")
    cells = [
        (
            f"{place:>2}{'!' if notices else ''}",
            _day(plan.arrival) + ("" if one_year else f" {plan.arrival.year}"),
            _day(plan.departure),
            f"{plan.nights:>6}",
            f"{plan.verdict.days_on_site:>4}",
            f"{'?' if plan.verdict.working_days is None else plan.verdict.working_days:>7}",
            f"{money(plan.payable.amount):>7}",
            plan.payable.basis,
            "?" if plan.holidays is None else _short(plan.holidays),
        )
        for place, (plan, notices) in enumerate(zip(shown, own, strict=False), 1)
    ]
    return as_text(heading, cells, gap=" ").splitlines()


def _day(day: datetime.date) -> str:
    return f"{day:%a} {day.day:>2} {day:%b}"


def _short(days: tuple[datetime.date, ...]) -> str:
    """Days in few letters, such as `25, 26 Dec, 1 Jan`."""
    months = [day.month for day in days] + [0]
    return ", ".join(
        str(day.day) if month == following else f"{day.day} {day:%b}"
        for day, month, following in zip(days, months, months[1:], strict=False)
    )
