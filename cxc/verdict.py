"""The verdict on a trip: findings, what is payable, and how findings make an outcome.

Any finding that fails: not eligible. Else any that is unknown: undecided. Else eligible. Nothing is payable unless the
trip is eligible.
"""

import datetime
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from operator import itemgetter
from typing import Any, Final, NamedTuple

from cxc.countries import CURRENCY, LumpSum
from cxc.datafile import CENT
from cxc.facts import Facts, facts_of
from cxc.rulebook import Rulebook
from cxc.rules import RULES, Answer, Rule
from cxc.scheme import Scheme
from cxc.stay import Stay
from cxc.text import listed
from cxc.trip import FIELDS, Trip
from cxc.visits import NO_HISTORY, Recollection, Visit
from cxc.vocabulary import RULE_NAMES

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


class Part:
    """The answers of some rules: those that read the same kind of facts.

    `raw` holds the answers as the rules gave them, `answers` what they come to here, by code. `rank` is the worst of
    them: 2 fails, 1 is unknown, 0 is neither. Parts are compared by being the same object, and kept for reuse.
    """

    __slots__ = ("answers", "assumed", "failed", "findings", "needed", "rank", "raw", "unknown")

    def __init__(self, raw: Mapping[str, Answer], answers: Mapping[str, Answer], rulebook: Rulebook) -> None:
        self.raw, self.answers = raw, answers
        outcomes = {answer.outcome for answer in answers.values()}
        self.rank = 2 if "fail" in outcomes else 1 if "unknown" in outcomes else 0
        self.findings = tuple(
            Finding(
                code,
                RULE_NAMES[code],
                answer.outcome,
                answer.message,
                answer.values,
                tuple(dict.fromkeys(rulebook.rules[code].sources + answer.sources)),
            )
            for code, answer in answers.items()
        )
        self.failed, self.unknown, self.assumed = (
            tuple(finding for finding in self.findings if finding.outcome == outcome)
            for outcome in ("fail", "unknown", "assumed")
        )
        self.needed = frozenset(name for a in answers.values() if a.outcome == "unknown" for name in a.needed)


class Chapter:
    """Rules that stand together and read the same kind of facts. It remembers its answers by these facts."""

    def __init__(self, rules: Sequence[Rule], limits: Mapping[str, object], rulebook: Rulebook, strict: bool) -> None:
        self._rules, self._limits, self._rulebook, self._strict = rules, limits, rulebook, strict
        names = tuple(dict.fromkeys(name for rule in rules for name in rule.reads if name in Facts._fields))
        self._names = names
        self._pick: Callable[[Any], Any] = itemgetter(*(Facts._fields.index(name) for name in names))
        self._parts: dict[object, Part] = {}

    def __call__(self, facts: Facts) -> Part:
        key = self._pick(facts)
        part = self._parts.get(key)
        if part is None:
            part = self._part(key)
            if len(self._parts) >= MOST_REMEMBERED:
                self._parts.clear()
            self._parts[key] = part
        return part

    def _part(self, key: Any) -> Part:
        known = {**self._limits, **dict(zip(self._names, key if len(self._names) > 1 else (key,), strict=True))}
        raw = {rule.code: rule.function(**{name: known[name] for name in rule.reads}) for rule in self._rules}
        return self.settled(raw, None)

    def settled(self, raw: Mapping[str, Answer], trip: Trip | None) -> Part:
        """Answers after what the partnership has approved for a trip, if any."""
        answers = {code: settle(code, answer, trip, self._strict) for code, answer in raw.items()}
        return Part(raw, answers, self._rulebook)


MOST_REMEMBERED: Final = 20_000  # of one chapter, so that memory does not grow with a table

# The rules in the order of their codes, cut where the facts that they read change.
CHAPTERS: Final = tuple(
    tuple(rule for rule in RULES if rule.code in codes)
    for codes in (
        ("CXC101", "CXC102", "CXC103"),
        ("CXC201", "CXC202"),
        ("CXC301", "CXC302"),
        ("CXC303",),
        ("CXC304", "CXC305"),
        ("CXC401", "CXC402"),
        ("CXC501",),
        ("CXC601", "CXC602"),
        ("CXC603",),
    )
)
_STAY, _SUM, _NEAR = 1, 7, 8
_OUTCOMES: Final = (ELIGIBLE, UNDECIDED, NOT_ELIGIBLE)


class Fold(NamedTuple):
    """What answers come to: the outcome, and the amount for it."""

    outcome: str
    amount: Payable | None


class Judge:
    """Gives verdicts under one scheme, and remembers what its rules answered.

    `strict` counts whatever would be assumed as unknown.
    """

    def __init__(self, scheme: Scheme, *, strict: bool = False) -> None:
        self.scheme, self.strict = scheme, strict
        rulebook = scheme.rulebook
        limits = rulebook.limits
        self._chapters = tuple(Chapter(rules, limits, rulebook, strict) for rules in CHAPTERS)
        strictly = {**limits, "day_counting": "working-days"}
        self._by_working_days = {place: Chapter(CHAPTERS[place], strictly, rulebook, strict) for place in (_STAY, _SUM)}
        self._near = self._chapters[_NEAR]
        self._amounts: dict[object, Payable | None] = {}

    def __call__(self, trip: Trip, recollection: Recollection = NO_HISTORY) -> "Verdict":
        """The verdict on a trip. All rules always run. `recollection` is what is known of earlier visits."""
        facts = facts_of(trip, self.scheme, recollection)
        parts = self.parts(facts)
        if trip.approved:
            parts = tuple(chapter.settled(part.raw, trip) for chapter, part in zip(self._chapters, parts, strict=True))
        return Verdict(self, facts, parts, trip, trip.stay, trip.approved, recollection.visits)

    def parts(self, facts: Facts) -> tuple[Part, ...]:
        """The answers of all rules to facts, by chapter."""
        return tuple([chapter(facts) for chapter in self._chapters])

    def amount(self, facts: Facts, parts: Sequence[Part]) -> Payable | None:
        """What is payable if nothing open stands in the way; None where no amount is known, or a rule fails."""
        total, near = parts[_SUM], parts[_NEAR]
        try:
            return self._amounts[total, near]
        except KeyError:
            answers = {**total.answers, **near.answers}
            known = isinstance(facts.lump_sum, LumpSum)
            amount = self._amounts[total, near] = _amount(facts.lump_sum, answers) if known else None  # type: ignore[arg-type]
            if len(self._amounts) > MOST_REMEMBERED:
                self._amounts.clear()
            return amount

    def by_working_days(self, verdict: "Verdict") -> Fold:
        """What the trip would come to if only working days counted."""
        facts, parts = verdict.facts, list(verdict.parts)
        for place, chapter in self._by_working_days.items():
            parts[place] = chapter(facts)
        short = parts[_SUM].raw["CXC602"].outcome
        parts[_NEAR] = self._near(facts._replace(short_stay={"applies": True, "not-applicable": False}.get(short)))
        if verdict.approved:
            for place in (*self._by_working_days, _NEAR):
                parts[place] = self._chapters[place].settled(parts[place].raw, verdict.trip)
        rank = max(part.rank for part in parts)
        return Fold(_OUTCOMES[rank], None if rank == 2 else self.amount(facts, parts))


def judge(trip: Trip, scheme: Scheme, *, strict: bool = False, recollection: Recollection = NO_HISTORY) -> "Verdict":
    """The verdict on a trip. All rules always run.

    `strict` counts whatever would be assumed as unknown. `recollection` is what is known of earlier visits.
    """
    return Judge(scheme, strict=strict)(trip, recollection)


class Verdict:
    """The verdict on one trip, with everything that it rests on.

    `outcome` is eligible, not-eligible or undecided. `payable` is None unless it is eligible; `if_settled` is what an
    undecided trip would bring if what is open is settled in its favour. `findings` holds every rule, in the order of
    the codes. `assumptions` are what was taken to be so without being stated; `needed` names the fields that would
    settle an undecided verdict, `asks` the codes of the rules that the partnership can settle by approving them.
    """

    __slots__ = ("_judge", "_trip", "amount", "approved", "earlier_visits", "facts", "outcome", "parts", "stay")

    def __init__(
        self,
        judge: Judge,
        facts: Facts,
        parts: tuple[Part, ...],
        trip: Trip | Callable[[], Trip],
        stay: Stay | None,
        approved: tuple[str, ...] | None,
        earlier_visits: tuple[Visit, ...],
    ) -> None:
        self._judge, self.facts, self.parts, self._trip = judge, facts, parts, trip
        self.stay, self.approved, self.earlier_visits = stay, approved, earlier_visits
        rank = max([part.rank for part in parts])
        self.outcome = _OUTCOMES[rank]
        self.amount = None if rank == 2 else judge.amount(facts, parts)

    @property
    def trip(self) -> Trip:
        """The trip; of a row in a table it is put together when it is asked for."""
        if not isinstance(self._trip, Trip):
            self._trip = self._trip()
        return self._trip

    @property
    def scheme(self) -> Scheme:
        """The rulebook and the country table."""
        return self._judge.scheme

    @property
    def strict(self) -> bool:
        """Whether nothing was assumed."""
        return self._judge.strict

    @property
    def days_on_site(self) -> int | None:
        """The days between the travel days."""
        return self.facts.days_on_site

    @property
    def working_days(self) -> int | None:
        """The working days among them, where the holidays are known."""
        return self.facts.working_days

    @property
    def payable(self) -> Payable | None:
        """What is payable."""
        return self.amount if self.outcome == ELIGIBLE else None

    @property
    def if_settled(self) -> Payable | None:
        """What would be payable if what is open is settled in its favour."""
        return self.amount if self.outcome == UNDECIDED else None

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What every rule found, in the order of the codes."""
        return tuple([finding for part in self.parts for finding in part.findings])

    @property
    def decisive(self) -> tuple[Finding, ...]:
        """The findings that refuse the trip, or leave it undecided."""
        if self.outcome == NOT_ELIGIBLE:
            return tuple([finding for part in self.parts for finding in part.failed])
        return tuple([finding for part in self.parts for finding in part.unknown])

    @property
    def assumptions(self) -> tuple[str, ...]:
        """What was taken to be so without being stated."""
        return tuple([finding.message for part in self.parts for finding in part.assumed])

    @property
    def needed(self) -> tuple[str, ...]:
        """The fields that would settle an undecided verdict, in the order of a trip's fields."""
        if self.outcome != UNDECIDED:
            return ()
        names: set[str] = set().union(*[part.needed for part in self.parts])
        return tuple(sorted(names, key=_ORDER.__getitem__))

    @property
    def asks(self) -> tuple[str, ...]:
        """The codes of the rules that the partnership can settle by approving them."""
        if self.outcome != UNDECIDED:
            return ()
        return tuple(code for part in self.parts for code, answer in part.answers.items() if answer.ask)

    @property
    def notices(self) -> tuple[str, ...]:
        """What to know beside the findings; the last says who decides."""
        return (*_notices(self), DISCLAIMER)

    @property
    def next_steps(self) -> tuple[str, ...]:
        """The paperwork, in the order in which it is due."""
        return self.scheme.rulebook.next_steps

    def finding(self, code: str) -> Finding:
        """The finding of one rule, by its code."""
        return next(finding for finding in self.findings if finding.code == code)

    def by_working_days(self) -> Fold:
        """What the trip would come to if only working days counted."""
        return self._judge.by_working_days(self)


_ORDER: Final = {name: place for place, name in enumerate((*FIELDS, "history"))}


def settle(code: str, answer: Answer, trip: Trip | None, strict: bool) -> Answer:
    """An answer after what the partnership has approved, and with assumptions unknown where `strict` asks for it.

    An approval lifts nothing but a question to the partnership: no failed rule, no fact that was not stated.
    """
    if answer.ask and trip is not None and trip.approved and code in trip.approved:
        by = {"approved_by": trip.approved_by, "approved_on": str(trip.approved_on)}
        message = f"{answer.message} Approved by {trip.approved_by} on {trip.approved_on}."
        return answer._replace(outcome="pass", message=message, values={**answer.values, **by}, needed=(), ask=False)
    if strict and answer.outcome == "assumed":
        message = f"Not stated, and not assumed here: {answer.message[0].lower()}{answer.message[1:]}"
        return answer._replace(outcome="unknown", message=message)
    return answer


def _amount(lump_sum: LumpSum, answers: Mapping[str, Answer]) -> Payable:
    """The amount as a derivation: the lump sum, halved where a rule says so."""
    lines = [DerivationLine("CXC601", answers["CXC601"].message, None, lump_sum.full)]
    for code in ("CXC602", "CXC603"):
        if answers[code].outcome == "applies":
            halved = (lines[-1].amount * HALF).quantize(CENT)
            lines.append(DerivationLine(code, answers[code].message, HALF, halved))
    basis = lump_sum.full_basis if len(lines) == 1 else lump_sum.half_basis
    return Payable(lines[-1].amount, basis, tuple(lines))


INFERRED: Final = (
    "The amount is inferred: it comes from the table of another EU exchange scheme and is not confirmed for "
    "ClusterXchange. Confirm it with the partnership."
)


def _notices(verdict: Verdict) -> list[str]:
    notices = []
    rulebook, facts = verdict.scheme.rulebook, verdict.facts
    if verdict.amount is not None and verdict.amount.basis == "inferred":
        notices.append(INFERRED)
    if verdict.stay is not None:
        notices += period_notice(rulebook, verdict.stay.arrival)
    if rulebook.counts_all_days:
        notices += working_day_notice(verdict)
    if facts.third_country_national is None and (facts.residence_days, facts.business_there) != (None, None):
        notices.append("residence_days and business_there count only where third_country_national is stated as yes.")
    if verdict.approved:
        raw = {code: answer for part in verdict.parts for code, answer in part.raw.items()}
        unused = [code for code in verdict.approved if not raw[code].ask]
        if unused:
            notices.append(
                f"The approval of {listed(unused, 'and')} changes nothing: it settles a question to the partnership, "
                "no failed rule and no fact that is not stated."
            )
    return notices


def period_notice(rulebook: Rulebook, arrival: datetime.date) -> list[str]:
    """A question to ask where a trip lies outside the rulebook's period."""
    first, last = rulebook.period
    if first <= arrival and (last is None or arrival <= last):
        return []
    period = f"from {first} to {last}" if last else f"from {first} on"
    return [
        f"The trip lies outside the period of the rulebook {rulebook.name}, {period}. "
        "Ask the partnership whether exchanges are still funded."
    ]


def working_day_notice(verdict: Verdict) -> list[str]:
    """What would be different if only working days counted, as the platform's own words have it."""
    days, working = verdict.days_on_site, verdict.working_days
    if verdict.outcome == NOT_ELIGIBLE or days == working or verdict.facts.holidays_known is None:
        return []
    strictly = verdict.by_working_days()
    if _sum(strictly) == _sum(Fold(verdict.outcome, verdict.amount)):
        return []
    if working is None:
        return [
            "ECCP counts working days. The public holidays of the host country are not known for these dates, so it "
            "cannot be told whether that reading gives another verdict or amount. Ask the partnership which it applies."
        ]
    would = "the trip would not be eligible"
    if strictly.outcome != NOT_ELIGIBLE:
        assert strictly.amount is not None
        would = f"only EUR {strictly.amount.amount:.2f} would be payable"
    return [
        f"ECCP counts working days, and {working} of the {days} days on site are: read like that, {would}. "
        "Ask the partnership which reading it applies."
    ]


def _sum(fold: Fold) -> tuple[str, Decimal | None]:
    return fold.outcome, fold.amount.amount if fold.amount else None
