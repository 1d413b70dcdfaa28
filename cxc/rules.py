"""The rules, one function each, in the order of their codes.

A rule is a table: a pure function whose parameters are, by name, the facts it reads (`cxc.facts`) and the limits of the
rulebook (`cxc.scheme`). Nothing else reaches it. It answers with one sentence for a facilitator and never refers to
another rule. What a rule says, why, and where that stands is data: the `rules` of a rulebook.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Final, NamedTuple, TypeVar

from cxc.resolver import reads
from cxc.text import HALF_PERCENT, listed, months, reduced
from cxc.vocabulary import PROOFS_OF_STAY, PROOFS_OF_TRAVEL, EarlierVisits, FindingOutcome, Stage

if TYPE_CHECKING:
    from cxc.scheme.countries import Country, LumpSum


class Answer(NamedTuple):
    """What a rule says of a trip.

    `outcome` is pass, fail, unknown, assumed, applies or not-applicable. `needed` names the facts whose statement
    would settle an answer that is unknown or assumed. `ask` is what to ask of the partnership where it alone can settle
    an unknown answer, by approving it; the message ends with it. `values` holds the figures behind the sentence,
    `sources` addresses beside those of the rulebook.
    """

    outcome: FindingOutcome
    message: str
    values: Mapping[str, object] = {}
    needed: tuple[str, ...] = ()
    ask: str = ""
    sources: tuple[str, ...] = ()


class Rule(NamedTuple):
    """A rule: its code, its name, the function that answers, facts that show one answer, and from when it is asked.

    In examples a country is stated by its code. A rule of the `stage` of payment is asked at that stage alone.
    """

    code: str
    name: str
    function: Callable[..., Answer]
    example: Mapping[str, object]
    stage: Stage = "proposal"

    @property
    def reads(self) -> tuple[str, ...]:
        """The names of the facts and limits that the rule reads."""
        return reads(self.function)


_RULES: Final[list[Rule]] = []
Function = TypeVar("Function", bound=Callable[..., Answer])


def rule(code: str, name: str, stage: Stage = "proposal", **example: object) -> Callable[[Function], Function]:
    """A rule by its code and its name, with facts that show one answer, and the stage from which on it is asked."""

    def registering(function: Function) -> Function:
        _RULES.append(Rule(code, name, function, example, stage))
        return function

    return registering


def _ask(
    unclear: str,
    values: Mapping[str, object],
    question: str = "Ask the partnership.",
    sources: tuple[str, ...] = (),
) -> Answer:
    return Answer("unknown", f"{unclear} {question}", values, needed=("approved",), ask=question, sources=sources)


def _unknown(message: str, *needed: str, **values: object) -> Answer:
    return Answer("unknown", message, values, needed=needed)


def _assumed(message: str, *needed: str, **values: object) -> Answer:
    return Answer("assumed", message, values, needed=needed)


@rule("CXC101", "visitor-country", visitor_country="NO")
def visitor_country(visitor_country: Country | None, programme: str) -> Answer:
    """The visitor is registered in a country that takes part in the scheme's programme.

    >>> from cxc.scheme.countries import load_countries
    >>> country = load_countries().find
    >>> [visitor_country(country(code), programme="COSME").outcome for code in ("RO", "NO")]
    ['pass', 'fail']
    """
    if visitor_country is None:
        return _assumed(f"The visitor comes from a country that takes part in {programme}.", "visitor_country")
    requirement = "Only a visitor that is registered in a country that takes part can be paid."
    return _participation(visitor_country, programme, requirement)


@rule("CXC102", "host-country", host_country="GB")
def host_country(host_country: Country | None, programme: str) -> Answer:
    """The host is in a country that takes part in the scheme's programme.

    >>> from cxc.scheme.countries import load_countries
    >>> country = load_countries().find
    >>> [host_country(country(code), programme="COSME").outcome for code in ("PT", "US")]
    ['pass', 'fail']
    """
    if host_country is None:
        return _unknown("The host country is not stated.", "host_country")
    return _participation(host_country, programme, "Only a visit to a country that takes part can be paid.")


def _participation(country: Country, programme: str, requirement: str) -> Answer:
    values = {"country": country.code, "status": country.status}
    if country.status == "eu-member":
        return Answer("pass", f"{country.name} is a member of the EU.", values, sources=country.sources)
    if country.status == "cosme-associated":
        return Answer("pass", f"{country.name} is associated with COSME.", values, sources=country.sources)
    if country.status == "associated":
        return Answer("pass", f"{country.name} is associated with {programme}.", values, sources=country.sources)
    if country.status == "ask":
        return _ask(country.note or "", values, "Ask the partnership whether it takes part.", country.sources)
    note = country.note or f"{country.name} does not take part in {programme}."
    return Answer("fail", f"{note} {requirement}", values, sources=country.sources)


@rule("CXC103", "abroad", visitor_country="RO", host_country="RO")
def abroad(visitor_country: Country | None, host_country: Country | None) -> Answer:
    """Visitor and host are in two different countries.

    >>> from cxc.scheme.countries import load_countries
    >>> country = load_countries().find
    >>> abroad(country("RO"), country("PT")).outcome, abroad(country("RO"), country("RO")).outcome
    ('pass', 'fail')
    """
    if host_country is None:
        message = "The host country is not stated, so it is not known whether the visit is to another country."
        return _unknown(message, "host_country")
    if visitor_country is None:
        message = f"The visitor does not come from the host country ({host_country.name})."
        return _assumed(message, "visitor_country", host_country=host_country.code)
    values = {"visitor_country": visitor_country.code, "host_country": host_country.code}
    if visitor_country is host_country:
        message = f"Visitor and host are both in {host_country.name}. A visit must be to another country."
        return Answer("fail", message, values)
    return Answer("pass", f"The visit is from {visitor_country.name} to {host_country.name}.", values)


@rule("CXC201", "shortest-stay", days_on_site=2, weekdays=2, working_days=2, holidays_known=True)
def shortest_stay(
    days_on_site: int | None,
    weekdays: int | None,
    working_days: int | None,
    holidays_known: bool | None,
    day_counting: str,
    shortest_stay_days: int,
) -> Answer:
    """The stay is long enough, in days on site or in the working days among them.

    >>> shortest_stay(3, 1, 1, True, "all-days", 3).outcome, shortest_stay(3, 1, 1, True, "working-days", 3).outcome
    ('pass', 'fail')
    """
    least = shortest_stay_days
    days, most = _counted(days_on_site, weekdays, working_days, day_counting)
    if most is None:
        return _unknown("The dates are not stated.", "arrival", "departure", at_least=least)
    if days is None and most >= least:
        return _uncounted(holidays_known, f"at least {_days(least, day_counting)}", at_least=least)
    counted = f"{'' if days is not None else 'at most '}{_days(most, day_counting)}"
    values = {"days": days, "at_least": least}
    if most >= least:
        return Answer("pass", f"The stay has {counted} on site. At least {least} are needed.", values)
    more = _more_days(least - most, day_counting)  # where the days are not known, perhaps more than these
    return Answer(
        "fail",
        f"The stay has {counted} on site. At least {least} are needed, and the days of arrival and departure do not "
        f"count. {f'At least {more[0].lower()}{more[1:]} needed' if days is None else f'{more} enough'}.",
        values,
    )


@rule("CXC202", "longest-stay", days_past_longest=2)
def longest_stay(days_past_longest: int | None, longest_stay_months: int) -> Answer:
    """The last day on site is not past the longest stay, counted in months from the day of arrival.

    >>> longest_stay(0, 1).outcome, longest_stay(1, 1).outcome
    ('pass', 'fail')
    """
    if days_past_longest is None:
        return _unknown("The dates are not stated.", "arrival", "departure", months=longest_stay_months)
    most, values = months(longest_stay_months), {"months": longest_stay_months, "days_too_many": days_past_longest}
    if days_past_longest == 0:
        return Answer("pass", f"The last day on site is at most {most} after the day of arrival.", values)
    message = (
        f"The last day on site is {_days(days_past_longest)} too late. It may be at most {most} after the day of "
        "arrival."
    )
    return Answer("fail", message, values)


@rule("CXC301", "visitor-type", visitor_type="large-company")
def visitor_type(visitor_type: str | None, may_visit: Mapping[str, str]) -> Answer:
    """The visitor is of a type that may visit.

    >>> may_visit = {"sme": "member", "university": "no"}
    >>> visitor_type("sme", may_visit).outcome, visitor_type("university", may_visit).outcome
    ('pass', 'fail')
    """
    return _type(visitor_type, may_visit, "visitor", "visit")


@rule("CXC302", "visitor-membership", visitor_type="sme", visitor_member=False)
def visitor_membership(
    visitor_type: str | None,
    visitor_member: bool | None,
    visitor_cluster_known: bool | None,
    may_visit: Mapping[str, str],
) -> Answer:
    """The visitor is a member of a cluster, if its type requires that.

    Where the partnership lists the clusters that it knows, of one of these (None: none is named); one that is not named
    is assumed to be.

    >>> may_visit = {"sme": "member", "business-network": "yes"}
    >>> [visitor_membership("sme", member, True, may_visit).outcome for member in (True, False)]
    ['pass', 'fail']
    """
    answer = _membership(visitor_type, visitor_member, visitor_cluster_known, may_visit, "visitor", "visit")
    if answer is not None:
        return answer
    if visitor_member:
        return _assumed("The visitor's cluster is one that the partnership knows.", "visitor_cluster")
    which = " that the partnership knows" if visitor_cluster_known is None else ""
    return _assumed(f"The visitor is a member of a cluster{which}, if its type requires that.", "visitor_cluster")


@rule("CXC303", "one-visit", earlier_visits="found")
def one_visit(earlier_visits: EarlierVisits, visits_at_most: int) -> Answer:
    """The organisation has not visited before. `earlier_visits` is what the memory of visits tells (`cxc.visits`).

    >>> one_visit("none-found", 1).outcome, one_visit("found", 1).outcome
    ('pass', 'fail')
    """
    values = {"at_most": visits_at_most}
    often = "only once" if visits_at_most == 1 else f"only {visits_at_most} times"
    if earlier_visits in _UNTOLD:
        why, *missing = _UNTOLD[earlier_visits]
        first = "This is the organisation's first visit"
        few = first if visits_at_most == 1 else f"The organisation has made fewer than {visits_at_most} earlier visits"
        return _assumed(f"{few}{why}.", *missing, **values)
    if earlier_visits == "found":
        return Answer(
            "fail", f"The organisation has visited before. It may visit {often}, but it may still host.", values
        )
    if earlier_visits == "same-name":
        return _ask(
            "An organisation with the same name and country, but with another id, has visited before.",
            values,
            "Ask the partnership whether it is the same organisation.",
        )
    if earlier_visits == "same-trip":
        message = f"The same trip is in another row. The organisation may visit {often}."
        return Answer("fail", message, {**values, "same_trip": True})
    if earlier_visits == "same-trip-undecided":
        return _unknown("The same trip is in another row, which is undecided.", **values, same_trip=True)
    if earlier_visits == "undecided":
        return _unknown("An earlier trip of the same organisation is undecided. Settle that trip first.", **values)
    if earlier_visits == "order-not-known":
        message = (
            "Another trip of the same organisation is known. This trip states no dates, so it is not known which of "
            "the two comes first."
        )
        return _unknown(message, "arrival", "departure", **values)
    if visits_at_most > 1:
        return Answer("pass", f"Fewer than {visits_at_most} earlier visits of the organisation are known.", values)
    return Answer("pass", "No earlier visit of the organisation is known.", values)


_ONLY_AN_ID: Final = " (some earlier visits state only an id, and this trip states no id)"
_ONLY_A_NAME: Final = " (some earlier visits state only a name, and this trip states no name with its country)"
# Where nothing, or not all, can be told of earlier visits: why, and the facts that would tell.
_UNTOLD: Final = {
    "no-history": ("", "history"),
    "no-name": (" (without a visitor_id or a name, it cannot be checked)", "visitor_id"),
    "no-country": (" (from a name without its country, it cannot be checked)", "visitor_country"),
    "id-not-compared": (_ONLY_AN_ID, "visitor_id"),
    "id-not-compared-no-history": (_ONLY_AN_ID, "visitor_id", "history"),
    "name-not-compared": (_ONLY_A_NAME, "visitor", "visitor_country"),
    "name-not-compared-no-history": (_ONLY_A_NAME, "visitor", "visitor_country", "history"),
}


@rule("CXC304", "one-person", travellers=2)
def one_person(travellers: int | None, travellers_at_most: int | None) -> Answer:
    """No more people travel for the visitor than the rulebook allows.

    >>> one_person(1, 1).outcome, one_person(2, 1).outcome
    ('pass', 'fail')
    """
    if travellers_at_most is None:
        return Answer(
            "not-applicable", "The rulebook does not limit the number of travellers.", {"travellers": travellers}
        )
    people = "one person travels" if travellers_at_most == 1 else f"at most {travellers_at_most} people travel"
    if travellers is None:
        return _assumed(f"{people.capitalize()} for the visitor.", "travellers", at_most=travellers_at_most)
    values = {"travellers": travellers, "at_most": travellers_at_most}
    if travellers <= travellers_at_most:
        return Answer("pass", f"{people.capitalize()} for the visitor.", values)
    message = f"{travellers} people travel for the visitor. The rulebook pays only if {people}."
    return Answer("fail", message, values)


@rule("CXC305", "third-country-national", third_country_national=True, residence_days=90, business_there=True)
def third_country_national(
    third_country_national: bool | None,
    residence_days: int | None,
    business_there: bool | None,
    residence_days_at_least: int,
    programme: str,
) -> Answer:
    """A traveller from outside the programme has lived in its countries long enough, and has or plans a business there.

    >>> [third_country_national(True, days, True, 183, "COSME").outcome for days in (183, 90)]
    ['pass', 'fail']
    """
    least = residence_days_at_least
    values = {"residence_days": residence_days, "at_least": least, "business_there": business_there}
    if third_country_national is None:
        return _assumed(f"The traveller is not a national of a country outside {programme}.", "third_country_national")
    if not third_country_national:
        return Answer("pass", f"The traveller is not a national of a country outside {programme}.")
    both = (
        f"A national of a country outside {programme} must have spent {least} days in a {programme} country with a "
        f"residence permit, and have started a business in that {programme} country or plan to start one."
    )
    too_few = residence_days is not None and residence_days < least
    if too_few or business_there is False:
        lacking = [f"{_days(residence_days)} there"] if too_few and residence_days is not None else []
        lacking += ["no business there"] if business_there is False else []
        return Answer("fail", f"{both} The trip states {listed(lacking, 'and')}.", values)
    missing = [
        name for name, fact in (("residence_days", residence_days), ("business_there", business_there)) if fact is None
    ]
    if missing:
        return _unknown(f"{both} Not stated: {listed(missing, 'and')}.", *missing, **values)
    lived = f"The traveller has spent {residence_days} days in a {programme} country"
    return Answer("pass", f"{lived} and has or plans a business there.", values)


@rule("CXC401", "host-type", host_type="public-authority")
def host_type(host_type: str | None, may_host: Mapping[str, str]) -> Answer:
    """The host is of a type that may host.

    >>> may_host = {"sme": "member", "large-company": "no"}
    >>> host_type("sme", may_host).outcome, host_type("large-company", may_host).outcome
    ('pass', 'fail')
    """
    return _type(host_type, may_host, "host", "host")


@rule("CXC402", "host-membership", host_type="sme", host_member=False)
def host_membership(
    host_type: str | None, host_member: bool | None, host_cluster_known: bool | None, may_host: Mapping[str, str]
) -> Answer:
    """The host is a member of a cluster, where its type needs that. Not stated, this is not assumed.

    Where the partnership lists the clusters that it knows, of one of these (None: none is named).

    >>> may_host = {"sme": "member", "cluster-organisation": "yes"}
    >>> host_membership("sme", True, True, may_host).outcome, host_membership("sme", False, True, may_host).outcome
    ('pass', 'fail')
    >>> host_membership("sme", True, False, may_host).outcome
    'unknown'
    """
    answer = _membership(host_type, host_member, host_cluster_known, may_host, "host", "host")
    if answer is not None:
        return answer
    if host_member:
        message = (
            "The host is a member of a cluster that is not named. The partnership lists the clusters that it knows: "
            "state the name of the cluster."
        )
        return _unknown(message, "host_cluster", type=host_type, member=host_member)
    return _unknown("It is not stated whether the host is a member of a cluster.", "host_cluster")


@rule("CXC501", "activity", activity=("other",))
def activity(activity: tuple[str, ...] | None, activities_listed: tuple[str, ...]) -> Answer:
    """At least one of the activities is on the list. Never fails: where none is, the partnership decides.

    >>> activity(("training",), ("training", "fair")).outcome, activity(("other",), ("training", "fair")).outcome
    ('pass', 'unknown')
    """
    if activity is None:
        return _assumed("At least one activity of the visit is on the scheme's list.", "activity")
    on_list = [name for name in activity if name in activities_listed]
    values = {"activity": list(activity), "listed": list(activities_listed)}
    if on_list:
        return Answer("pass", f"On the list of activities: {listed(on_list, 'and')}.", values)
    return _ask(
        f"Not on the list of activities: {listed(activity, 'and')}. "
        f"The activities on the list are {listed(activities_listed, 'and')}.",
        values,
        "Ask the partnership whether the visit fits.",
    )


@rule("CXC601", "lump-sum", host_country="PT", lump_sum="PT")
def lump_sum(host_country: Country | None, lump_sum: LumpSum | None) -> Answer:
    """The lump sum of the host country on the day of arrival. Never fails: unknown where no amount is known.

    >>> from cxc.scheme.countries import load_countries
    >>> portugal = load_countries().find("PT")
    >>> lump_sum(portugal, portugal.lump_sums[0]).outcome, lump_sum(portugal, None).outcome
    ('pass', 'unknown')
    """
    if host_country is None:
        return _unknown("The host country is not stated.", "host_country")
    values: dict[str, object] = {"country": host_country.code}
    if lump_sum is None:
        known = [
            f"from {amount.valid_from}" + (f" to {amount.valid_to}" if amount.valid_to else " on")
            for amount in host_country.lump_sums
        ]
        message = f"No lump sum is known for {host_country.name}."
        if known:
            message = f"{message[:-1]} on this day of arrival. One is known for arrivals {listed(known, 'and')}."
        return _unknown(f"{message} Only the partnership can say what is payable.", **values)
    full = f"{lump_sum.full:.2f}"
    values |= {"full": full, "valid_from": str(lump_sum.valid_from), "basis": lump_sum.full_basis}
    basis = "" if lump_sum.full_basis == "published" else ", inferred and not confirmed"
    message = f"The lump sum for {host_country.name} is EUR {full}{basis}."
    return Answer("pass", message, values, sources=lump_sum.sources)


@rule("CXC602", "half-for-short-stay", days_on_site=4, weekdays=4, working_days=4, holidays_known=True)
def half_for_short_stay(
    days_on_site: int | None,
    weekdays: int | None,
    working_days: int | None,
    holidays_known: bool | None,
    day_counting: str,
    full_sum_days: int,
    reduced_to_percent: int,
) -> Answer:
    """Below so many days on site, or working days among them, the lump sum is halved, or reduced to another share.

    Never fails: applies or not.

    >>> half_for_short_stay(4, 4, 4, True, "all-days", 5, 50).outcome
    'applies'
    >>> half_for_short_stay(5, 3, 3, True, "all-days", 5, 50).outcome
    'not-applicable'
    """
    days, most = _counted(days_on_site, weekdays, working_days, day_counting)
    if most is None:
        return _unknown("The dates are not stated.", "arrival", "departure", full_from=full_sum_days)
    if days is None and most >= full_sum_days:
        return _uncounted(holidays_known, f"at least {_days(full_sum_days, day_counting)}", full_from=full_sum_days)
    counted = f"{'' if days is not None else 'at most '}{_days(most, day_counting)}"
    values = {"days": days, "full_from": full_sum_days} | _share(reduced_to_percent)
    sentence = f"{reduced(reduced_to_percent)} for a short stay: {counted} on site, and the full sum needs at least"
    if most < full_sum_days:
        return Answer("applies", f"{sentence[0].upper()}{sentence[1:]} {full_sum_days}.", values)
    return Answer("not-applicable", f"Not {sentence} {full_sum_days}.", values)


def _share(percent: int) -> dict[str, object]:
    """The share that is paid, among the figures behind a sentence, where it is not half."""
    return {} if percent == HALF_PERCENT else {"reduced_to_percent": percent}


@rule("CXC603", "half-for-near-host", distance_km=Decimal(150), short_stay=False, never_near=False)
def half_for_near_host(
    distance_km: Decimal | None,
    worked_out_km: int | None,
    never_near: bool | None,
    short_stay: bool | None,
    near_below_km: int,
    worked_out_margin_km: int,
    reduced_to_percent: int,
) -> Answer:
    """Near to each other, the lump sum is halved, or reduced to another share, unless for a short stay already.

    A distance that is stated comes before the countries, and these before a distance that was worked out; where the two
    contradict each other, nothing is known.

    >>> half_for_near_host(Decimal(150), None, None, False, 200, 20, 50).outcome
    'applies'
    >>> [half_for_near_host(None, apart, False, False, 200, 20, 50).outcome for apart in (179, 180, 220, 221)]
    ['applies', 'unknown', 'unknown', 'not-applicable']
    """
    values = {"distance_km": distance_km, "near_below_km": near_below_km, **_share(reduced_to_percent)}
    if worked_out_km is not None:
        values["worked_out_km"] = worked_out_km
    less = reduced(reduced_to_percent)
    if short_stay:
        message = f"The lump sum is {less} already for a short stay. It is {less} only once."
        return Answer("not-applicable", message, values)
    if distance_km is not None:
        stated = f"visitor and host are {distance_km.normalize():f} km apart"
        return _near(distance_km < near_below_km, stated, near_below_km, less, values)
    if never_near and worked_out_km is not None and worked_out_km <= near_below_km + worked_out_margin_km:
        message = (
            f"It is not known whether the host is near: the places stated are {worked_out_km} km apart, but the two "
            f"countries are at least {near_below_km} km apart everywhere. Check the places."
        )
        return _unknown(message, "distance_km", **values)
    if never_near:
        message = f"Not {less} for a near host: the two countries are at least {near_below_km} km apart everywhere."
        return Answer("not-applicable", message, values)
    if worked_out_km is None:
        return _assumed(f"Visitor and host are at least {near_below_km} km apart.", "distance_km", **values)
    return _near_in_a_straight_line(worked_out_km, near_below_km, worked_out_margin_km, less, values)


@rule("CXC701", "registered", "payment", registered=False)
def registered(registered: bool | None) -> Answer:
    """Visitor and host are registered in the tool of the scheme.

    >>> registered(True).outcome, registered(False).outcome
    ('pass', 'fail')
    """
    if registered is None:
        return _unknown(
            "It is not stated whether visitor and host are registered in the tool of the scheme.", "registered"
        )
    if registered:
        return Answer("pass", "Visitor and host are registered in the tool of the scheme.")
    return Answer(
        "fail",
        "Visitor and host are not both registered in the tool of the scheme. A visit is paid only if both are.",
    )


@rule(
    "CXC702",
    "commitment",
    "payment",
    commitment_signed=datetime.date(2023, 5, 16),
    arrival_day=datetime.date(2023, 5, 14),
)
def commitment(commitment_signed: datetime.date | None, arrival_day: datetime.date | None) -> Answer:
    """The Commitment to Quality is signed on the day of arrival or before. Never fails: later, the partnership decides.

    >>> arrival = datetime.date(2023, 5, 14)
    >>> commitment(arrival, arrival).outcome, commitment(datetime.date(2023, 5, 15), arrival).outcome
    ('pass', 'unknown')
    """
    return _signed("Commitment to Quality", "commitment_signed", commitment_signed, arrival_day)


@rule(
    "CXC703",
    "agreement",
    "payment",
    agreement_signed=datetime.date(2023, 5, 16),
    arrival_day=datetime.date(2023, 5, 14),
)
def agreement(agreement_signed: datetime.date | None, arrival_day: datetime.date | None) -> Answer:
    """The financial agreement is signed on the day of arrival or before. Never fails: later, the partnership decides.

    >>> arrival = datetime.date(2023, 5, 14)
    >>> agreement(arrival, arrival).outcome, agreement(datetime.date(2023, 5, 15), arrival).outcome
    ('pass', 'unknown')
    """
    return _signed("financial agreement", "agreement_signed", agreement_signed, arrival_day)


@rule("CXC704", "report", "payment", last_day_on_site=datetime.date(2023, 5, 19), today=datetime.date(2023, 6, 1))
def report(
    report_validated: datetime.date | None, last_day_on_site: datetime.date | None, today: datetime.date
) -> Answer:
    """The closing report is validated, once the visit is over. Never fails: what is not there yet is unknown.

    >>> last, later = datetime.date(2023, 5, 19), datetime.date(2023, 6, 12)
    >>> report(later, last, later).outcome, report(None, last, later).outcome
    ('pass', 'unknown')
    """
    values = {"report_validated": _day(report_validated), "last_day_on_site": _day(last_day_on_site)}
    if last_day_on_site is None:
        message = "The dates of the visit are not stated, so it is not known whether it is over."
        return _unknown(message, "arrival", "departure", **values)
    if last_day_on_site > today:
        message = (
            f"The visit is not over: its last day on site is {last_day_on_site}, and today is {today}. Nothing is due "
            "before the visit is over and its closing report is validated."
        )
        return _unknown(message, "report_validated", **values)
    if report_validated is None:
        message = "It is not stated when the visitor's partnership validated the closing report."
        return _unknown(message, "report_validated", **values)
    return Answer("pass", f"The closing report was validated on {report_validated}.", values)


@rule("CXC705", "evidence", "payment", evidence=("boarding-passes",))
def evidence(evidence: tuple[str, ...] | None) -> Answer:
    """There is a proof of the travel and one of the stay. Never fails: what is not named may still come.

    >>> evidence(("tickets", "attendance-list")).outcome, evidence(("tickets",)).outcome
    ('pass', 'unknown')
    """
    named = evidence or ()
    values = {"evidence": list(named)}
    lacking = [
        f"a proof of the {of} ({listed(proofs)})"
        for of, proofs in (("travel", PROOFS_OF_TRAVEL), ("stay", PROOFS_OF_STAY))
        if not {*proofs}.intersection(named)
    ]
    if lacking:
        message = (
            f"Not stated: {listed(lacking, 'and')}. A proof of the travel and one of the stay are needed to show that "
            "the visit took place."
        )
        return _unknown(message, "evidence", **values)
    return Answer("pass", f"That the visit took place is shown by {listed(named, 'and')}.", values)


@rule("CXC706", "unpaid", "payment", paid_on=datetime.date(2023, 6, 20))
def unpaid(paid_on: datetime.date | None) -> Answer:
    """The visit is not paid yet.

    >>> unpaid(None).outcome, unpaid(datetime.date(2023, 6, 20)).message
    ('pass', 'Already paid on 2023-06-20. A visit is paid once only.')
    """
    if paid_on is None:
        return Answer("pass", "No payment is stated so far.", {"paid_on": None})
    return Answer("fail", f"Already paid on {paid_on}. A visit is paid once only.", {"paid_on": _day(paid_on)})


def _signed(paper: str, field: str, signed: datetime.date | None, arrival_day: datetime.date | None) -> Answer:
    """Whether a paper was signed on the day of arrival or before."""
    values = {field: _day(signed), "arrival": _day(arrival_day)}
    if signed is None:
        return _unknown(f"It is not stated when the {paper} was signed.", field, **values)
    if arrival_day is None:
        message = f"The dates of the visit are not stated, so it is not known whether the {paper} was signed before it."
        return _unknown(message, "arrival", "departure", **values)
    if signed <= arrival_day:
        return Answer("pass", f"The {paper} was signed on {signed}, not later than the day of arrival.", values)
    return _ask(
        f"The {paper} was signed on {signed}, after the day of arrival ({arrival_day}). No page of the scheme says "
        "what follows from that.",
        values,
    )


def _day(day: datetime.date | None) -> str | None:
    return None if day is None else str(day)


def _near_in_a_straight_line(
    km: int, near_below_km: int, margin_km: int, less: str, values: Mapping[str, object]
) -> Answer:
    """Whether the host is near by a distance that was worked out, which decides only beyond the margin."""
    apart = f"their places are {km} km apart in a straight line"
    if abs(km - near_below_km) > margin_km:
        return _near(km < near_below_km, apart, near_below_km, less, values)
    least, most = max(0, near_below_km - margin_km), near_below_km + margin_km
    message = (
        f"It is not known whether the host is near: {apart}. It is not known how the scheme measures, so a distance "
        f"from {least} to {most} km does not decide."
    )
    return _unknown(message, "distance_km", **values)


def _near(near: bool, apart: str, near_below_km: int, less: str, values: Mapping[str, object]) -> Answer:
    if near:
        return Answer(
            "applies", f"{less[0].upper()}{less[1:]} for a near host: {apart}, less than {near_below_km} km.", values
        )
    message = f"Not {less} for a near host: {apart}. Near means less than {near_below_km} km."
    return Answer("not-applicable", message, values)


def _counted(
    days_on_site: int | None, weekdays: int | None, working_days: int | None, day_counting: str
) -> tuple[int | None, int | None]:
    """The days that count, None where they are not known; and the most that they can be, None without dates."""
    if day_counting == "all-days":
        return days_on_site, days_on_site
    return working_days, weekdays if working_days is None else working_days


def _uncounted(holidays_known: bool | None, enough: str, **values: object) -> Answer:
    """Working days that could not be counted, and that could be enough."""
    if holidays_known is None:
        message = (
            "The host country is not stated, so its public holidays are not known and working days cannot be counted."
        )
        return _unknown(message, "host_country", **values)
    unclear = (
        "The public holidays of the host country are not known for these dates, so working days cannot be counted. "
        f"It is not known whether there are {enough}."
    )
    return _ask(unclear, values, "Ask the partnership. To approve this means that there are.")


def _more_days(days: int, day_counting: str) -> str:
    """How many more days are needed, as the beginning of a sentence.

    >>> _more_days(1, "all-days"), _more_days(2, "working-days")
    ('One more day is', 'Two more working days are')
    """
    number, kind = _days(days, day_counting).split(" ", 1)
    return f"{_IN_WORDS.get(days, number)} more {kind} {'is' if days == 1 else 'are'}"


_IN_WORDS: Final = {1: "One", 2: "Two", 3: "Three", 4: "Four", 5: "Five"}


def _days(days: int, day_counting: str = "all-days") -> str:
    kind = "working day" if day_counting == "working-days" else "day"
    return f"{days} {kind}" if days == 1 else f"{days} {kind}s"


def _type(kind: str | None, permissions: Mapping[str, str], who: str, verb: str) -> Answer:
    if kind is None:
        return _assumed(f"The {who} is a type of organisation that may {verb}.", f"{who}_type")
    values = {"type": kind}
    permission = permissions[kind]
    if permission == "no":
        able = [_words(name) for name in permissions if permissions[name] in ("yes", "member", "member-or-ask")]
        those = f"These types may: {listed(able, 'and')}." if able else "No type may."
        return Answer("fail", f"{_a(kind)} may not {verb}. {those}", values)
    if permission == "ask":
        return _ask(f"The scheme's sources do not say clearly whether {_a(kind, 'a')} may {verb}.", values)
    return Answer("pass", f"{_a(kind)} may {verb}.", values)


def _words(kind: str) -> str:
    return "SME" if kind == "sme" else kind.replace("-", " ")


def _a(kind: str, article: str = "A") -> str:
    """A type of organisation with its article."""
    return f"{article}{'n' if kind[0] in 'aio' or kind == 'sme' else ''} {_words(kind)}"


def _membership(
    kind: str | None, member: bool | None, known: bool | None, permissions: Mapping[str, str], who: str, verb: str
) -> Answer | None:
    """Whether the membership that a type needs is there; None where it is needed and not, or not wholly, stated."""
    values: dict[str, object] = {"type": kind, "member": member}
    if kind is not None and permissions[kind] == "yes":
        return Answer("pass", f"{_a(kind)} does not have to be a member of a cluster to {verb}.", values)
    if kind is not None and permissions[kind] == "no":
        return Answer(
            "not-applicable", f"{_a(kind)} may not {verb}, whether it is a member of a cluster or not.", values
        )
    if member and known:
        return Answer("pass", f"The {who} is a member of a cluster.", values)
    if member and known is False:
        unlisted = f"The {who}'s cluster is not on the list of clusters that the partnership knows."
        return _ask(unlisted, {**values, "cluster_known": False}, "Ask the partnership whether it counts.")
    if member is not False:
        return None
    if kind is None:
        free = [_words(name) for name in permissions if permissions[name] in ("yes", "ask", "member-or-ask")]
        if not free:
            return Answer("fail", f"The {who} is not a member of a cluster. It must be one to {verb}.", values)
        message = (
            f"The {who} is not a member of a cluster. Whether it must be one depends on its type, which is not stated. "
            f"These may {verb} without being one, or the partnership decides: {listed(free, 'and')}."
        )
        return _unknown(message, f"{who}_type", **values)
    if permissions[kind] == "member":
        message = (
            f"The {who} is not a member of a cluster. {_a(kind)} must be one to {verb}. It can join a cluster, or "
            f"another {who} that is a member can take its place."
        )
        return Answer("fail", message, values)
    message = (
        f"The {who} is not a member of a cluster. It is not clear whether {_a(kind, 'a')} may {verb} without being one."
    )
    return _ask(message, values)


RULES: Final = tuple(sorted(_RULES, key=lambda rule: rule.code))
PAPER_CODES: Final = frozenset({rule.code for rule in RULES if rule.stage == "payment"})
RULE_NAMES: Final = {rule.code: rule.name for rule in RULES}


def codes_at(stage: Stage) -> tuple[str, ...]:
    """The codes of the rules that are asked at a stage, in their order."""
    return tuple(rule.code for rule in RULES if rule.stage == "proposal" or stage == "payment")
