"""The first reading of the tables: every row is judged as if nobody had visited before, and who visits is numbered.

Then it is known whose visitors come again, and which of their trips use up a visit: that is settled in the order of
their dates, whatever the order of the rows. Only rows that this concerns are judged once more in the last reading.
"""

import datetime
from bisect import bisect_right
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, Final

from cxc.facts import Approval
from cxc.resolver import UNREADABLE as UNREAD
from cxc.resolver import Constant, ManyRows
from cxc.tables.columns import EXPECTATIONS
from cxc.tables.expectations import expected_in
from cxc.tables.kept import Asked, KeptRows
from cxc.tables.sources import PartOfTable, Source
from cxc.tables.summary import COUNTED, paid, reckoned
from cxc.text import clean, fold, fold_all
from cxc.trip.fields import CORE
from cxc.trip.reader import (
    TripReader,
    all_plain_identifiers,
    all_plain_names,
    is_plain_identifier,
    is_plain_name,
)
from cxc.trip.stay import Stay
from cxc.verdict import ELIGIBLE, NOT_ELIGIBLE, Ground, Verdicts
from cxc.verdict import outcome as outcome_of
from cxc.visits import Noted, Visit, Visits
from cxc.vocabulary import Stage

MOST_REMEMBERED: Final = 20_000  # names of hosts
ONE_VISIT: Final = "CXC303"  # the rule that only one visit counts
# What can be read only from several fields.
_READ_TOGETHER: Final = ("stay", "visitor_at", "host_at", "approval")
READ_TOGETHER: Final[Mapping[Stage, tuple[str, ...]]] = {
    "proposal": _READ_TOGETHER,
    "payment": (*_READ_TOGETHER, "papers"),
}
_OF_VISITS: Final = ("visitor_country", "host_country", "stay", "codes_of_dates")
_LATEST: Final = datetime.date.max


def as_a_visit(eligibility: tuple[Ground, ...], approval: Approval | None) -> tuple[bool, bool, bool]:
    """Of a trip as the visit that it would be: whether it counts, is decided, and is approved as a further visit.

    Papers that are missing, or that it is paid already, change nothing of that.
    """
    outcome = outcome_of(eligibility)
    decided = outcome == ELIGIBLE or {ground.code for ground in eligibility} == {ONE_VISIT}
    return outcome != NOT_ELIGIBLE, decided, approval is not None and ONE_VISIT in approval.codes


class FirstReading:
    """Reads the tables once, and settles who visits twice. `kept` holds what is kept of their rows, in order.

    `counts` tell how many rows have which value of what is counted, as if nobody had visited before.
    """

    def __init__(
        self, reader: TripReader, verdicts: Verdicts, history: Iterable[Visit] | None, asked: Collection[Asked]
    ) -> None:
        at_most = verdicts.scheme.rulebook.visits_at_most
        self.visits = Visits(history, at_most, strict=verdicts.strict, where=self.visit)
        self._reader, self._verdicts = reader, verdicts
        self._asked = (*_OF_VISITS, paid, reckoned, as_a_visit, *asked)
        self._good_hosts: set[str] = set()
        self.kept: list[KeptRows] = []
        self.counts: dict[Asked, Counter[Any]] = {one: Counter() for one in COUNTED}
        self._firsts: list[int] = []
        self._rows = self.nobody_named = 0
        self._named: dict[int, tuple[str | None, str | None]] = {}

    def read(self, sources: Sequence[Source], *, held_by_polars: bool) -> None:
        """Read the tables, the large ones perhaps held by Polars, and settle which trips use up a visit."""
        for source in sources:
            for part in source.first_parts(self._verdicts) if held_by_polars else source.parts():
                self._read(part)
                self._verdicts.renew()
        for kept in self.kept:
            self._note(kept)
        self.visits.settle()

    def _read(self, part: PartOfTable) -> None:
        """Judge some rows, and number their visitors."""
        first = self._rows + 1
        self._rows += len(part)
        no_trips = _no_trips(part)
        unknown = {*no_trips, *(at for at in part.faults if not part.row(at))}
        ids, names = (_without(part.texts(field), unknown) for field in ("visitor_id", "visitor"))
        folded_ids, folded_names = fold_all(ids), fold_all(names)
        first_visit = self.visits.first_visit.kind
        rows = part.alike(self._verdicts, first_visit)
        odd = self._odd(part, ids, names, folded_names, unknown)
        unreadable = {at for at in _unreadable(part, rows, self._verdicts.stage) | odd if at not in no_trips}
        if left_out := unreadable | no_trips:
            rows.make_unreadable(rows.resolver["earlier_visits"], left_out)
        self._count(rows, left_out)
        stated = _stated(rows, "visitor_country")
        *numbers, nobody = self.visits.look(first, folded_ids, folded_names, stated)
        self.nobody_named += len({*nobody} - left_out)
        kept = KeptRows(part.source.table.title, part.lines, first, first_visit, unreadable, no_trips)
        kept.keep(rows, self._asked, *numbers)
        self._keep(kept, part)

    def _keep(self, kept: KeptRows, part: PartOfTable) -> None:
        """Keep rows block by block, as the last reading will meet them."""
        counts = [*map(len, part.blocks)]
        for some in kept.divided(counts) if len(counts) > 1 else (kept,):
            self.kept.append(some)
            self._firsts.append(some.first)

    def _count(self, rows: ManyRows, left_out: Collection[int]) -> None:
        """Count rows by what is counted of all of them."""
        for one in COUNTED:
            node, counts = rows.node(one), self.counts[one]
            for number, count in rows.counts(node, left_out).items():
                if number != UNREAD:
                    counts[node.values[number]] += count

    def _odd(
        self,
        part: PartOfTable,
        ids: Sequence[str],
        names: Sequence[str],
        folded: Sequence[str],
        unknown: Collection[int],
    ) -> set[int]:
        """The rows with a name, an id or a reference that cannot be read. At a glance most are none of these."""
        references, hosts = part.texts("reference"), part.texts("host")
        suspicious: list[tuple[str, Sequence[str], list[int]]] = []
        if not all_plain_identifiers(ids):
            found = [at for at, text in enumerate(ids) if text and not is_plain_identifier(text)]
            suspicious.append(("visitor_id", ids, found))
        if not all_plain_names(names, folded):
            found = [at for at, text in enumerate(names) if text and not is_plain_name(text, folded[at])]
            suspicious.append(("visitor", names, found))
        if bad := self._bad_hosts(hosts):
            suspicious.append(("host", hosts, [at for at, host in enumerate(hosts) if host in bad]))
        if "\0" in "".join(references):
            suspicious.append(("reference", references, [at for at, text in enumerate(references) if "\0" in text]))
        return {
            at
            for field, texts, found in suspicious
            for at in found
            if at not in unknown and not self._reader.reads(field, texts[at])
        }

    def _bad_hosts(self, hosts: Sequence[str]) -> set[str]:
        """The texts that may not be names of organisations. Good names are kept, as long as they are few."""
        new = {*hosts} - self._good_hosts
        bad = {host for host in new if not is_plain_name(host, fold(host))} - {""}
        self._good_hosts = (new - bad) | (self._good_hosts if len(self._good_hosts) < MOST_REMEMBERED else set())
        return bad

    def again(self, kept: KeptRows) -> list[int]:
        """The places of rows to be held against others."""
        places = self.visits.again(kept.first, len(kept))
        return [at for at in places if at not in kept.no_trips] if kept.no_trips else places

    def _note(self, kept: KeptRows) -> None:
        """Note the trips of some rows that may use up a visit."""
        places, noted = self.again(kept), []
        picked = (kept.picked(asked, places) for asked in ("stay", as_a_visit))
        for at, identity, stay, found in zip(places, kept.identities(places), *picked, strict=True):
            if identity is None:
                continue
            number = kept.first + at
            if at in kept.unreadable:
                self.visits.note_unreadable(number, identity)
            else:
                noted.append(Noted(stay.arrival if stay else _LATEST, number, identity, *found))
        self.visits.note(noted)

    def name_visits(self, sources: Sequence[Source]) -> None:
        """Read the tables to tell by name whose visits count, for reports that name them."""
        counted, number = self.visits.counted, 0
        if not counted:
            return
        for source in sources:
            for part in source.parts():
                names, ids = part.texts("visitor"), part.texts("visitor_id")
                for at in range(len(part)):
                    number += 1
                    if number in counted:
                        self._named[number] = clean(names[at]) or None, clean(ids[at]) or None

    def visit(self, number: int) -> Visit:
        """A row as the visit that it would be."""
        kept = self.kept[bisect_right(self._firsts, number) - 1]
        at = number - kept.first
        name, key = self._named.get(number, (None, None))
        stay = kept.value("stay", at)
        arrival = stay.arrival if isinstance(stay, Stay) else None
        return Visit(kept.title, kept.lines[at], name, key, kept.country(at), arrival)


def _without(texts: Sequence[str], places: Collection[int]) -> Sequence[str]:
    """Texts, blank at some places."""
    return ["" if at in places else text for at, text in enumerate(texts)] if places else texts


def _stated(rows: ManyRows, field: str) -> list[bool]:
    """Whether each row states a field, though it cannot be read."""
    node = rows.resolver[field]
    if isinstance(node, Constant):
        return [node.value is not None] * rows.count
    blank = rows.resolver.field(field).numbers.get(None, -1)
    return [number != blank for number in rows.numbers(node)]


def _unreadable(part: PartOfTable, rows: ManyRows, stage: Stage) -> set[int]:
    """The rows that hold something that cannot be read, apart from names."""
    found = {*part.faults}
    texts = part.source.texts
    for name in (*(field for field in texts if texts[field].unread), *READ_TOGETHER[stage]):
        found.update(rows.unreadable(rows.resolver[name]))
    width = part.source.width
    found |= {at for at in part.too_long() if any(map(str.strip, part.row(at)[width:]))}
    for field in EXPECTATIONS:
        for at, text in enumerate(part.column(field) or ()):
            if text.strip() and expected_in(part.row(at), part.source.places)[0]:
                found.add(at)
    return found


# What a row must state one of to be a trip, or to be looked at as one.
_DECISIVE: Final = (*CORE, *EXPECTATIONS)


def _no_trips(part: PartOfTable) -> set[int]:
    """The rows that are no trips: totals, signatures and the like."""
    if any(map(part.all_state, CORE)):
        return set()
    columns = [column for field in _DECISIVE if (column := part.column(field)) is not None]
    blank = [at for at, texts in enumerate(zip(*columns, strict=True)) if not "".join(texts).strip()]
    return {at for at in blank if _is_no_trip(part, at)}


def _is_no_trip(part: PartOfTable, at: int) -> bool:
    """Whether a row that seems to state nothing by which it is a trip does so for sure."""
    fault, cells, source = part.faults.get(at), part.row(at), part.source
    if fault and not cells:  # nothing is known of what it states
        return False
    if isinstance(fault, tuple) and any(p.field in _DECISIVE or p.field not in source.places for p in fault):
        return False
    return not any(map(str.strip, cells[source.width :]))
