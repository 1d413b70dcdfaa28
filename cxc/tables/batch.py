"""Tables in, verdicts out, in the order of the rows.

A row's verdict is that of `cxc check`, and beside it what only a table shows: the same visitor twice, the same trip
twice, trips of one visitor that overlap, a budget that is exceeded. Trips are held against one another in the order of
their dates, whatever the order of the rows. So the tables are read to see who occurs more than once, then, where
somebody does, to see which of their trips use up a visit, and then for the verdicts. Memory grows with the visitors.
"""

import datetime
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from functools import partial

from cxc.errors import Problem
from cxc.resolver import UNREADABLE as UNREAD
from cxc.resolver import ListedRows
from cxc.scheme.countries import Country
from cxc.scheme.loading import Scheme
from cxc.tables.columns import EXPECTATIONS, Columns, core_in, match_columns
from cxc.tables.first_reading import FirstReading
from cxc.tables.history import History, load_history
from cxc.tables.judged import Expectation, Heading, Judged, JudgedRows
from cxc.tables.redaction import WITHHELD, kept_columns, nameless, redacted, redacted_cells, without_value
from cxc.tables.summary import Summary
from cxc.tables.table import Block, Fault, Table, TableRow, open_tables
from cxc.text import clean, fold
from cxc.trip.fields import BY_NAME, CORE, FIELDS, NAMES
from cxc.trip.reader import Trip, TripReader, Unacceptable, parse_euros
from cxc.trip.stay import Stay
from cxc.verdict import ELIGIBLE, NOT_ELIGIBLE, OUTCOMES, Verdicts
from cxc.visits import NONE_FOUND, Order, Recollection, Visit, Visits

__all__ = ["Batch", "Expectation", "Heading", "Judged", "JudgedRows", "Rows", "Summary", "new_batch"]

MOST_UNREAD = 1_000  # texts of a field that cannot be read and are remembered
TOGETHER = 2_000  # rows that are judged together: enough to share the work, few enough to stay in a processor's memory


def new_batch(
    scheme: Scheme,
    *,
    date_format: str,
    history: History,
    history_date_format: str | None,
    strict: bool = False,
    budget: Decimal | None = None,
    redact: bool = False,
) -> "Batch":
    """A batch from what its user gives, on the command line or in a script. Raises InputError."""
    told: list[str] = []
    visits = load_history(history, scheme.countries, date_format, history_date_format, told.append)
    reader = TripReader(scheme.countries, date_format)
    batch = Batch(scheme, reader, strict=strict, history=visits, budget=budget, redact=redact)
    batch.summary.notices += [f"{notice}." for notice in told]
    return batch


class _NumbersOfTexts(dict[str, int]):
    """The numbers of a field's texts: what each says is read once."""

    def __init__(self, reader: TripReader, field: str, verdicts: Verdicts, redact: bool) -> None:
        super().__init__()
        self._read, self._field = reader.field, field
        self._numbers = verdicts.resolver.field(field).numbers
        self._unread = 0
        self._withheld = redact and BY_NAME[field].kind.redaction == "withheld"  # who approved stands in what is said

    def __missing__(self, text: str) -> int:
        try:
            value = self._read(self._field, text)
        except Unacceptable:
            if self._unread < MOST_UNREAD:  # a slip is often repeated, but a table of slips must not be kept
                self._unread += 1
                self[text] = UNREAD
            return UNREAD
        number = self[text] = self._numbers[WITHHELD if self._withheld and value is not None else value]
        return number


class _Source:
    """A table with its columns, read in parts."""

    def __init__(self, place: int, table: Table, columns: Columns, reader: TripReader, redact: bool) -> None:
        self.place, self.table, self.places, self.width = place, table, columns.places, len(table.columns)
        self.columns, self._reader, self._redact = columns, reader, redact
        self._texts: dict[str, _NumbersOfTexts] = {}
        self._resolver: object = None

    def parts(self) -> Iterator["_SomeRows"]:
        """The rows of the table, some at a time."""
        return map(partial(_SomeRows, self), self.table.blocks(TOGETHER))

    def numbers(self, part: "_SomeRows", verdicts: Verdicts) -> dict[str, list[int]]:
        """The numbers of what the rows state, by field."""
        if self._resolver is not verdicts.resolver:
            self._resolver = verdicts.resolver
            self._texts = {
                field: _NumbersOfTexts(self._reader, field, verdicts, self._redact) for field in verdicts.fields
            }
        found = {}
        for field, texts in self._texts.items():
            column = part.column(field)
            found[field] = [texts[""]] * len(part) if column is None else [*map(texts.__getitem__, column)]
        return found

    def stated(self, cells: Sequence[str]) -> dict[str, object]:
        """What a row states, by field."""
        return {field: cells[at] for field, at in self.places.items() if field in _FIELDS and at < len(cells)}


class _SomeRows:
    """Some rows of a table."""

    def __init__(self, source: _Source, block: Block) -> None:
        self.source = source
        self.lines, self.cells, self.faults = block
        self._columns: list[tuple[str, ...]] | None = None

    def __len__(self) -> int:
        return len(self.lines)

    def only(self, places: Sequence[int]) -> "_SomeRows":
        """Some of these rows."""
        faults = {new: self.faults[at] for new, at in enumerate(places) if at in self.faults}
        return _SomeRows(
            self.source, Block([self.lines[at] for at in places], [self.cells[at] for at in places], faults)
        )

    def column(self, field: str) -> Sequence[str] | None:
        """The texts of a field; None where the table has no column for it."""
        at = self.source.places.get(field)
        if at is None:
            return None
        if self._columns is None:
            width = self.source.width
            even = {*map(len, self.cells)} == {width}
            cells = self.cells if even else [_to_width(row, width) for row in self.cells]
            self._columns = [*zip(*cells, strict=True)]
        return self._columns[at]

    def texts(self, field: str) -> Sequence[str]:
        """The same, blank where there is no column."""
        return self.column(field) or [""] * len(self)


def _to_width(cells: Sequence[str], width: int) -> Sequence[str]:
    return [*cells[:width], *[""] * (width - len(cells))]


class Batch:
    """Judges the rows of tables.

    `history` holds the visits that took place (None: not known). `budget` is in EUR. With `redact` no name, id,
    reference, approver or unknown column is in what comes out. `summary` counts what was judged so far.
    """

    def __init__(
        self,
        scheme: Scheme,
        reader: TripReader,
        *,
        strict: bool = False,
        history: Iterable[Visit] | None = None,
        budget: Decimal | None = None,
        redact: bool = False,
    ) -> None:
        self.scheme, self.reader, self.strict, self.budget = scheme, reader, strict, budget
        self.redact = redact
        self.summary = Summary()
        self.summary.clusters.withheld = redact
        self._history = None if history is None else list(history)
        self._paid = Decimal(0)

    def tables(
        self, file: str, renamed: Mapping[str, str], *, encoding: str | None, sheets: Sequence[str]
    ) -> Iterator[tuple[Table, Columns]]:
        """The tables of trips in a file, each with its columns; what of it is not read is among the notices.

        `renamed` gives the field of a heading by its name. Raises InputError.
        """
        date_form = self.reader.date_form
        opened = open_tables(file, core_in(renamed), encoding=encoding, date_form=date_form, sheets=sheets)
        self.summary.notices += [f"{notice}; --sheet NAME picks one." for notice in opened.notices]
        for table in opened.tables:
            yield table, match_columns(table.columns, table.title, renamed)

    def judge(self, sources: Sequence[tuple[Table, Columns]]) -> Iterator[Judged]:
        """The verdict on every row, in order. Reads everything once before the first verdict is given."""
        for judged in self.judged(sources):
            yield from judged

    def judged(self, tables: Sequence[tuple[Table, Columns]]) -> Iterator[JudgedRows]:
        """The same, some rows at a time."""
        sources = [
            _Source(place, table, columns, self.reader, self.redact) for place, (table, columns) in enumerate(tables)
        ]
        stated = {field for _, columns in tables for field in columns.places}
        verdicts = Verdicts(self.scheme, strict=self.strict, fields=stated, nameless=self.redact)
        visits = Visits(self._history, self.scheme.rulebook.visits_at_most, strict=self.strict)
        look = FirstReading(visits, self.reader)
        for source in sources:
            for part in source.parts():
                look.read(part, _no_trips(part))
        if look.shared:
            self._settle(sources, verdicts, look)
        number = 1
        for source in sources:
            for part in source.parts():
                judged = self._judged(part, number, verdicts, look)
                self.summary.add(judged)
                yield judged
                number += len(part)
                verdicts.renew()
            source.table.must_be_unchanged()  # while the last verdicts were given, too

    def _settle(self, sources: Sequence[_Source], verdicts: Verdicts, look: FirstReading) -> None:
        """Find out which trips use up a visit, of those that are to be held against others."""
        number, again = 1, look.shared
        for source in sources:
            for part in source.parts():
                numbers = range(number, number + len(part))
                shared = [at for at, number in enumerate(numbers) if number in again and number not in look.no_trips]
                if shared:
                    self._note(part.only(shared), [numbers[at] for at in shared], verdicts, look)
                number += len(part)
                verdicts.renew()
        look.visits.settle()

    def _note(self, part: _SomeRows, numbers: Sequence[int], verdicts: Verdicts, look: FirstReading) -> None:
        """Note the trips of some rows that may use up a visit."""
        rows, problems = self._rows(part, numbers, verdicts, look, NONE_FOUND)
        outcomes, approvals = rows.values("outcome"), rows.values("approval")
        for at, trip in _as_visits(part, numbers, rows, range(len(part))):
            identity = trip.identity
            if identity is None:
                continue
            if at in problems:
                look.visits.note_unreadable(trip, identity)
                continue
            look.visits.note(
                trip._replace(decided=outcomes[at] == ELIGIBLE),
                identity,
                counts=outcomes[at] != NOT_ELIGIBLE,
                approved=approvals[at] is not None and ONE_VISIT in approvals[at].codes,
            )

    def _rows(
        self, part: _SomeRows, numbers: Sequence[int], verdicts: Verdicts, look: FirstReading, known: Recollection
    ) -> tuple[ListedRows, dict[int, tuple[Problem, ...]]]:
        """What rows state, with what is known of earlier visits, in numbers; and the problems of unreadable ones."""
        fields = part.source.numbers(part, verdicts)
        kinds = verdicts.resolver.field("earlier_visits").numbers
        fields["earlier_visits"] = [kinds[known.kind]] * len(part)
        rows = ListedRows(verdicts.resolver, fields, len(part))
        problems = {}
        for at in self._to_be_read(part, numbers, rows, look):
            found = self._problems(part, at)
            if found:
                problems[at] = found
                fields["earlier_visits"][at] = UNREAD
        return rows, problems

    def _to_be_read(
        self, part: _SomeRows, numbers: Sequence[int], rows: ListedRows, look: FirstReading
    ) -> Iterable[int]:
        """The rows that have to be read one by one: something in them cannot be read, or may be such."""
        width = part.source.width
        found = {*part.faults}
        if {*map(len, part.cells)} != {width}:
            found |= {at for at, cells in enumerate(part.cells) if len(cells) > width}
        for name in (*FIELDS, *READ_TOGETHER):
            column = [] if name in NAMES else rows.column(rows.resolver[name])
            if UNREAD in column:
                found |= {at for at, value in enumerate(column) if value == UNREAD}
        for field in EXPECTATIONS:
            found |= {at for at, text in enumerate(part.column(field) or ()) if text.strip()}
        if look.odd:
            found |= {at for at, number in enumerate(numbers) if number in look.odd}
        return sorted(at for at in found if numbers[at] not in look.no_trips)

    def _problems(self, part: _SomeRows, at: int) -> tuple[Problem, ...]:
        """What in a row cannot be read, as `cxc check` says it. In a sheet it is named by its cell, too."""
        found = _problems(part, at, self.reader)
        table = part.source.table
        if table.sheet is None:
            return found
        return tuple([_located(problem, part.lines[at], part.source) for problem in found])

    def _judged(self, part: _SomeRows, first: int, verdicts: Verdicts, look: FirstReading) -> JudgedRows:
        """The verdicts on some rows, the first of which has this number."""
        source, numbers = part.source, range(first, first + len(part))
        rows, problems = self._rows(part, numbers, verdicts, look, look.visits.first_visit)
        table = source.table
        judged = JudgedRows(
            table.name, table.sheet, part.lines, part.cells, verdicts, rows, partial(_trip, part, rows, self.redact)
        )
        judged.problems = problems
        judged.no_trips = (
            {at for at, number in enumerate(numbers) if number in look.no_trips} if look.no_trips else set()
        )
        judged.names = {at: _names(part.cells[at], source.places) for at in problems}
        self._hold(part, numbers, judged, look)
        kinds = rows.column(rows.resolver["earlier_visits"])
        for at in judged.no_trips:
            kinds[at] = UNREAD
        self._expect(part, judged)
        self._over_budget(judged)
        if self.redact:
            self._redact(part, judged)
        return judged

    def _hold(self, part: _SomeRows, numbers: Sequence[int], judged: JudgedRows, look: FirstReading) -> None:
        """Hold rows against visits that come before them, and against rows above; and count those that name nobody."""
        left_out = judged.problems.keys() | judged.no_trips
        nobody = self._nobody(part, judged.rows) - left_out
        self.summary.nobody_named += len(nobody)
        again = look.shared
        shared = [at for at, number in enumerate(numbers) if number in again and at not in left_out]
        if not shared:
            return
        rows, visits, sequel = judged.rows, look.visits, {}
        kinds, numbers_of = rows.column(rows.resolver["earlier_visits"]), rows.resolver.field("earlier_visits").numbers
        stays, countries, hosts = rows.values("stay"), rows.values("host_country"), part.texts("host")
        for at, trip in _as_visits(part, numbers, rows, shared):
            identity = trip.identity
            found = visits.recall(trip, identity)
            if identity is not None and stays[at] is not None and visits.several(identity):
                host = (countries[at], clean(hosts[at]))
                found, sequel[at] = visits.beside(trip, identity, stays[at], host, found)
            kinds[at] = numbers_of[found.kind]
            if found.visits:
                judged.visits[at] = found.visits
            if identity is not None and (unreadable := visits.unreadable(identity)):
                judged.notices[at] = unreadable
        if sequel:
            dated = rows.values("codes_of_dates")
            for at, notices in sequel.items():
                if notices := (*notices, PROMISED_ONCE) if dated[at] else notices:
                    judged.notices[at] = (*judged.notices.get(at, ()), *notices)

    def _nobody(self, part: _SomeRows, rows: ListedRows) -> set[int]:
        """The rows whose visitor cannot be told from others."""
        ids = part.column("visitor_id")
        without = range(len(part)) if ids is None else [at for at, text in enumerate(ids) if not clean(text)]
        if not without:
            return set()
        visitors, countries = part.texts("visitor"), rows.values("visitor_country")
        return {at for at in without if countries[at] is None or not fold(visitors[at])}

    def _expect(self, part: _SomeRows, judged: JudgedRows) -> None:
        """Hold rows against what they expect."""
        columns = [part.texts(field) for field in EXPECTATIONS if field in part.source.places]
        if not any(map(any, columns)):
            return
        for at in range(len(part)):
            if any(column[at].strip() for column in columns):
                expected = _expected(part.cells[at], part.source.places)[1]
                if expected is not None:
                    judged.expected[at] = expected
                    if mismatch := _mismatch(judged[at]):
                        judged.mismatches[at] = mismatch

    def _over_budget(self, judged: JudgedRows) -> None:
        """Say so at the row from which on the budget is exceeded."""
        if self.budget is None:
            return
        outcomes, amounts = judged.rows.values("outcome"), judged.rows.values("amount")
        for at, outcome in enumerate(outcomes):
            if outcome != ELIGIBLE or amounts[at] is None:
                continue
            before, self._paid = self._paid, self._paid + amounts[at].amount
            if before <= self.budget < self._paid:
                exceeded = (
                    f"The budget of EUR {self.budget:.2f} is exceeded from {judged.title}, row {judged.lines[at]}, on."
                )
                self.summary.notices.append(exceeded)
                judged.notices[at] = (*judged.notices.get(at, ()), exceeded)

    def _redact(self, part: _SomeRows, judged: JudgedRows) -> None:
        """Take out names."""
        columns = part.source.columns
        withheld = len(kept_columns(columns, True, part.source.table.columns))
        judged.visits = {at: tuple(map(nameless, visits)) for at, visits in judged.visits.items()}
        judged.cells = [
            [""] * withheld if at in judged.no_trips else redacted_cells(cells, judged.verdict(at), columns)
            for at, cells in enumerate(part.cells)
        ]
        judged.problems = {at: tuple(map(without_value, found)) for at, found in judged.problems.items()}
        judged.names = {}


PROMISED_ONCE = "This visitor has other trips in the tables. Better dates help only one of them."
READ_TOGETHER = ("stay", "visitor_at", "host_at", "approval")  # what can be read only from several fields
_FIELDS = frozenset(FIELDS)
_LATEST = datetime.date.max
ONE_VISIT = "CXC303"  # the rule that only one visit counts


def _as_visits(
    part: _SomeRows, numbers: Sequence[int], rows: ListedRows, places: Iterable[int]
) -> Iterator[tuple[int, Visit]]:
    """Rows at some places as the visits that they would be, with what of them can be read.

    A trip without dates comes after all others.
    """
    title, lines, names, ids = part.source.table.title, part.lines, part.texts("visitor"), part.texts("visitor_id")
    countries, stays = rows.values("visitor_country"), rows.values("stay")
    for at in places:
        country, stay = countries[at], stays[at]
        arrival = stay.arrival if isinstance(stay, Stay) else None
        yield (
            at,
            Visit(
                title,
                lines[at],
                clean(names[at]) or None,
                clean(ids[at]) or None,
                country.code if isinstance(country, Country) else None,
                arrival,
                order=Order(arrival or _LATEST, numbers[at]),
            ),
        )


def _trip(part: _SomeRows, rows: ListedRows, redact: bool, at: int) -> Trip:
    """The trip of a row that has a verdict."""
    values: dict[str, object] = {}
    for field in FIELDS:
        if field in NAMES:
            values[field] = clean(part.texts(field)[at]) or None
        elif field in part.source.places:
            node = rows.resolver[field]
            values[field] = node.values[rows.column(node)[at]]
    trip = Trip(**values)  # type: ignore[arg-type]  # each value came from the reader of its own field
    return redacted(trip) if redact else trip


def _problems(part: _SomeRows, at: int, reader: TripReader) -> tuple[Problem, ...]:
    fault, cells, width = part.faults.get(at), part.cells[at], part.source.width
    if fault:
        return (Problem("", None, fault[0].upper() + fault[1:] + "."),) if isinstance(fault, str) else fault
    problems, _ = _expected(cells, part.source.places)
    if len(cells) > width and any(map(str.strip, cells[width:])):
        message = (
            f"The row has {len(cells)} cells, but the heading has {width}. "
            "A quotation mark or a delimiter may be wrong."
        )
        problems = (Problem("", None, message), *problems)
    return problems or reader.problems(part.source.stated(cells))


def _located(problem: Problem, line: int, source: _Source) -> Problem:
    """What is wrong, with the cell that holds it, such as June!L14."""
    at = source.places.get(problem.field)
    named = f"{problem.field}: "
    if at is None or not problem.message.startswith(named):
        return problem
    return problem._replace(message=f"{problem.field} ({source.table.cell(line, at)}): {problem.message[len(named) :]}")


# What a row must state one of to be a trip, or to be looked at as one.
_DECISIVE = (*CORE, *EXPECTATIONS)


def _no_trips(part: _SomeRows) -> set[int]:
    """The rows that are no trips: totals, signatures and the like."""
    columns = [part.column(field) for field in _DECISIVE if field in part.source.places]
    blank = [at for at, texts in enumerate(zip(*columns, strict=True)) if not any(texts) or not "".join(texts).strip()]
    return {at for at in blank if _is_no_trip(part.cells[at], part.faults.get(at), part.source)}


def _is_no_trip(cells: Sequence[str], fault: Fault | None, source: _Source) -> bool:
    """Whether a row that seems to state nothing by which it is a trip does so for sure."""
    if fault and not cells:  # nothing is known of what it states
        return False
    if isinstance(fault, tuple) and any(p.field in _DECISIVE or p.field not in source.places for p in fault):
        return False
    return not any(map(str.strip, cells[source.width :]))


def _names(cells: Sequence[str], places: Mapping[str, int]) -> tuple[str, ...]:
    """The reference, the visitor and the host of a row, as they are written."""
    at = [places.get(field, len(cells)) for field in ("reference", "visitor", "host")]
    return tuple([clean(cells[place]) if place < len(cells) else "" for place in at])


def _expected(cells: Sequence[str], places: Mapping[str, int]) -> tuple[tuple[Problem, ...], Expectation | None]:
    """What a row expects, or what is wrong with that."""
    outcome, eur = [
        cells[at].strip() if (at := places.get(field)) is not None and at < len(cells) else "" for field in EXPECTATIONS
    ]
    if not (outcome or eur):
        return (), None
    problems = []
    folded = {fold(name): name for name in OUTCOMES}
    if outcome and fold(outcome) not in folded:
        message = f"expected_outcome: '{clean(outcome)[:60]}' is not one of {', '.join(OUTCOMES)}"
        problems.append(Problem("expected_outcome", outcome, message))
    amount = parse_euros(eur)
    if eur and amount is None:
        message = f"expected_eur: '{clean(eur)[:60]}' is not an amount, such as 390 or 390.00"
        problems.append(Problem("expected_eur", eur, message))
    if problems:
        return tuple(problems), None
    return (), Expectation(folded.get(fold(outcome)), amount)


def _mismatch(judged: Judged) -> str | None:
    """How a row differs from what it expects."""
    expected, verdict = judged.expected, judged.verdict
    assert expected is not None
    differences = []
    if expected.outcome is not None and expected.outcome != judged.outcome:
        differences.append(f"expected {expected.outcome}, found {judged.outcome}")
    amount = verdict.payable.amount if verdict and verdict.payable else Decimal(0)
    if expected.eur is not None and expected.eur != amount:
        differences.append(f"expected EUR {expected.eur:.2f}, found EUR {amount:.2f}")
    return "; ".join(differences) or None


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
