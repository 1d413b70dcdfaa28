"""The verdict on a trip: findings, what is payable, and how findings make an outcome.

Any finding that fails: not eligible. Else any that is unknown: undecided. Else eligible. Nothing is payable unless the
trip is eligible.
"""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Final, NamedTuple

from cxc.countries import CURRENCY, LumpSum
from cxc.datafile import CENT
from cxc.facts import facts_of
from cxc.rulebook import Rulebook
from cxc.rules import RULES, Answer
from cxc.scheme import Scheme
from cxc.text import listed
from cxc.trip import FIELDS, Trip
from cxc.visits import NO_HISTORY, Recollection, Visit

ELIGIBLE: Final = "eligible"
NOT_ELIGIBLE: Final = "not-eligible"
UNDECIDED: Final = "undecided"
# A row of a table that states no trip has no verdict; this is what stands for one.
UNREADABLE: Final = "unreadable"
OUTCOMES: Final = (ELIGIBLE, NOT_ELIGIBLE, UNDECIDED, UNREADABLE)

HALF: Final = Decimal("0.5")

DISCLAIMER: Final = "The partnership decides; this is no decision of the EU."


class Finding(NamedTuple):
    """What one rule found. `sources` are addresses; `remedy` says what would mend it, where that is known."""

    code: str
    name: str
    outcome: str
    message: str
    values: Mapping[str, object]
    sources: tuple[str, ...]
    remedy: str | None = None


class DerivationLine(NamedTuple):
    """A step towards the amount: `factor` is what the amount so far is multiplied by, `amount` what comes out (EUR)."""

    code: str
    text: str
    factor: Decimal | None
    amount: Decimal


class Payable(NamedTuple):
    """An amount in EUR with its basis, published or inferred, and the steps that lead to it."""

    amount: Decimal
    basis: str
    derivation: tuple[DerivationLine, ...]
    currency: str = CURRENCY


class Verdict(NamedTuple):
    """The verdict on one trip, with everything that it rests on.

    `outcome` is eligible, not-eligible or undecided. `payable` is None unless it is eligible; `if_settled` is what an
    undecided trip would bring if what is open is settled in its favour. `findings` holds every rule, in the order of
    the codes. `assumptions` are what was taken to be so without being stated; `needed` names the fields that would
    settle an undecided verdict, `asks` the codes of the rules that the partnership can settle by approving them.
    """

    scheme: Scheme
    strict: bool
    trip: Trip
    earlier_visits: tuple[Visit, ...]
    outcome: str
    days_on_site: int | None
    working_days: int | None
    payable: Payable | None
    if_settled: Payable | None
    findings: tuple[Finding, ...]
    assumptions: tuple[str, ...]
    needed: tuple[str, ...]
    asks: tuple[str, ...]
    notices: tuple[str, ...]
    next_steps: tuple[str, ...]

    def finding(self, code: str) -> Finding:
        """The finding of one rule, by its code."""
        return next(finding for finding in self.findings if finding.code == code)


class Fold(NamedTuple):
    """What answers come to: the outcome, and the amount for it."""

    outcome: str
    amount: Payable | None


def judge(trip: Trip, scheme: Scheme, *, strict: bool = False, recollection: Recollection = NO_HISTORY) -> Verdict:
    """The verdict on a trip. All rules always run.

    `strict` counts whatever would be assumed as unknown. `recollection` is what is known of earlier visits.
    """
    facts = facts_of(trip, scheme, recollection)
    raw = ask_rules({**facts, **scheme.rulebook.limits})
    answers = {code: settle(code, answer, trip, strict) for code, answer in raw.items()}
    fold = fold_answers(answers, facts)
    eligible, undecided = fold.outcome == ELIGIBLE, fold.outcome == UNDECIDED
    rulebook = scheme.rulebook
    findings = tuple(
        Finding(
            rule.code,
            rule.name,
            answers[rule.code].outcome,
            answers[rule.code].message,
            answers[rule.code].values,
            tuple(dict.fromkeys(rulebook.rules[rule.code].sources + answers[rule.code].sources)),
        )
        for rule in RULES
    )
    return Verdict(
        scheme,
        strict,
        trip,
        recollection.visits,
        fold.outcome,
        days_on_site=_whole(facts["days_on_site"]),
        working_days=_whole(facts["working_days"]),
        payable=fold.amount if eligible else None,
        if_settled=fold.amount if undecided else None,
        findings=findings,
        assumptions=tuple(finding.message for finding in findings if finding.outcome == "assumed"),
        needed=needed(answers.values()) if undecided else (),
        asks=tuple(code for code, answer in answers.items() if answer.ask) if undecided else (),
        notices=(*_notices(trip, scheme, facts, raw, answers, fold, strict), DISCLAIMER),
        next_steps=rulebook.next_steps,
    )


def ask_rules(knowledge: Mapping[str, object]) -> dict[str, Answer]:
    """The answer of every rule, by code, from facts and limits by name."""
    return {rule.code: rule.function(**{name: knowledge[name] for name in rule.reads}) for rule in RULES}


def settle(code: str, answer: Answer, trip: Trip, strict: bool) -> Answer:
    """An answer after what the partnership has approved, and with assumptions unknown where `strict` asks for it.

    An approval lifts nothing but a question to the partnership: no failed rule, no fact that was not stated.
    """
    if answer.ask and trip.approved and code in trip.approved:
        by = {"approved_by": trip.approved_by, "approved_on": str(trip.approved_on)}
        message = f"{answer.message} Approved by {trip.approved_by} on {trip.approved_on}."
        return answer._replace(outcome="pass", message=message, values={**answer.values, **by}, needed=(), ask=False)
    if strict and answer.outcome == "assumed":
        message = f"Not stated, and not assumed here: {answer.message[0].lower()}{answer.message[1:]}"
        return answer._replace(outcome="unknown", message=message)
    return answer


def fold_answers(answers: Mapping[str, Answer], facts: Mapping[str, object]) -> Fold:
    """The outcome of all answers, in whatever order, and what is payable if nothing open stands in the way."""
    outcomes = {answer.outcome for answer in answers.values()}
    outcome = NOT_ELIGIBLE if "fail" in outcomes else UNDECIDED if "unknown" in outcomes else ELIGIBLE
    amount = facts["lump_sum"]
    if outcome == NOT_ELIGIBLE or not isinstance(amount, LumpSum):
        return Fold(outcome, None)
    return Fold(outcome, _amount(amount, answers))


def _amount(lump_sum: LumpSum, answers: Mapping[str, Answer]) -> Payable:
    """The amount as a derivation: the lump sum, halved where a rule says so."""
    lines = [DerivationLine("CXC601", answers["CXC601"].message, None, lump_sum.full)]
    for code in ("CXC602", "CXC603"):
        if answers[code].outcome == "applies":
            lines.append(DerivationLine(code, answers[code].message, HALF, (lines[-1].amount * HALF).quantize(CENT)))
    basis = lump_sum.full_basis if len(lines) == 1 else lump_sum.half_basis
    return Payable(lines[-1].amount, basis, tuple(lines))


def needed(answers: Iterable[Answer]) -> tuple[str, ...]:
    """The fields that would settle what is unknown, in the order of a trip's fields."""
    names = {name for answer in answers if answer.outcome == "unknown" for name in answer.needed}
    order = (*FIELDS, "history")
    return tuple(sorted(names, key=order.index))


def _whole(fact: object) -> int | None:
    return fact if isinstance(fact, int) else None


def _notices(
    trip: Trip,
    scheme: Scheme,
    facts: Mapping[str, object],
    raw: Mapping[str, Answer],
    answers: Mapping[str, Answer],
    fold: Fold,
    strict: bool,
) -> list[str]:
    notices = []
    if fold.amount is not None and fold.amount.basis == "inferred":
        notices.append(
            "The amount is inferred: it comes from the table of another EU exchange scheme and is not confirmed for "
            "ClusterXchange. Confirm it with the partnership."
        )
    if trip.stay is not None:
        notices += _period_notice(scheme.rulebook, trip)
    if scheme.rulebook.limits["day_counting"] == "all-days":
        notices += _working_day_notice(trip, scheme, facts, raw, fold, strict)
    if trip.third_country_national is None and (trip.residence_days, trip.business_there) != (None, None):
        notices.append("residence_days and business_there count only where third_country_national is stated as yes.")
    if trip.approved:
        unused = [code for code in trip.approved if not raw[code].ask]
        if unused:
            notices.append(
                f"The approval of {listed(unused, 'and')} changes nothing: it settles a question to the partnership, "
                "no failed rule and no fact that is not stated."
            )
    return notices


def _period_notice(rulebook: Rulebook, trip: Trip) -> list[str]:
    first, last = rulebook.period
    assert trip.stay is not None
    if first <= trip.stay.arrival and (last is None or trip.stay.arrival <= last):
        return []
    period = f"from {first} to {last}" if last else f"from {first} on"
    return [
        f"The trip lies outside the period of the rulebook {rulebook.name}, {period}. "
        "Ask the partnership whether exchanges are still funded."
    ]


def _working_day_notice(
    trip: Trip, scheme: Scheme, facts: Mapping[str, object], raw: Mapping[str, Answer], fold: Fold, strict: bool
) -> list[str]:
    """What would be different if only working days counted, as the platform's own words have it."""
    days, working = facts["days_on_site"], facts["working_days"]
    if fold.outcome == NOT_ELIGIBLE or days == working or facts["holidays_known"] is None:
        return []
    knowledge = {**facts, **scheme.rulebook.limits, "day_counting": "working-days"}
    other = {code: settle(code, answer, trip, strict) for code, answer in {**raw, **ask_rules(knowledge)}.items()}
    strictly = fold_answers(other, facts)
    if strictly == fold or _sum(strictly) == _sum(fold):
        return []
    if working is None:
        return [
            "ECCP counts working days. The public holidays of the host country are not known for these dates, so it "
            "cannot be told whether that reading gives another verdict or amount. Ask the partnership which it applies."
        ]
    would = {
        NOT_ELIGIBLE: "the trip would not be eligible",
        UNDECIDED: f"only EUR {strictly.amount.amount:.2f} would be payable"
        if strictly.amount
        else "it would be undecided",
        ELIGIBLE: f"only EUR {strictly.amount.amount:.2f} would be payable"
        if strictly.amount
        else "it would be eligible",
    }[strictly.outcome]
    return [
        f"ECCP counts working days, and {working} of the {days} days on site are: read like that, {would}. "
        "Ask the partnership which reading it applies."
    ]


def _sum(fold: Fold) -> tuple[str, Decimal | None]:
    return fold.outcome, fold.amount.amount if fold.amount else None
