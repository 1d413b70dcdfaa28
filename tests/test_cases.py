"""The cases of tests/cases, one test each: the specification that a facilitator can read."""

import datetime
import itertools
from collections import Counter
from decimal import Decimal
from typing import Any, get_args

import pytest
from cases_reader import Case, cases

import cxc
from cxc.rules import RULE_NAMES, RULES, Rule
from cxc.scheme.countries import load_countries
from cxc.scheme.rulebook import DAY_COUNTINGS, PERMISSIONS
from cxc.trip.reader import TripReader
from cxc.visits import Visit
from cxc.vocabulary import ORGANISATION_TYPES, PROOFS_OF_STAY, PROOFS_OF_TRAVEL, EarlierVisits, FindingOutcome, Stage

CASES = list(cases())


def history_of(case: Case) -> list[Visit] | None:
    if case.history is None:
        return None
    visits = []
    for row, stated in enumerate(case.history, 2):
        trip = TripReader(load_countries()).read_some(stated)
        country = trip.visitor_country.code if trip.visitor_country else None
        visits.append(Visit("history.csv", row, trip.visitor, trip.visitor_id, country, trip.arrival))
    return visits


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.file}: {case.name}")
def test_case(case: Case) -> None:
    """The verdict is what the case says, in every respect that it names."""
    stage: Stage = "payment" if case.today else "proposal"
    circumstances: Any = {"strict": case.strict, "stage": stage, "today": case.today}
    verdict = cxc.check(rulebook=case.rulebook, history=history_of(case), **circumstances, **case.trip)
    expect = dict(case.expect)
    amount = verdict.payable.amount if verdict.payable else None

    assert verdict.outcome == expect.pop("outcome")
    assert amount == (Decimal(expect.pop("eur")) if "eur" in expect else None)
    for code, outcome in expect.pop("findings", {}).items():
        assert (code, verdict.finding(code).outcome) == (code, outcome)
    if "needed" in expect:
        assert list(verdict.needed) == expect.pop("needed")
    if "basis" in expect:
        assert verdict.payable is not None
        assert verdict.payable.basis == expect.pop("basis")
    if "if_settled" in expect:
        assert verdict.if_settled is not None
        assert verdict.if_settled.amount == Decimal(expect.pop("if_settled"))
    if "earlier" in expect:
        assert len(verdict.earlier_visits) == int(expect.pop("earlier"))
    if "says" in expect:
        assert expect.pop("says") in " ".join(finding.message for finding in verdict.findings)
    if "notice" in expect:
        assert expect.pop("notice") in " ".join(verdict.notices)
    assert not expect, "the case names something that this test does not know"


COUNTRIES = load_countries()
COUNTRY_OF_EACH_STATUS = {country.status: country for country in COUNTRIES.by_code.values()}
STATED_OR_NOT = [None, False, True]
# The values of everything that a rule may read: all of them where they are few, and else those on both sides of every limit.
DOMAINS: dict[str, list[Any]] = {
    "visitor_country": [None, *COUNTRY_OF_EACH_STATUS.values()],
    "host_country": [None, *COUNTRY_OF_EACH_STATUS.values()],
    "visitor_type": [None, *ORGANISATION_TYPES],
    "host_type": [None, *ORGANISATION_TYPES],
    "visitor_member": STATED_OR_NOT,
    "host_member": STATED_OR_NOT,
    "visitor_cluster_known": STATED_OR_NOT,
    "host_cluster_known": STATED_OR_NOT,
    "may_visit": [dict.fromkeys(ORGANISATION_TYPES, permission) for permission in PERMISSIONS],
    "may_host": [dict.fromkeys(ORGANISATION_TYPES, permission) for permission in PERMISSIONS],
    "days_on_site": [None, 2, 3, 4, 5],
    "weekdays": [None, 2, 3, 4, 5],
    "working_days": [None, 2, 3, 4, 5],
    "holidays_known": STATED_OR_NOT,
    "day_counting": list(DAY_COUNTINGS),
    "shortest_stay_days": [3],
    "full_sum_days": [5],
    "days_past_longest": [None, 0, 1],
    "longest_stay_months": [1],
    "earlier_visits": [*get_args(EarlierVisits)],
    "visits_at_most": [1, 2],
    "travellers": [None, 1, 2],
    "travellers_at_most": [None, 1],
    "third_country_national": STATED_OR_NOT,
    "residence_days": [None, 182, 183],
    "business_there": STATED_OR_NOT,
    "residence_days_at_least": [183],
    "activity": [None, ("other",), ("fair",), ("fair", "other")],
    "activities_listed": [("fair",)],
    "lump_sum": [None, COUNTRIES.find("PT").lump_sums[0]],
    "distance_km": [None, Decimal(199), Decimal(200)],
    "worked_out_km": [None, 179, 180, 220, 221],
    "never_near": STATED_OR_NOT,
    "short_stay": STATED_OR_NOT,
    "near_below_km": [200],
    "programme": ["COSME"],
    "reduced_to_percent": [50],
    "worked_out_margin_km": [20],
    "registered": STATED_OR_NOT,
    "commitment_signed": [None, datetime.date(2023, 5, 14), datetime.date(2023, 5, 15)],
    "agreement_signed": [None, datetime.date(2023, 5, 14), datetime.date(2023, 5, 15)],
    "arrival_day": [None, datetime.date(2023, 5, 14)],
    "report_validated": [None, datetime.date(2023, 6, 12)],
    "last_day_on_site": [None, datetime.date(2023, 5, 19)],
    "today": [datetime.date(2023, 5, 18), datetime.date(2023, 5, 19)],
    "evidence": [None, (PROOFS_OF_TRAVEL[0],), (PROOFS_OF_STAY[0],), (PROOFS_OF_TRAVEL[0], PROOFS_OF_STAY[0])],
    "paid_on": [None, datetime.date(2023, 6, 20)],
}


def possible(rule: Rule) -> set[FindingOutcome]:
    """What a rule can find: all that it answers over its whole domain, and pass where an approval settles an ask."""
    found: set[FindingOutcome] = set()
    for values in itertools.product(*(DOMAINS[name] for name in rule.reads)):
        answer = rule.function(*values)
        found |= {answer.outcome, "pass"} if answer.ask else {answer.outcome}
    return found


def test_every_rule_has_its_cases() -> None:
    """No rule is without a case for each kind of answer that it can give."""
    found: dict[str, set[str]] = {code: set() for code in RULE_NAMES}
    for case in CASES:
        for code, outcome in case.expect.get("findings", {}).items():
            found[code].add(outcome)

    assert {rule.code: possible(rule) - found[rule.code] for rule in RULES} == {code: set() for code in RULE_NAMES}


def test_case_names_are_unique() -> None:
    """Two cases of one name would hide each other in a report."""
    twice = [name for name, count in Counter((case.file, case.name) for case in CASES).items() if count > 1]

    assert twice == []
