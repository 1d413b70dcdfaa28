"""cxc: eligibility and reimbursement under ClusterXchange.

    import cxc
    verdict = cxc.check(host_country="PT", arrival="2023-05-14", departure="2023-05-20", host_cluster="yes")
    print(verdict.outcome, verdict.payable.amount)

The fields of a trip are those of a trip file. A date may be a `datetime.date`, a country its code or name.

    for row in cxc.check_table("trips.csv"):
        print(row.row, row.outcome)
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cxc.batch import Judged
    from cxc.scheme import Scheme
    from cxc.table import Table
    from cxc.verdict import Verdict
    from cxc.visits import Visit

__all__ = ["__version__", "check", "check_rows", "check_table"]
__version__ = "0.1.0"


def check(
    *,
    rulebook: str = "medic-nest",
    countries: str | None = None,
    history: "Iterable[Visit] | str | None" = None,
    strict: bool = False,
    **trip: object,
) -> "Verdict":
    """The verdict on one trip, the same as `cxc check` gives.

    `rulebook` is a name or a file, `countries` a file, `history` the visits that took place, or the CSV file that lists
    them (None: not known). Raises `cxc.errors.TripError` where the trip cannot be read, and another
    `cxc.errors.CxcError` for a bad rulebook or table.

    >>> check(host_country="PT", first_day="2023-05-15", last_day="2023-05-17", host_cluster="yes").payable.amount
    Decimal('390.00')
    """
    from cxc.scheme import load_scheme
    from cxc.trip import TripReader
    from cxc.verdict import judge
    from cxc.visits import NO_HISTORY, Visits

    scheme = load_scheme(rulebook, countries)
    reader = TripReader(scheme.countries)
    read = reader.read(trip)
    visits = _visits(history, scheme)
    recollection = NO_HISTORY if visits is None else Visits(visits).recall(read, scheme.rulebook.visits_at_most)
    return judge(read, scheme, strict=strict, recollection=recollection)


def check_table(
    file: str,
    *,
    rulebook: str = "medic-nest",
    countries: str | None = None,
    history: "Iterable[Visit] | str | None" = None,
    strict: bool = False,
    date_format: str = "YYYY-MM-DD",
    encoding: str | None = None,
) -> "Iterator[Judged]":
    """The verdict on every row of a CSV or .xlsx file, in order, the same as `cxc validate` gives.

    Memory grows with the visitors, not with the rows. Raises `cxc.errors.InputError` for a table that cannot be read; a
    row that cannot be read is a row without a verdict.
    """
    from cxc.scheme import load_scheme
    from cxc.table import open_table
    from cxc.trip import DateForm

    table = open_table(file, encoding, DateForm(date_format))
    return _check(table, load_scheme(rulebook, countries), history, strict, date_format)


def check_rows(
    rows: "Iterable[Mapping[str, object]]",
    *,
    rulebook: str = "medic-nest",
    countries: str | None = None,
    history: "Iterable[Visit] | str | None" = None,
    strict: bool = False,
) -> "Iterator[Judged]":
    """The verdict on every mapping of fields; rows are numbered from 2 on, as under a heading.

    They are gone through more than once, so an iterator is put into a list first.

    >>> trip = {"host_country": "PT", "host_cluster": "yes", "arrival": "2023-05-14", "departure": "2023-05-20"}
    >>> [(row.row, row.outcome) for row in check_rows([trip])]
    [(2, 'eligible')]
    """
    from cxc.batch import Rows
    from cxc.scheme import load_scheme

    kept = list(rows) if iter(rows) is rows else rows
    return _check(Rows(kept), load_scheme(rulebook, countries), history, strict, "YYYY-MM-DD")


def _check(
    table: "Table", scheme: "Scheme", history: "Iterable[Visit] | str | None", strict: bool, date_format: str
) -> "Iterator[Judged]":
    from cxc.batch import Batch
    from cxc.columns import match_columns
    from cxc.trip import TripReader

    reader = TripReader(scheme.countries, date_format)
    columns = match_columns(table.columns, table.name, {})
    return Batch(scheme, reader, strict=strict, history=_visits(history, scheme)).judge([(table, columns)])


def _visits(history: "Iterable[Visit] | str | None", scheme: "Scheme") -> "Iterable[Visit] | None":
    """The visits of a history, which may be the CSV file that lists them."""
    if not isinstance(history, str):
        return history
    from pathlib import Path

    from cxc.history import load_history
    from cxc.trip import TripReader

    return load_history([Path(history)], TripReader(scheme.countries))
