"""cxc: eligibility and reimbursement under ClusterXchange.

    import cxc
    verdict = cxc.check(host_country="PT", arrival="2023-05-14", departure="2023-05-20", host_cluster="yes")
    print(verdict.outcome, verdict.payable.amount)

The fields of a trip are those of a trip file. A date may be a `datetime.date`, a country its code or name.

    for row in cxc.check_table("trips.csv"):
        print(row.row, row.outcome)

    judged = cxc.judge_frame(frame)  # of Polars or pandas, with a column for each result
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    import datetime

    from cxc.tables.batch import Judged
    from cxc.tables.history import History
    from cxc.verdict import Finding, Verdict
    from cxc.vocabulary import Stage

__all__ = ["__version__", "advised", "check", "check_rows", "check_table", "judge_frame"]
__version__ = "0.1.0"

Frame = TypeVar("Frame")


def check(
    *,
    rulebook: str = "medic-nest",
    countries: str | None = None,
    history: "History" = None,
    strict: bool = False,
    stage: "Stage" = "proposal",
    today: "datetime.date | None" = None,
    date_format: str = "YYYY-MM-DD",
    history_date_format: str | None = None,
    **trip: object,
) -> "Verdict":
    """The verdict on one trip, the same as `cxc check` gives.

    `rulebook` is a name or a file, `countries` a file. `history` are the visits that took place, or the CSV file or
    files that list them (None: not known); their dates are written as `history_date_format` says, or without it as
    `date_format` says. At the `stage` "payment" the papers are asked for, too, as on the day `today`, else the clock's.
    Raises `cxc.errors.TripError` where the trip cannot be read, and another `cxc.errors.CxcError`
    for a bad rulebook or table.

    >>> check(host_country="PT", first_day="2023-05-15", last_day="2023-05-17", host_cluster="yes").payable.amount
    Decimal('390.00')
    """
    from cxc.scheme.loading import load_scheme
    from cxc.tables.history import recall
    from cxc.trip.reader import TripReader
    from cxc.verdict import judge

    scheme = load_scheme(rulebook, countries)
    asked_on = _day_of_payment(stage, today)
    reader = TripReader(scheme.countries, date_format, today=asked_on, clusters=scheme.rulebook.cluster_names)
    read = reader.read(trip)
    recollection = recall(read, scheme, history, date_format, history_date_format)
    return judge(read, scheme, strict=strict, today=asked_on, recollection=recollection)


def advised(verdict: "Verdict") -> "tuple[Finding, ...]":
    """The findings of a verdict, each with its `remedy`: what would mend it, None where nothing is known that would.

    Better dates are looked for among the days around, which takes longer than the verdict; so `verdict.findings` have
    none.

    >>> verdict = check(host_country="PT", first_day="2023-05-15", last_day="2023-05-16", host_cluster="yes")
    >>> next(finding.remedy for finding in advised(verdict) if finding.outcome == "fail")[:31]
    'Ending on Wednesday 17 May 2023'
    """
    from cxc.advice.remedies import advised as with_remedies

    return with_remedies(verdict)


def check_table(
    file: str,
    *,
    rulebook: str = "medic-nest",
    countries: str | None = None,
    history: "History" = None,
    strict: bool = False,
    stage: "Stage" = "proposal",
    today: "datetime.date | None" = None,
    date_format: str = "YYYY-MM-DD",
    history_date_format: str | None = None,
    encoding: str | None = None,
    sheets: Sequence[str] = (),
) -> "Iterator[Judged]":
    """The verdict on every row of a CSV, .xlsx or Parquet file, in order, the same as `cxc validate` gives.

    Of a workbook every visible sheet with the core columns is read, or those that `sheets` names. A row that is no trip
    has the outcome no-trip. `encoding` is that of a CSV file, and of histories that are no UTF-8. Memory grows with the
    visitors, and with the rows of a workbook alone. Raises `cxc.errors.InputError` for a table that cannot be read, or
    that changes while it is read; a row that cannot be read is a row without a verdict. Parquet needs the extra `fast`;
    without it, raises `cxc.errors.NotInstalled`.
    """
    from cxc.scheme.loading import load_scheme
    from cxc.tables.batch import new_batch
    from cxc.tables.history import files_of, read_as
    from cxc.tables.same_file import read_once

    earlier = read_as(history, encoding)
    read_once([file], files_of(earlier or ()))
    batch = new_batch(
        load_scheme(rulebook, countries),
        date_format=date_format,
        history=earlier,
        history_date_format=history_date_format,
        strict=strict,
        today=_day_of_payment(stage, today),
    )
    return batch.judge([*batch.tables(file, {}, encoding=encoding, sheets=sheets)])


def check_rows(
    rows: "Iterable[Mapping[str, object]]",
    *,
    rulebook: str = "medic-nest",
    countries: str | None = None,
    history: "History" = None,
    strict: bool = False,
    stage: "Stage" = "proposal",
    today: "datetime.date | None" = None,
    date_format: str = "YYYY-MM-DD",
    history_date_format: str | None = None,
) -> "Iterator[Judged]":
    """The verdict on every mapping of fields, read as `check` reads them; rows are numbered from 2 on.

    They are gone through more than once, so an iterator is put into a list first.

    >>> trip = {"host_country": "PT", "host_cluster": "yes", "arrival": "2023-05-14", "departure": "2023-05-20"}
    >>> [(row.row, row.outcome) for row in check_rows([trip])]
    [(2, 'eligible')]
    """
    from cxc.scheme.loading import load_scheme
    from cxc.tables.batch import Rows, new_batch
    from cxc.tables.columns import match_columns

    batch = new_batch(
        load_scheme(rulebook, countries),
        date_format=date_format,
        history=history,
        history_date_format=history_date_format,
        strict=strict,
        today=_day_of_payment(stage, today),
    )
    table = Rows(list(rows) if iter(rows) is rows else rows, batch.reader)
    return batch.judge([(table, match_columns(table.columns, table.name, {}))])


def judge_frame(
    frame: Frame,
    *,
    rulebook: str = "medic-nest",
    countries: str | None = None,
    history: "History" = None,
    strict: bool = False,
    stage: "Stage" = "proposal",
    today: "datetime.date | None" = None,
    date_format: str = "YYYY-MM-DD",
    history_date_format: str | None = None,
    columns: "Mapping[str, str] | None" = None,
) -> Frame:
    """A frame of trips with its verdicts: the same rows and columns, and behind them the results of `--format csv`.

    `frame` is an eager frame of Polars, pandas, PyArrow or whatever else Narwhals knows, and so is what comes back. Its
    columns are named as those of a table; `columns` gives the field of a heading of your own, in a history, too. Cells
    may be text, or dates, numbers, yes and no as `check` takes them; what is null, NaN or NaT is not stated.

    A column that is called like a result becomes `input_…`. Amounts are decimals with two places, in pandas objects:
    they can be summed, which texts cannot, and are exact, which floats are not. Days are whole numbers. Where csv has
    no number there is a null; a text is never null, and is that of csv, with its apostrophe before a formula. A message
    calls the table `frame` and counts rows from 2 on. Raises `cxc.errors.InputError` for what is no such frame, and
    `cxc.errors.NotInstalled` without Narwhals (`pip install polars narwhals`).
    """
    from cxc.reports.frame import with_results
    from cxc.scheme.loading import load_scheme
    from cxc.tables.batch import new_batch
    from cxc.tables.columns import fields_named
    from cxc.tables.frame import frame_table, known_frame
    from cxc.tables.history import read_as

    known, renamed = known_frame(frame), fields_named(columns or {}, "columns")
    batch = new_batch(
        load_scheme(rulebook, countries),
        date_format=date_format,
        history=read_as(history, None, renamed),
        history_date_format=history_date_format,
        strict=strict,
        today=_day_of_payment(stage, today),
    )
    table, places = frame_table(known, renamed, batch.reader)
    judged: Frame = with_results(known, table, places, batch).to_native()
    return judged


def _day_of_payment(stage: "Stage", today: "datetime.date | None") -> "datetime.date | None":
    """The day on which payment is asked about; None before that stage. Raises InputError for another stage."""
    if stage == "payment":
        import datetime

        return today or datetime.datetime.now().astimezone().date()
    if stage != "proposal":
        from cxc.errors import InputError

        raise InputError(f"the stage is proposal or payment, not {stage!r}")
    return None
