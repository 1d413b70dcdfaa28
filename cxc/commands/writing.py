"""Where reports go: standard output, -o, and the files of --report."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from cxc.commands.options import ListFormat, TableFormat
from cxc.errors import InputError
from cxc.reports.output import tell, write, write_page, written
from cxc.text import clean

if TYPE_CHECKING:
    from cxc.commands.check import Options as OfTrip
    from cxc.commands.verify import Options as OfReceipts
    from cxc.reports.text import Block


def report_files(reports: Sequence[str] | None, formats: Sequence[str]) -> list[tuple[str, str]]:
    """The formats and files of --report. Raises InputError."""
    found = []
    for option in reports or ():
        kind, equals, file = option.partition("=")
        if not equals or not file or kind not in formats:
            raise InputError(f"--report: '{clean(option)}' is not FORMAT=FILE with one of {', '.join(formats)}")
        if file == "-":
            raise InputError(f"--report {kind}=-: name a file; --format {kind} writes to standard output")
        found.append((kind, file))
    return found


def files_to_write(output: str | None, reports: Sequence[tuple[str, str]]) -> list[tuple[str, str | None]]:
    """The files of -o and --report, each behind its option."""
    return [("-o", output), *((f"--report {kind}", file) for kind, file in reports)]


def need_file(format: TableFormat, output: str | None, reports: Sequence[tuple[str, str]]) -> None:
    """Refuse a format that is not text where it would be printed, and a file that would not be what its ending says:
    Excel opens a workbook by its ending, and nothing else that has it. Raises InputError.
    """
    for kind, file in ((format, output), *reports):
        ending = Path(file or "").suffix.lower()
        if kind == "xlsx" and ending not in ("", ".xlsx"):
            raise InputError(f"{file}: --format xlsx writes a workbook; choose a file that ends in .xlsx")
        if kind != "xlsx" and ending == ".xlsx":
            raise InputError(
                f"{file}: {kind} is not a workbook; add --format xlsx, or choose another ending than .xlsx"
            )
    if format in ("xlsx", "parquet") and output is None:
        raise InputError(
            f"--format {format}: it is not text, so it is not printed; name a file with -o, such as "
            f"-o {'checked.xlsx' if format == 'xlsx' else 'verdicts.parquet'}"
        )


def write_reports(
    options: "OfTrip | OfReceipts",
    others: Sequence[tuple[str, str]],
    *,
    page: "Callable[[], Sequence[Block]]",
    report: Callable[[str], str | bytes],
    headline: str,
) -> None:
    """Write the page or the report in another format, and `others`; say what standard output then does not."""
    if options.format == "text":
        blocks = page()
        write_page([blocks[0]._replace(rows=())] if options.quiet else blocks, options.output, options.color)
    else:
        write(report(options.format), options.output)
    for kind, file in others:
        write(report(kind), file)
    if options.output or others:
        outcome = f"{headline}. " if options.output else ""
        tell(f"{outcome}{written([options.output, *(file for _, file in others)])}")


def with_note(blocks: "Sequence[Block]", note: str | None) -> "Sequence[Block]":
    """A page with a note before its last words."""
    if note is None:
        return blocks
    from cxc.reports.text import Block, to_note

    return [*blocks[:-1], Block("", [to_note(note)]), blocks[-1]]


def noted_in_markdown(note: str | None) -> str:
    """A note as the last lines of a page in Markdown."""
    from cxc.reports.values import unmarked

    return "" if note is None else f"\n{unmarked(note)}\n"


def listing_as(format: ListFormat, heading: Sequence[str], rows: Sequence[Sequence[str]], document: object) -> str:
    """A list in JSON, which holds the `document`, or as a table in CSV or Markdown."""
    from cxc.reports import json, listing

    if format == "json":
        return json.dumps(document)
    return listing.as_csv(heading, rows) if format == "csv" else listing.as_markdown(heading, rows)
