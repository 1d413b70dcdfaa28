"""The cases of tests/cases, one test each: the specification that a facilitator can read."""

from collections import Counter
from decimal import Decimal

import pytest
from cases_reader import Case, cases

import cxc
from cxc.countries import load_countries
from cxc.trip import TripReader
from cxc.visits import Visit
from cxc.vocabulary import RULE_NAMES

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
    verdict = cxc.check(rulebook=case.rulebook, strict=case.strict, history=history_of(case), **case.trip)
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


# What each rule can find, by the contract.
POSSIBLE = {
    "CXC101": {"pass", "fail", "assumed"},
    "CXC102": {"pass", "fail", "unknown"},
    "CXC103": {"pass", "fail", "assumed"},
    "CXC201": {"pass", "fail", "unknown"},
    "CXC202": {"pass", "fail", "unknown"},
    "CXC301": {"pass", "fail", "unknown", "assumed"},
    "CXC302": {"pass", "fail", "unknown", "assumed"},
    "CXC303": {"pass", "fail", "unknown", "assumed"},
    "CXC304": {"pass", "fail", "assumed"},
    "CXC305": {"pass", "fail", "unknown", "assumed"},
    "CXC401": {"pass", "fail", "assumed"},
    "CXC402": {"pass", "fail", "unknown"},
    "CXC501": {"pass", "unknown", "assumed"},
    "CXC601": {"pass", "unknown"},
    "CXC602": {"applies", "not-applicable", "unknown", "pass"},
    "CXC603": {"applies", "not-applicable", "assumed"},
}


def test_every_rule_has_its_cases() -> None:
    """No rule is without a case for each kind of answer that it can give."""
    found: dict[str, set[str]] = {code: set() for code in RULE_NAMES}
    for case in CASES:
        for code, outcome in case.expect.get("findings", {}).items():
            found[code].add(outcome)

    assert {code: POSSIBLE[code] - found[code] for code in RULE_NAMES} == {code: set() for code in RULE_NAMES}


def test_case_names_are_unique() -> None:
    """Two cases of one name would hide each other in a report."""
    twice = [name for name, count in Counter((case.file, case.name) for case in CASES).items() if count > 1]

    assert twice == []
