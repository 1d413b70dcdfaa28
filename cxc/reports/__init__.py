"""Reports: one module for each format, all from the same verdict. They decide nothing."""

from collections.abc import Sequence
from importlib import import_module
from typing import TYPE_CHECKING, Any, Final, Protocol

if TYPE_CHECKING:
    from cxc.batch import Heading, Judged, Summary


class Report(Protocol):
    """A report on many rows: text to write at the beginning, for each row, and at the end.

    Rows that are no trip are shown to the formats of `WHOLE` alone.
    """

    def begin(self, sources: "Sequence[Heading]") -> str:
        """What stands before the rows."""

    def row(self, judged: "Judged") -> str:
        """What stands for a row; a report whose summary comes first keeps it for the end."""

    def end(self, summary: "Summary") -> str:
        """What stands behind the rows."""


# Where each format lives; a module is loaded when its format is asked for.
FORMATS: Final = {
    "text": ("text", "TextReport"),
    "json": ("jsonl", "ObjectReport"),
    "jsonl": ("jsonl", "LinesReport"),
    "csv": ("csv", "CsvReport"),
    "markdown": ("markdown", "MarkdownReport"),
    "html": ("html", "HtmlReport"),
    "github": ("github", "GithubReport"),
    "junit": ("junit", "JunitReport"),
}


WHOLE: Final = frozenset({"csv"})  # formats that write the whole table back


def report(format: str, **options: Any) -> Report:
    """A report in a format, by its name. The options are those of text: `verbose`, `quiet` and so on."""
    module, name = FORMATS[format]
    found: Report = getattr(import_module(f"cxc.reports.{module}"), name)(**(options if format == "text" else {}))
    return found
