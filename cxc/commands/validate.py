"""`cxc validate`: the verdicts on the trips of tables."""

import sys
from collections.abc import Mapping
from contextlib import suppress
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated, Final, NamedTuple, get_args

import typer

from cxc.commands.exit_status import OF_TABLE, status_of
from cxc.commands.options import (
    ColourOption,
    ConfigOption,
    CountriesOption,
    DateFormatOption,
    ExitZeroOption,
    HistoryDateFormatOption,
    HistoryOption,
    NoConfigOption,
    OutputOption,
    ReportOption,
    RulebookOption,
    StageOption,
    StrictOption,
    TableFormat,
    TableFormatOption,
    Text,
    Texts,
    TodayOption,
    command,
    day_of_payment,
    judging_option,
    map_files,
    reading_option,
    writing_option,
)
from cxc.commands.writing import files_to_write, need_file, report_files
from cxc.errors import CxcError, InputError
from cxc.reports.output import complain, tell, write, written
from cxc.text import clean

if TYPE_CHECKING:
    from cxc.commands.table_reports import Source
    from cxc.tables.batch import Batch
    from cxc.tables.summary import Summary

# Formats in whose summary notices stand.
_SUMMING_UP: Final = ("text", "json", "markdown", "html")


class Options(NamedTuple):
    """What `cxc validate` is asked."""

    files: Annotated[
        list[str],
        typer.Argument(help="Tables as CSV, .xlsx or Parquet, or - for a CSV on standard input.", metavar="FILE..."),
    ]
    sheet: Annotated[
        Texts,
        reading_option(
            "--sheet",
            help="Read this sheet of a workbook, even a hidden one. Without it, every visible sheet with trips is "
            "read. It can be given several times.",
            metavar="NAME",
        ),
    ] = None
    map: Annotated[
        Texts,
        reading_option(
            "--map",
            help="A heading of your own and its field, such as Ankunft=arrival, or a file of them; for histories, too. "
            "It can be given several times.",
            metavar="HEADING=FIELD",
        ),
    ] = None
    date_format: DateFormatOption = "YYYY-MM-DD"
    encoding: Annotated[
        Text,
        reading_option(
            "--encoding",
            help="Encoding of the CSV files, such as windows-1250. Without it, UTF-8, or UTF-16 with its mark. "
            "A history in UTF-8 is read as such.",
            metavar="NAME",
        ),
    ] = None
    rulebook: RulebookOption = "medic-nest"
    countries: CountriesOption = None
    history: HistoryOption = None
    history_date_format: HistoryDateFormatOption = None
    budget: Annotated[
        Text,
        judging_option(
            "--budget",
            help="A sum in EUR. The summary says from which row on it is exceeded.",
            metavar="EUR",
        ),
    ] = None
    stage: StageOption = "proposal"
    today: TodayOption = None
    strict: StrictOption = False
    redact: Annotated[
        bool,
        writing_option(
            "--redact",
            help="Leave out names, ids, places, references and unknown columns. File names stay.",
        ),
    ] = False
    coverage: Annotated[
        bool,
        writing_option(
            "--coverage",
            help="Say which rules the rows with an expectation saw pass, fail and so on.",
        ),
    ] = False
    format: TableFormatOption = "text"
    report: ReportOption = None
    output: OutputOption = None
    exit_zero: ExitZeroOption = False
    config: ConfigOption = None
    no_config: NoConfigOption = False
    configured: Text = None
    color: ColourOption = "auto"
    quiet: Annotated[bool, writing_option("--quiet", "-q", help="Print the summary alone.")] = False
    verbose: Annotated[
        bool,
        writing_option("--verbose", "-v", help="Print eligible rows, too, and what was assumed."),
    ] = False


def run(options: Options) -> int:
    """Check the trips of tables, and what no single row shows: the same visitor twice.

    Example: cxc validate trips.csv

    A table needs the columns host_country and host_cluster, and arrival and departure, or first_day and last_day.
    cxc template -o trips.csv writes a table to fill in.
    """
    try:
        return _validated(options)
    except CxcError as error:
        if options.format == "github" and options.output is None:
            _annotate(options, error)
        raise


def _annotate(options: Options, error: CxcError) -> None:
    """Mark a file that cannot be read where the annotations of its rows would stand."""
    from cxc.reports.github import file_fault

    with suppress(InputError):  # standard output cannot be written; the error itself is said
        write(file_fault(error, [*options.files, *(options.history or ())]), None)


def _validated(options: Options) -> int:
    """Write the reports; the exit status. Raises CxcError."""
    others = report_files(options.report, get_args(TableFormat))
    need_file(options.format, options.output, others)
    _check_coverage(options)
    budget = _budget(options.budget)
    from cxc.commands.table_reports import write_reports
    from cxc.scheme.loading import load_scheme
    from cxc.tables.batch import new_batch
    from cxc.tables.columns import read_map
    from cxc.tables.history import read_as
    from cxc.tables.same_file import keep_apart, read_once

    scheme = load_scheme(options.rulebook, options.countries)
    read = [*options.files, *(options.history or ()), *map_files(options.map), *filter(None, [options.config])]
    keep_apart(files_to_write(options.output, others), [*read, *scheme.files])
    read_once(options.files, options.history or ())
    renamed = read_map(options.map or ())
    batch = new_batch(
        scheme,
        date_format=options.date_format,
        history=read_as(options.history or None, options.encoding, renamed),
        history_date_format=options.history_date_format,
        strict=options.strict,
        today=day_of_payment(options.stage, options.today),
        budget=budget,
        redact=options.redact,
    )
    sources = _sources(options, batch, renamed)
    if not options.quiet and options.format not in _SUMMING_UP:
        for notice in batch.summary.notices:
            complain(notice)
    if options.configured:
        batch.summary.notices.append(options.configured)
    if not options.quiet and {options.format, *(kind for kind, _ in others)} <= {"csv", "parquet"}:
        _tell_of_polars(sources)
    if options.sheet and not any(table.sheet for table, _ in sources):
        raise InputError("--sheet: none of the files is a workbook; leave the option out")
    write_reports(options, batch, sources, others)
    _tell(options, batch.summary, others)
    return status_of(batch.summary.standings, options.exit_zero)


def _check_coverage(options: Options) -> None:
    """Refuse --coverage in a format that has no place for it. Raises InputError."""
    if options.coverage and options.format not in ("text", "json"):
        raise InputError(
            f"--coverage: it is written as text or json, not as {options.format}; for the verdicts beside it "
            f"write --report {options.format}=FILE"
        )


def _budget(text: str | None) -> Decimal | None:
    """The sum of --budget in EUR. Raises InputError."""
    if text is None:
        return None
    from cxc.trip.texts import parse_euros

    budget = parse_euros(text)
    if budget is None:
        raise InputError(f"--budget: '{clean(text)}' is not an amount, such as 10000 or 10000.50")
    return budget


def _sources(options: Options, batch: "Batch", renamed: Mapping[str, str]) -> "list[Source]":
    """The tables of all files with their columns; which of these are not used is said. Raises InputError."""
    from cxc.tables.heading_hints import meant

    sources = []
    for file in options.files:
        for table, columns in batch.tables(file, renamed, encoding=options.encoding, sheets=options.sheet or ()):
            sources.append((table, columns))
            if columns.unknown and not options.quiet:
                headings = ", ".join([clean(heading) for heading in columns.unknown])
                named = "their names are withheld" if options.redact else headings
                complain(f"{table.title}: columns that are not used: {named}")
            for heading, field in meant(columns):  # what a column states may decide, so it is said in each report
                column = "a column" if options.redact else f"the column '{clean(heading)}'"
                batch.summary.notices.append(f"{table.title}: {column} is not used; did you mean {field}?")
                complain(batch.summary.notices[-1])
    return sources


def _tell_of_polars(sources: "list[Source]") -> None:
    """Say once what the extra would bring to csv, where a table is large and it is not installed."""
    from cxc.tables.sources import HAS_POLARS

    large = next((table for table, _ in sources if table.is_large), None)
    if large is not None and not HAS_POLARS:
        complain(f"{large.title}: a large table takes less time with Polars; to install it: pip install polars")


def _tell(options: Options, summary: "Summary", others: list[tuple[str, str]]) -> None:
    """Say at the terminal what came out, where standard output does not, and which files were written."""
    from cxc.reports.values import budget_exceeded, summary_line

    unseen = options.output or (options.format != "text" and sys.stderr.isatty())
    outcome = (summary_line(summary), budget_exceeded(summary)) if unseen else ()
    said = (*outcome, written([options.output, *(file for _, file in others)]))
    if any(said):
        tell(". ".join(filter(None, said)))


COMMAND = command(Options, run, OF_TABLE)
