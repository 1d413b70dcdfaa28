"""The verdict on a trip: what every rule found, and what that comes to.

A verdict is the view on one of the rows that were judged together (`cxc.resolver`); a trip alone is a table of one row.
"""

import datetime
from collections.abc import Callable, Iterable, Mapping, Sequence
from copy import copy
from functools import lru_cache, partial, wraps
from typing import Final, NamedTuple, TypeVar, overload

from cxc import conclusions, facts
from cxc.conclusions import (
    CONCLUSIONS,
    ELIGIBLE,
    UNDECIDED,
    Ground,
    OtherReading,
    Payable,
    assumption,
    codes_in,
    ground,
    halving,
    outside_period,
    taken_over_notice,
)
from cxc.facts import FACTS, Approval
from cxc.resolver import (
    MOST_NUMBERED,
    Collected,
    Conditional,
    Constant,
    Definition,
    Field,
    Function,
    Joint,
    ListedRows,
    Node,
    OneRow,
    PickedRows,
    Resolver,
    Unreadable,
    Where,
)
from cxc.rules import RULE_NAMES, RULES, Answer, codes_at
from cxc.scheme.loading import Scheme
from cxc.scheme.rulebook import Rulebook
from cxc.trip.fields import FIELDS, NAMES, PAIRED, PAPERS
from cxc.trip.reader import Trip
from cxc.trip.stay import ONE_DAY, Stay
from cxc.visits import NO_HISTORY, Recollection, Visit
from cxc.vocabulary import FindingOutcome, Outcome, Stage

Value = TypeVar("Value")

DISCLAIMER: Final = "The partnership decides. This is not a decision of the EU."


class Finding(NamedTuple):
    """What one rule found. `sources` are addresses; `remedy` says what would mend it, once it was asked for."""

    code: str
    name: str
    outcome: FindingOutcome
    message: str
    values: Mapping[str, object]
    sources: tuple[str, ...]
    remedy: str | None = None


_CLUSTERS_KNOWN: Final = ("visitor_cluster_known", "host_cluster_known")  # every cluster counts where none is listed
_HALVING: Final = ("CXC602", "CXC603")
_OF_DATES: Final = ("CXC201", "CXC202", "CXC601", "CXC602", "CXC603")


def _strictly(ask: Callable[..., Answer]) -> Callable[..., Answer]:
    """A rule that assumes nothing."""

    @wraps(ask)
    def answer(*facts: object, **limits: object) -> Answer:
        found = ask(*facts, **limits)
        if found.outcome != "assumed":
            return found
        message = f"Not stated, and not assumed: {found.message[0].lower()}{found.message[1:]}"
        return found._replace(outcome="unknown", message=message)

    return answer


class Verdicts:
    """Gives verdicts under one scheme, and remembers what was answered.

    `strict` counts whatever would be assumed as unknown. `today` is the day on which payment is asked about, and with
    it the rules of that stage are asked, too; None: nobody asks yet. `fields` are those that may be stated; with
    `nameless` no notice names a place.
    """

    def __init__(
        self,
        scheme: Scheme,
        *,
        strict: bool = False,
        today: datetime.date | None = None,
        fields: Iterable[str] = FIELDS,
        nameless: bool = False,
    ) -> None:
        self.scheme, self.strict, self.today, self.nameless = scheme, strict, today, nameless
        self.stage: Stage = "proposal" if today is None else "payment"
        self.limits = scheme.rulebook.limits
        self.codes = codes_at(self.stage)
        self._fields = frozenset(fields)
        self.fields = tuple([field for field in FIELDS if field not in NAMES and field in self._fields])
        self.resolver = self._new()
        self._given = 0

    def codes_of(self, approval: Approval) -> tuple[str, ...]:
        """The codes that are approved, of the rules that are asked."""
        return tuple([code for code in approval.codes if code in self.codes])

    @property
    def closing(self) -> tuple[str, ...]:
        """What every verdict ends with: at the stage of payment what is known of it; who decides."""
        return (*(_of_payment(self.scheme.rulebook) if self.today else ()), DISCLAIMER)

    def _new(self) -> Resolver:
        book = self.scheme.rulebook
        rules = {
            rule.code: _strictly(rule.function) if self.strict else rule.function
            for rule in RULES
            if rule.code in self.codes
        }
        functions: dict[str, Definition] = {**FACTS, **rules}
        functions |= CONCLUSIONS
        functions["halvings"] = Collected(_HALVING, halving)
        functions["in_working_days"] = Where("reading_matters", "by_working_days")
        functions["assumptions"] = Collected(self.codes, assumption)
        constants = _constants_of(book) | {"lump_sums_change": self.scheme.lump_sums_change}
        constants |= {field: None for field in FIELDS if field not in self._fields}
        constants |= {"nameless": self.nameless, "stage": self.stage, "today": self.today}
        constants |= _NOT_AT[self.stage]
        if self.stage == "proposal":
            constants["next_steps"] = book.next_steps
        if self._fields.isdisjoint(PAPERS):
            constants["papers_notices"] = ()
        if "approved" not in self._fields:
            constants |= {"approval_notice": None, "relied_on": None}
        placed = self._fields & {"visitor_place", "host_place"}
        constants |= {f"{side}_at": None for side in ("visitor", "host") if f"{side}_place" not in placed}
        if self.nameless or not placed:
            constants["places_notice"] = None
        resolver = Resolver(functions, constants, self.codes)
        strictly = resolver.under({"day_counting": "working-days"})
        # Apart, so that what does not depend on how days are counted is gathered once for both readings.
        of_days = tuple(filter(strictly.depends, self.codes))
        functions["grounds_of_days"] = Collected(of_days, ground)
        functions["grounds_elsewhere"] = Collected(tuple([code for code in self.codes if code not in of_days]), ground)
        long_enough = resolver.under({"short_stay": False})
        resolver.other = {"near_if_long": (long_enough, "CXC603")}
        if book.counts_all_days:
            resolver.other |= {
                f"{name}_by_working_days": (strictly, name) for name in ("CXC201", "CXC602", "outcome", "amount_eur")
            }
        return resolver

    def renew(self) -> None:
        """Forget what was answered, where it has become much."""
        if self.resolver.numbered > MOST_NUMBERED:
            before, self.resolver = self.resolver, self._new()
            self.resolver.beside_as(before)

    def __call__(self, trip: Trip, recollection: Recollection = NO_HISTORY) -> "Verdict":
        """The verdict on a trip. All rules always run. `recollection` is what is known of earlier visits."""
        self._given += 1
        if self._given % 1_000 == 0:
            self.renew()
        numbers = {name: self._number(name, getattr(trip, name)) for name in self.fields}
        numbers["earlier_visits"] = self._number("earlier_visits", recollection.kind)
        return Verdict(self, OneRow(self.resolver, numbers), 0, trip, recollection.visits)

    def _number(self, name: str, value: object) -> int:
        return self.resolver.field(name).numbers[value]

    def at_dates(self, trip: Trip, dates: Sequence[tuple[datetime.date, datetime.date]]) -> "list[Verdict]":
        """The verdicts on a trip with these days of arrival and departure in place of its own dates."""
        count = len(dates)
        numbers = {name: [self._number(name, getattr(trip, name))] * count for name in self.fields}
        numbers["earlier_visits"] = [self._number("earlier_visits", NO_HISTORY.kind)] * count
        none = [self._number("first_day", None)] * count
        numbers |= {"first_day": none, "last_day": none}
        numbers["arrival"] = [self._number("arrival", arrival) for arrival, _ in dates]
        numbers["departure"] = [self._number("departure", departure) for _, departure in dates]
        rows, undated = ListedRows(self.resolver, numbers, count), trip._replace(first_day=None, last_day=None)
        return [
            Verdict(self, rows, place, partial(undated._replace, arrival=arrival, departure=departure), ())
            for place, (arrival, departure) in enumerate(dates)
        ]

    def at_stays(self, rows: ListedRows, places: Sequence[int], stays: Sequence[Stay]) -> ListedRows:
        """Rows at some places, each with another stay. Nothing that is asked of its dates counts as approved."""
        picked = PickedRows(rows, places)
        dates = [
            (None, None, stay.first, stay.last) if arrival is None else (stay.arrival, stay.last + ONE_DAY, None, None)
            for arrival, stay in zip(picked.values("arrival"), stays, strict=True)
        ]
        stated: dict[str, Iterable[object]] = dict(zip(PAIRED, zip(*dates, strict=True), strict=True))
        stated["approved"] = map(_still_approved, picked.values("approved"))
        numbers = {
            name: [*map(rows.resolver.field(name).numbers.__getitem__, values)]
            for name, values in stated.items()
            if name in self.fields
        }
        return _AtOtherDates(rows, places, numbers)

    def supposing(self, facts: Mapping[str, object]) -> "Verdicts":
        """Verdicts as they would be if these facts were so, whatever a trip states."""
        supposed = copy(self)
        supposed.resolver = self.resolver.under(facts)
        return supposed

    def found(self, code: str, answer: Answer) -> Finding:
        """What a rule found, by its answer."""
        sources = dict.fromkeys(self.scheme.rulebook.rules[code].sources + answer.sources)
        return Finding(code, RULE_NAMES[code], answer.outcome, answer.message, answer.values, tuple(sources))


def _of_payment(rulebook: Rulebook) -> list[str]:
    """What a rulebook knows of payment, whatever the trip. What is inferred is what others do."""
    within, kept = rulebook.entries["payment_within_days"], rulebook.entries["records_years"]
    known = []
    if within.value is not None:
        days = f"{within.value} days of completion and validation"
        known.append(
            f"One partnership pays within {days}. Ask yours what it agreed."
            if within.basis == "inferred"
            else f"The partnership pays within {days}."
        )
    if kept.value is not None:
        scheme = rulebook.scheme.name
        inferred = f"This is inferred: no text of {scheme} is known that says it. " if kept.basis == "inferred" else ""
        known.append(
            f"Keep the papers of the visit at least {kept.value} years after the final payment of the partnership's "
            f"grant. {inferred}The partnership's own agreement decides."
        )
    return known


def _constants_of(book: Rulebook) -> dict[str, object]:
    """What a rulebook says, whatever the trip."""
    found: dict[str, object] = {**book.limits, "period": book.period, "scheme_name": book.scheme.name}
    found |= {"outside_period": outside_period(book.name, book.period), "taken_over_notice": taken_over_notice(book)}
    found["platform"] = book.scheme.platform
    if not book.counts_all_days or book.scheme.platform is None:
        found["in_working_days"] = None
    known = book.clusters_known
    return found | ({"clusters_known": known} if known else dict.fromkeys(_CLUSTERS_KNOWN, True))


# What is not asked at a stage.
_NOT_AT: Final[Mapping[Stage, Mapping[str, object]]] = {
    "proposal": {"already_paid": False, "paid_before": None, "paid_notice": None},
    "payment": {"papers_notices": ()},
}


def judge(
    trip: Trip,
    scheme: Scheme,
    *,
    strict: bool = False,
    today: datetime.date | None = None,
    recollection: Recollection = NO_HISTORY,
) -> "Verdict":
    """The verdict on a trip. All rules always run, those of the stage of payment where `today` is told.

    `strict` counts whatever would be assumed as unknown. `recollection` is what is known of earlier visits.
    """
    return verdicts_under(scheme, strict, today)(trip, recollection)


@lru_cache(maxsize=16)
def verdicts_under(scheme: Scheme, strict: bool, today: datetime.date | None = None) -> Verdicts:
    """What gives verdicts under a scheme, the same for every trip that is judged alone."""
    return Verdicts(scheme, strict=strict, today=today)


class Verdict:
    """The verdict on one trip, with everything that it rests on: the view on one of the rows that were judged together.

    `outcome` is eligible, not-eligible or undecided. `payable` is None unless it is eligible; `if_settled` is what an
    undecided trip would bring if what is open is settled in its favour. `findings` holds every rule, in the order of
    the codes. `assumptions` are what was taken to be so without being stated; `needed` names the fields that would
    settle an undecided verdict, `asks` the codes of the rules that the partnership can settle by approving them.
    """

    __slots__ = ("_place", "_rows", "_trip", "earlier_visits", "remedies", "verdicts")

    def __init__(
        self,
        verdicts: Verdicts,
        rows: OneRow | ListedRows,
        place: int,
        trip: Trip | Callable[[], Trip],
        earlier_visits: tuple[Visit, ...],
    ) -> None:
        self.verdicts, self._rows, self._place, self._trip = verdicts, rows, place, trip
        self.earlier_visits = earlier_visits
        self.remedies: dict[str, str] | None = None  # what would mend findings, by their codes, once it was worked out

    def _number(self, node: Node) -> int:
        column = self._rows.column(node)
        return column if isinstance(column, int) else column[self._place]

    @overload
    def fact(self, asked: Callable[..., Value | Unreadable]) -> Value: ...
    @overload
    def fact(self, asked: str) -> object: ...
    def fact(self, asked: str | Callable[..., object]) -> object:
        """A fact, an answer of a rule by its code, or a conclusion: by its name, or its function, which tells its type.

        Where something cannot be read there is no verdict.
        """
        node = self._rows.node(asked)
        return node.value if isinstance(node, Constant) else node.values[self._number(node)]

    @property
    def trip(self) -> Trip:
        """The trip; of a row in a table it is put together when it is asked for."""
        if not isinstance(self._trip, Trip):
            self._trip = self._trip()
        return self._trip

    @property
    def stay(self) -> Stay | None:
        """The stay that the dates give."""
        return self.fact(facts.stay)

    @property
    def approval(self) -> Approval | None:
        """What the partnership has approved for the trip."""
        return self.fact(facts.approval)

    @property
    def scheme(self) -> Scheme:
        """The rulebook and the country table."""
        return self.verdicts.scheme

    @property
    def strict(self) -> bool:
        """Whether nothing was assumed."""
        return self.verdicts.strict

    @property
    def outcome(self) -> Outcome:
        """eligible, not-eligible or undecided."""
        return self.fact(conclusions.outcome)

    @property
    def amount(self) -> Payable | None:
        """What is payable, now or if what is open is settled in its favour."""
        return self.fact(conclusions.amount)

    @property
    def days_on_site(self) -> int | None:
        """The days between the travel days."""
        return self.fact(facts.days_on_site)

    @property
    def working_days(self) -> int | None:
        """The working days among them, where the holidays are known."""
        return self.fact(facts.working_days)

    @property
    def payable(self) -> Payable | None:
        """What is payable."""
        return self.amount if self.outcome == ELIGIBLE else None

    @property
    def if_settled(self) -> Payable | None:
        """What would be payable if what is open is settled in its favour."""
        return self.amount if self.outcome == UNDECIDED else None

    def answered(self, code: str) -> Answer:
        """What a rule answers, whatever the partnership has approved."""
        answer = self.fact(code)
        assert isinstance(answer, Answer)
        return answer

    def answer(self, code: str) -> Answer:
        """What a rule answers, with what the partnership has approved."""
        return settled(code, self.answered(code), self.approval)

    def finding(self, code: str) -> Finding:
        """The finding of one rule, by its code."""
        return self.verdicts.found(code, self.answer(code))

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What every rule found, in the order of the codes."""
        return tuple(map(self.finding, self.verdicts.codes))

    @property
    def grounds(self) -> tuple[Ground, ...]:
        """What refuses the trip, or leaves it undecided."""
        return self.fact(conclusions.decisive_grounds)

    @property
    def codes(self) -> tuple[str, ...]:
        """The codes of the rules that refuse the trip, or leave it undecided."""
        return codes_in(self.grounds)

    @property
    def noted(self) -> tuple[str, ...]:
        """What to look at whatever the outcome: an approval without effect, names of clusters that may be remarks."""
        return self.fact(conclusions.noted)

    @property
    def fields_noted(self) -> tuple[str, ...]:
        """The fields to look at for it: the approval alone where it has no effect, else the clusters."""
        if self.fact(conclusions.approval_notice) is not None:
            return ("approved",)
        fields = [field for field in ("visitor_cluster", "host_cluster") if self.fact(f"{field}_notice") is not None]
        if self.fact(conclusions.papers_notices):
            fields += [problem.field for problem in self.fact(conclusions.papers_out_of_order)]
        return tuple(fields) if self.fact(conclusions.paid_notice) is None else (*fields, "paid_eur")

    @property
    def decisive(self) -> tuple[Finding, ...]:
        """The findings that refuse the trip, or leave it undecided."""
        return tuple(map(self.finding, self.codes))

    @property
    def assumptions(self) -> tuple[str, ...]:
        """What was taken to be so without being stated."""
        return self.fact(conclusions.assumed)

    @property
    def needed(self) -> tuple[str, ...]:
        """The fields that would settle an undecided verdict, in the order of a trip's fields."""
        return self.fact(conclusions.needed)

    @property
    def asks(self) -> tuple[str, ...]:
        """The codes of the rules that the partnership can settle by approving them."""
        return tuple([found.code for found in self.grounds if found.ask and not found.fails])

    @property
    def notices(self) -> tuple[str, ...]:
        """What to know beside the findings; the last says who decides."""
        return (*self.fact(conclusions.notices), *self.verdicts.closing)

    @property
    def already_paid(self) -> bool:
        """Whether the visit is paid already, at the stage of payment."""
        return self.fact(conclusions.already_paid)

    @property
    def in_working_days(self) -> OtherReading | None:
        """What would be so if only working days counted; None where it is all the same."""
        found = self.fact("in_working_days")
        return found if isinstance(found, OtherReading) else None

    @property
    def next_steps(self) -> tuple[str, ...]:
        """The paperwork, in the order in which it is due; at the stage of payment what is to be done now."""
        return self.fact(conclusions.next_steps)

    @property
    def listed(self) -> tuple[ListedRows, int]:
        """The rows that it was judged with, and its place among them; alone, it is a table of one row."""
        if isinstance(self._rows, ListedRows):
            return self._rows, self._place
        stated = (*self.verdicts.fields, "earlier_visits")
        numbers = {name: [self._number(self._rows.node(name))] for name in stated}
        return ListedRows(self._rows.resolver, numbers, 1), 0


class _AtOtherDates(PickedRows):
    """Some of the rows of others, at other dates. What depends on none of these is what it was."""

    def __init__(self, rows: ListedRows, places: Sequence[int], changed: Mapping[str, list[int]]) -> None:
        super().__init__(rows, places)
        for node, numbers in rows._columns.items():
            if isinstance(node, Field):
                self._columns[node] = [*map(numbers.__getitem__, places)]
        given = {rows.resolver[name]: numbers for name, numbers in changed.items()}
        self._columns |= given
        self._depending = dict.fromkeys(given, True)

    def column(self, node: Node) -> Sequence[int]:
        return ListedRows.column(self, node) if self._depends(node) else super().column(node)

    def _depends(self, node: Node) -> bool:
        """Whether something depends on what is changed."""
        found = self._depending.get(node)
        if found is None:
            inputs: tuple[Node, ...] = ()
            if isinstance(node, Conditional):
                inputs = node.condition, node.then
            elif isinstance(node, (Function, Joint)):
                inputs = node.inputs
            found = self._depending[node] = any(map(self._depends, inputs))
        return found


def _still_approved(codes: object) -> tuple[str, ...] | None:
    """What is still approved of a trip at other dates."""
    return tuple([code for code in codes if code not in _OF_DATES]) or None if isinstance(codes, tuple) else None


def settled(code: str, answer: Answer, approval: Approval | None) -> Answer:
    """An answer after what the partnership has approved.

    An approval lifts nothing but a question to the partnership: no failed rule, no fact that was not stated.
    """
    if not (answer.ask and approval and code in approval.codes):
        return answer
    by = {"approved_by": approval.by, "approved_on": str(approval.on)}
    unclear = answer.message.removesuffix(answer.ask).rstrip()
    message = f"Approved by {approval.by} on {approval.on}. What was unclear: {unclear}"
    return answer._replace(outcome="pass", message=message, values={**answer.values, **by}, needed=(), ask="")
