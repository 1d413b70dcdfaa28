"""`cxc verify`: saved verdicts, recomputed, and what moved."""

from typing import TYPE_CHECKING, Annotated, NamedTuple, get_args

import typer

from cxc.commands import completion
from cxc.commands.exit_status import ELIGIBLE, OF_VERIFY, REFUSED, UNREADABLE
from cxc.commands.options import (
    ColourOption,
    OutputOption,
    QuietOption,
    Text,
    Texts,
    VerifyFormat,
    command,
    judging_option,
    report_option,
    writing_option,
)
from cxc.commands.writing import files_to_write, report_files, write_reports
from cxc.errors import InputError
from cxc.reports.output import Progress, complain
from cxc.text import listed

if TYPE_CHECKING:
    from cxc.receipts.verification import Outcome


class Options(NamedTuple):
    """What `cxc verify` is asked."""

    receipts: Annotated[
        list[str],
        typer.Argument(
            help="Verdicts that were saved as json or jsonl, or - for standard input.", metavar="RECEIPT.json..."
        ),
    ]
    rulebook: Annotated[
        Text,
        judging_option(
            "--rulebook",
            help="Judge under this rulebook instead of the one that a receipt names.",
            metavar="NAME_OR_FILE",
            autocompletion=completion.rulebooks,
        ),
    ] = None
    countries: Annotated[
        Text,
        judging_option(
            "--countries",
            help="Judge by this country table instead of the one that comes with cxc.",
            metavar="FILE",
        ),
    ] = None
    format: Annotated[VerifyFormat, writing_option("--format", help="Format of the report.")] = "text"
    report: Annotated[Texts, report_option("html=moved.html")] = None
    output: OutputOption = None
    exit_zero: Annotated[
        bool,
        writing_option(
            "--exit-zero",
            help="End with exit status 0 also if something moved, or a receipt was altered.",
        ),
    ] = False
    color: ColourOption = "auto"
    quiet: QuietOption = False


def run(options: Options) -> int:
    """Recompute saved verdicts, and say what moved.

    Example: cxc verify verdicts.jsonl

    With --countries new.yaml it says what a new table would change.

    It tells apart: a receipt that was altered (its seal), other data than then, and another version of cxc.
    """
    others = report_files(options.report, get_args(VerifyFormat))
    from cxc.receipts.documents import Saved
    from cxc.receipts.verification import Verification
    from cxc.reports import verify
    from cxc.tables.same_file import keep_apart, read_once

    verification = Verification(options.rulebook, options.countries)
    keep_apart(files_to_write(options.output, others), [*options.receipts, *verification.files])
    read_once(options.receipts)
    files = [Saved(name) for name in options.receipts]
    with Progress() as progress:
        outcome = verification.verify(files, progress.show)
    if not outcome.receipts:
        raise InputError(f"{listed([file.name for file in files], 'and')}: there is no verdict in it")
    write_reports(
        options,
        others,
        page=lambda: verify.page(outcome),
        report=lambda format: _report(format, outcome),
        headline=verify.headline(outcome),
    )
    if options.format == "json" and not options.quiet:
        for note in verify.notes(outcome):
            complain(note)
    return _status(outcome, options.exit_zero)


def _report(format: str, outcome: "Outcome") -> str:
    from cxc.reports import json, text, verify

    if format == "json":
        return json.dumps(verify.document(outcome))
    if format == "text":
        return text.plain(verify.page(outcome))
    return verify.markdown(outcome) if format == "markdown" else verify.html(outcome)


def _status(outcome: "Outcome", exit_zero: bool) -> int:
    if outcome.unreadable:
        return UNREADABLE
    return REFUSED if (outcome.moved or outcome.altered) and not exit_zero else ELIGIBLE


COMMAND = command(Options, run, OF_VERIFY)
