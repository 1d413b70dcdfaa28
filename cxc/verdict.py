"""The verdict on a trip: findings, what is payable, and how findings make an outcome.

Any finding that fails: not eligible. Else any that is unknown: undecided. Else eligible. Nothing is payable unless the
trip is eligible.
"""

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from functools import cached_property, partial
from operator import itemgetter
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from cxc.countries import CURRENCY, LumpSum
from cxc.datafile import CENT
from cxc.facts import Facts, day_facts, facts_of, place_facts, places
from cxc.memory import Bounded, Memory
from cxc.rulebook import Rulebook
from cxc.rules import RULES, Answer, Rule
from cxc.scheme import Scheme
from cxc.stay import ONE_DAY, Stay
from cxc.text import listed
from cxc.trip import FIELDS, MEMBER_UNNAMED, Trip, shown
from cxc.visits import NO_HISTORY, Recollection, Visit
from cxc.vocabulary import RULE_NAMES

if TYPE_CHECKING:
    from cxc.places import Place

ELIGIBLE: Final = "eligible"
NOT_ELIGIBLE: Final = "not-eligible"
UNDECIDED: Final = "undecided"
# A row of a table that states no trip has no verdict; this is what stands for one.
UNREADABLE: Final = "unreadable"
OUTCOMES: Final = (ELIGIBLE, NOT_ELIGIBLE, UNDECIDED, UNREADABLE)

HALF: Final = Decimal("0.5")

FAILS: Final = 2  # the rank of answers of which one fails

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

    @property
    def in_words(self) -> str:
        """The amount, with a word where it is not confirmed.

        >>> Payable(Decimal(415), "inferred", ()).in_words
        'EUR 415.00 (inferred, not confirmed)'
        """
        return f"EUR {self.amount:.2f}{' (inferred, not confirmed)' if self.basis == 'inferred' else ''}"


# The rules by the facts that they read: each chapter remembers what its rules answered to these facts.
CHAPTERS: Final = tuple(
    tuple(rule for rule in RULES if rule.code in codes)
    for codes in (
        ("CXC101", "CXC102", "CXC103"),
        ("CXC201", "CXC202", "CXC602"),
        ("CXC301", "CXC302", "CXC304", "CXC305"),
        ("CXC303",),
        ("CXC401", "CXC402", "CXC501"),
        ("CXC601",),
        ("CXC603",),
    )
)
WHERE, DAYS, VISITOR, ONCE, HOST, SUM, NEAR = range(len(CHAPTERS))
# Facts that no rule of a chapter reads, and a notice does.
_NOTED: Final = {VISITOR: ("visitor_cluster_in_doubt",), HOST: ("host_cluster_in_doubt",)}


PLACES: Final = {
    rule.code: (place, inside) for place, rules in enumerate(CHAPTERS) for inside, rule in enumerate(rules)
}
_IN_ORDER: Final = tuple(PLACES[rule.code] for rule in RULES)  # where each finding stands, in the order of the codes


def _runs() -> tuple[tuple[int, int, int], ...]:
    """The same, findings of one chapter that follow each other together: chapter, first, and one past the last."""
    runs: list[tuple[int, int, int]] = []
    for place, inside in _IN_ORDER:
        if runs and runs[-1][0] == place:
            runs[-1] = (place, runs[-1][1], inside + 1)
        else:
            runs.append((place, inside, inside + 1))
    return tuple(runs)


RUNS: Final = _runs()


class Part:
    """The answers of a chapter's rules to some facts.

    `facts` are what was asked about, by name; `raw` holds the answers as the rules gave them, `answers` what they come
    to here, by code. `rank` is the worst of them: 2 fails, 1 is unknown, 0 is neither. `halves` tells whether one of
    them halves the lump sum, `assumes` whether one takes something to be so without its being stated. Parts are
    compared by being the same object, and kept for reuse.
    """

    def __init__(
        self, facts: Mapping[str, object], raw: Mapping[str, Answer], answers: Mapping[str, Answer], rulebook: Rulebook
    ) -> None:
        self.facts, self.raw, self.answers, self._rulebook = facts, raw, answers, rulebook
        outcomes = {answer.outcome for answer in answers.values()}
        self.rank = FAILS if "fail" in outcomes else 1 if "unknown" in outcomes else 0
        self.halves = "applies" in outcomes
        self.assumes = "assumed" in outcomes

    @cached_property
    def doubt(self) -> str | None:
        """What is odd about the facts that are stated, whatever the rules say; or None."""
        if "distance_km" in self.facts:
            return _odd_distance(self.facts, self._rulebook)
        return _idle_facts(self.facts) if "residence_days" in self.facts else None

    @cached_property
    def findings(self) -> tuple[Finding, ...]:
        """What the rules found, in the order of the codes."""
        return tuple(
            Finding(
                code,
                RULE_NAMES[code],
                answer.outcome,
                answer.message,
                answer.values,
                tuple(dict.fromkeys(self._rulebook.rules[code].sources + answer.sources)),
            )
            for code, answer in self.answers.items()
        )

    @property
    def needed(self) -> set[str]:
        """The facts that would settle what is unknown."""
        return {name for answer in self.answers.values() if answer.outcome == "unknown" for name in answer.needed}


class Chapter:
    """Rules that read the same kind of facts. It remembers its answers by these facts."""

    def __init__(
        self,
        rules: Sequence[Rule],
        limits: Mapping[str, object],
        rulebook: Rulebook,
        strict: bool,
        noted: tuple[str, ...] = (),
    ) -> None:
        self._rulebook, self._strict = rulebook, strict
        read = [name for rule in rules for name in rule.reads if name in Facts._fields]
        names = tuple(dict.fromkeys((*read, *noted)))
        self._names = names
        # Each rule with the limits that it reads, and the names of the facts that it reads.
        self._rules = [
            (
                rule.code,
                partial(rule.function, **{name: limits[name] for name in rule.reads if name not in names}),
                [name for name in rule.reads if name in names],
            )
            for rule in rules
        ]
        self._pick: Callable[[Any], Any] = itemgetter(*(Facts._fields.index(name) for name in names))
        self._of: Callable[[Any], Any] = itemgetter(*names)
        self._parts = Memory(self._part)

    def __call__(self, facts: Facts) -> Part:
        """The answers to the facts of a trip."""
        return self._parts[self._pick(facts)]

    def on(self, **facts: object) -> Part:
        """The answers to facts by their names; those that the rules do not read may be left out."""
        return self._parts[self._of(facts)]

    def _part(self, key: Any) -> Part:
        facts = dict(zip(self._names, key if len(self._names) > 1 else (key,), strict=True))
        raw = {code: rule(**{name: facts[name] for name in reads}) for code, rule, reads in self._rules}
        return self.settled(facts, raw, None)

    def settled(self, facts: Mapping[str, object], raw: Mapping[str, Answer], trip: Trip | None) -> Part:
        """Answers after what the partnership has approved for a trip, if any."""
        answers = {code: settle(code, answer, trip, self._strict) for code, answer in raw.items()}
        return Part(facts, raw, answers, self._rulebook)


Parts = tuple[Part, ...]  # one for each chapter

_OUTCOMES: Final = (ELIGIBLE, UNDECIDED, NOT_ELIGIBLE)


class Fold(NamedTuple):
    """What answers come to: the outcome, and the amount for it."""

    outcome: str
    amount: Payable | None


class Grounds:
    """The findings that refuse a trip, or leave it undecided; kept for reuse."""

    def __init__(self, findings: tuple[Finding, ...], needed: tuple[str, ...]) -> None:
        self.findings, self.needed = findings, needed
        self.codes = tuple([finding.code for finding in findings])


NO_GROUNDS: Final = Grounds((), ())


class Judge:
    """Gives verdicts under one scheme, and remembers what its rules answered.

    `strict` counts whatever would be assumed as unknown.
    """

    def __init__(self, scheme: Scheme, *, strict: bool = False) -> None:
        self.scheme, self.strict = scheme, strict
        rulebook = scheme.rulebook
        limits = rulebook.limits
        self.chapters = tuple(
            Chapter(rules, limits, rulebook, strict, _NOTED.get(place, ())) for place, rules in enumerate(CHAPTERS)
        )
        self._strictly = Chapter(CHAPTERS[DAYS], {**limits, "day_counting": "working-days"}, rulebook, strict)
        self._amounts = Memory(_amount)
        self._grounds = Memory(_grounds)
        self._notices: Bounded[object, tuple[str, ...]] = Bounded()
        self._period = rulebook.period

    def __call__(self, trip: Trip, recollection: Recollection = NO_HISTORY) -> "Verdict":
        """The verdict on a trip. All rules always run. `recollection` is what is known of earlier visits."""
        parts = self.parts(facts_of(trip, self.scheme, recollection))
        if trip.approved:
            parts = tuple(
                self._approved(chapter, part, trip) for chapter, part in zip(self.chapters, parts, strict=True)
            )
        return Verdict(self, parts, trip, trip.stay, recollection.visits)

    def parts(self, facts: Facts) -> Parts:
        """The answers of all rules to facts, by chapter."""
        return tuple([chapter(facts) for chapter in self.chapters])

    @staticmethod
    def _approved(chapter: Chapter, part: Part, trip: Trip) -> Part:
        """Answers after what the partnership has approved for a trip."""
        asked = any(answer.ask for answer in part.raw.values())
        return chapter.settled(part.facts, part.raw, trip) if asked else part

    def amount(self, parts: Parts) -> Payable | None:
        """What is payable if nothing open stands in the way; None where no amount is known."""
        _, days, _, _, _, total, near = parts
        return self._amounts[total, days if days.halves else None, near if near.halves else None]

    def grounds(self, parts: Parts, rank: int) -> Grounds:
        """The findings of a rank in the answers of all rules: 2 those that fail, 1 those that are unknown."""
        return self._grounds[tuple([part for part in parts if part.rank == rank])]

    def at(self, verdict: "Verdict", stay: Stay) -> "Verdict":
        """The verdict on the same trip at other dates. Nothing that is asked of them counts as approved."""
        rulebook, parts = self.scheme.rulebook, list(verdict.parts)
        host: Any = parts[WHERE].facts["host_country"]
        days = day_facts(stay, rulebook)
        working, known, short, lump_sum = place_facts(stay, days, host, rulebook)
        parts[DAYS] = self.chapters[DAYS].on(**days._asdict(), working_days=working, holidays_known=known)
        parts[SUM] = self.chapters[SUM].on(host_country=host, lump_sum=lump_sum)
        parts[NEAR] = self.chapters[NEAR].on(**{**parts[NEAR].facts, "short_stay": short})
        return Verdict(self, tuple(parts), partial(_moved, verdict, stay), stay, verdict.earlier_visits)

    def by_working_days(self, verdict: "Verdict") -> Fold:
        """What the trip would come to if only working days counted."""
        parts = list(verdict.parts)
        days, near = self._strictly.on(**parts[DAYS].facts), parts[NEAR]
        short = {"applies": True, "not-applicable": False}.get(days.raw["CXC602"].outcome)
        parts[DAYS], parts[NEAR] = days, self.chapters[NEAR].on(**{**near.facts, "short_stay": short})
        if verdict.approved:
            for place in (DAYS, NEAR):
                parts[place] = self._approved(self.chapters[place], parts[place], verdict.trip)
        rank = max(part.rank for part in parts)
        return Fold(_OUTCOMES[rank], None if rank == FAILS else self.amount(tuple(parts)))

    def notices(self, verdict: "Verdict") -> tuple[str, ...]:
        """What to know beside the findings, without the closing words."""
        where, days, visitor, once, host, total, near = verdict.parts
        stay, (first, last) = verdict.stay, self._period
        outside = stay is not None and not (first <= stay.arrival and (last is None or stay.arrival <= last))
        trip = verdict._trip
        placed = isinstance(trip, Trip) and (trip.visitor_place or trip.host_place)
        if verdict.approved or placed or near.facts["worked_out_km"] is not None:
            return notices(verdict, outside)
        others = where.rank | visitor.rank | once.rank | host.rank
        key = days, total, near.rank, near.halves, others, verdict.rank, outside, visitor.doubt, near.doubt
        found = self._notices.get(key)
        return self._notices.keep(key, notices(verdict, outside)) if found is None else found


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

    __slots__ = ("_grounds", "_trip", "amount", "earlier_visits", "judge", "outcome", "parts", "rank", "stay")

    def __init__(
        self,
        judge: Judge,
        parts: Parts,
        trip: Trip | Callable[[], Trip],
        stay: Stay | None,
        earlier_visits: tuple[Visit, ...],
    ) -> None:
        self.judge, self.parts, self._trip, self.stay, self.earlier_visits = judge, parts, trip, stay, earlier_visits
        self._grounds: Grounds | None = None
        where, days, visitor, once, host, total, near = parts
        ranks = where.rank | days.rank | visitor.rank | once.rank | host.rank | total.rank | near.rank
        self.rank = rank = FAILS if ranks >= FAILS else ranks
        self.outcome = _OUTCOMES[rank]
        self.amount = None if rank == FAILS else judge.amount(parts)

    @property
    def trip(self) -> Trip:
        """The trip; of a row in a table it is put together when it is asked for."""
        if not isinstance(self._trip, Trip):
            self._trip = self._trip()
        return self._trip

    @property
    def approved(self) -> tuple[str, ...] | None:
        """The rules that the partnership has approved for the trip."""
        return self._trip.approved if isinstance(self._trip, Trip) else None  # a row that approves has its trip at once

    @property
    def idle_approval(self) -> str | None:
        """That codes are approved without effect; None where there are none."""
        raw = {code: answer for part in self.parts for code, answer in part.raw.items()} if self.approved else {}
        unused = [code for code in self.approved or () if not raw[code].ask]
        if not unused:
            return None
        return (
            f"The approval of {listed(unused, 'and')} changes nothing: it settles a question to the partnership, "
            "no failed rule and no fact that is not stated."
        )

    @property
    def scheme(self) -> Scheme:
        """The rulebook and the country table."""
        return self.judge.scheme

    @property
    def strict(self) -> bool:
        """Whether nothing was assumed."""
        return self.judge.strict

    @property
    def facts(self) -> Facts:
        """Every fact that the rules were asked about."""
        return Facts(**{name: value for part in self.parts for name, value in part.facts.items()})  # type: ignore[arg-type]

    @property
    def days_on_site(self) -> int | None:
        """The days between the travel days."""
        return self.parts[DAYS].facts["days_on_site"]  # type: ignore[return-value]

    @property
    def working_days(self) -> int | None:
        """The working days among them, where the holidays are known."""
        return self.parts[DAYS].facts["working_days"]  # type: ignore[return-value]

    @property
    def payable(self) -> Payable | None:
        """What is payable."""
        return self.amount if self.rank == 0 else None

    @property
    def if_settled(self) -> Payable | None:
        """What would be payable if what is open is settled in its favour."""
        return self.amount if self.rank == 1 else None

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What every rule found, in the order of the codes."""
        return tuple(_findings(self.parts))

    @property
    def grounds(self) -> Grounds:
        """What refuses the trip, or leaves it undecided."""
        if self._grounds is None:
            self._grounds = self.judge.grounds(self.parts, self.rank) if self.rank else NO_GROUNDS
        return self._grounds

    @property
    def decisive(self) -> tuple[Finding, ...]:
        """The findings that refuse the trip, or leave it undecided."""
        return self.grounds.findings

    @property
    def assumptions(self) -> tuple[str, ...]:
        """What was taken to be so without being stated."""
        return tuple([finding.message for finding in _findings(self.parts) if finding.outcome == "assumed"])

    @property
    def needed(self) -> tuple[str, ...]:
        """The fields that would settle an undecided verdict, in the order of a trip's fields."""
        return self.grounds.needed

    @property
    def asks(self) -> tuple[str, ...]:
        """The codes of the rules that the partnership can settle by approving them."""
        if self.outcome != UNDECIDED:
            return ()
        return tuple(code for part in self.parts for code, answer in part.answers.items() if answer.ask)

    @property
    def notices(self) -> tuple[str, ...]:
        """What to know beside the findings; the last says who decides."""
        return (*self.judge.notices(self), *self.clusters_in_doubt, DISCLAIMER)

    @property
    def clusters_in_doubt(self) -> tuple[str, ...]:
        """That what is stated of a cluster was taken as its name, though it may be a remark."""
        fields = self.fields_in_doubt
        return tuple([_taken_as_a_name(field, getattr(self.trip, field)) for field in fields]) if fields else ()

    @property
    def fields_in_doubt(self) -> tuple[str, ...]:
        """The fields of a cluster that may state a remark."""
        if self.parts[VISITOR].facts["visitor_cluster_in_doubt"]:
            host_too = self.parts[HOST].facts["host_cluster_in_doubt"]
            return ("visitor_cluster", "host_cluster") if host_too else ("visitor_cluster",)
        return ("host_cluster",) if self.parts[HOST].facts["host_cluster_in_doubt"] else ()

    @property
    def next_steps(self) -> tuple[str, ...]:
        """The paperwork, in the order in which it is due."""
        return self.scheme.rulebook.next_steps

    def finding(self, code: str) -> Finding:
        """The finding of one rule, by its code."""
        return next(finding for finding in self.findings if finding.code == code)

    def by_working_days(self) -> Fold:
        """What the trip would come to if only working days counted."""
        return self.judge.by_working_days(self)


def _moved(verdict: Verdict, stay: Stay) -> Trip:
    """The trip of a verdict at other dates, stated as its own are."""
    trip = verdict.trip
    if trip.arrival:
        return trip._replace(arrival=stay.arrival, departure=stay.last + ONE_DAY)
    return trip._replace(first_day=stay.first, last_day=stay.last)


_ORDER: Final = {name: place for place, name in enumerate((*FIELDS, "history"))}


def _findings(parts: Parts) -> list[Finding]:
    found = [part.findings for part in parts]
    return [found[place][inside] for place, inside in _IN_ORDER]


def settle(code: str, answer: Answer, trip: Trip | None, strict: bool) -> Answer:
    """An answer after what the partnership has approved, and with assumptions unknown where `strict` asks for it.

    An approval lifts nothing but a question to the partnership: no failed rule, no fact that was not stated.
    """
    if answer.ask and trip is not None and trip.approved and code in trip.approved:
        by = {"approved_by": trip.approved_by, "approved_on": str(trip.approved_on)}
        unclear = answer.message.removesuffix(answer.ask).rstrip()
        message = f"Approved by {trip.approved_by} on {trip.approved_on}. What was unclear: {unclear}"
        return answer._replace(outcome="pass", message=message, values={**answer.values, **by}, needed=(), ask="")
    if strict and answer.outcome == "assumed":
        message = f"Not stated, and not assumed here: {answer.message[0].lower()}{answer.message[1:]}"
        return answer._replace(outcome="unknown", message=message)
    return answer


def _amount(halving: tuple[Part, Part | None, Part | None]) -> Payable | None:
    """The amount as a derivation: the lump sum of a part, halved where one of the others says so."""
    total, *others = halving
    lump_sum = total.facts["lump_sum"]
    if not isinstance(lump_sum, LumpSum):
        return None
    lines = [DerivationLine("CXC601", total.answers["CXC601"].message, None, lump_sum.full)]
    for part in filter(None, others):
        for code, answer in part.answers.items():
            if answer.outcome == "applies":
                halved = (lines[-1].amount * HALF).quantize(CENT)
                lines.append(DerivationLine(code, answer.message, HALF, halved))
    basis = lump_sum.full_basis if len(lines) == 1 else lump_sum.half_basis
    return Payable(lines[-1].amount, basis, tuple(lines))


def _grounds(parts: tuple[Part, ...]) -> Grounds:
    """What these parts, all of one rank, hold of that rank."""
    outcome = "fail" if parts[0].rank == FAILS else "unknown"
    findings = [finding for part in parts for finding in part.findings if finding.outcome == outcome]
    needed = set().union(*[part.needed for part in parts]) if outcome == "unknown" else set()
    return Grounds(
        tuple(sorted(findings, key=lambda finding: finding.code)), tuple(sorted(needed, key=_ORDER.__getitem__))
    )


INFERRED: Final = (
    "The amount is inferred: it comes from the table of another EU exchange scheme and is not confirmed for "
    "ClusterXchange. Confirm it with the partnership."
)


def notices(verdict: Verdict, outside: bool) -> tuple[str, ...]:
    """What to know beside the findings; `outside` tells whether the trip is outside the rulebook's period."""
    rulebook = verdict.scheme.rulebook
    found = []
    if verdict.amount is not None and verdict.amount.basis == "inferred":
        found.append(INFERRED)
    if outside:
        found.append(period_notice(rulebook))
    found += working_day_notice(verdict)
    found += [part.doubt for part in (verdict.parts[VISITOR], verdict.parts[NEAR]) if part.doubt]
    found += _places_taken(verdict)
    idle = verdict.idle_approval
    return tuple([*found, idle] if idle else found)


def _taken_as_a_name(field: str, cluster: str) -> str:
    """What to look at in a cluster field; a report may withhold the text."""
    text = "the text" if cluster == MEMBER_UNNAMED else shown(cluster)
    return (
        f"{field}: {text} is taken as the name of a cluster. It is written as a remark may be: several words, with one "
        "capital letter at most. If it is a remark, write none, or leave it blank."
    )


def _places_taken(verdict: Verdict) -> list[str]:
    """Which places the distance was worked out from, or that one alone gives none."""
    near, trip = verdict.parts[NEAR], verdict.trip
    apart = near.facts["worked_out_km"]
    if apart is not None and trip.visitor_place:  # a report may withhold the places
        visitor, host = map(_placed, places(trip))
        return [
            f"The places taken are {visitor} for the visitor and {host} for the host, {apart} km apart as the crow "
            "flies."
        ]
    if near.answers["CXC603"].outcome in ("assumed", "unknown") and (trip.visitor_place or trip.host_place):
        stated, lacking = ("visitor", "host") if trip.visitor_place else ("host", "visitor")
        return [f"{stated}_place alone gives no distance; state {lacking}_place as well, or distance_km."]
    return []


def _idle_facts(facts: Mapping[str, Any]) -> str | None:
    """What is stated of a third-country national, where nobody is stated to be one."""
    if facts["third_country_national"] is not None or (facts["residence_days"], facts["business_there"]) == (
        None,
        None,
    ):
        return None
    return "residence_days and business_there count only where third_country_national is stated as yes."


def _odd_distance(facts: Mapping[str, Any], rulebook: Rulebook) -> str | None:
    """A distance that is stated and does not fit the places or the countries."""
    stated: Decimal | None = facts["distance_km"]
    if stated is None:
        return None
    near, margin, crow = rulebook.near_below_km, rulebook.worked_out_margin_km, facts["worked_out_km"]
    counts = f"The distance stated, {stated.normalize():f} km, is what counts; but"
    if crow is not None and (
        stated < crow - margin  # no way is shorter than that of the crow
        or stated > max(crow * _LONGEST_DETOUR, crow + margin)
        or (stated >= near and crow < near - margin)
    ):
        return f"{counts} the places stated are {crow} km apart as the crow flies. Check it."
    if facts["never_near"] and stated < near:
        return f"{counts} the two countries are nowhere less than {near} km apart. Check it."
    return None


_LONGEST_DETOUR: Final = 1.4  # a way by road is seldom longer than so many times that of the crow


def _placed(place: "Place") -> str:
    return f"{place.name} ({place.region})" if place.region and place.region != place.name else place.name


def period_notice(rulebook: Rulebook) -> str:
    """A question to ask where a trip lies outside the rulebook's period."""
    first, last = rulebook.period
    period = f"from {first} to {last}" if last else f"from {first} on"
    return (
        f"The trip lies outside the period of the rulebook {rulebook.name}, {period}. "
        "Ask the partnership whether exchanges are still funded."
    )


def working_day_notice(verdict: Verdict) -> list[str]:
    """What would be different if only working days counted, as the platform's own words have it."""
    would = in_working_days(verdict)
    if would is None:
        return []
    if would == CANNOT_BE_TOLD:
        return [
            "ECCP counts working days. The public holidays of the host country are not known for these dates, so it "
            "cannot be told whether that reading gives another verdict or amount. Ask the partnership which it applies."
        ]
    working = (
        f"at most {verdict.parts[DAYS].facts['weekdays']}" if verdict.working_days is None else verdict.working_days
    )
    return [
        f"ECCP counts working days, and {working} of the {verdict.days_on_site} days on site are: read like that, "
        f"{would}. Ask the partnership which reading it applies."
    ]


CANNOT_BE_TOLD: Final = "it cannot be told"


def in_working_days(verdict: Verdict) -> str | None:
    """What would be so if only working days counted, or that it cannot be told; None where it is all the same."""
    days, working = verdict.days_on_site, verdict.working_days
    if (
        not verdict.scheme.rulebook.counts_all_days
        or verdict.outcome == NOT_ELIGIBLE
        or days == working
        or verdict.parts[DAYS].facts["holidays_known"] is None
    ):
        return None
    strictly = verdict.by_working_days()
    if strictly.outcome == NOT_ELIGIBLE:
        return "the trip would not be eligible"
    if working is None:
        return CANNOT_BE_TOLD
    if _sum(strictly) == _sum(Fold(verdict.outcome, verdict.amount)):
        return None
    assert strictly.amount is not None
    return f"only EUR {strictly.amount.amount:.2f} would be payable"


def _sum(fold: Fold) -> tuple[str, Decimal | None]:
    return fold.outcome, fold.amount.amount if fold.amount else None
