"""Dates that meet the rules: every stay in a window of days, the best first, or why there is none.

Nothing is decided here: a stay is listed where the verdict on it is eligible, at the amount of that verdict. The host
is taken to be a member of a cluster, and what a verdict assumes is assumed here, too.
"""

import datetime
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from itertools import islice
from typing import Final, NamedTuple

from cxc.advice.estimate import assumptions, cluster_assumed, counted, days_that_count, notices, reasons, verdict_on
from cxc.conclusions import ELIGIBLE, NOT_ELIGIBLE, UNDECIDED, Payable
from cxc.scheme import public_holidays
from cxc.scheme.countries import Country
from cxc.trip.reader import Trip
from cxc.trip.stay import ONE_DAY
from cxc.verdict import Verdict, Verdicts

MOST_DAYS: Final = 731  # of a window: two years, with a leap day
FARTHEST: Final = 366  # days around a window in which the nearest one that would do is looked for


class Window(NamedTuple):
    """The first possible arrival and the last possible departure, both travel days.

    `days` asks for stays of exactly so many days, as the rulebook counts them.
    """

    earliest: datetime.date
    latest: datetime.date
    days: int | None = None


class Plan(NamedTuple):
    """A stay that meets the rules: its two travel days, and the verdict on it, which is eligible."""

    arrival: datetime.date
    departure: datetime.date
    verdict: Verdict

    @property
    def nights(self) -> int:
        """The nights from the arrival to the departure."""
        return (self.departure - self.arrival).days

    @property
    def payable(self) -> Payable:
        """What is payable."""
        payable = self.verdict.payable
        assert payable is not None
        return payable

    @property
    def host(self) -> Country:
        """The country of the host."""
        country = self.verdict.trip.host_country
        assert country is not None
        return country

    @property
    def holds(self) -> bool:
        """Whether the stay brings the same if only working days count, as ECCP has it."""
        return self.verdict.in_working_days is None

    @property
    def holidays(self) -> tuple[datetime.date, ...] | None:
        """The host country's public holidays among the days on site; None where they are not known."""
        return holidays_between(self.host, self.arrival + ONE_DAY, self.departure - ONE_DAY)


class Plans(NamedTuple):
    """The stays in a window that meet the rules, the best first: by the amount, the highest first, then fewer nights,
    then those that bring the same if only working days count, then earlier.

    Where there is none, `reason` says why, `undecided` whether something open stands in the way, and `nearest` is the
    nearest window that has one, with its best stay, or None. `left_out` is a sentence on stays that are undecided, if
    there are any beside eligible ones.
    """

    verdicts: Verdicts
    trip: Trip
    window: Window
    plans: tuple[Plan, ...]
    reason: str | None = None
    undecided: bool = False
    nearest: tuple[Window, Plan] | None = None
    left_out: str | None = None

    def safer(self, most: int | None) -> tuple[int, Plan] | None:
        """The place, from 1, and the first stay that brings the same if only working days count, where none of the
        best so many does; else None.
        """
        found = next(((place, plan) for place, plan in enumerate(self.plans, 1) if plan.holds), None)
        return None if found is None or most is None or found[0] <= most else found

    def said(self, most: int | None) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """The assumptions and the notices of the best so many plans (None: of all)."""
        shown = self.plans[:most]
        labelled = [(f"{plan.arrival} to {plan.departure}", plan.verdict) for plan in shown]
        left_out = () if self.left_out is None else (self.left_out,)
        return assumptions([plan.verdict for plan in shown], self.verdicts.scheme.rulebook), (
            *left_out,
            *notices(labelled),
        )


def plan(verdicts: Verdicts, trip: Trip, window: Window) -> Plans:
    """The stays in a window that meet the rules, for a trip with its host country, and the visitor's if it is known.

    >>> from cxc.scheme.loading import load_scheme
    >>> scheme = load_scheme()
    >>> window = Window(datetime.date(2023, 5, 14), datetime.date(2023, 5, 20))
    >>> found = plan(Verdicts(scheme), Trip(host_country=scheme.countries.find("PT")), window).plans
    >>> [(str(plan.arrival), str(plan.departure), str(plan.payable.amount)) for plan in found][:2]
    [('2023-05-14', '2023-05-20', '780.00'), ('2023-05-14', '2023-05-18', '390.00')]
    """
    trip = trip._replace(host_cluster=cluster_assumed(verdicts.scheme.rulebook))
    seen = list(_stays(verdicts, trip, window.earliest, window.latest))
    plans = sorted(_eligible(seen, window.days), key=_rank)
    if plans:
        return Plans(verdicts, trip, window, tuple(plans), left_out=_left_out(seen, window.days))
    reason, undecided, dates_matter = _reason(verdicts, trip, window, seen)
    return Plans(
        verdicts, trip, window, (), reason, undecided, _nearest(verdicts, trip, window) if dates_matter else None
    )


Seen = tuple[datetime.date, datetime.date, Verdict]


def _stays(verdicts: Verdicts, trip: Trip, earliest: datetime.date, latest: datetime.date) -> Iterator[Seen]:
    """The verdict on every stay in a window, up to the first that is too long for each arrival."""
    for arrival in _days(earliest, latest):
        yield from _longer(verdicts, trip, ((arrival, departure) for departure in _days(arrival, latest)))


def _days(first: datetime.date, last: datetime.date) -> Iterator[datetime.date]:
    """The days from one to another, both included, also where the other lies before it."""
    step = ONE_DAY if first <= last else -ONE_DAY
    for place in range(abs((last - first).days) + 1):
        yield first + place * step


def _longer(verdicts: Verdicts, trip: Trip, stays: Iterable[tuple[datetime.date, datetime.date]]) -> Iterator[Seen]:
    """The verdict on stays by arrival and departure, each longer than the one before, up to the first too long."""
    rest = iter(stays)
    while some := list(islice(rest, TOGETHER)):
        for (arrival, departure), verdict in zip(some, verdicts.at_dates(trip, some), strict=True):
            yield arrival, departure, verdict
            if verdict.fact("days_past_longest"):
                return


TOGETHER: Final = 40  # stays that are judged at once: about as many as one arrival has, up to the first too long


def _eligible(seen: Iterable[Seen], days: int | None) -> Iterator[Plan]:
    for arrival, departure, verdict in seen:
        if verdict.outcome == ELIGIBLE and days in (None, days_that_count(verdict)):
            yield Plan(arrival, departure, verdict)


def _rank(plan: Plan) -> tuple[Decimal, int, bool, datetime.date]:
    return -plan.payable.amount, plan.nights, not plan.holds, plan.arrival


def holidays_between(country: Country, first: datetime.date, last: datetime.date) -> tuple[datetime.date, ...] | None:
    """The public holidays of a country from one day to another, both included; None where they are not known.

    >>> from cxc.scheme.countries import load_countries
    >>> austria = load_countries().find("AT")
    >>> [str(day) for day in holidays_between(austria, datetime.date(2023, 5, 1), datetime.date(2023, 5, 19))]
    ['2023-05-01', '2023-05-18']
    """
    found: list[datetime.date] = []
    for year in range(first.year, last.year + 1):
        holidays = public_holidays.in_year(country.code, year)
        if holidays is None:
            return None
        found += sorted(day for day in holidays if first <= day <= last)
    return tuple(found)


def _asked_for(verdict: Verdict, days: int | None) -> bool:
    """Whether a stay has, or may have, the number of days that is asked for."""
    found = days_that_count(verdict)
    return days is None or found is None or found == days


def _left_out(seen: Iterable[Seen], days: int | None) -> str | None:
    """A sentence on the stays that are undecided beside others that are eligible."""
    undecided = [verdict for _, _, verdict in seen if verdict.outcome == UNDECIDED and _asked_for(verdict, days)]
    if not undecided:
        return None
    stays = "1 stay of the window is" if len(undecided) == 1 else f"{len(undecided)} stays of the window are"
    return f"{stays} undecided, so not listed: {reasons(undecided[0])[0]}"


def _reason(verdicts: Verdicts, trip: Trip, window: Window, seen: Sequence[Seen]) -> tuple[str, bool, bool]:
    """Why no stay of a window meets the rules, whether something undecided is why, and whether other dates could."""
    if window.days is not None:
        whatever_dates = verdict_on(verdicts, trip, window.days)
        if whatever_dates.outcome == NOT_ELIGIBLE:
            return f"{' '.join(reasons(whatever_dates))} {_NO_OTHER_DATES}", False, False
    where = f"from {window.earliest} to {window.latest}"
    asked = [found for found in seen if _asked_for(found[2], window.days)]
    arrival, departure, verdict = min(asked or seen, key=_how_far)
    other_dates = verdicts.resolver.under({"stay": None})
    whatever = [f for f in verdict.findings if f.outcome in ("fail", "unknown") and not other_dates.depends(f.code)]
    if whatever:
        refused = any(finding.outcome == "fail" for finding in whatever)
        return f"{' '.join(finding.message for finding in whatever)} {_NO_OTHER_DATES}", not refused, False
    if not asked:
        assert window.days is not None
        return f"No stay {where} has {counted(window.days, verdicts.scheme.rulebook)}.", False, True
    stay, why = f"{arrival} to {departure}", " ".join(reasons(verdict))
    if verdict.outcome == UNDECIDED:
        return f"No stay {where} can be promised. The best of them, {stay}, is undecided: {why}", True, True
    return f"No stay {where} meets the rules. The one that comes closest is {stay}: {why}", False, True


_NO_OTHER_DATES: Final = "Other dates do not change that."


def _how_far(found: Seen) -> tuple[bool, int, int, int, datetime.date]:
    """How far a stay is from being eligible; of several as far, the longest comes first, then the earliest."""
    arrival, departure, verdict = found
    nights = (departure - arrival).days
    return verdict.outcome == NOT_ELIGIBLE, len(verdict.decisive), -(days_that_count(verdict) or 0), -nights, arrival


def _nearest(verdicts: Verdicts, trip: Trip, window: Window) -> tuple[Window, Plan] | None:
    """The window with a stay that takes the fewest days more, behind or before; None where none is near."""
    for more in range(1, FARTHEST + 1):
        later = window._replace(latest=window.latest + more * ONE_DAY)
        earlier = window._replace(earliest=window.earliest - more * ONE_DAY)
        ending = ((arrival, later.latest) for arrival in _days(later.latest, window.earliest))
        beginning = ((earlier.earliest, departure) for departure in _days(earlier.earliest, window.latest))
        for wider, stays in ((later, ending), (earlier, beginning)):
            plans = sorted(_eligible(_longer(verdicts, trip, stays), window.days), key=_rank)
            if plans:
                return wider, plans[0]
    return None
