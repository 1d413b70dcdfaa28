"""The facts that rules may read: what follows from what a trip states, a function each.

A fact is a pure function whose parameters are, by name, what it reads: fields of a trip (`cxc.trip`), other facts,
limits of the rulebook (`cxc.scheme`). Names and free text are no facts. Each takes few values, so whatever a rule
answers can be listed or remembered. What cannot be read, such as dates that disagree, is `NOTHING_READ`.
"""

import datetime
from bisect import bisect_right
from collections.abc import Callable
from decimal import Decimal
from typing import TYPE_CHECKING, Final, NamedTuple, TypeVar

from cxc.errors import UnknownPlace
from cxc.resolver import NOTHING_READ, Unreadable, asked_of_each
from cxc.scheme import public_holidays
from cxc.scheme.countries import Country, LumpSum
from cxc.text import fold
from cxc.trip.reader import dates_that_disagree, papers_in_disorder
from cxc.trip.remarks import is_in_doubt
from cxc.trip.stay import Stay
from cxc.trip.stay import days_on_site as days_between
from cxc.trip.stay import days_past_longest as days_past
from cxc.trip.stay import weekdays as weekdays_between
from cxc.trip.texts import MEMBER_UNNAMED, NO_MEMBER

if TYPE_CHECKING:
    from cxc.trip.places import Place

Function = TypeVar("Function", bound=Callable[..., object])

FACTS: Final[dict[str, Callable[..., object]]] = {}


def fact(function: Function) -> Function:
    """A fact, by the name of its function."""
    FACTS[function.__name__] = function
    return function


def member(cluster: str | None) -> bool | None:
    """Whether an organisation is a member of a cluster, from what its cluster field states; None: not stated."""
    return None if cluster is None else cluster != NO_MEMBER


def cluster_known(cluster: str | None, clusters_known: frozenset[str]) -> bool | None:
    """Whether a cluster is one of those that the partnership knows; None: no cluster, or none that is named."""
    return None if cluster in (None, NO_MEMBER, MEMBER_UNNAMED) else fold(str(cluster)) in clusters_known


def in_doubt(cluster: str | None) -> bool:
    """Whether what is taken as the name of a cluster may be a remark."""
    return cluster is not None and cluster not in (NO_MEMBER, MEMBER_UNNAMED) and is_in_doubt(cluster)


@fact
def visitor_member(visitor_cluster: str | None) -> bool | None:
    """Whether the visitor is a member of a cluster; None: not stated."""
    return member(visitor_cluster)


@fact
def host_member(host_cluster: str | None) -> bool | None:
    """Whether the host is a member of a cluster; None: not stated."""
    return member(host_cluster)


@fact
def visitor_cluster_known(visitor_cluster: str | None, clusters_known: frozenset[str]) -> bool | None:
    """Whether the visitor's cluster is one that the partnership knows; None: no cluster, or none that is named."""
    return cluster_known(visitor_cluster, clusters_known)


@fact
def host_cluster_known(host_cluster: str | None, clusters_known: frozenset[str]) -> bool | None:
    """The same of the host's."""
    return cluster_known(host_cluster, clusters_known)


@fact
def stay(
    arrival: datetime.date | None,
    departure: datetime.date | None,
    first_day: datetime.date | None,
    last_day: datetime.date | None,
) -> Stay | Unreadable | None:
    """The stay that the dates give; None where none are stated."""
    if arrival and departure and arrival <= departure and not (first_day or last_day):  # as nearly all are
        return Stay.between(arrival, departure)
    if dates_that_disagree(arrival, departure, first_day, last_day):
        return NOTHING_READ
    return Stay.stated(arrival, departure, first_day, last_day)


@fact
def arrival_day(stay: Stay | None) -> datetime.date | None:
    """The day of arrival; the one before the first day on site where only the days on site are stated."""
    return None if stay is None else stay.arrival


@fact
def days_past_longest(stay: Stay | None, longest_stay_months: int) -> int | None:
    """The days by which the last day on site is past the longest stay, 0 where it is not; None without dates."""
    return None if stay is None else days_past(stay, longest_stay_months)


UNCOVERED: Final = -1  # in place of a number of holidays, where the table does not cover the year


@fact
def calendar(host_country: Country | None) -> public_holidays.OnWeekdays | None:
    """The public holidays of the host country that are weekdays."""
    return None if host_country is None else public_holidays.on_weekdays(host_country.code)


@fact
def day_before(stay: Stay | None) -> int | None:
    """The ordinal of the day before the first day on site."""
    return None if stay is None else stay.first.toordinal() - 1


@fact
def last_day_present(stay: Stay | None) -> int | None:
    """The ordinal of the last day on site; of the first where nobody is on site."""
    return None if stay is None else max(stay.first, stay.last).toordinal()


@fact
@asked_of_each
def holidays_before(calendar: public_holidays.OnWeekdays | None, day_before: int | None) -> int | None:
    """The public holidays on weekdays that the table of the host country has before the first day on site.

    None where the country or the dates are not stated; -1 where the table does not cover the year.
    """
    if calendar is None or day_before is None:
        return None
    weekday_holidays, first, last = calendar
    return bisect_right(weekday_holidays, day_before) if first <= day_before + 1 <= last else UNCOVERED


@fact
@asked_of_each
def holidays_until(calendar: public_holidays.OnWeekdays | None, last_day_present: int | None) -> int | None:
    """The same to the end of the last day on site."""
    if calendar is None or last_day_present is None:
        return None
    weekday_holidays, first, last = calendar
    return bisect_right(weekday_holidays, last_day_present) if first <= last_day_present <= last else UNCOVERED


class CountedDays(NamedTuple):
    """The days of a stay, as each rulebook may count them; None without dates.

    `working_days` is None, and `holidays_known` False, where the host country's holidays of these years are not known;
    both are None where no host country is stated.
    """

    days_on_site: int | None
    weekdays: int | None
    working_days: int | None
    holidays_known: bool | None


@fact
def days_of_stay(stay: Stay | None) -> tuple[int, int] | None:
    """The days between the travel days, and those among them that are neither Saturday nor Sunday."""
    return None if stay is None else (days_between(stay), weekdays_between(stay))


@fact
def counted_days(
    days_of_stay: tuple[int, int] | None, holidays_before: int | None, holidays_until: int | None
) -> CountedDays:
    """The days of a stay, counted."""
    if days_of_stay is None:
        return CountedDays(None, None, None, None)
    days, weekdays = days_of_stay
    if holidays_before is None or holidays_until is None:
        return CountedDays(days, weekdays, None, None)
    if UNCOVERED in (holidays_before, holidays_until):
        return CountedDays(days, weekdays, None, False)
    return CountedDays(days, weekdays, weekdays - (holidays_until - holidays_before) if weekdays else 0, True)


def days_counted_in(host_country: Country | None, stay: Stay) -> CountedDays:
    """The days of a stay in a country, counted."""
    days = calendar(host_country)
    before, until = holidays_before(days, day_before(stay)), holidays_until(days, last_day_present(stay))
    return counted_days(days_of_stay(stay), before, until)


@fact
def days_on_site(counted_days: CountedDays) -> int | None:
    """The days between the travel days."""
    return counted_days.days_on_site


@fact
def weekdays(counted_days: CountedDays) -> int | None:
    """Those that are neither Saturday nor Sunday."""
    return counted_days.weekdays


@fact
def working_days(counted_days: CountedDays) -> int | None:
    """The working days among them; None where the holidays are not known."""
    return counted_days.working_days


@fact
def holidays_known(counted_days: CountedDays) -> bool | None:
    """Whether the table has the host country's holidays of these years; None where no host or no dates are stated."""
    return counted_days.holidays_known


@fact
def short_stay(
    days_on_site: int | None, weekdays: int | None, working_days: int | None, day_counting: str, full_sum_days: int
) -> bool | None:
    """Whether the days that count are below those for the full sum; so they are where even the weekdays are.

    None where that is not known.
    """
    if day_counting == "all-days" or days_on_site is None or weekdays is None:
        return None if days_on_site is None else days_on_site < full_sum_days
    if working_days is not None:
        return working_days < full_sum_days
    return True if weekdays < full_sum_days else None


@fact
def lump_sums_since(
    arrival_day: datetime.date | None, lump_sums_change: tuple[datetime.date, ...]
) -> datetime.date | None:
    """The last day until the day of arrival on which any country's lump sum changed; None without dates.

    So a lump sum is looked up for each period and country, not for each day.
    """
    if arrival_day is None:
        return None
    changes = bisect_right(lump_sums_change, arrival_day)
    return lump_sums_change[changes - 1] if changes else datetime.date.min


@fact
def lump_sum(host_country: Country | None, lump_sums_since: datetime.date | None) -> LumpSum | None:
    """The host country's lump sum on the day of arrival, the newest without dates; None where none is known."""
    return host_country.lump_sum(lump_sums_since) if host_country else None


@fact
def never_near(visitor_country: Country | None, host_country: Country | None, near_below_km: int) -> bool | None:
    """Whether two countries are so far apart that no two of their places are near; None unless both are stated."""
    if visitor_country is None or host_country is None:
        return None
    from cxc.scheme import near_countries

    return near_countries.never_near(visitor_country.code, host_country.code, near_below_km)


@fact
def distance_stated(distance_km: Decimal | None) -> bool:
    """Whether the distance is stated, whatever it is."""
    return distance_km is not None


@fact
def visitor_at(visitor_place: str | None, visitor_country: Country | None) -> "Place | Unreadable | None":
    """The place of the visitor."""
    return _place(visitor_place, visitor_country)


@fact
def host_at(host_place: str | None, host_country: Country | None) -> "Place | Unreadable | None":
    """The place of the host."""
    return _place(host_place, host_country)


def _place(text: str | None, country: Country | None) -> "Place | Unreadable | None":
    if text is None:
        return None
    from cxc.trip.places import place_in

    try:
        return place_in(text, country.code if country else None)
    except UnknownPlace:
        return NOTHING_READ


@fact
def worked_out_km(visitor_at: "Place | None", host_at: "Place | None") -> int | None:
    """The distance between the places of the two in km, as the crow flies; None unless both are stated."""
    if visitor_at is None or host_at is None:
        return None
    from cxc.trip.places import great_circle_km

    return round(great_circle_km(visitor_at, host_at))


class Approval(NamedTuple):
    """What the partnership has approved: codes of rules, by whom, and when."""

    codes: tuple[str, ...]
    by: str
    on: datetime.date


@fact
def approval(
    approved: tuple[str, ...] | None,
    approved_by: str | None,
    approved_on: datetime.date | None,
    today: datetime.date | None,
) -> Approval | Unreadable | None:
    """What the partnership has approved; None where nothing is."""
    if not approved:
        return None
    if approved_by is None or approved_on is None or (today is not None and approved_on > today):
        return NOTHING_READ
    return Approval(approved, approved_by, approved_on)


@fact
def last_day_on_site(stay: Stay | None) -> datetime.date | None:
    """The last day on site; None without dates."""
    return None if stay is None else stay.last


@fact
def papers(
    stay: Stay | None,
    commitment_signed: datetime.date | None,
    agreement_signed: datetime.date | None,
    report_validated: datetime.date | None,
    paid_on: datetime.date | None,
    paid_eur: Decimal | None,
    today: datetime.date | None,
) -> Unreadable | None:
    """Nothing, or that the days of papers and of payment cannot be. Asked at the stage of payment alone."""
    days = commitment_signed, agreement_signed, report_validated, paid_on
    return NOTHING_READ if papers_in_disorder(stay, days, paid_eur, today) else None
