"""`cxc estimate`: what a visit would bring."""

import sys
from typing import Annotated, Final, NamedTuple

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
)
from cxc.commands.writing import listing_as, noted_in_markdown, with_note
from cxc.errors import InputError
from cxc.reports.output import write, write_page
from cxc.trip.fields import FIELDS

_PLAIN_WIDTH: Final = 80


class Options(NamedTuple):
    """What `cxc estimate` is asked."""

    host_country: Annotated[
        Text,
        field_option("host_country", "Country of the host: code or name. Without it, every country is listed.", VISIT),
    ] = None
    visitor_country: VisitorCountryOption = None
    days: Annotated[
        Text,
        visit_option("--days", help="Days on site, as the rulebook counts them.", metavar="NUMBER"),
    ] = None
    arrival: Annotated[
        Text, field_option("arrival", "Day of arrival (a travel day). State the dates or the days, not both.", VISIT)
    ] = None
    departure: Annotated[Text, field_option("departure", heading=VISIT)] = None
    first_day: Annotated[Text, field_option("first_day", heading=VISIT)] = None
    last_day: Annotated[Text, field_option("last_day", heading=VISIT)] = None
    rulebook: RulebookOption = "medic-nest"
    countries: CountriesOption = None
    date_format: DateFormatOption = "YYYY-MM-DD"
    format: ListFormatOption = "text"
    output: OutputOption = None
    config: ConfigOption = None
    no_config: NoConfigOption = False
    configured: Text = None
    color: ColourOption = "auto"

    @property
    def stated(self) -> dict[str, object]:
        """The texts of a trip's fields that were given."""
        return {field: text for field, text in self._asdict().items() if field in FIELDS and text is not None}


def run(options: Options) -> int:
    """Show what a visit would bring: in one country or in each, by days or by dates.

    Example: cxc estimate --to PT --days 5

    The host is taken to be a member of a cluster. Without days and dates, the formats json and csv show the full sum.
    """
    from cxc.advice.estimate import estimate
    from cxc.reports import estimates
    from cxc.scheme.loading import load_scheme
    from cxc.tables.same_file import keep_apart
    from cxc.trip.reader import TripReader
    from cxc.verdict import Verdicts

    scheme = load_scheme(options.rulebook, options.countries)
    keep_apart([("-o", options.output)], [*scheme.files, *filter(None, [options.config])])
    reader = TripReader(scheme.countries, options.date_format, clusters=scheme.rulebook.cluster_names)
    trip = reader.read(options.stated)
    number = whole_number("days", options.days) if options.days else None
    if number is not None and trip.stay is not None:
        raise InputError("--days: state the days or the dates, not both; with dates the days are counted")
    found = estimate(Verdicts(scheme), trip, number)
    if options.format == "text":
        width = _width() if options.output is None else _PLAIN_WIDTH
        write_page(with_note(estimates.page(found, width), options.configured), options.output, options.color)
    elif options.format == "markdown":
        write(estimates.markdown(found) + noted_in_markdown(options.configured), options.output)
    else:
        rows, document = estimates.rows(found), estimates.document(found)
        write(listing_as(options.format, estimates.HEADING, rows, document), options.output)
    return 0


def _width() -> int:
    """The width to which a page is wrapped in a terminal, or that of a page elsewhere."""
    if not sys.stdout.isatty():
        return _PLAIN_WIDTH
    from rich.console import Console

    return Console().width


COMMAND = command(Options, run)
