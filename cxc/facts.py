"""The facts that rules may read: what a trip states, and what is computed from it, once.

Names and free text are no facts. Each fact takes few values, so whatever a rule answers can be listed or remembered.
"""

from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from cxc import public_holidays
from cxc.countries import Country, LumpSum
from cxc.remarks import is_in_doubt
from cxc.rulebook import Rulebook
from cxc.scheme import Scheme
from cxc.stay import ONE_DAY, Stay, days_on_site, days_past_longest, weekdays
from cxc.trip import MEMBER_UNNAMED, NO_MEMBER, Trip
from cxc.visits import Recollection

if TYPE_CHECKING:
    from cxc.places import Place


class Facts(NamedTuple):
    """Every fact by the name that rules ask for it; None for what is not stated. Computed are:

    visitor_member, host_member  whether an organisation is a member of a cluster
    visitor_cluster_in_doubt, host_cluster_in_doubt  whether what is taken as the name of its cluster may be a remark;
                       no rule reads it, a notice says so
    worked_out_km      the distance between the places of the two in km, as the crow flies; None unless both are stated
    never_near         whether the two countries are nowhere near each other; None unless both are stated
    days_on_site       days between the travel days
    weekdays           those that are neither Saturday nor Sunday
    working_days       the working days among them; None where the holidays are not known
    holidays_known     whether the table has the host country's holidays of these years; None where no host is stated
    days_past_longest  days by which the last day on site is past the longest stay, 0 where it is not
    short_stay         whether the days that count are too few for the full sum; None where that is not known
    lump_sum           the host country's lump sum on the day of arrival; None where none is known
    earlier_visits     what the memory of visits tells
    """

    visitor_country: Country | None = None
    visitor_type: str | None = None
    visitor_member: bool | None = None
    visitor_cluster_in_doubt: bool = False
    host_country: Country | None = None
    host_type: str | None = None
    host_member: bool | None = None
    host_cluster_in_doubt: bool = False
    distance_km: Decimal | None = None
    worked_out_km: int | None = None
    never_near: bool | None = None
    travellers: int | None = None
    activity: tuple[str, ...] | None = None
    third_country_national: bool | None = None
    residence_days: int | None = None
    business_there: bool | None = None
    days_on_site: int | None = None
    weekdays: int | None = None
    days_past_longest: int | None = None
    working_days: int | None = None
    holidays_known: bool | None = None
    short_stay: bool | None = None
    lump_sum: LumpSum | None = None
    earlier_visits: str = "no-history"


def worked_out_km(trip: Trip) -> int | None:
    """The distance between the places of visitor and host in km, as the crow flies; None unless both are stated."""
    if trip.visitor_place is None or trip.host_place is None:
        return None
    from cxc.places import great_circle_km

    return round(great_circle_km(*places(trip)))


def places(trip: Trip) -> tuple["Place", "Place"]:
    """The places of visitor and host, where both are stated."""
    from cxc.places import place_in

    assert trip.visitor_place is not None
    assert trip.host_place is not None
    visitor, host = (country.code if country else None for country in (trip.visitor_country, trip.host_country))
    return place_in(trip.visitor_place, visitor), place_in(trip.host_place, host)


def never_near(visitor: Country | None, host: Country | None, rulebook: Rulebook) -> bool | None:
    """Whether two countries are so far apart that no two of their places are near; None unless both are stated."""
    if visitor is None or host is None:
        return None
    from cxc import near_countries

    return near_countries.never_near(visitor.code, host.code, rulebook.near_below_km)


class DayFacts(NamedTuple):
    """What the dates of a stay come to, wherever it is."""

    days_on_site: int | None
    weekdays: int | None
    days_past_longest: int | None


class PlaceFacts(NamedTuple):
    """What the dates of a stay come to in a country."""

    working_days: int | None
    holidays_known: bool | None
    short_stay: bool | None
    lump_sum: LumpSum | None


def facts_of(trip: Trip, scheme: Scheme, recollection: Recollection) -> Facts:
    """Every fact of a trip."""
    days = day_facts(trip.stay, scheme.rulebook)
    place = place_facts(trip.stay, days, trip.host_country, scheme.rulebook)
    return Facts(
        trip.visitor_country,
        trip.visitor_type,
        member(trip.visitor_cluster),
        cluster_in_doubt(trip.visitor_cluster),
        trip.host_country,
        trip.host_type,
        member(trip.host_cluster),
        cluster_in_doubt(trip.host_cluster),
        trip.distance_km,
        worked_out_km(trip),
        never_near(trip.visitor_country, trip.host_country, scheme.rulebook),
        trip.travellers,
        trip.activity,
        trip.third_country_national,
        trip.residence_days,
        trip.business_there,
        days.days_on_site,
        days.weekdays,
        days.days_past_longest,
        place.working_days,
        place.holidays_known,
        place.short_stay,
        place.lump_sum,
        recollection.kind,
    )


def day_facts(stay: Stay | None, rulebook: Rulebook) -> DayFacts:
    """What the dates come to."""
    if stay is None:
        return DayFacts(None, None, None)
    return DayFacts(days_on_site(stay), weekdays(stay), days_past_longest(stay, rulebook.longest_stay_months))


def place_facts(stay: Stay | None, days: DayFacts, host_country: Country | None, rulebook: Rulebook) -> PlaceFacts:
    """What the dates come to in the host country."""
    lump_sum = host_country.lump_sum(stay.arrival if stay else None) if host_country else None
    if stay is None or host_country is None:
        return PlaceFacts(None, None, short_stay(days, None, rulebook), lump_sum)
    working = working_days(host_country.code, stay)
    return PlaceFacts(working, working is not None, short_stay(days, working, rulebook), lump_sum)


def short_stay(days: DayFacts, working: int | None, rulebook: Rulebook) -> bool | None:
    """Whether the days that count are below those for the full sum; so they are where even the weekdays are.

    None where that is not known.
    """
    full = rulebook.full_sum_days
    if rulebook.counts_all_days or days.days_on_site is None or days.weekdays is None:
        return None if days.days_on_site is None else days.days_on_site < full
    if working is not None:
        return working < full
    return True if days.weekdays < full else None


def working_days(country: str, stay: Stay) -> int | None:
    """The working days of a stay in a country; None where its public holidays are not known.

    >>> import datetime
    >>> ascension = Stay.on_site(datetime.date(2023, 5, 15), datetime.date(2023, 5, 19))
    >>> working_days("AT", ascension), working_days("PT", ascension), working_days("US", ascension)
    (4, 5, None)
    """
    count = 0
    for year, before, until in years_of(stay):
        counts = working_days_of_year(country, year)
        if counts is None:
            return None
        count += counts[until] - counts[before]
    return count


def years_of(stay: Stay) -> tuple[tuple[int, int, int], ...]:
    """The years of a stay on site, each with the days of the year that lie before it, and up to its end (-1: all).

    >>> import datetime
    >>> years_of(Stay.on_site(datetime.date(2023, 12, 29), datetime.date(2024, 1, 3)))
    ((2023, 362, -1), (2024, 0, 3))
    """
    first, last = stay.first, stay.last
    before = first.timetuple().tm_yday - 1
    if last < first:  # nobody is on site
        return ((first.year, before, before),)
    if first.year == last.year:
        return ((first.year, before, last.timetuple().tm_yday),)
    whole = [(year, 0, -1) for year in range(first.year + 1, last.year)]
    return ((first.year, before, -1), *whole, (last.year, 0, last.timetuple().tm_yday))


@cache
def working_days_of_year(country: str, year: int) -> tuple[int, ...] | None:
    """How many working days a country has from New Year to each day of a year, from none on; None: not known."""
    import datetime

    holidays = public_holidays.in_year(country, year)
    if holidays is None:
        return None
    day, counts = datetime.date(year, 1, 1), [0]
    while day.year == year:
        counts.append(counts[-1] + (day.weekday() < 5 and day not in holidays))
        day += ONE_DAY
    return tuple(counts)


def member(cluster: str | None) -> bool | None:
    """Whether an organisation is a member of a cluster, from what its cluster field states; None: not stated."""
    return None if cluster is None else cluster != NO_MEMBER


def cluster_in_doubt(cluster: str | None) -> bool:
    """Whether what is taken as the name of a cluster may be a remark."""
    return cluster not in (None, NO_MEMBER, MEMBER_UNNAMED) and is_in_doubt(cluster)
