"""The product against a second opinion, which was written from the scheme's words alone: no difference on any trip.

Here are some thousands of trips and every boundary; `scripts/prove` compares a hundred thousand trips and more.
"""

from collections.abc import Iterable
from random import Random

import pytest
from beside import Count, Difference, compare, differences, product_on_one, second_on_one
from random_trips import boundary_tables, random_table

pytestmark = pytest.mark.many

# What the rules can find. A comparison that never met one of these would prove nothing of it.
SEEN = {
    "CXC101": {"pass", "fail", "unknown", "assumed"},
    "CXC102": {"pass", "fail", "unknown"},
    "CXC103": {"pass", "fail", "unknown", "assumed"},
    "CXC201": {"pass", "fail", "unknown"},
    "CXC202": {"pass", "fail", "unknown"},
    "CXC301": {"pass", "fail", "unknown", "assumed"},
    "CXC302": {"pass", "fail", "unknown", "assumed", "not-applicable"},
    "CXC303": {"pass", "fail", "unknown", "assumed"},
    "CXC304": {"pass", "fail", "unknown", "assumed", "not-applicable"},
    "CXC305": {"pass", "fail", "unknown", "assumed"},
    "CXC401": {"pass", "unknown", "assumed"},
    "CXC402": {"pass", "fail", "unknown"},
    "CXC501": {"pass", "unknown", "assumed"},
    "CXC601": {"pass", "unknown"},
    "CXC602": {"applies", "not-applicable", "pass", "unknown"},
    "CXC603": {"applies", "not-applicable", "unknown", "assumed"},
    "CXC701": {"pass", "fail", "unknown"},
    "CXC702": {"pass", "unknown"},
    "CXC703": {"pass", "unknown"},
    "CXC704": {"pass", "unknown"},
    "CXC705": {"pass", "unknown"},
    "CXC706": {"pass", "fail"},
}
OUTCOMES = {
    (stage, outcome)
    for stage in ("proposal", "payment")
    for outcome in ("eligible", "not-eligible", "undecided", "no verdict")
}


def told(found: Iterable[Difference]) -> list[str]:
    """The first differences, in words."""
    return [str(difference) for difference, _ in zip(found, range(5), strict=False)]


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("payment", [False, True], ids=["proposal", "payment"])
def test_random_trips(seed: int, payment: bool) -> None:
    """Tables of trips drawn from a seed, with visitors who come again and histories, under both rulebooks."""
    chance = Random(seed)

    assert told(compare((random_table(chance, size=150, payment=payment) for _ in range(5)), Count())) == []


def test_every_boundary() -> None:
    """Every boundary one by one; and together they reach everything that a rule or a verdict can say."""
    count = Count()

    assert told(compare(boundary_tables(thorough=False), count)) == []
    assert {code: {outcome for of, outcome in count.findings if of == code} for code in SEEN} == SEEN
    assert count.outcomes.keys() >= OUTCOMES - {("proposal", "no verdict")}


@pytest.mark.parametrize("payment", [False, True], ids=["proposal", "payment"])
def test_one_trip_at_a_time(payment: bool) -> None:
    """`cxc.check` says the same of a trip, held against a history alone."""
    chance = Random(1)
    for _ in range(30):
        table = random_table(chance, size=10, payment=payment)
        for trip in table.trips[:3]:
            where = differences(product_on_one(trip, table), second_on_one(trip, table))

            assert where == {}, str(Difference(table, trip, where))
