"""The reports on tables: every row is judged once and written to each of them."""

import os
import sys
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from cxc.errors import InputError
from cxc.reports.formats import BinaryReport, Report, report
from cxc.reports.output import (
    Progress,
    StandardOutput,
    WholeFile,
    append,
    complain,
    in_utf8,
    page_text,
    terminal_width,
    wants_colour,
)
from cxc.tables.batch import Batch, Heading
from cxc.tables.columns import Columns
from cxc.tables.redaction import kept_columns
from cxc.tables.table import Table
from cxc.text import listed

if TYPE_CHECKING:
    from cxc.commands.validate import Options

Source = tuple[Table, Columns]
_Target = tuple[Report, Callable[[str | bytes], object]]


def write_reports(
    options: "Options", batch: Batch, sources: Sequence[Source], others: Sequence[tuple[str, str]]
) -> None:
    """Judge all rows and write every report: files whole or not at all, standard output as rows come.

    Raises InputError where a file cannot be written, and where no row of the tables is a trip.
    """
    headings = [
        Heading(
            table.name,
            kept_columns(columns, options.redact, table.columns),
            table.sheet,
            None if options.redact else table.origin,
        )
        for table, columns in sources
    ]
    with ExitStack() as stack:
        wanted = [(options.format, options.output), *others]
        targets = [_target(kind, file, options, stack) for kind, file in wanted]
        if options.coverage:
            targets[:1] = _with_coverage(targets[0], options)
        step_summary = os.environ.get("GITHUB_STEP_SUMMARY") if os.environ.get("GITHUB_ACTIONS") == "true" else None
        pieces: list[str | bytes] = []
        if step_summary:
            targets.append((report("markdown"), pieces.append))
        read = _write_rows(batch, sources, headings, targets, stack.enter_context(Progress()))
        if not batch.summary.rows:
            raise InputError(
                f"{listed([heading.title for heading in headings], 'and')}: the table contains no trip, "
                + ("only rows without host country, dates and cluster of the host" if read else "only a heading")
            )
        for target, put in targets:
            if not isinstance(target, BinaryReport):
                put(target.end(batch.summary))
                continue
            put(target.content(batch.summary))
            for notice in () if options.quiet else target.notices:
                complain(notice.rstrip("."))
        if step_summary:
            append(Path(step_summary), map(in_utf8, pieces))


def _target(kind: str, file: str | None, options: "Options", stack: ExitStack) -> _Target:
    """A report, and what writes it: to a file, which replaces another when all is done, or to standard output."""
    made = _text(file, options) if kind == "text" else report(kind)
    if not file:
        return made, stack.enter_context(StandardOutput()).write
    whole = stack.enter_context(WholeFile(Path(file)))
    whole.open()  # what cannot be written is said before the work
    return made, whole.write


def _text(file: str | None, options: "Options") -> Report:
    from cxc.reports.table_text import TextReport

    return TextReport(
        verbose=options.verbose,
        quiet=options.quiet,
        colour=wants_colour(options.color, None if file else sys.stdout),
        width=None if file else terminal_width(),
        render=partial(page_text, file=file, colour=options.color),
    )


def _with_coverage(target: _Target, options: "Options") -> list[_Target]:
    """The report with what the rules found behind it; in JSON, which is one object, that alone."""
    from cxc.reports.coverage import CoverageReport

    as_json = options.format == "json"
    render = partial(page_text, file=options.output, colour=options.color)
    coverage = CoverageReport(as_json=as_json, render=render)
    return [(coverage, target[1])] if as_json else [target, (coverage, target[1])]


def _write_rows(
    batch: Batch, sources: Sequence[Source], headings: Sequence[Heading], targets: Sequence[_Target], progress: Progress
) -> int:
    """Write the verdicts on all rows, some at a time; how many rows were read."""
    done = 0
    reports = [target for target, _ in targets]
    asked = dict.fromkeys(one for target in reports for one in target.asks)
    visits_named = any(target.names_visits for target in reports)
    for judged in batch.judged(sources, asked, visits_named=visits_named):
        for target, put in targets:
            if not done and (begin := target.begin(headings)):
                put(begin)
            for text in target.pieces(judged):
                if text:
                    put(text)
        done += len(judged)
        progress.show(done)
        del judged  # which makes room for those that come next
    return done
