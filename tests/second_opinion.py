"""A second opinion on a trip: the whole verdict once more, from the words of the scheme and nothing of the product.

It is slow and plain on purpose. Each rule is a function with `if` and `return`, in the order of the codes; a facilitator
can read it beside the scheme's pages. `tests/test_second_opinion.py` and `scripts/prove` put it beside the product: a
difference is a fault in one of the two.

The limits of the two rulebooks are written out here a second time. The amounts come from `tests/cases/lump-sums.csv`, the
scheme's country data. Public holidays come from the library `holidays` itself, not from the product's table of them. One
table is the product's: which countries lie so far apart that nobody in one is near anybody in the other.

Where the scheme's words leave something open, it reads them as the product does:

* holidays that nobody knows (a stay before 2020 or after 2035) are a question for the partnership, and so is whether the
  same name with another id is the same organisation: `approved` settles both;
* a type of which it is not known whether it may visit is not known to need a cluster either: being in none is a question too;
* of two visitors who both tell something, one only an id and the other only a name, nothing can be told: assumed; a trip
  of which nothing is told stands in nobody's way;
* a trip without days is held against all that have days; without days the amount is that of every day of the scheme;
* the day before the first day on site is the arrival, for the amount, the papers and the order of trips, too;
* a distance that is worked out is taken to the whole kilometre;
* without a history and strictly, of a visitor of whom nothing is told only the history is asked for at first.
"""

import calendar
import csv
import math
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from pathlib import Path

import holidays

from cxc.scheme.near_countries import never_near

# ---------------------------------------------------------------------------------------------------------------------
# What is asked about
# ---------------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Trip:
    """What is stated of a trip, as values; None where it is not stated. A cluster is True (member) or False (none)."""

    visitor: str | None = None
    visitor_id: str | None = None
    visitor_country: str | None = None
    visitor_type: str | None = None
    visitor_cluster: bool | None = None
    host_country: str | None = None
    host_type: str | None = None
    host_cluster: bool | None = None
    arrival: date | None = None
    departure: date | None = None
    first_day: date | None = None
    last_day: date | None = None
    visitor_place: tuple[float, float] | None = None
    host_place: tuple[float, float] | None = None
    distance_km: Decimal | None = None
    travellers: int | None = None
    activity: tuple[str, ...] = ()
    third_country_national: bool | None = None
    residence_days: int | None = None
    business_there: bool | None = None
    approved: tuple[str, ...] = ()
    registered: bool | None = None
    commitment_signed: date | None = None
    agreement_signed: date | None = None
    report_validated: date | None = None
    evidence: tuple[str, ...] = ()
    paid_on: date | None = None
    paid_eur: Decimal | None = None


FIELDS = tuple(field.name for field in fields(Trip))


@dataclass(frozen=True)
class Rulebook:
    """The limits in which the two rulebooks differ, and what each says of types and activities."""

    name: str
    counts_working_days: bool
    most_travellers: int | None
    host_only: frozenset[str]
    ask_whether_they_visit: frozenset[str]
    host_without_cluster: frozenset[str]
    activities: frozenset[str]


MEDIC_NEST = Rulebook(
    name="medic-nest",
    counts_working_days=False,
    most_travellers=1,
    host_only=frozenset({"large-company", "training-provider"}),
    ask_whether_they_visit=frozenset({"technology-park", "university", "public-authority"}),
    host_without_cluster=frozenset({"cluster-organisation"}),
    activities=frozenset({
        "training", "capacity-building", "knowledge-exchange", "project-development", "market-research", "networking",
        "business-mission", "fair",
    }),
)  # fmt: skip
ECCP = Rulebook(
    name="eccp",
    counts_working_days=True,
    most_travellers=None,
    host_only=frozenset({"university", "public-authority", "large-company", "training-provider"}),
    ask_whether_they_visit=frozenset({"technology-park"}),
    host_without_cluster=frozenset({"cluster-organisation", "business-network"}),
    activities=frozenset({
        "capacity-building", "knowledge-exchange", "project-development", "market-research", "networking",
    }),
)  # fmt: skip
RULEBOOKS = {"medic-nest": MEDIC_NEST, "eccp": ECCP}

TYPES = (
    "sme", "cluster-organisation", "business-network", "technology-centre", "research-institute", "innovation-hub",
    "fab-lab", "creative-hub", "resource-efficiency-provider", "incubator", "accelerator", "technology-park",
    "university", "public-authority", "large-company", "training-provider",
)  # fmt: skip
ACTIVITIES = (
    "training", "capacity-building", "knowledge-exchange", "project-development", "market-research", "networking",
    "business-mission", "fair", "other",
)  # fmt: skip
SHORTEST_STAY = 3  # days
DAYS_FOR_THE_FULL_SUM = 5
NEAR_KM = Decimal(200)  # under this the two are near each other
NOT_DECIDED_KM = (180, 220)  # where the distance was worked out from two places
RESIDENCE_DAYS = 183
SCHEME_BEGAN = date(2020, 2, 3)
YEARS_OF_HOLIDAYS = range(2020, 2036)
PROOFS_OF_TRAVEL = {"boarding-passes", "tickets", "travel-invoices"}
PROOFS_OF_THE_STAY = {"accommodation-invoices", "attendance-list", "host-statement"}


@dataclass(frozen=True)
class Country:
    status: str  # eu-member, cosme-associated, ask, not-participating
    full: Decimal | None
    full_basis: str
    half_basis: str


def _read_countries() -> dict[str, Country]:
    with (Path(__file__).parent / "cases" / "lump-sums.csv").open(encoding="utf-8") as stream:
        return {
            row["code"]: Country(
                row["status"],
                Decimal(row["full_eur"]) if row["full_eur"] else None,
                row["full_basis"],
                row["half_basis"],
            )
            for row in csv.DictReader(stream)
        }


COUNTRIES = _read_countries()

# ---------------------------------------------------------------------------------------------------------------------
# What is answered
# ---------------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Answer:
    """An outcome, and the fields that would settle it where it is unknown, or assumed and the verdict is strict."""

    outcome: str
    needs: tuple[str, ...] = ()


PASS = Answer("pass")
FAIL = Answer("fail")
APPLIES = Answer("applies")
NOT_APPLICABLE = Answer("not-applicable")


def unknown(*needs: str) -> Answer:
    return Answer("unknown", needs)


def assumed(*needs: str) -> Answer:
    return Answer("assumed", needs)


@dataclass(frozen=True)
class Opinion:
    """A whole verdict. Amounts are None where nothing is payable or nothing can be told."""

    outcome: str
    rules: dict[str, str]
    days_on_site: int | None
    working_days: int | None
    payable: tuple[Decimal, str] | None
    if_settled: tuple[Decimal, str] | None
    needed: frozenset[str]


# ---------------------------------------------------------------------------------------------------------------------
# Days
# ---------------------------------------------------------------------------------------------------------------------


def days_are_stated(trip: Trip) -> bool:
    return trip.arrival is not None or trip.first_day is not None


def arrival_of(trip: Trip) -> date:
    """The day of arrival: as stated, or the day before the first day on site."""
    if trip.arrival is not None:
        return trip.arrival
    assert trip.first_day is not None
    return trip.first_day - timedelta(days=1)


def days_on_site_of(trip: Trip) -> list[date]:
    """Each day on site: those between the travel days, or those from the first to the last day."""
    if trip.first_day is not None and trip.last_day is not None:
        day, end = trip.first_day, trip.last_day
    else:
        assert trip.arrival is not None
        assert trip.departure is not None
        day, end = trip.arrival + timedelta(days=1), trip.departure - timedelta(days=1)
    days = []
    while day <= end:
        days.append(day)
        day += timedelta(days=1)
    return days


@cache
def public_holidays(country: str) -> frozenset[date]:
    """The national public holidays of a country, those that are observed on another day too."""
    return frozenset(holidays.country_holidays(country, years=YEARS_OF_HOLIDAYS, observed=True))


def last_day_of(trip: Trip) -> date:
    """The last day on site, or the day before the departure where there is no day on site."""
    if trip.last_day is not None:
        return trip.last_day
    assert trip.departure is not None
    return trip.departure - timedelta(days=1)


def is_weekend(day: date) -> bool:
    return day.weekday() in (calendar.SATURDAY, calendar.SUNDAY)


def working_days_of(trip: Trip) -> int | None:
    """The working days on site; None where the days or the host country are not known, or no holidays are known."""
    if not days_are_stated(trip) or trip.host_country is None or trip.host_country not in COUNTRIES:
        return None
    if (arrival_of(trip) + timedelta(days=1)).year not in YEARS_OF_HOLIDAYS:
        return None  # this is said of a stay without a day on site, too
    count = 0
    for day in days_on_site_of(trip):
        if day.year not in YEARS_OF_HOLIDAYS:
            return None
        if not is_weekend(day) and day not in public_holidays(trip.host_country):
            count += 1
    return count


def most_working_days_of(trip: Trip) -> int:
    """The days on site that are no weekend: there cannot be more working days, wherever the visit takes place."""
    return len([day for day in days_on_site_of(trip) if not is_weekend(day)])


def a_month_after(day: date) -> date:
    """The same date in the next month, or the last day of that month where it has no such date."""
    year, month = (day.year + 1, 1) if day.month == 12 else (day.year, day.month + 1)
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


# ---------------------------------------------------------------------------------------------------------------------
# Where
# ---------------------------------------------------------------------------------------------------------------------


def takes_part(country: str) -> str:
    """yes, no, or ask."""
    status = COUNTRIES[country].status if country in COUNTRIES else "not-participating"
    if status in ("eu-member", "cosme-associated"):
        return "yes"
    if status == "ask":
        return "ask"
    return "no"


def asked(trip: Trip, code: str) -> Answer:
    """Sources are silent or disagree: the partnership decides, and may have decided."""
    if code in trip.approved:
        return PASS
    return unknown("approved")


def cxc101_visitor_country(trip: Trip) -> Answer:
    if trip.visitor_country is None:
        return assumed("visitor_country")
    if takes_part(trip.visitor_country) == "yes":
        return PASS
    if takes_part(trip.visitor_country) == "ask":
        return asked(trip, "CXC101")
    return FAIL


def cxc102_host_country(trip: Trip) -> Answer:
    if trip.host_country is None:
        return unknown("host_country")
    if takes_part(trip.host_country) == "yes":
        return PASS
    if takes_part(trip.host_country) == "ask":
        return asked(trip, "CXC102")
    return FAIL


def cxc103_abroad(trip: Trip) -> Answer:
    if trip.host_country is None:
        return unknown("host_country")
    if trip.visitor_country is None:
        return assumed("visitor_country")
    if trip.visitor_country == trip.host_country:
        return FAIL
    return PASS


# ---------------------------------------------------------------------------------------------------------------------
# When
# ---------------------------------------------------------------------------------------------------------------------

NO_DAYS = ("arrival", "departure")


def cxc201_shortest_stay(trip: Trip, rulebook: Rulebook) -> Answer:
    if not days_are_stated(trip):
        return unknown(*NO_DAYS)
    if not rulebook.counts_working_days:
        return PASS if len(days_on_site_of(trip)) >= SHORTEST_STAY else FAIL
    working_days = working_days_of(trip)
    if working_days is not None:
        return PASS if working_days >= SHORTEST_STAY else FAIL
    if most_working_days_of(trip) < SHORTEST_STAY:
        return FAIL
    return working_days_are_unknown(trip, "CXC201")


def working_days_are_unknown(trip: Trip, code: str) -> Answer:
    """The host country would tell; or nobody knows its holidays, and the partnership decides whether there are enough."""
    if trip.host_country is None:
        return unknown("host_country")
    return asked(trip, code)


def cxc202_longest_stay(trip: Trip) -> Answer:
    if not days_are_stated(trip):
        return unknown(*NO_DAYS)
    return PASS if last_day_of(trip) <= a_month_after(arrival_of(trip)) else FAIL


# ---------------------------------------------------------------------------------------------------------------------
# Who
# ---------------------------------------------------------------------------------------------------------------------


def cxc301_visitor_type(trip: Trip, rulebook: Rulebook) -> Answer:
    if trip.visitor_type is None:
        return assumed("visitor_type")
    if trip.visitor_type in rulebook.host_only:
        return FAIL
    if trip.visitor_type in rulebook.ask_whether_they_visit:
        return asked(trip, "CXC301")
    return PASS


def cxc302_visitor_membership(trip: Trip, rulebook: Rulebook) -> Answer:
    if trip.visitor_type in ("cluster-organisation", "business-network"):
        return PASS  # needs none
    if trip.visitor_type in rulebook.host_only:
        return NOT_APPLICABLE  # it may not visit, in a cluster or not
    if trip.visitor_cluster is True:
        return PASS
    if trip.visitor_cluster is None:
        return assumed("visitor_cluster")
    if trip.visitor_type is None:
        return unknown("visitor_type")  # it may be of a type that needs no cluster
    if trip.visitor_type in rulebook.ask_whether_they_visit:
        return asked(trip, "CXC302")  # if it may visit, nobody says whether it needs a cluster
    return FAIL


def cxc304_one_person(trip: Trip, rulebook: Rulebook) -> Answer:
    if rulebook.most_travellers is None:
        return NOT_APPLICABLE
    if trip.travellers is None:
        return assumed("travellers")
    return PASS if trip.travellers <= rulebook.most_travellers else FAIL


def cxc305_third_country_national(trip: Trip) -> Answer:
    if trip.third_country_national is None:
        return assumed("third_country_national")
    if trip.third_country_national is False:
        return PASS
    if trip.residence_days is not None and trip.residence_days < RESIDENCE_DAYS:
        return FAIL
    if trip.business_there is False:
        return FAIL
    missing = [name for name in ("residence_days", "business_there") if getattr(trip, name) is None]
    return unknown(*missing) if missing else PASS


def cxc401_host_type(trip: Trip) -> Answer:
    if trip.host_type is None:
        return assumed("host_type")
    return PASS  # every type may host


def cxc402_host_membership(trip: Trip, rulebook: Rulebook) -> Answer:
    if trip.host_type in rulebook.host_without_cluster:
        return PASS
    if trip.host_cluster is True:
        return PASS
    if trip.host_cluster is None:
        return unknown("host_cluster")
    if trip.host_type is None:
        return unknown("host_type")  # it may be of a type that needs no cluster
    return FAIL


def cxc501_activity(trip: Trip, rulebook: Rulebook) -> Answer:
    if not trip.activity:
        return assumed("activity")
    if any(activity in rulebook.activities for activity in trip.activity):
        return PASS
    return asked(trip, "CXC501")


# ---------------------------------------------------------------------------------------------------------------------
# Who has visited before
# ---------------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class EarlierVisit:
    """A visit that took place, or a trip of the same table that comes before; `outcome` is None of a visit."""

    visitor: str | None
    visitor_id: str | None
    visitor_country: str | None
    outcome: str | None = None


def plain(text: str) -> str:
    """The letters and digits of a text, without accents, small."""
    apart = unicodedata.normalize("NFKD", text)
    return "".join(letter for letter in apart if letter.isalnum()).casefold()


def same_visitor(trip: Trip, earlier: EarlierVisit) -> str:
    """yes, no, or perhaps: the same name in the same country, with different ids."""
    if (
        trip.visitor_id is not None
        and earlier.visitor_id is not None
        and plain(trip.visitor_id) == plain(earlier.visitor_id)
    ):
        return "yes"
    if trip.visitor is None or earlier.visitor is None or plain(trip.visitor) != plain(earlier.visitor):
        return "no"
    if trip.visitor_country is None or trip.visitor_country != earlier.visitor_country:
        return "no"
    if trip.visitor_id is None or earlier.visitor_id is None:
        return "yes"
    return "perhaps"


def can_be_compared(trip: Trip, earlier: EarlierVisit) -> bool:
    """Whether both state an id, or both a name in a country."""
    both_have_ids = trip.visitor_id is not None and earlier.visitor_id is not None
    return both_have_ids or (has_a_name(trip) and has_a_name(earlier))


def has_a_name(of: Trip | EarlierVisit) -> bool:
    return of.visitor is not None and of.visitor_country is not None


def cxc303_one_visit(trip: Trip, earlier: Sequence[EarlierVisit], history_is_known: bool) -> Answer:
    """Of a trip without days nobody knows what comes before it, but the visits of a history, which took place."""
    if trip.visitor_id is None and not has_a_name(trip):
        if not history_is_known:
            return assumed("history")
        return assumed("visitor_id" if trip.visitor_id is None and trip.visitor is None else "visitor_country")
    perhaps_the_same = undecided = not_comparable = False
    for visit in earlier:
        if visit.outcome == "not-eligible":
            continue  # it does not use up the visit
        if visit.visitor_id is None and not has_a_name(visit):
            continue  # nothing can be told of it
        same = same_visitor(trip, visit)
        if same == "yes" and visit.outcome in (None, "eligible") and (days_are_stated(trip) or visit.outcome is None):
            return FAIL
        if same == "yes":
            undecided = True
        if same == "perhaps":
            perhaps_the_same = True
        if not can_be_compared(trip, visit):
            not_comparable = True
    if undecided:
        return unknown()  # that trip is to be settled first
    if perhaps_the_same:
        return asked(trip, "CXC303")
    needs = () if history_is_known else ("history",)
    if not_comparable:
        return assumed(*needs, *(("visitor_id",) if trip.visitor_id is None else ("visitor", "visitor_country")))
    return PASS if history_is_known else assumed("history")


# ---------------------------------------------------------------------------------------------------------------------
# How much
# ---------------------------------------------------------------------------------------------------------------------


def full_sum(trip: Trip) -> Decimal | None:
    """The lump sum of the host country; None where no amount is known for it on the day of arrival.

    Each country has had one amount from the first day of the scheme on. So it is known without the day, too.
    """
    if trip.host_country is None or trip.host_country not in COUNTRIES:
        return None
    if days_are_stated(trip) and arrival_of(trip) < SCHEME_BEGAN:
        return None
    return COUNTRIES[trip.host_country].full


def cxc601_lump_sum(trip: Trip) -> Answer:
    if full_sum(trip) is not None:
        return PASS
    return unknown("host_country") if trip.host_country is None else unknown()


def cxc602_half_for_short_stay(trip: Trip, rulebook: Rulebook) -> Answer:
    if not days_are_stated(trip):
        return unknown(*NO_DAYS)
    if not rulebook.counts_working_days:
        return APPLIES if len(days_on_site_of(trip)) < DAYS_FOR_THE_FULL_SUM else NOT_APPLICABLE
    working_days = working_days_of(trip)
    if working_days is not None:
        return APPLIES if working_days < DAYS_FOR_THE_FULL_SUM else NOT_APPLICABLE
    if most_working_days_of(trip) < DAYS_FOR_THE_FULL_SUM:
        return APPLIES
    return working_days_are_unknown(trip, "CXC602")


def great_circle_km(one: tuple[float, float], other: tuple[float, float]) -> float:
    """Along the earth's surface, taken as a sphere of its mean radius (haversine)."""
    latitude_1, latitude_2 = math.radians(one[0]), math.radians(other[0])
    across = math.sin((latitude_2 - latitude_1) / 2) ** 2
    along = math.sin(math.radians(other[1] - one[1]) / 2) ** 2 * math.cos(latitude_1) * math.cos(latitude_2)
    return 2 * 6371.0088 * math.asin(math.sqrt(across + along))


def cxc603_half_for_near_host(trip: Trip, short_stay: Answer) -> Answer:
    if short_stay == APPLIES:
        return NOT_APPLICABLE  # it halves once
    if trip.distance_km is not None:
        return APPLIES if trip.distance_km < NEAR_KM else NOT_APPLICABLE
    if trip.visitor_place is not None and trip.host_place is not None:
        distance = round(great_circle_km(trip.visitor_place, trip.host_place))
        if distance < NOT_DECIDED_KM[0]:
            return APPLIES
        if distance > NOT_DECIDED_KM[1]:
            return NOT_APPLICABLE
        return unknown("distance_km")
    if trip.visitor_country is None or trip.host_country is None:
        return assumed("distance_km")
    apart = never_near(trip.visitor_country, trip.host_country, int(NEAR_KM))
    return NOT_APPLICABLE if apart else assumed("distance_km")


# ---------------------------------------------------------------------------------------------------------------------
# What is due: asked at the stage of payment alone
# ---------------------------------------------------------------------------------------------------------------------


def cxc701_registered(trip: Trip) -> Answer:
    if trip.registered is None:
        return unknown("registered")
    return PASS if trip.registered else FAIL


def signed_in_time(trip: Trip, code: str, name: str, signed: date | None) -> Answer:
    if signed is None:
        return unknown(name)
    if not days_are_stated(trip):
        return unknown(*NO_DAYS)
    if signed <= arrival_of(trip):
        return PASS
    return asked(trip, code)


def cxc702_commitment(trip: Trip) -> Answer:
    return signed_in_time(trip, "CXC702", "commitment_signed", trip.commitment_signed)


def cxc703_agreement(trip: Trip) -> Answer:
    return signed_in_time(trip, "CXC703", "agreement_signed", trip.agreement_signed)


def cxc704_report(trip: Trip, today: date) -> Answer:
    if not days_are_stated(trip):
        return unknown(*NO_DAYS)
    if trip.report_validated is None or last_day_of(trip) > today:  # there is no report of a visit that is not over
        return unknown("report_validated")
    return PASS  # a report validated before the last day on site is an error of input


def cxc705_evidence(trip: Trip) -> Answer:
    if PROOFS_OF_TRAVEL.isdisjoint(trip.evidence) or PROOFS_OF_THE_STAY.isdisjoint(trip.evidence):
        return unknown("evidence")
    return PASS


def cxc706_unpaid(trip: Trip) -> Answer:
    return PASS if trip.paid_on is None else FAIL


def faults_of_papers(trip: Trip, today: date) -> set[str]:
    """The fields with which a trip cannot be read at the stage of payment."""
    faults = set()
    for name in ("commitment_signed", "agreement_signed", "report_validated", "paid_on"):
        day = getattr(trip, name)
        if day is not None and day > today:
            faults.add(name)
    if trip.report_validated is not None and days_are_stated(trip) and trip.report_validated < last_day_of(trip):
        faults.add("report_validated")
    if trip.paid_on is not None and trip.report_validated is not None and trip.paid_on < trip.report_validated:
        faults.add("paid_on")
    if trip.paid_eur is not None and trip.paid_on is None:
        faults.add("paid_eur")
    return faults


# ---------------------------------------------------------------------------------------------------------------------
# The verdict
# ---------------------------------------------------------------------------------------------------------------------


def outcome_of(answers: Sequence[Answer]) -> str:
    outcomes = [answer.outcome for answer in answers]
    if "fail" in outcomes:
        return "not-eligible"
    if "unknown" in outcomes:
        return "undecided"
    return "eligible"


def amount_of(trip: Trip, answers: dict[str, Answer]) -> tuple[Decimal, str] | None:
    """The amount and its basis, if whatever is open is settled in the trip's favour."""
    full = full_sum(trip)
    if full is None or trip.host_country is None:
        return None
    if APPLIES in (answers["CXC602"], answers["CXC603"]):
        return full / 2, COUNTRIES[trip.host_country].half_basis
    return full, COUNTRIES[trip.host_country].full_basis


def second_opinion(
    trip: Trip,
    rulebook: Rulebook,
    *,
    earlier: Sequence[EarlierVisit] = (),
    history_is_known: bool = False,
    strict: bool = False,
    today: date | None = None,
) -> Opinion:
    """The verdict on a trip. With `today`, it is asked at the stage of payment."""
    short_stay = cxc602_half_for_short_stay(trip, rulebook)
    answers = {
        "CXC101": cxc101_visitor_country(trip),
        "CXC102": cxc102_host_country(trip),
        "CXC103": cxc103_abroad(trip),
        "CXC201": cxc201_shortest_stay(trip, rulebook),
        "CXC202": cxc202_longest_stay(trip),
        "CXC301": cxc301_visitor_type(trip, rulebook),
        "CXC302": cxc302_visitor_membership(trip, rulebook),
        "CXC303": cxc303_one_visit(trip, earlier, history_is_known),
        "CXC304": cxc304_one_person(trip, rulebook),
        "CXC305": cxc305_third_country_national(trip),
        "CXC401": cxc401_host_type(trip),
        "CXC402": cxc402_host_membership(trip, rulebook),
        "CXC501": cxc501_activity(trip, rulebook),
        "CXC601": cxc601_lump_sum(trip),
        "CXC602": short_stay,
        "CXC603": cxc603_half_for_near_host(trip, short_stay),
    }
    if today is not None:
        answers["CXC701"] = cxc701_registered(trip)
        answers["CXC702"] = cxc702_commitment(trip)
        answers["CXC703"] = cxc703_agreement(trip)
        answers["CXC704"] = cxc704_report(trip, today)
        answers["CXC705"] = cxc705_evidence(trip)
        answers["CXC706"] = cxc706_unpaid(trip)
    if strict:
        answers = {
            code: unknown(*answer.needs) if answer.outcome == "assumed" else answer for code, answer in answers.items()
        }
    outcome = outcome_of(list(answers.values()))
    amount = amount_of(trip, answers)
    needed = {need for answer in answers.values() if answer.outcome == "unknown" for need in answer.needs}
    return Opinion(
        outcome=outcome,
        rules={code: answer.outcome for code, answer in answers.items()},
        days_on_site=len(days_on_site_of(trip)) if days_are_stated(trip) else None,
        working_days=working_days_of(trip),
        payable=amount if outcome == "eligible" else None,
        if_settled=amount if outcome == "undecided" else None,
        needed=frozenset(needed) if outcome == "undecided" else frozenset(),
    )


def uses_up_the_visit(opinion: Opinion) -> str:
    """The outcome by the rules CXC101 to CXC603 alone: it decides whether the one visit is used up."""
    return outcome_of([Answer(outcome) for code, outcome in opinion.rules.items() if code < "CXC700"])


def is_no_trip(trip: Trip) -> bool:
    """A row of a table that states none of the three facts that are the core of a trip."""
    return trip.host_country is None and not days_are_stated(trip) and trip.host_cluster is None


def opinions_on_a_table(
    trips: Sequence[Trip],
    rulebook: Rulebook,
    *,
    history: Sequence[EarlierVisit] | None = None,
    strict: bool = False,
    today: date | None = None,
) -> list[Opinion | None]:
    """The verdict on each trip of a table, held against the visits before it; None where there is none.

    First come the visits of the history, then the trips by their day of arrival, then as they stand in the table. A trip
    without days comes after those with days.
    """
    opinions: list[Opinion | None] = [None] * len(trips)
    earlier = list(history or ())
    in_order = sorted(
        range(len(trips)), key=lambda at: arrival_of(trips[at]) if days_are_stated(trips[at]) else date.max
    )
    for at in in_order:
        trip = trips[at]
        if is_no_trip(trip) or (today is not None and faults_of_papers(trip, today)):
            continue
        opinion = second_opinion(
            trip, rulebook, earlier=earlier, history_is_known=history is not None, strict=strict, today=today
        )
        opinions[at] = opinion
        earlier.append(EarlierVisit(trip.visitor, trip.visitor_id, trip.visitor_country, uses_up_the_visit(opinion)))
    return opinions
