"""What a verdict says beside its rules: each sentence by the facts that it reads, at its bounds."""

import datetime
from decimal import Decimal
from itertools import product
from typing import Any, Final

import pytest
from better import better_dates

import cxc
from cxc import verdict as verdict_module
from cxc.conclusions import (
    Ground,
    Payable,
    counts_the_same,
    distance_notice,
    idle_notice,
    next_steps,
    other_reading,
    outcome,
    outside_period,
    period_notice,
    places_notice,
)
from cxc.facts import FACTS, short_stay
from cxc.resolver import reads
from cxc.rules import RULES, Answer, half_for_short_stay
from cxc.scheme.loading import load_scheme
from cxc.trip.places import Place
from cxc.verdict import Verdicts, judge
from cxc.vocabulary import FindingOutcome


@pytest.mark.parametrize(
    ("stated", "in_a_straight_line", "never_near", "said"),
    [
        # No distance is stated, or nothing says anything else.
        (None, 300, True, ""),
        (300, None, None, ""),
        (300, None, True, ""),
        (199, None, False, ""),
        # A way is no shorter than a straight line, but for the margin of 5 km.
        (294, 300, None, "300 km apart in a straight line"),
        (295, 300, None, ""),
        # It is seldom longer than 1.4 times that.
        (420, 300, None, ""),
        (421, 300, None, "300 km apart in a straight line"),
        # Nor than the margin, where the two are close.
        (6, 1, None, ""),
        (7, 1, None, "1 km apart in a straight line"),
        # And near is not far: 200 km and more stated, less than 195 km worked out.
        (200, 195, None, ""),
        (200, 194, None, "194 km apart in a straight line"),
        (199, 194, None, ""),
        (201, 194, None, "194 km apart in a straight line"),
        (190, 190, None, ""),
        # Two countries that are never near.
        (199, None, True, "at least 200 km apart everywhere"),
        (200, None, True, ""),
    ],
)
def test_a_distance_that_does_not_fit(
    stated: int | None, in_a_straight_line: int | None, never_near: bool | None, said: str
) -> None:
    """The distance stated counts; a notice says where places or countries tell another one."""
    found = distance_notice(None if stated is None else Decimal(stated), in_a_straight_line, never_near, 200, 5)

    assert said in (found or "")
    assert bool(found) == bool(said)
    assert found is None or (
        found.startswith(f"The distance stated, {stated} km, counts. But") and "Check the distance." in found
    )


BRAGA, IASI = Place("Braga", "PT", 41.55, -8.42), Place("Iași", "RO", 47.17, 27.6)
LACKS_HOST = "visitor_place alone gives no distance. State host_place too, or distance_km."
LACKS_VISITOR = "host_place alone gives no distance. State visitor_place too, or distance_km."


@pytest.mark.parametrize(
    ("visitor", "host", "is_open", "said"),
    [
        (None, None, True, None),
        (BRAGA, None, True, LACKS_HOST),
        (None, BRAGA, True, LACKS_VISITOR),
        (BRAGA, None, False, None),
        (None, BRAGA, False, None),
        (
            IASI,
            BRAGA,
            False,
            "The visitor's place is read as Iași, and the host's as Braga. They are 2936 km apart in a straight line.",
        ),
    ],
)
def test_places(visitor: Place | None, host: Place | None, is_open: bool, said: str | None) -> None:
    """Both are read back; one alone is asked for the other, where the distance is open."""
    assert places_notice(visitor, host, 2936, is_open) == said


FIRST, LAST = datetime.date(2022, 2, 1), datetime.date(2024, 1, 31)
ONE_DAY = datetime.timedelta(days=1)


@pytest.mark.parametrize(
    ("day", "period", "asks"),
    [
        (None, None, True),
        (FIRST, None, True),
        (None, (FIRST, LAST), False),
        (FIRST - ONE_DAY, (FIRST, LAST), True),
        (FIRST, (FIRST, LAST), False),
        (LAST, (FIRST, LAST), False),
        (LAST + ONE_DAY, (FIRST, LAST), True),
        (FIRST - ONE_DAY, (FIRST, None), True),
        (FIRST, (FIRST, None), False),
        (LAST + ONE_DAY, (FIRST, None), False),
    ],
)
def test_outside_the_period(
    day: datetime.date | None, period: tuple[datetime.date, datetime.date | None] | None, asks: bool
) -> None:
    """A period has its first and its last day, or no last one; where it is not known, every trip is a question."""
    assert period_notice(day, "ask", period) == ("ask" if asks else None)


def test_what_is_asked_outside_the_period() -> None:
    """It names the period."""
    ask = "Ask the partnership whether exchanges are still funded."
    assert outside_period("ours", (FIRST, LAST)) == (
        f"The trip is outside the period of the rulebook ours (from 2022-02-01 to 2024-01-31). {ask}"
    )
    assert outside_period("ours", (FIRST, None)) == (
        f"The trip is outside the period of the rulebook ours (from 2022-02-01 on). {ask}"
    )


@pytest.mark.parametrize(
    ("third_country_national", "days", "business", "idle"),
    [
        (None, None, None, False),
        (None, 100, None, True),
        (None, None, True, True),
        (None, 100, False, True),
        (True, 100, None, False),
        (False, None, True, False),
        (True, None, None, False),
    ],
)
def test_what_is_stated_of_nobody(
    third_country_national: bool | None, days: int | None, business: bool | None, idle: bool
) -> None:
    """Days of residence and a business count for a third-country national alone."""
    assert (idle_notice(third_country_national, days, business) is not None) == idle


@pytest.mark.parametrize(
    ("days", "holidays_known", "counts_the_same", "differs"),
    [
        (None, None, False, False),
        (None, True, False, False),
        (None, False, False, False),
        (3, True, True, False),
        (3, True, False, True),
        (3, False, False, True),
        (3, False, True, False),
        (3, None, False, False),
    ],
)
def test_where_two_readings_differ(
    days: int | None, holidays_known: bool | None, counts_the_same: bool, differs: bool
) -> None:
    """Where the days on site and the host are known, and the rules that count days say something else of the others."""
    assert (other_reading(days, 2, 2, holidays_known, "The platform", counts_the_same) is not None) == differs


@pytest.mark.parametrize(
    ("by_all_days", "by_working_days", "same"),
    [
        (("pass", "not-applicable"), ("pass", "not-applicable"), True),
        (("pass", "applies"), ("pass", "applies"), True),
        (("pass", "not-applicable"), ("pass", "applies"), False),
        (("pass", "applies"), ("fail", "applies"), False),
        (("pass", "applies"), ("unknown", "applies"), False),
        (("pass", "not-applicable"), ("pass", "unknown"), False),
        (("fail", "applies"), ("fail", "applies"), True),
    ],
)
def test_whether_rules_count_the_same(
    by_all_days: tuple[FindingOutcome, ...], by_working_days: tuple[FindingOutcome, ...], same: bool
) -> None:
    """Both have to: whether the stay is long enough, and whether it is short. What they say in words does not matter."""
    answers = [Answer(outcome, str(at), {}) for at, outcome in enumerate((*by_all_days, *by_working_days))]

    assert counts_the_same(*answers) is same


def test_which_rules_count_days() -> None:
    """No rule but these two reads how days are counted; CXC603 reads whether the stay is short, as CXC602 has it.

    So where both say the same in either reading, a trip pays the same.
    """
    assert {rule.code for rule in RULES if "day_counting" in reads(rule.function)} == {"CXC201", "CXC602"}
    assert {name for name, ask in FACTS.items() if "day_counting" in reads(ask)} == {"short_stay"}
    said: dict[FindingOutcome, bool | None] = {"applies": True, "not-applicable": False, "unknown": None}
    for counting, full_sum in product(("all-days", "working-days"), (0, 1, 3, 5)):
        for days, weekdays, working in days_of_some_stays():
            answer = half_for_short_stay(days, weekdays, working, True, counting, full_sum, 50)
            assert said[answer.outcome] is short_stay(days, weekdays, working, counting, full_sum)


def days_of_some_stays() -> list[tuple[int | None, int | None, int | None]]:
    """The days on site, the weekdays and the working days of stays up to a week; the last may be unknown, or all."""
    known = [
        (days, weekdays, working)
        for days in range(8)
        for weekdays in range(min(days, 5) + 1)
        for working in (None, *range(weekdays + 1))
    ]
    return [*known, (None, None, None)]


@pytest.mark.parametrize(
    ("fails", "expected"),
    [
        ((), "eligible"),
        ((True,), "not-eligible"),
        ((False,), "undecided"),
        ((True, True), "not-eligible"),
        ((False, False), "undecided"),
    ],
)
def test_outcome(fails: tuple[bool, ...], expected: str) -> None:
    """What fails decides, and else what is unknown; both never decide together."""
    assert outcome(tuple([Ground("CXC201", one, "", (), False) for one in fails])) == expected


PAY = Payable(Decimal(780), "published", ())


@pytest.mark.parametrize(
    ("is_outcome", "needed", "is_paid", "steps"),
    [
        ("eligible", (), False, ("Pay EUR 780.00 to the visitor, once. Then state paid_on and paid_eur.",)),
        ("eligible", (), True, ()),
        ("not-eligible", (), False, ()),
        ("not-eligible", (), True, ()),
        ("undecided", ("evidence",), True, ()),
        (
            "undecided",
            ("report_validated", "evidence"),
            False,
            ("State what is missing: report_validated and evidence.", "Nothing is due before that."),
        ),
        ("undecided", ("approved",), False, ("Ask the partnership what is open.", "Nothing is due before that.")),
        (
            "undecided",
            ("evidence", "approved"),
            False,
            (
                "State what is missing: evidence.",
                "Ask the partnership what is open.",
                "Nothing is due before that.",
            ),
        ),
    ],
)
def test_what_is_to_be_done_at_payment(
    is_outcome: str, needed: tuple[str, ...], is_paid: bool, steps: tuple[str, ...]
) -> None:
    """Pay once; or state what is missing; of a visit that is refused, or paid, nothing."""
    amount = None if is_outcome == "not-eligible" else PAY

    assert next_steps(is_outcome, amount, needed, is_paid) == steps  # type: ignore[arg-type]


FIT: Final[dict[str, Any]] = {
    "host_country": "PT",
    "arrival": "2023-05-14",
    "departure": "2023-05-20",
    "host_cluster": "yes",
}
UNCLEAR: Final = {**FIT, "visitor_type": "university"}  # the sources do not say whether it visits


def test_what_can_be_asked() -> None:
    """The partnership can approve what is open, not what fails or what is to be stated."""
    assert cxc.check(**UNCLEAR).asks == ("CXC301",)
    assert cxc.check(**UNCLEAR, visitor_country="PT").asks == ()
    assert cxc.check(host_country="PT").asks == ()


def test_a_trip_judged_in_python_assumes_what_the_command_assumes() -> None:
    """Only `strict` assumes nothing."""
    trip, scheme = cxc.check(**FIT).trip, load_scheme("medic-nest")

    assert judge(trip, scheme).outcome == "eligible"
    assert judge(trip, scheme, strict=True).outcome == "undecided"


def test_a_long_stay_near_the_border_is_halved_for_the_host_alone() -> None:
    """Longer dates bring no more, since the host is near anyway."""
    short = {**FIT, "departure": "2023-05-18", "visitor_country": "ES"}

    near, far = (cxc.check(**short, distance_km=distance) for distance in (150, 300))

    assert near.fact("near_anyway") is True
    assert far.fact("near_anyway") is False


def test_what_is_approved_stays_approved_at_better_dates() -> None:
    """But for what was approved of the dates themselves."""
    approval: dict[str, Any] = {"approved": "CXC301", "approved_by": "partnership", "approved_on": "2023-04-01"}

    open_, approved = (
        better_dates(cxc.check(**UNCLEAR | {"departure": "2023-05-17"}, **more)) for more in ({}, approval)
    )

    assert open_
    assert approved
    assert (open_.outcome, approved.outcome) == ("undecided", "eligible")


def test_a_verdict_outlives_what_was_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    """After many trips answers are forgotten; a verdict that was given before still says the same."""
    monkeypatch.setattr(verdict_module, "MOST_NUMBERED", 10)
    give, trip = Verdicts(load_scheme("medic-nest")), cxc.check(**FIT).trip
    kept = give(trip)
    said, remembered = kept.findings, give.resolver

    for _ in range(998):
        give(trip)
    assert give.resolver is remembered
    give(trip._replace(arrival=datetime.date(2023, 5, 16)))

    assert give.resolver is not remembered
    assert kept.findings == said
    assert give(trip).findings == said


def test_a_day_of_payment_that_cannot_be_read() -> None:
    """Before the stage of payment it is a notice, and the sum beside it is none without a day."""
    notices = cxc.check(**FIT, paid_on="soon", paid_eur=780).notices

    assert [notice.partition(":")[0] for notice in notices[:-1]] == ["paid_on"]
    assert "This changes nothing now." in notices[0]
