"""What holds of every verdict, whatever the trip."""

import datetime
import json
import random
from functools import cache
from hashlib import sha256
from typing import Any

import pytest
import rfc8785
from hypothesis import HealthCheck, assume, example, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator, FormatChecker
from strategies import FACTS, good_trips, lengths, rulebooks, stays, trips

from cxc import cli
from cxc.conclusions import ASSUMES, ground
from cxc.errors import CxcError
from cxc.reports import json as json_report
from cxc.reports import schema, text
from cxc.scheme.loading import Scheme, load_scheme
from cxc.tables.history import recall
from cxc.trip.fields import FIELDS
from cxc.trip.reader import TripReader
from cxc.trip.trip_files import read_trip_file
from cxc.verdict import Verdict, Verdicts
from cxc.visits import Visit

SCHEMES = {name: load_scheme(name) for name in ("medic-nest", "eccp")}
VERDICT_SCHEMA = Draft202012Validator(schema.verdict(), format_checker=FormatChecker())
HISTORY = [
    Visit("history.csv", 2, "Acme", "RO 123", "RO", datetime.date(2022, 3, 1)),
    Visit("history.csv", 3, "Bêta GmbH", None, "DE", None),
]


def check(
    stated: dict[str, Any], rulebook: str, *, strict: bool = False, history: list[Visit] | None = None
) -> Verdict:
    scheme: Scheme = SCHEMES[rulebook]
    trip = TripReader(scheme.countries).read(stated)
    return verdicts(rulebook, strict)(trip, recall(trip, scheme, history, "YYYY-MM-DD", None))


@cache
def verdicts(rulebook: str, strict: bool) -> Verdicts:
    """What gives the verdicts of all examples: what was answered to one must be no other answer to the next."""
    return Verdicts(SCHEMES[rulebook], strict=strict)


any_trips = st.one_of(trips(), good_trips())
histories = st.sampled_from([None, [], HISTORY])


@given(any_trips, rulebooks, st.booleans(), st.randoms(use_true_random=False))
def test_order_of_rules_changes_nothing(
    stated: dict[str, Any], rulebook: str, strict: bool, shuffle: random.Random
) -> None:
    """The outcome is the same in whatever order the answers are looked at."""
    verdict = check(stated, rulebook, strict=strict)
    answers = [(code, verdict.answer(code)) for code in verdict.verdicts.codes]
    shuffle.shuffle(answers)
    against = [found for code, answer in answers if (found := ground(code, answer)) not in (None, ASSUMES)]
    failing = [found for found in against if found and found.fails]

    assert verdict.outcome == ("not-eligible" if failing else "undecided" if against else "eligible")
    assert verdict.grounds == tuple(sorted(filter(None, failing or against)))
    assert {finding.code: finding.outcome for finding in verdict.findings} == {
        code: answer.outcome for code, answer in answers
    }


@given(any_trips, rulebooks, st.booleans(), histories)
def test_verdict_hangs_together(
    stated: dict[str, Any], rulebook: str, strict: bool, history: list[Visit] | None
) -> None:
    """Outcome, findings, amounts and lists agree with one another as the contract says."""
    verdict = check(stated, rulebook, strict=strict, history=history)
    outcomes = [finding.outcome for finding in verdict.findings]

    if "fail" in outcomes:
        assert verdict.outcome == "not-eligible"
    elif "unknown" in outcomes:
        assert verdict.outcome == "undecided"
    else:
        assert verdict.outcome == "eligible"
    assert (verdict.payable is not None) == (verdict.outcome == "eligible")
    assert verdict.if_settled is None or verdict.outcome == "undecided"
    assert verdict.outcome == "undecided" or verdict.needed == ()
    assert not (strict and verdict.assumptions)
    assert [finding.code for finding in verdict.findings] == sorted(finding.code for finding in verdict.findings)
    assert verdict.finding("CXC602").outcome != "applies" or verdict.finding("CXC603").outcome == "not-applicable"


@given(good_trips(), rulebooks)
def test_derivation_gives_the_amount(stated: dict[str, Any], rulebook: str) -> None:
    """Read in order, the derivation's lines give the amount exactly, and it is a whole number of cents."""
    verdict = check(stated, rulebook)
    payable = verdict.payable or verdict.if_settled
    assume(payable is not None)
    assert payable is not None
    amount = payable.derivation[0].amount
    for line in payable.derivation[1:]:
        assert line.factor is not None
        amount *= line.factor
        assert amount == line.amount

    assert amount == payable.amount
    assert amount * 100 == int(amount * 100)


@given(any_trips, rulebooks, st.dates(datetime.date(2020, 2, 3), datetime.date(2035, 11, 1)), lengths)
def test_a_day_more_never_lowers_the_amount(
    stated: dict[str, Any], rulebook: str, arrival: datetime.date, length: int
) -> None:
    """While the trip stays eligible, leaving a day later pays at least as much."""
    for field in ("first_day", "last_day", "host_place"):
        stated.pop(field, None)
    stated |= {"host_country": "PT", "host_cluster": "yes", "arrival": str(arrival)}
    amounts = []
    for days in (length, length + 1):
        verdict = check({**stated, "departure": str(arrival + datetime.timedelta(days=days))}, rulebook)
        amounts.append(verdict.payable)
    before, after = amounts
    assume(before is not None and after is not None)
    assert before is not None
    assert after is not None

    assert after.amount >= before.amount


@given(any_trips, rulebooks, histories, st.data())
def test_strictly_one_more_fact_never_changes_a_decision(
    stated: dict[str, Any], rulebook: str, history: list[Visit] | None, data: st.DataObject
) -> None:
    """Under --strict a decided outcome rests on stated facts alone, so another fact leaves it as it is.

    Apart: who the visitor is, beside a history. A visitor found there by its name becomes a question to the partnership
    once another id is stated for it; that is how the scheme is read.
    """
    dates = {"arrival", "departure", "first_day", "last_day"}
    identity = {"visitor", "visitor_id", "visitor_country"} if history else set()
    missing = [field for field in FACTS if field not in stated and field not in identity]
    more: dict[str, Any] = {}
    if not dates & stated.keys() and data.draw(st.booleans(), label="state the dates"):
        more = data.draw(stays(), label="dates")
    elif missing:
        field = data.draw(st.sampled_from(missing), label="field")
        more = {field: data.draw(FACTS[field], label="value")}
    before = check(stated, rulebook, strict=True, history=history)
    assume(before.outcome != "undecided")

    assert check({**stated, **more}, rulebook, strict=True, history=history).outcome == before.outcome


@given(any_trips, rulebooks, st.booleans(), histories)
def test_json_is_valid_under_its_schema(
    stated: dict[str, Any], rulebook: str, strict: bool, history: list[Visit] | None
) -> None:
    """Whatever is written is what `cxc schema verdict` promises, and its seal is that of its content."""
    document = json.loads(json_report.render(check(stated, rulebook, strict=strict, history=history)))

    VERDICT_SCHEMA.validate(document)
    assert document.pop("seal") == sha256(rfc8785.dumps(document)).hexdigest()


@given(any_trips, rulebooks)
def test_trip_reads_back(stated: dict[str, Any], rulebook: str) -> None:
    """The trip that a verdict holds, stated again, gives the same verdict."""
    first = json_report.document(check(stated, rulebook))
    trip = first["trip"]
    assert isinstance(trip, dict)

    assert json_report.document(check(trip, rulebook)) == first


@given(any_trips, rulebooks, st.booleans())
def test_page_says_the_outcome_first_and_who_decides_last(stated: dict[str, Any], rulebook: str, verbose: bool) -> None:
    """The first line is the outcome; the last says that the partnership decides; no line holds a control code."""
    verdict = check(stated, rulebook)
    page = text.plain(text.page(verdict, verbose=verbose))
    word = {"eligible": "Eligible", "not-eligible": "Not eligible", "undecided": "Undecided"}[verdict.outcome]

    assert page.splitlines()[0][2:].startswith(word)
    assert page.splitlines()[-1] == "The partnership decides. This is not a decision of the EU."
    assert all(line.isprintable() for line in page.splitlines())


@pytest.mark.many
@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(field=st.sampled_from(FIELDS), value=st.text(max_size=30), form=st.sampled_from(["text", "json"]))
@example(field="distance_km", value="٣", form="text")
@example(field="travellers", value="²", form="text")
@example(field="arrival", value="２０２３-05-14", form="text")
@example(field="host", value="\x1b[2J\udcff", form="json")
def test_random_text_is_no_fault(field: str, value: str, form: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Whatever stands in a field, the program gives a verdict or says what is wrong; it never breaks."""
    status = cli.run(["check", "--no-ask", f"--format={form}", f"--{field.replace('_', '-')}={value}"])
    out, err = capsys.readouterr()

    assert status in (0, 1, 2, 3)
    assert (status == 2) == (out == "")
    assert (status == 2) == (err != "")


@given(st.one_of(st.binary(max_size=60), st.text(alphabet="{}[]:,-&*!|>'\"#?\n ab01~", max_size=60).map(str.encode)))
@example(b"{" * 100_000)
@example(b"- " * 100_000)
@example(b'[{"a":' * 30_000)
def test_random_trip_file_is_no_fault(content: bytes) -> None:
    """Whatever a trip file holds, it is a mapping of fields or a sentence that says what is wrong."""
    try:
        stated = read_trip_file(content, "trip.yaml")
    except CxcError as error:
        assert "trip.yaml" in str(error)
    else:
        assert isinstance(stated, dict)
