"""`cxc data`: what country tables and rulebooks state, and when that was last checked."""

from typing import TYPE_CHECKING, Annotated, NamedTuple

import typer

from cxc.commands.exit_status import ELIGIBLE, OF_DATA, REFUSED, UNREADABLE
from cxc.commands.options import (
    ColourOption,
    ListFormatOption,
    OutputOption,
    Text,
    Texts,
    command,
    day_of_today,
    judging_option,
    whole_number,
)
from cxc.commands.writing import listing_as
from cxc.reports.output import complain, write, write_page
from cxc.text import clean

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cxc.scheme.checking import SoundFile


class Options(NamedTuple):
    """What `cxc data` is asked."""

    files: Annotated[
        Texts,
        typer.Argument(
            help="Country tables and rulebooks in YAML. Without them, the data that comes with cxc is listed.",
            metavar="[FILE...]",
        ),
    ] = None
    stale: Annotated[
        Text,
        judging_option(
            "--stale",
            help="End with exit status 1 if a value was last checked more than so many days ago.",
            metavar="DAYS",
        ),
    ] = None
    today: Annotated[
        Text,
        judging_option(
            "--today",
            help="The day of today. Without it, the clock of the computer counts.",
            metavar="YYYY-MM-DD",
        ),
    ] = None
    format: ListFormatOption = "text"
    output: OutputOption = None
    color: ColourOption = "auto"


def run(options: Options) -> int:
    """Check country tables and rulebooks; list every value with its basis, its sources and the day it was last checked.

    Example: cxc data ours.yaml
    """
    from cxc.reports import ages
    from cxc.tables.same_file import keep_apart

    most_days = None if options.stale is None else whole_number("stale", options.stale)
    today = day_of_today(options.today)
    files = _sound_files(options.files or ())
    if files is None:
        return UNREADABLE
    keep_apart([("-o", options.output)], [path for file in files for path in file.files])
    found = ages.Ages(files, not options.files, today, most_days)
    if options.format == "text":
        write_page(ages.page(found), options.output, options.color)
    else:
        write(listing_as(options.format, ages.HEADING, ages.rows(found), ages.document(found)), options.output)
    if found.stale and (options.output or options.format != "text"):
        for sentence in ages.in_short(found):
            complain(sentence)
    return REFUSED if found.stale else ELIGIBLE


def _sound_files(named: "Sequence[str]") -> "list[SoundFile] | None":
    """The files that are named, or those that are shipped. None where one has a fault: every such file is told."""
    from cxc.errors import CxcError
    from cxc.scheme.checking import check_file, shipped_files

    if not named:
        return shipped_files()
    sound, faults = list["SoundFile"](), 0
    for file in named:
        try:
            sound += check_file(file)
        except CxcError as error:
            complain(clean(str(error)))
            faults += 1
    for notice in dict.fromkeys(notice for one in sound for notice in one.notices):
        complain(clean(notice))
    return None if faults else sound


COMMAND = command(Options, run, OF_DATA)
