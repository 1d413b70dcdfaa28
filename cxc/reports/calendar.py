"""A stay in a calendar: as a month on the page, and as a file for calendar programs (iCalendar, RFC 5545)."""

import datetime
from typing import Final

from cxc.advice.estimate import assumptions, euros
from cxc.advice.plan import Plan, holidays_between
from cxc.ask.month_page import next_month, weeks
from cxc.facts import lump_sum as lump_sum_of
from cxc.reports.values import days_counted, one_sentence
from cxc.trip.stay import ONE_DAY

_CELL: Final = 5
ARRIVAL, DEPARTURE, ON_SITE = (">", " "), (" ", "<"), ("[", "]")
ELSEWHEN: Final = (" ", " ")
WEEKEND, HOLIDAY, WEEKDAY = "·", "*", " "
LEGEND: Final = f">1 arrival   2< departure   [3] on site   4{WEEKEND} weekend   5{HOLIDAY} public holiday"


def months(plan: Plan) -> list[str]:
    """Every month of a stay, Monday first. What a day is, its marks say: see LEGEND."""
    holidays = frozenset(_holidays(plan)[0])
    lines = [line for first in _firsts(plan) for line in ("", *_month(first, plan, holidays))]
    return lines[1:]


def _firsts(plan: Plan) -> list[datetime.date]:
    """The first day of each month of a stay."""
    found = [plan.arrival.replace(day=1)]
    while (following := next_month(found[-1])) <= plan.departure:
        found.append(following)
    return found


def holidays_in_months(plan: Plan) -> str:
    """The public holidays of the months that are shown, in words."""
    found, unknown = _holidays(plan)
    name = plan.host.name
    days = f"Public holidays of {name}: {', '.join(f'{day:%a} {day.day} {day:%b}' for day in found)}."
    said = [days] if found else []
    if unknown:
        said.append(f"The public holidays of {name} are not known for {' and '.join(map(str, unknown))}.")
    return " ".join(said) or f"No public holiday of {name} lies in these months."


def _holidays(plan: Plan) -> tuple[list[datetime.date], list[int]]:
    """The public holidays of the months that are shown, and the years of which they are not known."""
    by_month = {first: holidays_between(plan.host, first, next_month(first) - ONE_DAY) for first in _firsts(plan)}
    found = [day for holidays in by_month.values() for day in holidays or ()]
    return found, [*dict.fromkeys(first.year for first, holidays in by_month.items() if holidays is None)]


def _month(first: datetime.date, plan: Plan, holidays: frozenset[datetime.date]) -> list[str]:
    lines = weeks(first, lambda day: _cell(day, plan, holidays), _CELL, "  ")
    return [f"{first:%B} {first.year}", *(line.rstrip() for line in lines)]


def _cell(day: datetime.date, plan: Plan, holidays: frozenset[datetime.date]) -> str:
    """A day in five characters: its number, marks on both sides for the stay, and one for weekends and holidays."""
    if day == plan.arrival:
        left, right = ARRIVAL
    elif day == plan.departure:
        left, right = DEPARTURE
    else:
        left, right = ON_SITE if plan.arrival < day < plan.departure else ELSEWHEN
    kind = HOLIDAY if day in holidays else WEEKEND if day.weekday() >= 5 else WEEKDAY
    return f"{left}{day.day:>2}{right}{kind}"


def file(plan: Plan) -> bytes:
    """A stay as an all-day event from the day of arrival to the day of departure, for calendar programs.

    The same stay gives the same bytes: its time stamp is the day on which the amount was last checked.
    """
    from uuid import NAMESPACE_URL, uuid5

    from icalendar import Calendar, Event

    verdict = plan.verdict
    trip, rulebook = verdict.trip, verdict.scheme.rulebook
    host = plan.host
    lump_sum = verdict.fact(lump_sum_of)
    assert lump_sum is not None  # of which the plan is payable
    visitor = trip.visitor_country.code if trip.visitor_country else ""
    same = "/".join((rulebook.name, visitor, host.code, str(plan.arrival), str(plan.departure)))
    basis = "" if plan.payable.basis == "published" else ", inferred"
    event = Event()
    event.add("uid", f"{uuid5(NAMESPACE_URL, f'cxc:plan/{same}')}@cxc")
    event.add("dtstamp", datetime.datetime.combine(lump_sum.checked, datetime.time(), datetime.UTC))
    event.add("dtstart", plan.arrival)
    event.add("dtend", plan.departure + ONE_DAY)  # exclusive
    event.add("summary", f"{rulebook.scheme.name} visit to {host.name} (EUR {plan.payable.amount:.2f}{basis})")
    event.add("location", host.name)
    said = (
        f"Travel days {plan.arrival} and {plan.departure}; {days_counted(verdict)}.",
        f"{euros(plan.payable)}, by the rulebook {rulebook.name}.",
        one_sentence(assumptions([verdict], rulebook)),
        *verdict.notices,
    )
    event.add("description", "\n".join(said))
    calendar = Calendar()
    calendar.add("prodid", f"-//cxc//{rulebook.scheme.name} visit//EN")
    calendar.add("version", "2.0")
    calendar.add_component(event)
    return bytes(calendar.to_ical())
