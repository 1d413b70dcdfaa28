"""Counts over the rows that were judged."""

import datetime
from collections import Counter
from collections.abc import Callable
from decimal import Decimal
from typing import Final, NamedTuple

from cxc.conclusions import (
    ELIGIBLE,
    NOT_ELIGIBLE,
    OUTCOMES,
    UNREADABLE,
    Ground,
    PaidBefore,
    Payable,
    Relied,
    codes_in,
)
from cxc.scheme.countries import Country
from cxc.tables.clusters import TakenAsClusters, taken
from cxc.tables.judged import Judged, JudgedRows
from cxc.tables.kept import Counts
from cxc.text import listed
from cxc.vocabulary import Basis, Outcome, RowOutcome

MOST_NAMED = 20  # rows that are no trips
MOST_APPROVALS = 1_000  # real tables have a few
_MORE_APPROVALS: Final = Relied("others", ())


class Paid(NamedTuple):
    """An amount in EUR for a trip to a country, by its code: payable, or if what is `open` is settled in its favour."""

    country: str
    amount: Decimal
    basis: Basis
    open: bool = False


def paid(host_country: Country | None, outcome: Outcome, amount: Payable | None) -> Paid | None:
    """What is payable for a trip, or may be, and where it goes; None where nothing is."""
    if outcome == NOT_ELIGIBLE or amount is None:
        return None
    assert host_country is not None  # of which the amount is
    return Paid(host_country.code, amount.amount, amount.basis, outcome != ELIGIBLE)


def spent(paid: Paid | None, paid_before: PaidBefore | None) -> Decimal | None:
    """What a budget has to bear for a trip: what is payable, or was paid already; None for nothing."""
    if paid_before is not None:
        return paid_before.reckoned
    return None if paid is None or paid.open else paid.amount


class Reckoned(NamedTuple):
    """How a trip counts: its outcome, the rules that decide, whether it is not refused and rests on assumptions.

    `paid_before` is what was paid for it, where it is paid already; such a visit is counted apart. `relied_on` is the
    approval on which it rests.
    """

    outcome: Outcome
    reasons: tuple[str, ...]
    assuming: bool
    paid_before: PaidBefore | None
    relied_on: Relied | None


def reckoned(
    outcome: Outcome,
    decisive_grounds: tuple[Ground, ...],
    assumes: bool,
    paid_before: PaidBefore | None,
    relied_on: Relied | None,
) -> Reckoned:
    """How a trip counts."""
    return Reckoned(outcome, codes_in(decisive_grounds), assumes and outcome != NOT_ELIGIBLE, paid_before, relied_on)


COUNTED: Final[tuple[Callable[..., object], ...]] = (paid, reckoned, taken)  # asked of every row


class NamedRows:
    """So many rows, of which the first are named, at most `most`: by their files, sheets and numbers.

    >>> rows = NamedRows(2)
    >>> for line in (2, 5, 7):
    ...     rows.add("trips.csv", line)
    >>> rows.count, rows.named
    (3, 'trips.csv, rows 2 and 5; and 1 more')
    """

    def __init__(self, most: int) -> None:
        self.count, self._most = 0, most
        self._lines: dict[str, list[int]] = {}

    def add(self, title: str, line: int) -> None:
        """Add a row of a file or a sheet."""
        self.count += 1
        if self.count <= self._most:
            self._lines.setdefault(title, []).append(line)

    @property
    def named(self) -> str:
        """Which rows they are, the first of them."""
        named = [
            f"{title}, {'row' if len(lines) == 1 else 'rows'} {listed([*map(str, lines)], 'and')}"
            for title, lines in self._lines.items()
        ]
        more = self.count - self._most
        return "; ".join([*named, f"and {more} more"] if more > 0 else named)


class Summary:
    """Counts over the rows that were judged; `notices` are what to know of all of them together, `no_trips` the rows
    that are none.

    `nobody_named` counts rows with a verdict whose visitor cannot be told from others, so that nobody knows whether it
    has visited before. `assuming` counts rows that are not refused and that rest on something that was assumed.
    `clusters` are the texts that were taken as names of clusters. At the stage of payment (`today` is told) visits that
    are paid already are counted apart, by what was paid for each (`paid_before`); `paid_though_refused` counts those of
    them that another rule refuses. `budget` is in EUR. `scheme_name` is that of the scheme.
    """

    def __init__(self, scheme_name: str, today: datetime.date | None = None) -> None:
        self.scheme_name, self.today = scheme_name, today
        self.paid_before: Counter[PaidBefore] = Counter()
        self.budget: Decimal | None = None
        self.rows = self.expected = self.mismatched = self.nobody_named = self.assuming = self.paid_though_refused = 0
        self.no_trips = NamedRows(MOST_NAMED)
        self.notices: list[str] = []
        self.clusters = TakenAsClusters()
        self._outcomes = dict.fromkeys(OUTCOMES, 0)
        self._as_expected = dict.fromkeys(OUTCOMES, 0)  # more or fewer than by outcome
        self._paid: Counter[Paid | None] = Counter()
        self._reasons: Counter[tuple[str, ...]] = Counter()
        self._relied: Counter[Relied] = Counter()

    def count(self, counts: Counts, sign: int = 1) -> None:
        """Count so many rows by what was asked of each (`COUNTED`), or take them away again (`sign` -1)."""
        for amount, count in counts.of(paid).items():
            self._paid[amount] += sign * count
        for (outcome, reasons, assuming, paid_before, relied), count in counts.of(reckoned).items():
            if relied is not None:
                kept = relied in self._relied or len(self._relied) < MOST_APPROVALS
                self._relied[relied if kept else _MORE_APPROVALS] += sign * count
            if paid_before is not None:
                self.paid_before[paid_before] += sign * count
                self.paid_though_refused += sign * count if len(reasons) > 1 else 0  # beside that it is paid
                continue
            self._outcomes[outcome] += sign * count
            self._reasons[reasons] += sign * count
            self.assuming += sign * count if assuming else 0
        for named, count in counts.of(taken).items():
            if named:
                self.clusters.add(named, count)

    def add(self, judged: JudgedRows) -> None:
        """Add rows, which were counted already as if nobody had visited before."""
        self.rows += len(judged) - len(judged.no_trips)
        self._outcomes[UNREADABLE] += len(judged.problems)
        before, now = Counts(), Counts()
        for one in COUNTED:
            before[one], now[one] = map(Counter, judged.recounted(one))
        self.count(before, -1)
        self.count(now)
        for place in judged.expected:
            self._add_expectation(judged[place])
        for place in sorted(judged.no_trips):
            self.no_trips.add(judged.title, judged.lines[place])

    def _add_expectation(self, row: Judged) -> None:
        self.expected += 1
        self.mismatched += row.mismatch is not None
        if not row.already_paid:
            self._as_expected[row.outcome] -= 1
        self._as_expected[row.standing] += 1

    @property
    def outcomes(self) -> Counter[RowOutcome]:
        """How many rows came out how."""
        return Counter({name: count for name, count in self._outcomes.items() if count})

    @property
    def standings(self) -> Counter[RowOutcome]:
        """How many rows count how: by their outcome, or by what they expect."""
        return +Counter({name: self._outcomes[name] + more for name, more in self._as_expected.items()})

    @property
    def approvals(self) -> list[tuple[Relied, int]]:
        """The approvals on which eligible rows rest, and how many; those of most rows first. With redaction
        nobody is named.
        """
        found: Counter[Relied] = Counter()
        for relied, count in self._relied.items():
            found[relied._replace(by="") if self.clusters.withheld else relied] += count
        return sorted((+found).items(), key=lambda entry: (-entry[1], entry[0]))

    @property
    def already_paid(self) -> int:
        """How many visits are paid already."""
        return self.paid_before.total()

    @property
    def paid(self) -> Decimal:
        """The sum that was paid for them, as far as it is stated, in EUR."""
        return sum((count * paid.stated for paid, count in self.paid_before.items() if paid.stated), Decimal(0))

    @property
    def paid_unstated(self) -> int:
        """For how many of them it is not stated what was paid."""
        return sum(count for paid, count in self.paid_before.items() if paid.stated is None)

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
        return dict(sorted(found.items()))

    @property
    def inferred(self) -> int:
        """How many eligible trips have an amount that is not confirmed."""
        return sum(count for amount, count in self._amounts() if amount.basis == "inferred")

    def _amounts(self) -> list[tuple[Paid, int]]:
        return [(amount, count) for amount, count in self._paid.items() if amount and not amount.open and count]

    @property
    def if_settled(self) -> Decimal:
        """What undecided rows would add if all that is open is settled in their favour, in EUR."""
        found = ((amount, count) for amount, count in self._paid.items() if amount and amount.open)
        return sum((count * amount.amount for amount, count in found), Decimal(0))

    @property
    def left(self) -> Decimal | None:
        """What is left of the budget, less than 0 where it is exceeded; None without one."""
        if self.budget is None:
            return None
        before = (count * paid.reckoned for paid, count in self.paid_before.items() if paid.reckoned)
        return self.budget - self.payable - sum(before, Decimal(0))

    @property
    def reasons(self) -> Counter[str]:
        """How often each rule failed, or left a trip undecided."""
        found: Counter[str] = Counter()
        for codes, count in self._reasons.items():
            for code in codes:
                found[code] += count
        return Counter(dict(sorted((+found).items())))
