"""`cxc plan`: dates that meet the rules."""

import datetime
from typing import TYPE_CHECKING, Annotated, NamedTuple

from cxc.commands.exit_status import ELIGIBLE, OF_PLAN, REFUSED
from cxc.commands.options import (
    VISIT,
    ColourOption,
    ConfigOption,
    CountriesOption,
    DateFormatOption,
    ListFormatOption,
    NoConfigOption,
    OutputOption,
    RulebookOption,
    Text,
    VisitorCountryOption,
    command,
    field_option,
    visit_option,
    whole_number,
    writing_option,
)
from cxc.commands.writing import listing_as, noted_in_markdown, with_note
from cxc.errors import InputError
from cxc.reports.output import complain, write, write_page
from cxc.text import clean

if TYPE_CHECKING:
    from cxc.advice.plan import Plans, Window
    from cxc.scheme.countries import Countries
    from cxc.trip.reader import Trip
    from cxc.trip.texts import DateForm


class Options(NamedTuple):
    """What `cxc plan` is asked."""

    host_country: Annotated[Text, field_option("host_country", heading=VISIT)] = None
    visitor_country: VisitorCountryOption = None
    earliest: Annotated[
        Text,
        visit_option("--earliest", help="First possible day of arrival.", metavar="YYYY-MM-DD"),
    ] = None
    latest: Annotated[
        Text,
        visit_option("--latest", help="Last possible day of departure.", metavar="YYYY-MM-DD"),
    ] = None
    days: Annotated[
        Text,
        visit_option(
            "--days",
            help="Find stays of exactly so many days on site, as the rulebook counts them.",
            metavar="NUMBER",
        ),
    ] = None
    most: Annotated[
        str,
        writing_option("--most", help="How many stays to list: a number, or all.", metavar="NUMBER"),
    ] = "10"
    pick: Annotated[
        str,
        writing_option(
            "--pick",
            help="Number of the stay that is shown in a calendar, and written with --ics.",
            metavar="NUMBER",
        ),
    ] = "1"
    ics: Annotated[
        Text,
        writing_option(
            "--ics",
            help="Write the best stay, or the one of --pick, to this file for a calendar program.",
            metavar="FILE",
        ),
    ] = None
    rulebook: RulebookOption = "medic-nest"
    countries: CountriesOption = None
    date_format: DateFormatOption = "YYYY-MM-DD"
    format: ListFormatOption = "text"
    output: OutputOption = None
    exit_zero: Annotated[
        bool,
        writing_option("--exit-zero", help="End with exit status 0 also if there is no stay."),
    ] = False
    config: ConfigOption = None
    no_config: NoConfigOption = False
    configured: Text = None
    color: ColourOption = "auto"


def run(options: Options) -> int:
    """Find dates that meet the rules between two days: the highest amount first, then fewer nights.

    Example: cxc plan --to PT --earliest 2026-05-04 --latest 2026-05-31

    Of stays that are equal in both, those come first that bring the same if only working days count; then the earlier.
    The host is taken to be a member of a cluster.
    """
    if options.ics is not None and not options.ics.strip():
        raise InputError("--ics: name the file to write, such as visit.ics")
    from cxc.advice.plan import plan
    from cxc.reports import calendar, plans
    from cxc.scheme.loading import load_scheme
    from cxc.tables.same_file import keep_apart
    from cxc.trip.texts import DateForm
    from cxc.verdict import Verdicts

    scheme = load_scheme(options.rulebook, options.countries)
    keep_apart([("-o", options.output), ("--ics", options.ics)], [*scheme.files, *filter(None, [options.config])])
    trip, window = _asked(options, scheme.countries)
    most = None if options.most.strip().casefold() == "all" else whole_number("most", options.most)
    picked = whole_number("pick", options.pick)
    found = plan(Verdicts(scheme), trip, window)
    if found.plans and picked > len(found.plans):
        raise InputError(f"--pick: there is no stay {picked}; in this window {plans.how_many(found)}")
    if found.plans and options.ics:
        write(calendar.file(found.plans[picked - 1]), options.ics)
    form = DateForm(options.date_format)
    _write_list(options, found, most, picked, form)
    if found.plans:
        return ELIGIBLE
    _say_why_none(options, found, form)
    return ELIGIBLE if options.exit_zero else REFUSED


def _asked(options: Options, countries: "Countries") -> "tuple[Trip, Window]":
    """The countries, read as fields of a trip, and the window. Raises InputError with every fault."""
    from cxc.advice.plan import Window
    from cxc.errors import Problem, TripError, Unacceptable
    from cxc.trip.reader import Trip, TripReader
    from cxc.trip.texts import shown

    reader = TripReader(countries, options.date_format)
    stated = {
        "host_country": ("to", options.host_country, "the country of destination"),
        "visitor_country": ("from", options.visitor_country, None),
        "arrival": ("earliest", options.earliest, "the first possible day of arrival"),
        "departure": ("latest", options.latest, "the last possible day of departure"),
    }
    values: dict[str, object] = {}
    problems = []
    for field, (option, text, needed) in stated.items():
        try:
            values[field] = reader.field(field, text)
        except Unacceptable as wrong:
            problems.append(Problem(option, text, f"--{option}: {shown(text or '')} {wrong}"))
            continue
        if values[field] is None and needed:
            problems.append(Problem(option, None, f"--{option}: needed, {needed}"))
    if problems:
        raise TripError(tuple(problems))
    first, last = values.pop("arrival"), values.pop("departure")
    assert isinstance(first, datetime.date)
    assert isinstance(last, datetime.date)
    window = Window(first, last, whole_number("days", options.days) if options.days else None)
    _check_window(window)
    return Trip(**values), window  # type: ignore[arg-type]


def _check_window(window: "Window") -> None:
    """Refuse a window that ends before it begins, or is longer than anybody plans. Raises InputError."""
    from cxc.advice.plan import MOST_DAYS

    if window.latest < window.earliest:
        raise InputError(f"--latest: '{window.latest}' is before --earliest, '{window.earliest}'")
    if (window.latest - window.earliest).days >= MOST_DAYS:
        raise InputError(
            f"--latest: the window from {window.earliest} to {window.latest} is longer than two years; look for a "
            "stay in a shorter one"
        )


def _write_list(options: Options, found: "Plans", most: int | None, picked: int, form: "DateForm") -> None:
    from cxc.reports import plans

    if options.format == "text":
        write_page(with_note(plans.page(found, most, picked, form), options.configured), options.output, options.color)
    elif options.format == "markdown":
        write(plans.markdown(found, most, form) + noted_in_markdown(options.configured), options.output)
    else:
        rows, document = plans.rows(found, most), plans.document(found, most)
        write(listing_as(options.format, plans.HEADING, rows, document), options.output)


def _say_why_none(options: Options, found: "Plans", form: "DateForm") -> None:
    """Say on standard error what the list does not: why there is no stay, and that no calendar was written."""
    from cxc.reports import plans

    if options.format == "csv" or options.output:
        for sentence in plans.why_none(found, form):
            complain(sentence)
    if options.ics:
        complain(f"{clean(options.ics)} was not written: there is no stay to write")


COMMAND = command(Options, run, OF_PLAN)
