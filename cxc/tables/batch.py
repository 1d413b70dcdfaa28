"""Tables in, verdicts out, in the order of the rows.

A row's verdict is that of `cxc check`, and beside it what only a table shows: the same visitor twice, the same trip
twice, trips of one visitor that overlap, a budget that is exceeded. Trips are held against one another in the order of
their dates, whatever the order of the rows. So the tables are read once to judge every row as if nobody had
visited before (`first_reading.py`), and once more to give the verdicts. Memory grows with the visitors, and a little
with the rows.
"""

import datetime
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from functools import cached_property
from itertools import chain
from typing import NamedTuple

from cxc.conclusions import ELIGIBLE, already_paid
from cxc.errors import Problem
from cxc.resolver import ListedRows
from cxc.scheme.loading import Scheme
from cxc.tables.columns import EXPECTATIONS, Columns, core_in, match_columns
from cxc.tables.expectations import expected_in, mismatch
from cxc.tables.first_reading import FirstReading, as_a_visit
from cxc.tables.history import History, load_history
from cxc.tables.judged import Expectation, Heading, Judged, JudgedRows
from cxc.tables.kept import Asked, KeptRows, Value, Values
from cxc.tables.paid_trips import days_of
from cxc.tables.redaction import kept_columns, nameless, redacted, redacted_cells, redacted_value, without_value
from cxc.tables.sources import SomeRows, Source, held_by_polars
from cxc.tables.summary import MOST_NAMED, NamedRows, Summary, reckoned, spent
from cxc.tables.table import Table, TableRow, changed, open_tables
from cxc.text import clean
from cxc.trip.fields import BY_NAME, FIELDS, NAMES
from cxc.trip.reader import Trip, TripReader
from cxc.trip.stay import Stay
from cxc.verdict import Verdicts
from cxc.visits import REFUSED, Identity, Recollection, Visit

__all__ = ["Batch", "Expectation", "Heading", "Judged", "JudgedRows", "Rows", "Summary", "new_batch"]


def new_batch(
    scheme: Scheme,
    *,
    date_format: str,
    history: History,
    history_date_format: str | None,
    strict: bool = False,
    today: datetime.date | None = None,
    budget: Decimal | None = None,
    redact: bool = False,
) -> "Batch":
    """A batch from what its user gives, on the command line or in a script. Raises InputError."""
    told: list[str] = []
    visits = load_history(history, scheme.countries, date_format, history_date_format, told.append, redact=redact)
    reader = TripReader(scheme.countries, date_format, today=today, clusters=scheme.rulebook.cluster_names)
    batch = Batch(scheme, reader, strict=strict, today=today, history=visits, budget=budget, redact=redact)
    batch.summary.notices += [f"{notice}." for notice in told]
    return batch


class Batch:
    """Judges the rows of tables, with `today` for payment on that day.

    `history` holds the visits that took place (None: not known). `budget` is in EUR. With `redact` no name, id,
    reference, approver or unknown column is in what comes out. `summary` counts what was judged so far.
    """

    def __init__(
        self,
        scheme: Scheme,
        reader: TripReader,
        *,
        strict: bool = False,
        today: datetime.date | None = None,
        history: Iterable[Visit] | None = None,
        budget: Decimal | None = None,
        redact: bool = False,
    ) -> None:
        self.scheme, self.reader, self.strict, self.budget = scheme, reader, strict, budget
        self.today, self.redact = today, redact
        self.summary = Summary(scheme.rulebook.scheme.name, today)
        self.summary.budget = budget
        self.summary.clusters.withheld = redact
        self._history = None if history is None else list(history)
        self._paid = Decimal(0)
        self._paid_elsewhere, self._perhaps_one_visitor = NamedRows(MOST_NAMED), NamedRows(MOST_NAMED)

    def tables(
        self, file: str, renamed: Mapping[str, str], *, encoding: str | None, sheets: Sequence[str]
    ) -> Iterator[tuple[Table, Columns]]:
        """The tables of trips in a file, each with its columns; what of it is not read is among the notices.

        `renamed` gives the field of a heading by its name. Raises InputError.
        """
        date_form = self.reader.date_form
        opened = open_tables(file, core_in(renamed), encoding=encoding, date_form=date_form, sheets=sheets)
        self.summary.notices += [f"{notice}; --sheet NAME picks one." for notice in opened.not_read]
        self.summary.notices += [f"{notice}." for notice in opened.hidden]
        for table in opened.tables:
            yield table, match_columns(table.columns, table.title, renamed)

    def judge(self, sources: Sequence[tuple[Table, Columns]]) -> Iterator[Judged]:
        """The verdict on every row, in order. Reads everything once before the first verdict is given."""
        for judged in self.judged(sources):
            yield from judged

    def judged(
        self, tables: Sequence[tuple[Table, Columns]], asked: Collection[Asked] = (), *, visits_named: bool = True
    ) -> "Iterator[JudgedRows]":
        """The same, some rows at a time.

        What is `asked` of every row is kept from the first reading. Visits have the visitor's name and id where they
        are to be named; where they are not, as in csv, nothing but what was kept is looked at, and Polars may keep it.
        """
        sources = [Source(table, columns, self.reader, self.redact, in_full=visits_named) for table, columns in tables]
        stated = {field for _, columns in tables for field in columns.places}
        verdicts = Verdicts(self.scheme, strict=self.strict, today=self.today, fields=stated, nameless=self.redact)
        asked = asked if self.budget is None else (*asked, spent)
        held = None if visits_named else held_by_polars(sources, verdicts)
        first = FirstReading(self.reader, verdicts, self._history, asked, held)
        first.read(sources)
        self.summary.nobody_named += first.nobody_named
        self.summary.count(first.counts)
        if visits_named and not self.redact:
            first.name_visits(sources)
        kept = chain.from_iterable(map(KeptRows.blocks, first.kept))
        for source in sources:
            for part in source.parts():
                of = next(kept, None)
                if of is None or len(of) != len(part):
                    raise changed(source.table.name)
                judged = PartJudged(part, of, verdicts, self.redact)
                self._tell(judged, first)
                self.summary.add(judged)
                yield judged
                del part, of, judged  # or there would be room for two parts at once
                verdicts.renew()
            source.table.must_be_unchanged()  # while the last verdicts were given, too
        self._tell_of_all()

    def _tell(self, judged: "PartJudged", first: FirstReading) -> None:
        """Add to some rows what only the table shows."""
        kept, part = judged.kept, judged.part
        for at in kept.unreadable:
            heading = part.source.headings_below.said(part.lines[at], part.row(at))
            judged.problems[at] = (Problem("", None, heading),) if heading else self._problems(part, at)
            if not heading:
                judged.names[at] = _names(part, at)
        self._hold(judged, first)
        if _begins_with_the_example(part):
            judged.notices[0] = (THE_EXAMPLE, *judged.notices.get(0, ()))
        self._expect(judged)
        self._over_budget(judged)
        if self.redact:
            judged.visits = {at: tuple(map(nameless, visits)) for at, visits in judged.visits.items()}
            judged.problems = {at: tuple(map(without_value, found)) for at, found in judged.problems.items()}
            judged.names = {}

    def _tell_of_all(self) -> None:
        """Tell with the sum what a filter for rows that are payable, or paid, does not show."""
        if refused := self.summary.paid_though_refused:
            self.summary.notices.append(
                f"Visits that are paid, though another rule refuses them: {refused}. Check each."
            )
        for rows, why in (
            (self._paid_elsewhere, "another row of the same visitor or name is marked as paid"),
            (self._perhaps_one_visitor, "another row may be of the same visitor"),
        ):
            if rows.count:
                self.summary.notices.append(f"Payable, though {why}: {rows.named}. Check each before you pay.")

    def _problems(self, part: SomeRows, at: int) -> tuple[Problem, ...]:
        """What in a row cannot be read, as `cxc check` says it. In a sheet it is named by its cell, too."""
        found = _problems(part, at, self.reader)
        assert found, f"row {part.lines[at]} can be read, and could not be before"
        if part.source.table.sheet is None:
            return found
        return tuple([_located(problem, part.lines[at], part.source) for problem in found])

    def _hold(self, judged: "PartJudged", first: FirstReading) -> None:
        """Hold rows against visits that come before them, and against rows above."""
        part, kept = judged.part, judged.kept
        judged.visits = {at: (first.visit(row),) for at, _, row in zip(*kept.told, strict=True)}
        judged.notices = dict.fromkeys(sorted(kept.promised), (PROMISED_ONCE,))
        told, unreadable = dict[int, str](), {*kept.unreadable}
        paid_elsewhere, perhaps_one_visitor = list[int](), list[int]()
        for row in _held(kept):
            at = row.number - kept.first
            if at in unreadable:
                continue
            found, notices = _told(part, at, row, first)
            if found.kind != kept.first_visit:
                told[at] = found.kind
            if found.visits:
                judged.visits[at] = found.visits
            if marked := _marked_as_paid(row, found, first):
                paid_elsewhere.append(at)
            if alike := _perhaps_one_visitor(row, found, first):
                perhaps_one_visitor.append(at)
            if notices := (*alike, *marked, *notices):
                promised = () if PROMISED_ONCE in notices else judged.notices.get(at, ())
                judged.notices[at] = (*notices, *promised)
        judged.told = told
        _name_payable(judged, paid_elsewhere, self._paid_elsewhere)
        _name_payable(judged, perhaps_one_visitor, self._perhaps_one_visitor)

    def _expect(self, judged: "PartJudged") -> None:
        """Hold rows against what they expect."""
        part = judged.part
        columns = [part.texts(field) for field in EXPECTATIONS if field in part.source.places]
        if not any(map(any, columns)):
            return
        below = part.source.headings_below
        for at in range(len(part)):
            if any(column[at].strip() for column in columns) and not below.is_below(part.lines[at]):
                expected = expected_in(part.block.row(at), part.source.places)[1]
                if expected is not None:
                    judged.expected[at] = expected
                    if found := mismatch(judged[at]):
                        judged.mismatches[at] = found

    def _over_budget(self, judged: JudgedRows) -> None:
        """Say so at the row from which on the budget is exceeded."""
        if self.budget is None:
            return
        for at, found in enumerate(judged.values(spent)):
            if not isinstance(found, Decimal):
                continue
            before, self._paid = self._paid, self._paid + found
            if before <= self.budget < self._paid:
                exceeded = (
                    f"The budget of EUR {self.budget:.2f} is exceeded from {judged.title}, row {judged.lines[at]}, on."
                )
                self.summary.notices.append(exceeded)
                judged.notices[at] = (*judged.notices.get(at, ()), exceeded)


THE_EXAMPLE = "This is the example of the template, and it is counted as a trip. Delete the row."
PROMISED_ONCE = "This visitor has other trips in the tables. Better dates help only one of them."


class _Held(NamedTuple):
    """A row that is held against others: its number, the number of its name, whose trip it is, and what is known of it.

    `as_visit` is what `as_a_visit` tells; `is_paid` is None where nobody asks.
    """

    number: int
    name: int
    identity: Identity | None
    stay: object
    country: object
    dated: object
    as_visit: tuple[bool, bool, bool]
    is_paid: object


def _held(kept: KeptRows) -> Iterator[_Held]:
    """The rows that are held one by one."""
    places = kept.who.places
    stays, countries, dates = (kept.picked(asked, places) for asked in ("stay", "host_country", "codes_of_dates"))
    is_paid: Sequence[object] = kept.picked(already_paid, places) if already_paid in kept else [None] * len(places)
    numbers, as_visits = [kept.first + at for at in places], kept.picked(as_a_visit, places)
    return map(_Held, numbers, kept.who.names, kept.identities(), stays, countries, dates, as_visits, is_paid)


def _told(part: SomeRows, at: int, row: _Held, first: FirstReading) -> tuple[Recollection, tuple[str, ...]]:
    """What visits before a row tell of it, and notices of the visitor's other rows."""
    visits, notices = first.visits, tuple[str, ...]()
    if row.identity is None:
        found = visits.of_nobody(bool(row.name))
    else:
        found = visits.recall(row.number, row.stay.arrival if isinstance(row.stay, Stay) else None)
        if isinstance(row.stay, Stay) and visits.several(row.identity):
            host = row.country, clean(part.text("host", at))
            found, notices = visits.beside(row.number, row.identity, row.stay, host, found)
            if row.dated:
                notices = (*notices, PROMISED_ONCE)
    return found, notices


def _name_payable(judged: "PartJudged", places: Sequence[int], named: NamedRows) -> None:
    """Name those of some rows that are in the sum."""
    if places:
        values, numbers = judged.found(reckoned)
        for at in places:
            if values[numbers[at]].outcome == ELIGIBLE:
                named.add(judged.title, judged.lines[at])


def _marked_as_paid(row: _Held, found: Recollection, first: FirstReading) -> tuple[str, ...]:
    """A notice for a row that is not marked as paid, of one that is."""
    if not first.paid_trips or row.is_paid is not False:
        return ()
    return first.paid_trips.notice(row.name, row.identity, days_of(row.stay, row.country), found, first.visit)


def _perhaps_one_visitor(row: _Held, found: Recollection, first: FirstReading) -> tuple[str, ...]:
    """Notices for a row that may use up a visit, of others that may be of its visitor, by its name or other names."""
    counts, _, approved = row.as_visit
    if not counts or (found.kind in REFUSED and not approved):
        return ()
    visits, identity = first.visits, row.identity
    namesake = visits.namesake(row.number, row.name, identity)
    if identity is None:
        return namesake
    unsettled = visits.unsettled(identity, isinstance(row.stay, Stay))
    return (*namesake, *first.other_names.notice(identity, visits.visit), *unsettled)


class PartJudged(JudgedRows):
    """Some rows of a source. `kept` is what the first reading has kept of them.

    `told` is what other rows or a history tell of earlier visits, by the places of rows of which they tell something.
    """

    def __init__(self, part: SomeRows, kept: KeptRows, verdicts: Verdicts, redact: bool) -> None:
        table = part.source.table
        super().__init__(table.name, table.sheet, part.lines, verdicts)
        self.part, self.kept, self._redact = part, kept, redact
        self.no_trips = kept.no_trips
        self.told: Mapping[int, str] = {}

    @cached_property
    def rows(self) -> ListedRows:
        kinds = [self.kept.first_visit] * len(self)
        for at, kind in (*self.told.items(), *zip(*self.kept.told[:2], strict=True)):
            kinds[at] = kind
        rows = self.part.numbered(self.verdicts, kinds)
        rows.make_unreadable(rows.resolver["earlier_visits"], [*self.kept.unreadable, *self.no_trips])
        return rows

    def cells_of(self, place: int) -> Sequence[str]:
        cells, source = self.part.block.row(place), self.part.source
        if not self._redact:
            return cells
        if place in self.no_trips:
            return [""] * len(kept_columns(source.columns, True, source.table.columns))
        return redacted_cells(cells, self.verdict(place), source.columns)

    @cached_property
    def cells(self) -> Sequence[Sequence[str]]:
        return super().cells if self._redact else self.part.block.cells

    @property
    def written(self) -> Sequence[bytes] | None:
        return None if self._redact else self.part.block.written

    def named(self, field: str) -> list[str | None]:
        names = [clean(text) or None for text in self.part.texts(field)]
        return [redacted_value(field, name) for name in names] if self._redact else names

    def trip(self, place: int) -> Trip:
        part, rows, values = self.part, self.rows, dict[str, object]()
        for field in FIELDS:
            if field in NAMES:
                values[field] = clean(part.text(field, place)) or None
            elif field in part.source.places:
                node = rows.resolver[field]
                values[field] = node.values[rows.column(node)[place]]
        trip = Trip(**values)  # type: ignore[arg-type]  # each value came from the reader of its own field
        return redacted(trip) if self._redact else trip

    @cached_property
    def _again(self) -> ListedRows:
        """The rows of which something is told, judged once more."""
        return self.part.only([*self.told]).numbered(self.verdicts, [*self.told.values()])

    def recounted(self, asked: Callable[..., Value]) -> tuple[Sequence[Value], Sequence[Value]]:
        if not self.told or asked not in self.kept:  # all were counted at the first reading
            return [], []
        return self.kept.picked(asked, [*self.told]), self._again.values(asked)

    def found(self, asked: Callable[..., Value]) -> Values[Value]:
        if asked not in self.kept:
            return super().found(asked)
        values, numbers = self.kept.listed(asked)
        if not self.told:
            return values, numbers
        again = self._again.values(asked)
        for place, at in enumerate(self.told, len(values)):
            numbers[at] = place
        return [*values, *again], numbers


def _problems(part: SomeRows, at: int, reader: TripReader) -> tuple[Problem, ...]:
    fault, cells, width = part.faults.get(at), part.row(at), part.source.width
    if fault:
        return (Problem("", None, fault[0].upper() + fault[1:] + "."),) if isinstance(fault, str) else fault
    problems, _ = expected_in(cells, part.source.places)
    if len(cells) > width and any(map(str.strip, cells[width:])):
        message = (
            f"The row has {len(cells)} cells, but the heading has {width}. "
            "A quotation mark or a delimiter may be wrong."
        )
        problems = (Problem("", None, message), *problems)
    return problems or reader.problems(part.source.stated(cells))


def _located(problem: Problem, line: int, source: Source) -> Problem:
    """What is wrong, with the cell that holds it, such as June!L14."""
    at = source.places.get(problem.field)
    named = f"{problem.field}: "
    if at is None or not problem.message.startswith(named):
        return problem
    return problem._replace(message=f"{problem.field} ({source.table.cell(line, at)}): {problem.message[len(named) :]}")


def _begins_with_the_example(part: SomeRows) -> bool:
    """Whether the first row is the one that `cxc template` writes below the heading."""
    at, cells = part.source.places.get("reference"), part.row(0)
    return at is not None and at < len(cells) and cells[at].strip() == BY_NAME["reference"].example


def _names(part: SomeRows, at: int) -> tuple[str, ...]:
    """The reference, the visitor and the host of a row, as they are written."""
    cells, source = part.row(at), part.source
    places = [source.places.get(field, len(cells)) for field in ("reference", "visitor", "host")]
    return tuple([clean(cells[place]) if place < len(cells) else "" for place in places])


_FIELDS = frozenset(FIELDS)


class Rows(Table):
    """Rows that a script holds, as a source: mappings of fields, read again at every call of `rows`."""

    def __init__(self, rows: Iterable[Mapping[str, object]], reader: TripReader) -> None:
        self.name = "rows"
        self._rows, self._reader = rows, reader
        self.columns = list(FIELDS)

    def rows(self) -> Iterator[TableRow]:
        """Each mapping as cells; the first is row 2, as under a heading."""
        for line, row in enumerate(self._rows, 2):
            texts = row.keys() <= _FIELDS and all(isinstance(value, str) for value in row.values())
            problems = () if texts else self._reader.problems(row)
            if problems:  # what is text tells whose row it is
                row = {field: value for field, value in row.items() if isinstance(value, str)}
            cells = [self._reader.text(field, row.get(field)) for field in self.columns]
            yield line, cells, problems or None
