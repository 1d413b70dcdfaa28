"""Counts over the rows that were judged."""

from collections import Counter
from decimal import Decimal
from typing import NamedTuple

from cxc.scheme.countries import Country
from cxc.tables.clusters import Taken, TakenAsClusters, taken
from cxc.tables.judged import Judged, JudgedRows
from cxc.text import listed
from cxc.verdict import ELIGIBLE, NOT_ELIGIBLE, OUTCOMES, UNREADABLE, Ground, Payable
from cxc.vocabulary import Basis, Outcome, RowOutcome

MOST_NAMED = 20  # rows that are no trips


class Paid(NamedTuple):
    """An amount that is payable for a trip to a country, by its code, in EUR."""

    country: str
    amount: Decimal
    basis: Basis


def paid(host_country: Country | None, outcome: Outcome, amount: Payable | None) -> Paid | None:
    """What is payable for a trip, and where it goes; None where nothing is."""
    if outcome != ELIGIBLE or amount is None:
        return None
    assert host_country is not None
    return Paid(host_country.code, amount.amount, amount.basis)


def reasons_in_codes(decisive_grounds: tuple[Ground, ...]) -> tuple[str, ...]:
    """The rules that refuse a trip, or leave it undecided."""
    return tuple([ground.code for ground in decisive_grounds])


def rests_on_assumptions(outcome: Outcome, assumes: bool) -> bool:
    """Whether a trip that is not refused rests on something that was assumed."""
    return assumes and outcome != NOT_ELIGIBLE


def clusters_named(visitor_cluster: str | None, host_cluster: str | None) -> tuple[Taken, ...]:
    """The texts that are taken as names of clusters."""
    return taken(visitor_cluster, host_cluster)


class Summary:
    """Counts over the rows that were judged; `notices` are what to know of all of them together.

    `nobody_named` counts rows with a verdict whose visitor cannot be told from others, so that nobody knows whether it
    has visited before. `assuming` counts rows that are not refused and that rest on something that was assumed.
    `clusters` are the texts that were taken as names of clusters.
    """

    def __init__(self) -> None:
        self.rows = self.expected = self.mismatched = self.nobody_named = self.assuming = self.no_trips = 0
        self._no_trips: dict[str, list[int]] = {}
        self.notices: list[str] = []
        self.clusters = TakenAsClusters()
        self._outcomes = dict.fromkeys(OUTCOMES, 0)
        self._as_expected = dict.fromkeys(OUTCOMES, 0)  # more or fewer than by outcome
        self._paid: Counter[Paid | None] = Counter()
        self._reasons: Counter[tuple[str, ...]] = Counter()

    def add(self, judged: JudgedRows) -> None:
        """Count rows."""
        rows, without = judged.rows, judged.problems.keys() | judged.no_trips
        self.rows += len(judged) - len(judged.no_trips)
        self._outcomes[UNREADABLE] += len(judged.problems)
        for outcome, count in rows.counts("outcome").items():
            self._outcomes[outcome] += count
        self._paid.update(rows.counts(paid))
        self._reasons.update(rows.counts(reasons_in_codes))
        self.assuming += rows.counts(rests_on_assumptions).get(True, 0)
        for named, count in rows.counts(clusters_named, without).items():
            if named:
                self.clusters.add(named, count)
        for place in judged.expected:
            self._add_expectation(judged[place])
        for place in sorted(judged.no_trips):
            self._add_no_trip(judged.title, judged.lines[place])

    def _add_expectation(self, row: Judged) -> None:
        self.expected += 1
        self.mismatched += row.mismatch is not None
        self._as_expected[row.outcome] -= 1
        self._as_expected[row.standing] += 1

    def _add_no_trip(self, title: str, line: int) -> None:
        self.no_trips += 1
        if self.no_trips <= MOST_NAMED:
            self._no_trips.setdefault(title, []).append(line)

    @property
    def no_trip_rows(self) -> str:
        """Which rows are no trips, the first of them: files, sheets and rows."""
        named = [
            f"{title}, {'row' if len(lines) == 1 else 'rows'} {listed([*map(str, lines)], 'and')}"
            for title, lines in self._no_trips.items()
        ]
        more = self.no_trips - MOST_NAMED
        return "; ".join([*named, f"and {more} more"] if more > 0 else named)

    @property
    def outcomes(self) -> Counter[RowOutcome]:
        """How many rows came out how."""
        return Counter({name: count for name, count in self._outcomes.items() if count})

    @property
    def standings(self) -> Counter[RowOutcome]:
        """How many rows count how: by their outcome, or by what they expect."""
        return +Counter({name: self._outcomes[name] + more for name, more in self._as_expected.items()})

    @property
    def payable(self) -> Decimal:
        """The sum over all eligible rows, in EUR."""
        return sum((count * amount.amount for amount, count in self._amounts()), Decimal(0))

    @property
    def by_host(self) -> dict[str, tuple[int, Decimal]]:
        """The eligible trips to each country, by its code, and what is payable for them in EUR."""
        found: dict[str, tuple[int, Decimal]] = {}
        for amount, count in self._amounts():
            trips, euros = found.get(amount.country, (0, Decimal(0)))
            found[amount.country] = trips + count, euros + count * amount.amount
        return found

    @property
    def inferred(self) -> int:
        """How many eligible trips have an amount that is not confirmed."""
        return sum(count for amount, count in self._amounts() if amount.basis == "inferred")

    def _amounts(self) -> list[tuple[Paid, int]]:
        return [(amount, count) for amount, count in self._paid.items() if amount is not None]

    @property
    def reasons(self) -> Counter[str]:
        """How often each rule failed, or left a trip undecided."""
        found: Counter[str] = Counter()
        for codes, count in self._reasons.items():
            for code in codes:
                found[code] += count
        return found
