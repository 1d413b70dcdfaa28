"""Everything that a rule can say, in one list to read: tests/stored/sentences.txt.

`pytest tests/test_sentences.py --renew` writes it again.
"""

import itertools
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from test_cases import DOMAINS

from cxc.rules import RULES, Answer, Rule
from cxc.scheme.countries import Country, LumpSum

STORED = Path(__file__).parent / "stored" / "sentences.txt"
# One type for each way in which a type may take part is enough to read; every type is asked about elsewhere.
SOME_TYPES = [None, "sme", "large-company"]
SOME = DOMAINS | {"visitor_type": SOME_TYPES, "host_type": SOME_TYPES, "days_on_site": [None, *range(6)]}


def told(value: Any) -> str:
    """A fact, as a reader knows it."""
    if isinstance(value, Country):
        return value.code
    if isinstance(value, LumpSum):
        return f"EUR {value.full} from {value.valid_from}"
    if isinstance(value, dict):  # permissions, the same for each type
        return str(next(iter(value.values())))
    return ", ".join(map(str, value)) if isinstance(value, tuple) else str(value)


def lines(rule: Rule) -> Iterator[str]:
    """The rule, and below it each answer with the first facts that lead to it."""
    yield f"{rule.code} {rule.name}"
    yield f"    example: {facts(rule.example)}"
    seen: set[str] = set()
    for values in itertools.product(*(SOME[name] for name in rule.reads)):
        said = "\n".join(answer(rule.function(*values)))
        if said not in seen:
            seen.add(said)
            yield said
            yield f"    where: {facts(dict(zip(rule.reads, values, strict=True)))}"


def facts(stated: Any) -> str:
    return (
        "; ".join(f"{name} {told(value)}" for name, value in stated.items() if value is not None) or "nothing is stated"
    )


def answer(given: Answer) -> Iterator[str]:
    yield f"  {given.outcome}: {given.message}"
    if given.values:
        yield f"    values: {'; '.join(f'{name} {told(value)}' for name, value in given.values.items())}"
    if given.needed:
        yield f"    needed: {', '.join(given.needed)}"
    if given.ask:
        yield f"    to ask: {given.ask}"
    if given.sources:
        yield f"    sources: {', '.join(given.sources)}"


def test_what_rules_say_is_as_stored(request: pytest.FixtureRequest) -> None:
    """A change of a word, a figure or an outcome is seen in review."""
    said = "".join(f"{line}\n" for rule in RULES for line in lines(rule))
    if request.config.getoption("--renew"):
        STORED.write_text(said, encoding="utf-8")

    assert said == STORED.read_text(encoding="utf-8")


def said(name: str, **stated: Any) -> str:
    """What a rule says of these facts; what is not named is not stated."""
    (rule,) = (rule for rule in RULES if rule.name == name)
    return rule.function(*(stated.get(fact) for fact in rule.reads)).message


@pytest.mark.parametrize(
    ("kind", "named"),
    [
        ("sme", "An SME"),
        ("innovation-hub", "An innovation hub"),
        ("incubator", "An incubator"),
        ("accelerator", "An accelerator"),
        ("university", "A university"),
        ("cluster-organisation", "A cluster organisation"),
        ("research-institute", "A research institute"),
        ("technology-centre", "A technology centre"),
    ],
)
def test_each_type_has_its_article(kind: str, named: str) -> None:
    assert said("visitor-type", visitor_type=kind, may_visit={kind: "yes"}).startswith(f"{named} ")


@pytest.mark.parametrize("evidence", [(), ("tickets",), ("host-statement",)])
def test_what_proofs_are_needed_is_said_whichever_lack(evidence: tuple[str, ...]) -> None:
    """Where one is lacking, only that is named as not stated, and still two are needed."""
    needed = ". A proof of the travel and one of the stay are needed to show that the visit took place."

    assert said("evidence", evidence=evidence).endswith(needed)


def test_a_distance_that_does_not_decide_begins_with_nothing() -> None:
    """Where a partnership calls near what is less than 10 km apart."""
    message = said("half-for-near-host", worked_out_km=5, near_below_km=10, worked_out_margin_km=20)

    assert message.endswith("a distance from 0 to 30 km does not decide.")


@pytest.mark.parametrize(
    ("days", "more"),
    [(6, "One more day is"), (3, "Four more days are"), (2, "Five more days are"), (0, "7 more days are")],
)
def test_how_many_more_days_are_enough(days: int, more: str) -> None:
    """Under a partnership's own shortest stay of seven days."""
    message = said("shortest-stay", days_on_site=days, weekdays=0, day_counting="all-days", shortest_stay_days=7)

    assert message.endswith(f" {more} enough.")
