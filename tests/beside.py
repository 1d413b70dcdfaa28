"""The product and the second opinion beside each other: the same trips asked of both."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache
from typing import NamedTuple

from random_trips import Table
from second_opinion import FIELDS, RULEBOOKS, Opinion, Trip, faults_of_papers, opinions_on_a_table, second_opinion

import cxc
from cxc.errors import TripError
from cxc.scheme.loading import Scheme, load_scheme
from cxc.tables.batch import Rows, new_batch
from cxc.tables.columns import match_columns
from cxc.verdict import Verdict
from cxc.visits import Visit

CLUSTERS = {True: "Medvia", False: "none"}
AS_WRITTEN = {"GR": "EL", "GB": "UK"}

scheme_of = cache(load_scheme)


def stated(trip: Trip) -> dict[str, str]:
    """The cells of a trip, as a facilitator writes them."""
    cells = {}
    for name in FIELDS:
        value = getattr(trip, name)
        if value not in (None, ()):
            cells[name] = _written(name, value)
    if trip.approved:
        cells |= {"approved_by": "Ana", "approved_on": "2020-01-09"}
    return cells


def _written(name: str, value: object) -> str:
    if name.endswith("_cluster"):
        return CLUSTERS[bool(value)]
    if isinstance(value, bool):
        return "yes" if value else "no"
    if name.endswith("_place") and isinstance(value, tuple):
        return f"{value[0]},{value[1]}"
    if isinstance(value, tuple):
        return ";".join(value)
    if isinstance(value, Decimal):
        return f"{value:f}"
    return AS_WRITTEN.get(str(value), str(value))


def as_opinion(verdict: Verdict) -> Opinion:
    """What the product says, in the terms of the second opinion."""
    payable, if_settled = verdict.payable, verdict.if_settled
    return Opinion(
        outcome=verdict.outcome,
        rules={finding.code: finding.outcome for finding in verdict.findings},
        days_on_site=verdict.days_on_site,
        working_days=verdict.working_days,
        payable=payable and (payable.amount, payable.basis),
        if_settled=if_settled and (if_settled.amount, if_settled.basis),
        needed=frozenset(verdict.needed),
    )


def _history(table: Table) -> list[Visit] | None:
    if table.history is None:
        return None
    return [
        Visit("history.csv", row, visit.visitor, visit.visitor_id, visit.visitor_country, None)
        for row, visit in enumerate(table.history, 2)
    ]


def product_on_a_table(table: Table) -> list[Opinion | None]:
    """What the product says of each row of a table; None of one without a verdict.

    It is what `cxc.check_rows` does, but that the scheme is read once for all tables.
    """
    scheme: Scheme = scheme_of(table.rulebook)
    batch = new_batch(
        scheme,
        date_format="YYYY-MM-DD",
        history=_history(table),
        history_date_format=None,
        strict=table.strict,
        today=table.today,
    )
    rows = Rows([stated(trip) for trip in table.trips], batch.reader)
    judged = batch.judge([(rows, match_columns(rows.columns, rows.name, {}))])
    return [as_opinion(row.verdict) if row.verdict else None for row in judged]


def product_on_one(trip: Trip, table: Table) -> Opinion | None:
    """What `cxc.check` says of a trip, asked about like this table; None if it cannot be read."""
    try:
        verdict = cxc.check(
            rulebook=table.rulebook,
            strict=table.strict,
            history=_history(table),
            stage="payment" if table.today else "proposal",
            today=table.today,
            **stated(trip),
        )
    except TripError:
        return None
    return as_opinion(verdict)


def second_on_a_table(table: Table) -> list[Opinion | None]:
    return opinions_on_a_table(
        table.trips, RULEBOOKS[table.rulebook], history=table.history, strict=table.strict, today=table.today
    )


def second_on_one(trip: Trip, table: Table) -> Opinion | None:
    if table.today is not None and faults_of_papers(trip, table.today):
        return None
    return second_opinion(
        trip,
        RULEBOOKS[table.rulebook],
        earlier=table.history or (),
        history_is_known=table.history is not None,
        strict=table.strict,
        today=table.today,
    )


def differences(one: Opinion | None, other: Opinion | None) -> dict[str, tuple[object, object]]:
    """Where two opinions differ, by the name of what differs or the code of the rule."""
    if one is None or other is None:
        return {} if one is other else {"verdict": (one and one.outcome, other and other.outcome)}
    found: dict[str, tuple[object, object]] = {}
    for name in ("outcome", "days_on_site", "working_days", "payable", "if_settled", "needed"):
        if getattr(one, name) != getattr(other, name):
            found[name] = getattr(one, name), getattr(other, name)
    for code in sorted(one.rules.keys() | other.rules.keys()):
        if one.rules.get(code) != other.rules.get(code):
            found[code] = one.rules.get(code), other.rules.get(code)
    return found


class Difference(NamedTuple):
    """A trip on which the two differ: what the product says of it, and what the second opinion says."""

    table: Table
    trip: Trip
    where: dict[str, tuple[object, object]]

    def __str__(self) -> str:
        table, lines = self.table, []
        history = "no history" if table.history is None else f"{len(table.history)} visits in the history"
        strict = ", strict" if table.strict else ""
        lines.append(f"{table.rulebook}{strict}, {history}, {len(table.trips)} trips, today: {table.today}")
        lines.append(f"  {stated(self.trip)}")
        lines += [
            f"  {name}: the product says {one}, the second opinion {other}" for name, (one, other) in self.where.items()
        ]
        return "\n".join(lines)


@dataclass
class Count:
    """What was compared so far: trips by outcome, outcomes of rules, and how many different trips there were."""

    outcomes: Counter[tuple[str, str]] = field(default_factory=Counter)
    findings: Counter[tuple[str, str]] = field(default_factory=Counter)
    different: set[int] = field(default_factory=set)

    @property
    def trips(self) -> int:
        return sum(self.outcomes.values())


def compare(tables: Iterable[Table], count: Count) -> Iterator[Difference]:
    """Ask both about every trip of these tables, count what the second opinion says, and give the differences."""
    for table in tables:
        stage = "payment" if table.today else "proposal"
        pairs = zip(product_on_a_table(table), second_on_a_table(table), strict=True)
        for trip, (product, second) in zip(table.trips, pairs, strict=True):
            count.different.add(hash((trip, table.rulebook, table.strict, table.today)))
            count.outcomes[stage, second.outcome if second else "no verdict"] += 1
            count.findings.update(second.rules.items() if second else ())
            where = differences(product, second)
            if where:
                yield Difference(table, trip, where)
