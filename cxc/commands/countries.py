"""`cxc countries`: who takes part, and the amounts."""

from typing import TYPE_CHECKING, Annotated, NamedTuple

import typer

from cxc.commands import completion
from cxc.commands.options import (
    ColourOption,
    CountriesOption,
    ListFormatOption,
    OutputOption,
    RulebookOption,
    Text,
    command,
)
from cxc.commands.writing import listing_as
from cxc.errors import InputError
from cxc.reports.output import write, write_page
from cxc.text import listed

if TYPE_CHECKING:
    from cxc.scheme.countries import Countries, Country


class Options(NamedTuple):
    """What `cxc countries` is asked."""

    code: Annotated[
        Text,
        typer.Argument(help="One country, by its code or name.", metavar="[CODE]", autocompletion=completion.countries),
    ] = None
    rulebook: RulebookOption = "medic-nest"
    countries: CountriesOption = None
    format: ListFormatOption = "text"
    output: OutputOption = None
    color: ColourOption = "auto"


def run(options: Options) -> int:
    """Show who takes part, and the full and the half amount for each country.

    Example: cxc countries PT
    """
    from cxc.reports import listing
    from cxc.reports.data import countries_document
    from cxc.scheme.loading import load_scheme
    from cxc.tables.same_file import keep_apart

    scheme = load_scheme(options.rulebook, options.countries)
    keep_apart([("-o", options.output)], scheme.files)
    chosen = list(scheme.countries.by_code.values())
    if options.code is not None:
        chosen = [_one_country(scheme.countries, options.code)]
    if options.code is not None and options.format == "text":
        write_page(listing.country_page(chosen[0], scheme.rulebook), options.output, options.color)
        return 0
    percent = scheme.rulebook.reduced_to_percent
    if options.format == "text":
        write(listing.countries_text(chosen, percent) + listing.below_countries(scheme), options.output)
        return 0
    if options.format == "json" and scheme.countries.unknown_in is not None:
        theirs, ours = scheme.countries.origin.scheme, scheme.rulebook.scheme.name
        raise InputError(
            f"the country table is of {theirs}, the rulebook of {ours}; name a table of that scheme with --countries"
        )
    heading, rows = listing.country_heading(percent), listing.country_rows(chosen, percent)
    document = countries_document(scheme.countries, chosen[0].code if options.code else None)
    write(listing_as(options.format, heading, rows, document), options.output)
    return 0


def _one_country(countries: "Countries", text: str) -> "Country":
    """The country of this code or name. Raises InputError."""
    from cxc.errors import UnknownCountry

    try:
        return countries.find(text)
    except UnknownCountry as unknown:
        close = unknown.look()
        hint = f"; did you mean {listed(close)}?" if close else ""
        raise InputError(f"{unknown}{hint}") from None


COMMAND = command(Options, run)
