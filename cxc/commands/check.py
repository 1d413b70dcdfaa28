"""`cxc check`: the verdict on one trip."""

import sys
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NamedTuple, get_args

import typer

from cxc.commands.exit_status import OF_TRIP, status_of
from cxc.commands.options import (
    ColourOption,
    ConfigOption,
    CountriesOption,
    DateFormatOption,
    ExitZeroOption,
    Format,
    FormatOption,
    HistoryDateFormatOption,
    HistoryOption,
    NoConfigOption,
    OutputOption,
    QuietOption,
    ReportOption,
    RulebookOption,
    StageOption,
    StrictOption,
    Text,
    Texts,
    TodayOption,
    command,
    day_of_payment,
    judging_option,
    map_files,
    writing_option,
)
from cxc.commands.writing import files_to_write, need_file, report_files, write_reports
from cxc.errors import InputError, Problem, TripError
from cxc.reports.output import complain, tell, write
from cxc.text import clean

if TYPE_CHECKING:
    from cxc.ask.prompts import Answers
    from cxc.scheme.loading import Scheme
    from cxc.trip.reader import Trip, TripReader
    from cxc.trip.trip_files import Stated
    from cxc.verdict import Verdict
    from cxc.visits import Recollection


class Options(NamedTuple):
    """What `cxc check` is asked: `stated` are the texts by field that options gave, `typed` the words as typed."""

    stated: Mapping[str, object]
    typed: tuple[str, ...] = ()
    trip_file: Annotated[
        Text, typer.Argument(help="A trip in a YAML or JSON file, or - for standard input.", metavar="[TRIP_FILE]")
    ] = None
    rulebook: RulebookOption = "medic-nest"
    countries: CountriesOption = None
    history: HistoryOption = None
    stage: StageOption = "proposal"
    today: TodayOption = None
    strict: StrictOption = False
    date_format: DateFormatOption = "YYYY-MM-DD"
    history_date_format: HistoryDateFormatOption = None
    map: Annotated[
        Texts,
        judging_option(
            "--map",
            help="A heading of your own in a history and its field, such as Besucher=visitor, or a file of them. It "
            "can be given several times.",
            metavar="HEADING=FIELD",
        ),
    ] = None
    encoding: Annotated[
        Text,
        judging_option(
            "--encoding", help="Encoding of a history that is not UTF-8, such as windows-1250.", metavar="NAME"
        ),
    ] = None
    ask: Annotated[
        bool,
        judging_option(
            "--ask/--no-ask",
            show_default=False,
            help="In a terminal, ask for the facts that are missing, or do not ask.",
        ),
    ] = True
    format: FormatOption = "text"
    report: ReportOption = None
    output: OutputOption = None
    exit_zero: ExitZeroOption = False
    config: ConfigOption = None
    no_config: NoConfigOption = False
    configured: Text = None
    color: ColourOption = "auto"
    quiet: QuietOption = False
    verbose: Annotated[
        bool,
        writing_option("--verbose", "-v", help="Print the version and the data behind the verdict, too."),
    ] = False


def run(options: Options) -> int:
    """Check one trip: is it eligible, why or why not, and what does it pay?

    Example: cxc check --to PT --arrival 2023-05-14 --departure 2023-05-20 --host-cluster yes

    State the trip by options, or in a YAML or JSON file. An option takes the place of the same field of the file.
    In a terminal, cxc check asks for the facts that are missing; if you state nothing, it asks about the whole trip.
    """
    others = report_files(options.report, get_args(Format))
    need_file(options.format, options.output, others)
    from cxc.reports import text
    from cxc.scheme.loading import load_scheme
    from cxc.tables.same_file import keep_apart
    from cxc.trip.reader import TripReader
    from cxc.verdict import judge

    scheme = load_scheme(options.rulebook, options.countries)
    read = [
        *filter(None, (options.trip_file, options.config)),
        *(options.history or ()),
        *map_files(options.map),
        *scheme.files,
    ]
    keep_apart(files_to_write(options.output, others), read)
    today = day_of_payment(options.stage, options.today)
    reader = TripReader(scheme.countries, options.date_format, today=today, clusters=scheme.rulebook.cluster_names)
    in_file = _read(options.trip_file) if options.trip_file is not None else None
    stated = {**(in_file or {}), **options.stated}
    answers = _answers(options, stated, reader, scheme)
    stated |= answers.given if answers else {}
    # An option may have taken the place of what the file states.
    kept = {field for field, value in (in_file or {}).items() if stated[field] is value}
    lines = {field: line for field, line in in_file.lines.items() if field in kept} if in_file is not None else {}
    try:
        trip = reader.read(stated)
    except TripError as error:
        raise _in_file(error, str(options.trip_file), kept, lines) from None
    recollection = _recollection(options, trip, scheme)
    verdict = judge(trip, scheme, strict=options.strict, today=today, recollection=recollection)
    lines_told = lines if options.trip_file not in (None, "-") else None
    write_reports(
        options,
        others,
        page=lambda: text.page(verdict, verbose=options.verbose, configured=options.configured),
        report=lambda format: _report(format, verdict, options, lines_told),
        headline=text.in_short(verdict),
    )
    if answers:
        tell(f"\nThe same again, without questions:\n{answers.command_line(options.typed)}")
    return status_of([verdict.outcome], options.exit_zero)


def _in_file(error: TripError, file: str, kept: Collection[str], lines: Mapping[str, int]) -> TripError:
    """What is wrong in a trip, with the place of each field that the file states."""

    def placed(problem: Problem) -> Problem:
        if problem.field not in kept:
            return problem
        line = f":{lines[problem.field]}" if problem.field in lines else ""
        return problem._replace(message=f"{named}{line}: {problem.message}")

    named = "standard input" if file == "-" else clean(file)
    return TripError(tuple(map(placed, error.problems)))


def _recollection(options: Options, trip: "Trip", scheme: "Scheme") -> "Recollection":
    """What is known of earlier visits. Raises InputError."""
    if not options.history and options.history_date_format is None:
        from cxc.visits import NO_HISTORY

        return NO_HISTORY
    from cxc.tables.columns import read_map
    from cxc.tables.history import read_as, recall

    history = read_as(options.history or None, options.encoding, read_map(options.map or ()))
    forms = options.date_format, options.history_date_format
    return recall(trip, scheme, history, *forms, lambda notice: complain(f"{notice}."))


def _read(trip_file: str) -> "Stated":
    """What a trip file states, or `-`, standard input. Raises InputError."""
    from cxc.scheme import data_files
    from cxc.trip.trip_files import read_trip_file

    if trip_file == "-":
        try:
            content = sys.stdin.buffer.read(data_files.MAX_BYTES + 1)
        except OSError as error:
            raise InputError(f"standard input: {data_files.reason(error)}") from error
        return read_trip_file(content, "standard input")
    return read_trip_file(data_files.read(Path(trip_file)), trip_file)


def _answers(
    options: Options, stated: Mapping[str, object], reader: "TripReader", scheme: "Scheme"
) -> "Answers | None":
    """What a conversation adds, where there is a terminal to ask in; None where there was nothing to ask."""
    if not (options.ask and options.trip_file != "-" and sys.stdin.isatty() and sys.stderr.isatty()):
        return None
    from cxc.ask.prompts import converse

    # A trip that is saved takes the place of a file, which states nothing where a trip can be saved.
    arguments = [word for word in options.typed if word != options.trip_file]
    return converse(stated, reader, scheme, write, arguments)


def _report(format: str, verdict: "Verdict", options: Options, lines: Mapping[str, int] | None) -> str | bytes:
    """One verdict in a format; `lines` are those of the fields in the trip file."""
    if format == "json":
        from cxc.reports import json

        return json.render(verdict)
    if format in ("text", "markdown", "html"):
        from cxc.reports import html, markdown, text

        page = text.page(verdict, configured=options.configured, commands=format != "html")
        if format == "html":
            return html.page(page, verdict.scheme.rulebook.scheme.name)
        return text.plain(page) if format == "text" else markdown.page(page)
    from cxc.reports import single

    name = {None: "options", "-": "standard input"}.get(options.trip_file, options.trip_file) or ""
    return single.render(format, verdict, name, lines, options.configured)


COMMAND = command(Options, run, OF_TRIP)
