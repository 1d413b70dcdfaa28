"""The facts that rules may read: what a trip states, and what is computed from it, once.

Names and free text are no facts. Each fact takes few values, so whatever a rule answers can be listed or remembered.
"""

from typing import NamedTuple

from cxc import public_holidays
from cxc.countries import Country, LumpSum
from cxc.scheme import Scheme
from cxc.stay import Stay, days_on_site, days_past_longest, weekdays, working_days
from cxc.trip import NO_MEMBER, Trip
from cxc.visits import Recollection


class StayFacts(NamedTuple):
    """What the dates come to.

    days_on_site       days between the travel days
    weekdays           those that are neither Saturday nor Sunday
    working_days       the working days among them; None where the holidays are not known
    holidays_known     whether the table has the host country's holidays of these years; None where no host is stated
    days_past_longest  days by which the last day on site is past the longest stay, 0 where it is not
    lump_sum           the host country's lump sum on the day of arrival; None where none is known
    """

    days_on_site: int | None
    weekdays: int | None
    working_days: int | None
    holidays_known: bool | None
    days_past_longest: int | None
    lump_sum: LumpSum | None


def stay_facts(stay: Stay | None, host_country: Country | None, longest_stay_months: int) -> StayFacts:
    """The facts of a stay in a country; None for what is not stated."""
    lump_sum = host_country.lump_sum(stay.arrival if stay else None) if host_country else None
    if stay is None:
        return StayFacts(None, None, None, None, None, lump_sum)
    days, most = days_on_site(stay), weekdays(stay)
    past = days_past_longest(stay, longest_stay_months)
    if host_country is None:
        return StayFacts(days, most, None, None, past, None)
    holidays = public_holidays.between(host_country.code, stay.first, stay.last)
    working = None if holidays is None else working_days(stay, holidays)
    return StayFacts(days, most, working, holidays is not None, past, lump_sum)


def facts_of(trip: Trip, scheme: Scheme, recollection: Recollection) -> dict[str, object]:
    """Every fact of a trip, by the name that rules ask for it; None for what is not stated."""
    months = scheme.rulebook.limits["longest_stay_months"]
    assert isinstance(months, int)
    return {
        "visitor_country": trip.visitor_country,
        "visitor_type": trip.visitor_type,
        "visitor_member": member(trip.visitor_cluster),
        "host_country": trip.host_country,
        "host_type": trip.host_type,
        "host_member": member(trip.host_cluster),
        **stay_facts(trip.stay, trip.host_country, months)._asdict(),
        "distance_km": trip.distance_km,
        "travellers": trip.travellers,
        "activity": trip.activity,
        "third_country_national": trip.third_country_national,
        "residence_days": trip.residence_days,
        "business_there": trip.business_there,
        "earlier_visits": recollection.kind,
    }


def member(cluster: str | None) -> bool | None:
    """Whether an organisation is a member of a cluster, from what its cluster field states; None: not stated."""
    return None if cluster is None else cluster != NO_MEMBER
