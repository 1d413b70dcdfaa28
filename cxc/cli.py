"""The commands: options in, reports out, and the exit status. It decides nothing about trips.

Exit status of `check`: 0 eligible, 1 not eligible, 2 a usage error or input that cannot be read, 3 undecided,
70 a fault of the program itself, 130 stopped by Ctrl-C, 143 and 129 by SIGTERM and SIGHUP.
"""

import os
import sys
from collections.abc import Callable, Mapping, Sequence
from enum import Enum
from itertools import takewhile
from pathlib import Path
from typing import Annotated, Any

import typer
from typer.exceptions import TyperException

from cxc import __version__
from cxc.errors import CxcError, InputError
from cxc.text import clean, listed, nearest, uncommanded

MOST_LINES = 20
ELIGIBLE, REFUSED, UNREADABLE, OPEN, FAULT, STOPPED = 0, 1, 2, 3, 70, 130

_APP: Mapping[str, Any] = {
    "name": "cxc",
    "help": "Is a proposed ClusterXchange visit eligible, and what does it pay?",
    "epilog": "The partnership decides; what this program says is no decision of the EU.",
    "rich_markup_mode": None,
    "pretty_exceptions_enable": False,
    "add_completion": False,
    "context_settings": {"help_option_names": ["-h", "--help"]},
}


class Colour(str, Enum):
    """When to colour the output."""

    auto = "auto"
    always = "always"
    never = "never"


class Format(str, Enum):
    """Formats of verdicts."""

    text = "text"
    json = "json"
    jsonl = "jsonl"
    csv = "csv"
    markdown = "markdown"
    html = "html"
    github = "github"
    junit = "junit"


class ListFormat(str, Enum):
    """Formats of a listing."""

    text = "text"
    json = "json"
    csv = "csv"
    markdown = "markdown"


class SchemaName(str, Enum):
    """What a schema is printed of."""

    trip = "trip"
    verdict = "verdict"
    verdicts = "verdicts"
    estimates = "estimates"
    plans = "plans"
    rulebook = "rulebook"
    countries = "countries"
    table = "table"


Text = str | None
Texts = list[str] | None


def _field(meaning: str, *more: str, field: str, metavar: str = "TEXT") -> Any:
    return typer.Option(f"--{field.replace('_', '-')}", *more, help=meaning, metavar=metavar)


RulebookOption = Annotated[
    str, typer.Option("--rulebook", help="Rulebook: medic-nest, eccp, or a file of your own.", metavar="NAME_OR_FILE")
]
CountriesOption = Annotated[
    Text, typer.Option("--countries", help="A country table that replaces the shipped one.", metavar="FILE")
]
HistoryOption = Annotated[
    Texts,
    typer.Option("--history", help="CSV of the visits that took place; may be given several times.", metavar="FILE"),
]
HistoryDateFormatOption = Annotated[
    Text,
    typer.Option(
        "--history-date-format",
        help="Form of the dates in the histories; without it that of --date-format.",
        metavar="FORM",
    ),
]
StrictOption = Annotated[bool, typer.Option("--strict", help="Assume nothing: what is not stated is unknown.")]
OutputOption = Annotated[Text, typer.Option("--output", "-o", help="Write the report to a file.", metavar="FILE")]
ExitZeroOption = Annotated[bool, typer.Option("--exit-zero", help="Exit with 0 also where a trip is refused or open.")]
ColourOption = Annotated[Colour, typer.Option("--color", help="When to colour; NO_COLOR and FORCE_COLOR count too.")]
QuietOption = Annotated[bool, typer.Option("--quiet", "-q", help="Print the first line alone.")]
VerboseOption = Annotated[bool, typer.Option("--verbose", "-v", help="Print what the verdict was made from, too.")]
DateFormatOption = Annotated[
    str, typer.Option("--date-format", help="Form of the dates, such as DD.MM.YYYY.", metavar="FORM")
]


ReportOption = Annotated[
    Texts,
    typer.Option(
        "--report", help="Another report beside it, such as html=trips.html; repeatable.", metavar="FORMAT=FILE"
    ),
]


FirstDayOption = Annotated[Text, _field("Instead: the first day on site ...", field="first_day", metavar="YYYY-MM-DD")]
LastDayOption = Annotated[Text, _field("... and the last day on site.", field="last_day", metavar="YYYY-MM-DD")]
VisitorCountryOption = Annotated[
    Text, _field("Where the visitor is registered: code or name.", "--from", field="visitor_country")
]
FormatOption = Annotated[Format, typer.Option("--format", help="Format of the report.")]
ListFormatOption = Annotated[ListFormat, typer.Option("--format", help="Format of the list.")]


def _print_version(wanted: bool) -> None:
    if wanted:
        print(f"cxc {__version__}")
        raise typer.Exit()


def _main(
    version: Annotated[
        bool, typer.Option("--version", help="Print the version and exit.", callback=_print_version, is_eager=True)
    ] = False,
) -> None:
    pass


def check(
    context: typer.Context,
    trip_file: Annotated[
        Text, typer.Argument(help="A trip in YAML or JSON; - for standard input.", metavar="[TRIP_FILE]")
    ] = None,
    host_country: Annotated[Text, _field("Country of destination: code or name.", "--to", field="host_country")] = None,
    arrival: Annotated[Text, _field("Day of arrival (a travel day).", field="arrival", metavar="YYYY-MM-DD")] = None,
    departure: Annotated[
        Text, _field("Day of departure (a travel day).", field="departure", metavar="YYYY-MM-DD")
    ] = None,
    first_day: FirstDayOption = None,
    last_day: LastDayOption = None,
    host_cluster: Annotated[
        Text, _field("The host's cluster: its name, with capitals, or yes; or none.", field="host_cluster")
    ] = None,
    host: Annotated[Text, _field("Name of the host organisation.", field="host")] = None,
    host_type: Annotated[Text, _field("Its type, such as sme or university.", field="host_type")] = None,
    visitor: Annotated[Text, _field("Name of the visiting organisation.", field="visitor")] = None,
    visitor_id: Annotated[Text, _field("Its VAT number, PIC or other stable id.", field="visitor_id")] = None,
    visitor_country: Annotated[
        Text, _field("Where it is registered: code or name.", "--from", field="visitor_country")
    ] = None,
    visitor_type: Annotated[Text, _field("Its type, such as sme or incubator.", field="visitor_type")] = None,
    visitor_cluster: Annotated[
        Text, _field("The visitor's cluster: its name, with capitals, or yes; or none.", field="visitor_cluster")
    ] = None,
    visitor_place: Annotated[
        Text,
        _field("Its town, or latitude,longitude; with --host-place it gives the distance.", field="visitor_place"),
    ] = None,
    host_place: Annotated[Text, _field("The host's town, or latitude,longitude.", field="host_place")] = None,
    distance_km: Annotated[
        Text, _field("Distance between the two in km.", field="distance_km", metavar="NUMBER")
    ] = None,
    travellers: Annotated[
        Text, _field("People travelling for the visitor.", field="travellers", metavar="NUMBER")
    ] = None,
    activity: Annotated[Texts, _field("An activity; may be given several times.", field="activity")] = None,
    third_country_national: Annotated[
        Text,
        _field(
            "The traveller is a national of a country outside COSME.", field="third_country_national", metavar="YES/NO"
        ),
    ] = None,
    residence_days: Annotated[
        Text, _field("Days spent in a COSME country with a permit.", field="residence_days", metavar="NUMBER")
    ] = None,
    business_there: Annotated[
        Text, _field("Has or intends to start a business there.", field="business_there", metavar="YES/NO")
    ] = None,
    approved: Annotated[
        Texts,
        _field("A rule that the partnership has approved where it is asked.", field="approved", metavar="CODE"),
    ] = None,
    approved_by: Annotated[Text, _field("Who approved.", field="approved_by")] = None,
    approved_on: Annotated[Text, _field("When it was approved.", field="approved_on", metavar="YYYY-MM-DD")] = None,
    reference: Annotated[Text, _field("Your own key for the trip.", field="reference")] = None,
    rulebook: RulebookOption = "medic-nest",
    countries: CountriesOption = None,
    history: HistoryOption = None,
    strict: StrictOption = False,
    date_format: DateFormatOption = "YYYY-MM-DD",
    history_date_format: HistoryDateFormatOption = None,
    ask: Annotated[
        bool,
        typer.Option(
            "--ask/--no-ask", show_default=False, help="Ask in a terminal for facts that are missing, or not."
        ),
    ] = True,
    format: FormatOption = Format.text,
    report: ReportOption = None,
    output: OutputOption = None,
    exit_zero: ExitZeroOption = False,
    color: ColourOption = Colour.auto,
    quiet: QuietOption = False,
    verbose: VerboseOption = False,
) -> int:
    """Check one trip: is it eligible, why or why not, and what does it pay?

    The trip is stated by options, or in a YAML or JSON file; an option takes the place of the file's field.
    Three facts are needed: the host country, the dates, and whether the host is a member of a cluster.
    In a terminal it asks for those that are missing, and about the whole trip where nothing is stated.
    """
    options = {name: value for name, value in locals().items() if name in _trip_fields() and value is not None}
    others = _report_files(report)
    from cxc.reports.output import complain, tell, written
    from cxc.reports.overwriting import keep_apart
    from cxc.scheme.loading import load_scheme
    from cxc.tables.history import recall
    from cxc.trip.reader import TripReader
    from cxc.verdict import judge

    scheme = load_scheme(rulebook, countries)
    keep_apart(_written(output, others), [*([trip_file] if trip_file else []), *(history or ()), *scheme.files])
    reader = TripReader(scheme.countries, date_format)
    in_file = _read_trip(trip_file)
    stated = {**in_file, **options}
    answers = None
    if ask and trip_file != "-" and sys.stdin.isatty() and sys.stderr.isatty():
        from cxc.ask.prompts import converse

        answers = converse(stated, reader, scheme)
        stated |= answers.given if answers else {}
    trip = reader.read(stated)
    recollection = recall(
        trip, scheme, history or None, date_format, history_date_format, lambda notice: complain(f"{notice}.")
    )
    verdict = judge(trip, scheme, strict=strict, recollection=recollection)
    lines = None
    if trip_file not in (None, "-"):  # an option may have taken the place of what the file states
        lines = {field: line for field, line in in_file.lines.items() if stated[field] is in_file[field]}
    if format is Format.text:
        from cxc.reports import text
        from cxc.reports.output import write_page

        blocks = text.page(verdict, verbose=verbose)
        write_page([blocks[0]._replace(rows=())] if quiet else blocks, Path(output) if output else None, color.value)
    else:
        _write(_single(format.value, verdict, trip_file, lines), output)
    for kind, file in others:
        _write(_single(kind, verdict, trip_file, lines), file)
    if output or others:
        from cxc.reports.text import in_short

        outcome = f"{in_short(verdict)}. " if output else ""
        tell(f"{outcome}{written([output, *(file for _, file in others)])}")
    if answers:
        tell(f"\nThe same again, without questions:\n{answers.command_line(context.obj)}")
    return _status(verdict.outcome, exit_zero)


def _single(format: str, verdict: Any, trip_file: str | None, lines: Mapping[str, int] | None) -> str:
    """One verdict in a format; `lines` are those of the fields in the trip file."""
    if format == "json":
        from cxc.reports import json

        return json.render(verdict)
    if format not in ("text", "markdown", "html"):
        from cxc.reports import single

        name = {None: "options", "-": "standard input"}.get(trip_file, trip_file) or ""
        return single.render(format, verdict, name, lines)
    from cxc.reports import html, markdown, text

    return {"text": text.plain, "markdown": markdown.page, "html": html.page}[format](text.page(verdict))


def _report_files(reports: Sequence[str] | None) -> list[tuple[str, str]]:
    """The formats and files of --report. Raises InputError."""
    found = []
    for option in reports or ():
        kind, equals, file = option.partition("=")
        if not equals or not file or kind not in list(Format):
            raise InputError(f"--report: '{clean(option)}' is not FORMAT=FILE with one of {', '.join(Format)}")
        found.append((kind, file))
    return found


def _trip_fields() -> frozenset[str]:
    from cxc.trip.fields import FIELDS

    return frozenset(FIELDS)


def _read_trip(trip_file: str | None) -> Any:
    if trip_file is None:
        return {}
    from cxc.scheme import data_files
    from cxc.trip.trip_files import read_trip_file

    if trip_file == "-":
        try:
            content = sys.stdin.buffer.read(data_files.MAX_BYTES + 1)
        except OSError as error:
            raise InputError(f"standard input: {data_files.reason(error)}") from error
        return read_trip_file(content, "standard input")
    return read_trip_file(data_files.read(Path(trip_file)), trip_file)


def _status(outcome: str, exit_zero: bool) -> int:
    found = {"eligible": ELIGIBLE, "not-eligible": REFUSED, "undecided": OPEN}[outcome]
    return ELIGIBLE if exit_zero else found


def validate(
    files: Annotated[list[str], typer.Argument(help="CSV or .xlsx files; - for standard input.", metavar="FILE...")],
    sheet: Annotated[
        Texts,
        typer.Option(
            "--sheet", help="A sheet of a workbook to read, a hidden one too; else all with trips.", metavar="NAME"
        ),
    ] = None,
    map: Annotated[
        Texts,
        typer.Option("--map", help='Heading of your own, such as "Ankunft=arrival", or a file of them.', metavar="H=F"),
    ] = None,
    date_format: DateFormatOption = "YYYY-MM-DD",
    encoding: Annotated[
        Text, typer.Option("--encoding", help="Encoding of the CSV files, such as windows-1250.")
    ] = None,
    rulebook: RulebookOption = "medic-nest",
    countries: CountriesOption = None,
    history: HistoryOption = None,
    history_date_format: HistoryDateFormatOption = None,
    budget: Annotated[
        Text, typer.Option("--budget", help="Say from which row on this sum is exceeded.", metavar="EUR")
    ] = None,
    strict: StrictOption = False,
    redact: Annotated[
        bool,
        typer.Option("--redact", help="Leave out names, ids, places, references and unknown columns; file names stay."),
    ] = False,
    format: FormatOption = Format.text,
    report: ReportOption = None,
    output: OutputOption = None,
    exit_zero: ExitZeroOption = False,
    color: ColourOption = Colour.auto,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Print the summary alone.")] = False,
    verbose: Annotated[
        bool, typer.Option("--verbose", "-v", help="Print eligible rows, too, and what was assumed.")
    ] = False,
) -> int:
    """Check the trips of tables, and what no single row shows: the same visitor twice.

    Needed are the columns host_country, host_cluster, and arrival and departure or first_day and last_day;
    cxc template prints a table to fill in.
    """
    from cxc.reports.output import complain, tell, written
    from cxc.reports.overwriting import keep_apart
    from cxc.reports.values import summary_line
    from cxc.scheme.loading import load_scheme
    from cxc.tables.batch import Heading, new_batch
    from cxc.tables.columns import core_in, match_columns, read_map
    from cxc.tables.redaction import kept_columns
    from cxc.tables.same_file import read_once
    from cxc.tables.table import open_tables
    from cxc.trip.reader import parse_euros

    others = _report_files(report)
    limit = parse_euros(budget) if budget is not None else None
    if budget is not None and limit is None:
        raise InputError(f"--budget: '{clean(budget)}' is not an amount, such as 10000 or 10000.50")
    scheme = load_scheme(rulebook, countries)
    maps = [file for file in map or () if "=" not in file]
    keep_apart(_written(output, others), [*files, *(history or ()), *maps, *scheme.files])
    read_once(files, history or ())
    batch = new_batch(
        scheme,
        date_format=date_format,
        history=history or None,
        history_date_format=history_date_format,
        strict=strict,
        budget=limit,
        redact=redact,
    )
    renamed = read_map(map or ())
    sources = []
    for name in files:
        opened = open_tables(
            name, core_in(renamed), encoding=encoding, date_form=batch.reader.date_form, sheets=sheet or ()
        )
        batch.summary.notices += [f"{notice}; --sheet NAME picks one." for notice in opened.notices]
        for table in opened.tables:
            columns = match_columns(table.columns, table.title, renamed)
            sources.append((table, columns))
            if columns.unknown and not quiet:
                named = (
                    "their names are withheld" if redact else ", ".join([clean(heading) for heading in columns.unknown])
                )
                complain(f"{table.title}: columns that are not used: {named}")
    if not quiet and format not in _SUMMING_UP:
        for notice in batch.summary.notices:
            complain(notice)
    if sheet and not any(table.sheet for table, _ in sources):
        raise InputError("--sheet: none of the files is a workbook; leave the option out")
    shown = [
        Heading(table.name, kept_columns(columns, redact, table.columns), table.sheet) for table, columns in sources
    ]
    _write_reports(batch, sources, shown, format, output, others, color, verbose=verbose, quiet=quiet)
    summary = batch.summary
    outcome = summary_line(summary) if output or (format is not Format.text and sys.stderr.isatty()) else ""
    files_written = written([output, *(file for _, file in others)])
    if outcome or files_written:
        tell(". ".join(part for part in (outcome, files_written) if part))
    if summary.standings["unreadable"]:
        return UNREADABLE
    if summary.standings["not-eligible"]:
        return ELIGIBLE if exit_zero else REFUSED
    return OPEN if summary.standings["undecided"] and not exit_zero else ELIGIBLE


# Formats in whose summary notices stand.
_SUMMING_UP = (Format.text, Format.json, Format.markdown, Format.html)


def _written(output: str | None, reports: Sequence[tuple[str, str]]) -> list[tuple[str, str | None]]:
    """The files of -o and --report, each behind its option."""
    return [("-o", output), *((f"--report {kind}", file) for kind, file in reports)]


def _write_reports(
    batch: Any,
    sources: Any,
    shown: Sequence[Any],
    format: Format,
    output: str | None,
    others: Sequence[tuple[str, str]],
    color: Colour,
    *,
    verbose: bool,
    quiet: bool,
) -> None:
    """Judge all rows and write every report: files whole or not at all, standard output as rows come."""
    from contextlib import ExitStack
    from functools import partial

    from cxc.reports.formats import report as new_report
    from cxc.reports.output import (
        Progress,
        StandardOutput,
        WholeFile,
        append,
        page_text,
        terminal_width,
        wants_colour,
    )

    with ExitStack() as stack:
        targets: list[tuple[Any, Callable[[str], object]]] = []
        wanted: list[tuple[str, str | None]] = [(format.value, output), *others]
        for kind, file in wanted:
            path = Path(file) if file else None
            put: Callable[[str], object]
            if path:
                whole = stack.enter_context(WholeFile(path))
                whole.open()  # what cannot be written is said before the work
                put = whole.write
            else:
                put = stack.enter_context(StandardOutput()).write
            text_options = {
                "colour": wants_colour(color.value, None if path else sys.stdout),
                "width": None if path else terminal_width(),
                "render": partial(page_text, path=path, colour=color.value),
            }
            targets.append((new_report(kind, verbose=verbose, quiet=quiet, **text_options), put))
        step_summary = os.environ.get("GITHUB_STEP_SUMMARY") if os.environ.get("GITHUB_ACTIONS") == "true" else None
        pieces: list[str] = []
        if step_summary:
            targets.append((new_report("markdown"), pieces.append))
        progress = stack.enter_context(Progress())
        done = 0
        for judged in batch.judged(sources):
            for target, put in targets:
                begin = "" if done else target.begin(shown)
                if text := begin + target.rows(judged):
                    put(text)
            done += len(judged)
            progress.show(done)
        if batch.summary.rows:
            for target, put in targets:
                put(target.end(batch.summary))
            if step_summary:
                append(Path(step_summary), "".join(pieces))
        else:
            raise InputError(
                f"{listed([table.title for table in shown], 'and')}: the table holds no trip, "
                + ("only rows without host country, dates and cluster of the host" if done else "only a heading")
            )


def template(
    xlsx: Annotated[bool, typer.Option("--xlsx", help="A spreadsheet with lists to choose from; needs -o.")] = False,
    output: Annotated[
        Text,
        typer.Option("--output", "-o", help="Write to a file; to a spreadsheet if it ends in .xlsx.", metavar="FILE"),
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace the file if it is there already.")] = False,
) -> int:
    """Write an empty table with the right columns and one example row."""
    from cxc.tables import template as templates

    if xlsx and not output:
        raise InputError("--xlsx: name the file with -o, such as -o trips.xlsx")
    if not output or not templates.wants_xlsx(output, xlsx, force):
        _write(templates.as_csv(), output)
        return 0
    from cxc.reports.output import WholeFile
    from cxc.scheme.loading import load_scheme

    table = templates.as_xlsx(load_scheme().countries)
    with WholeFile(Path(output), binary=True) as file:
        file.write(table)
    return 0


def data(
    files: Annotated[list[str], typer.Argument(help="Country tables and rulebooks in YAML.", metavar="FILE...")],
) -> int:
    """Check country tables and rulebooks."""
    from cxc.scheme.checking import check_file

    for file in files:
        _write(f"{uncommanded(check_file(file))}\n", None)
    return 0


def estimate_command(
    host_country: Annotated[
        Text, _field("Country of destination: code or name; without it, every country.", "--to", field="host_country")
    ] = None,
    visitor_country: VisitorCountryOption = None,
    days: Annotated[
        Text, typer.Option("--days", help="Days on site, as the rulebook counts them.", metavar="NUMBER")
    ] = None,
    arrival: Annotated[
        Text, _field("Instead of days: day of arrival (a travel day) ...", field="arrival", metavar="YYYY-MM-DD")
    ] = None,
    departure: Annotated[
        Text, _field("... and day of departure (a travel day).", field="departure", metavar="YYYY-MM-DD")
    ] = None,
    first_day: FirstDayOption = None,
    last_day: LastDayOption = None,
    rulebook: RulebookOption = "medic-nest",
    countries: CountriesOption = None,
    date_format: DateFormatOption = "YYYY-MM-DD",
    format: ListFormatOption = ListFormat.text,
    output: OutputOption = None,
    color: ColourOption = Colour.auto,
) -> int:
    """Show what a visit would bring: in one country or in each, by days or by dates.

    The host is taken to be a member of a cluster. Without days and dates, json and csv show the full sum.
    """
    options = {name: value for name, value in locals().items() if name in _trip_fields() and value is not None}
    from cxc.advice.estimate import estimate
    from cxc.reports import estimates, listing
    from cxc.reports.overwriting import keep_apart
    from cxc.scheme.loading import load_scheme
    from cxc.trip.reader import TripReader
    from cxc.verdict import Verdicts

    scheme = load_scheme(rulebook, countries)
    keep_apart([("-o", output)], scheme.files)
    trip = TripReader(scheme.countries, date_format).read(options)
    number = _whole_number("days", days) if days else None
    if number is not None and trip.stay is not None:
        raise InputError("--days: state the days or the dates, not both; with dates the days are counted")
    found = estimate(Verdicts(scheme), trip, number)
    if format is ListFormat.text:
        width = _width() if output is None else PLAIN_WIDTH
        _write_page(estimates.page(found, width), output, color)
    elif format is ListFormat.json:
        _write(estimates.document(found), output)
    elif format is ListFormat.csv:
        _write(listing.as_csv(estimates.HEADING, estimates.rows(found)), output)
    else:
        _write(estimates.markdown(found), output)
    return 0


PLAIN_WIDTH = 80


def _width() -> int:
    """The width to which a page is wrapped in a terminal, or that of a page elsewhere."""
    if not sys.stdout.isatty():
        return PLAIN_WIDTH
    from rich.console import Console

    return Console().width


def _whole_number(option: str, text: str) -> int:
    """A number of 1 or more. Raises InputError."""
    from cxc.scheme.data_files import is_digits

    if not is_digits(text.strip(), most=MOST_DIGITS) or int(text) < 1:
        raise InputError(f"--{option}: '{clean(text)}' is not a whole number of 1 or more")
    return int(text)


MOST_DIGITS = 4


def plan_command(
    host_country: Annotated[Text, _field("Country of destination: code or name.", "--to", field="host_country")] = None,
    visitor_country: VisitorCountryOption = None,
    earliest: Annotated[
        Text, typer.Option("--earliest", help="First possible day of arrival.", metavar="YYYY-MM-DD")
    ] = None,
    latest: Annotated[
        Text, typer.Option("--latest", help="Last possible day of departure.", metavar="YYYY-MM-DD")
    ] = None,
    days: Annotated[
        Text, typer.Option("--days", help="Exactly so many days on site, as the rulebook counts them.", metavar="N")
    ] = None,
    most: Annotated[str, typer.Option("--most", help="How many stays to list: a number, or all.", metavar="N")] = "10",
    pick: Annotated[
        str, typer.Option("--pick", help="The stay to show in a calendar and to write with --ics.", metavar="N")
    ] = "1",
    ics: Annotated[
        Text,
        typer.Option("--ics", help="Write the best stay, or the picked one, for calendar programs.", metavar="FILE"),
    ] = None,
    rulebook: RulebookOption = "medic-nest",
    countries: CountriesOption = None,
    date_format: DateFormatOption = "YYYY-MM-DD",
    format: ListFormatOption = ListFormat.text,
    output: OutputOption = None,
    exit_zero: Annotated[bool, typer.Option("--exit-zero", help="Exit with 0 also where there is no stay.")] = False,
    color: ColourOption = Colour.auto,
) -> int:
    """Find dates that meet the rules between two days: the highest amount first, then fewer nights.

    Of stays that are equal in both, those come first that bring the same if only working days count; then the earlier.
    The host is taken to be a member of a cluster. Exit status: 0 at least one stay, 1 none in the window.
    """
    if ics is not None and not ics.strip():
        raise InputError("--ics: name the file to write, such as visit.ics")
    from cxc.advice.plan import Window, plan
    from cxc.reports import calendar, listing, plans
    from cxc.reports.output import WholeFile, complain
    from cxc.reports.overwriting import keep_apart
    from cxc.scheme.loading import load_scheme
    from cxc.trip.reader import DateForm, Trip
    from cxc.verdict import Verdicts

    scheme = load_scheme(rulebook, countries)
    keep_apart([("-o", output), ("--ics", ics)], scheme.files)
    stated = {
        "host_country": ("to", host_country),
        "visitor_country": ("from", visitor_country),
        "arrival": ("earliest", earliest),
        "departure": ("latest", latest),
    }
    values = _plan_values(stated, scheme.countries, date_format)
    first, last = values["arrival"], values["departure"]
    window = Window(first, last, _whole_number("days", days) if days else None)
    _check_window(window)
    number = None if most.strip().casefold() == "all" else _whole_number("most", most)
    picked = _whole_number("pick", pick)
    trip = Trip(visitor_country=values["visitor_country"], host_country=values["host_country"])
    found = plan(Verdicts(scheme), trip, window)
    if found.plans and picked > len(found.plans):
        stays = "1 stay meets" if len(found.plans) == 1 else f"{len(found.plans)} stays meet"
        raise InputError(f"--pick: there is no stay {picked}; in this window {stays} the rules")
    if found.plans and ics:
        with WholeFile(Path(ics), binary=True) as file:
            file.write(calendar.file(found.plans[picked - 1]))
    form = DateForm(date_format)
    if format is ListFormat.text:
        _write_page(plans.page(found, number, picked, form), output, color)
    elif format is ListFormat.json:
        _write(plans.document(found, number), output)
    elif format is ListFormat.csv:
        _write(listing.as_csv(plans.HEADING, plans.rows(found, number)), output)
    else:
        _write(plans.markdown(found, number, form), output)
    if found.plans:
        return ELIGIBLE
    if format is ListFormat.csv or output:
        for sentence in plans.why_none(found, form):
            complain(sentence)
    if ics:
        complain(f"{clean(ics)} was not written: there is no stay to write")
    return ELIGIBLE if exit_zero else REFUSED


def _plan_values(stated: Mapping[str, tuple[str, str | None]], countries: Any, date_format: str) -> dict[str, Any]:
    """The countries and the days of a plan, read as fields of a trip. Raises InputError with every fault."""
    from cxc.errors import Problem, TripError
    from cxc.trip.reader import TripReader, Unacceptable, shown

    reader = TripReader(countries, date_format)
    values: dict[str, Any] = {}
    problems = []
    for field, (option, text) in stated.items():
        values[field] = None
        try:
            values[field] = reader.field(field, text)
        except Unacceptable as wrong:
            problems.append(Problem(option, text, f"--{option}: {shown(text or '')} {wrong}"))
            continue
        if values[field] is None and field != "visitor_country":
            what = {"to": "the country of destination", "earliest": "the first possible day of arrival"}
            message = f"--{option}: needed, {what.get(option, 'the last possible day of departure')}"
            problems.append(Problem(option, None, message))
    if problems:
        raise TripError(tuple(problems))
    return values


def _check_window(window: Any) -> None:
    """Refuse a window that ends before it begins, or is longer than anybody plans. Raises InputError."""
    from cxc.advice.plan import MOST_DAYS

    if window.latest < window.earliest:
        raise InputError(f"--latest: '{window.latest}' is before --earliest, '{window.earliest}'")
    if (window.latest - window.earliest).days >= MOST_DAYS:
        raise InputError(
            f"--latest: the window from {window.earliest} to {window.latest} is longer than two years; look for a "
            "stay in a shorter one"
        )


def countries_command(
    code: Annotated[Text, typer.Argument(help="One country, by code or name.", metavar="[CODE]")] = None,
    rulebook: RulebookOption = "medic-nest",
    countries: CountriesOption = None,
    format: ListFormatOption = ListFormat.text,
    output: OutputOption = None,
    color: ColourOption = Colour.auto,
) -> int:
    """Show who takes part, and the full and the half amount for each country."""
    from cxc.reports import listing
    from cxc.reports.data import countries_document
    from cxc.reports.overwriting import keep_apart
    from cxc.scheme.loading import load_scheme

    scheme = load_scheme(rulebook, countries)
    keep_apart([("-o", output)], scheme.files)
    chosen = list(scheme.countries.by_code.values())
    if code is not None:
        chosen = [_one_country(scheme.countries, code)]
    if code is not None and format is ListFormat.text:
        _write_page(listing.country_page(chosen[0]), output, color)
        return 0
    rows = listing.country_rows(chosen)
    if format is ListFormat.text:
        heading, rows = listing.COUNTRY_HEADING[:-1], [row[:-1] for row in rows]
        _write(
            listing.as_text(heading, rows) + "\nA country that is not listed takes no part. "
            "published: stated for ClusterXchange by a partnership; inferred: not confirmed for it.\n"
            "cxc countries CODE shows the sources of one country.\n",
            output,
        )
        return 0
    document = {"countries": {country.code: None for country in chosen}}
    if format is ListFormat.json:
        document = countries_document(scheme.countries, chosen[0].code if code else None)  # type: ignore[assignment]
    _write(_rendered(format, listing.COUNTRY_HEADING, rows, document), output)
    return 0


def _one_country(countries: Any, text: str) -> Any:
    from cxc.errors import UnknownCountry

    try:
        country = countries.find(text)
    except UnknownCountry as unknown:
        hint = f"; did you mean {listed(unknown.nearest)}?" if unknown.nearest else ""
        raise InputError(f"{unknown}{hint}") from None
    return country


def rules_command(
    code: Annotated[Text, typer.Argument(help="One rule, by code or name.", metavar="[CODE]")] = None,
    rulebook: RulebookOption = "medic-nest",
    format: ListFormatOption = ListFormat.text,
    output: OutputOption = None,
    color: ColourOption = Colour.auto,
) -> int:
    """Show every rule, or one on a page: what, why, limits, example, sources."""
    from cxc.reports import listing
    from cxc.reports.data import rulebook_document
    from cxc.reports.overwriting import keep_apart
    from cxc.rules import RULES
    from cxc.scheme.loading import load_scheme

    scheme = load_scheme(rulebook)
    keep_apart([("-o", output)], scheme.files)
    chosen = list(RULES)
    if code is not None:
        chosen = [rule for rule in RULES if code.casefold() in (rule.code.casefold(), rule.name)]
        if not chosen:
            close = nearest(code, [word for rule in RULES for word in (rule.code, rule.name)])
            hint = f"; did you mean {listed(close)}?" if close else "; cxc rules lists them"
            raise InputError(f"no rule is called '{clean(code)}'{hint}")
    if code is not None and format is ListFormat.text:
        _write_page(listing.rule_page(scheme, chosen[0]), output, color)
        return 0
    rows = listing.rule_rows(scheme, chosen)
    if format is ListFormat.text:
        heading = uncommanded(f"The rules under {scheme.rulebook.name}: {scheme.rulebook.title}\n\n")
        table = listing.as_text(listing.RULE_HEADING[:-1], [row[:-1] for row in rows])
        _write(
            f"{heading}{table}\ncxc rules CODE shows why, the limits, an example and the sources of one rule.\n", output
        )
        return 0
    document = rulebook_document(scheme.rulebook, chosen[0].code if code else None)
    _write(_rendered(format, listing.RULE_HEADING, rows, document), output)
    return 0


def schema_command(
    name: Annotated[SchemaName, typer.Argument(help="What the schema is of.")],
    output: OutputOption = None,
) -> int:
    """Print the JSON Schema of what cxc reads and writes."""
    from cxc.reports.json import dumps
    from cxc.reports.schema import SCHEMAS

    _write(dumps(SCHEMAS[name.value]()), output)
    return 0


def _rendered(format: ListFormat, heading: Sequence[str], rows: Sequence[Sequence[str]], document: object) -> str:
    from cxc.reports import json, listing

    if format is ListFormat.json:
        return json.dumps(document)
    return listing.as_csv(heading, rows) if format is ListFormat.csv else listing.as_markdown(heading, rows)


def _write(text: str, output: str | None) -> None:
    from cxc.reports.output import write

    write(text, Path(output) if output else None)


def _write_page(blocks: Any, output: str | None, color: Colour) -> None:
    from cxc.reports.output import write_page

    write_page(blocks, Path(output) if output else None, color.value)


COMMANDS: Mapping[str, Callable[..., int]] = {
    "check": check,
    "validate": validate,
    "estimate": estimate_command,
    "plan": plan_command,
    "countries": countries_command,
    "rules": rules_command,
    "template": template,
    "schema": schema_command,
    "data": data,
}


def _app(arguments: Sequence[str]) -> typer.Typer:
    """The command line with the command that is asked for alone: building the others costs time at every start."""
    app = typer.Typer(**_APP)
    app.callback()(_main)
    asked = arguments[0] if arguments else ""
    for name, command in COMMANDS.items():
        if asked == name or asked not in COMMANDS:
            app.command(name)(command)
    return app


def run(arguments: Sequence[str] | None = None) -> int:
    """Run a command and give its exit status. Whatever goes wrong becomes a line on standard error."""
    from cxc.reports.output import Stopped, complain, give_up, set_up_streams, write

    set_up_streams()
    try:
        given = sys.argv[1:] if arguments is None else list(arguments)
        _refuse_ambiguous(given)
        status = _app(given)(args=given or ["--help"], prog_name="cxc", standalone_mode=False, obj=given)
        write("", None)
        if status == STOPPED:  # Typer turns Ctrl-C into this status
            complain("stopped")
        return (status if isinstance(status, int) else 0) if given else UNREADABLE
    except TyperException as error:
        context = getattr(error, "ctx", None)
        hint = f" (see {context.command_path} --help)" if context is not None else ""
        complain(f"{clean(error.format_message())}{hint}")
        return UNREADABLE
    except CxcError as error:
        for line in _lines(error):
            complain(line)
        return UNREADABLE
    except (KeyboardInterrupt, typer.Abort):
        complain("stopped")
        return STOPPED
    except Stopped as signal:
        complain("stopped")
        return signal.status
    except SystemExit:  # Typer's way out where the reader of its help went away
        give_up(sys.stdout)
        return ELIGIBLE if given else UNREADABLE
    except Exception as error:
        if isinstance(error, OSError) and error.filename is None:  # Typer's own printing of help and version
            give_up(sys.stdout)
            complain(f"standard output cannot be written: {error.strerror or error}")
            return UNREADABLE
        if os.environ.get("CXC_TRACEBACK"):
            raise
        complain(
            f"a fault of cxc itself ({type(error).__name__}: {clean(str(error))[:200]}). Please report this line and "
            "the command to the maintainers; CXC_TRACEBACK=1 in the environment shows where it happened."
        )
        return FAULT


def _refuse_ambiguous(arguments: Sequence[str]) -> None:
    """Refuse an option that is also the name of a file here: `*` may have put it there. Raises InputError."""
    for argument in takewhile("--".__ne__, arguments):
        if argument.startswith("-") and argument != "-" and os.path.lexists(argument):
            name = clean(argument)
            raise InputError(
                f"'{name}' is an option, and the name of a file here; write ./{name} if the file is meant, or rename it"
            )


def _lines(error: CxcError) -> list[str]:
    from cxc.errors import TripError

    if not isinstance(error, TripError):
        return [clean(str(error))]
    messages = [problem.message for problem in error.problems]
    return (
        messages if len(messages) <= MOST_LINES else [*messages[:MOST_LINES], f"and {len(messages) - MOST_LINES} more"]
    )
