"""The formats of a report on many rows, by name, and what each of them writes: a beginning, the rows, and an end."""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Sequence
from importlib import import_module
from typing import TYPE_CHECKING, Final

from cxc.conclusions import NO_TRIP
from cxc.reports.output import in_utf8

if TYPE_CHECKING:
    from cxc.tables.judged import Heading, Judged, JudgedRows
    from cxc.tables.kept import Asked
    from cxc.tables.summary import Summary


class Report:
    """A report on many rows: text to write at the beginning, for the rows, and at the end.

    `names_visits` tells whether it names whose earlier visits count.
    """

    names_visits = True

    @property
    def asks(self) -> "Sequence[Asked]":
        """What it asks of every row, that is to be kept from the first reading of a table."""
        return ()

    def begin(self, sources: "Sequence[Heading]") -> str:
        """What stands before the rows."""
        return ""

    def pieces(self, judged: "JudgedRows") -> "Iterable[str | bytes]":
        """What stands for some rows, piece by piece where it is long, perhaps in UTF-8. Rows that are no trip are left
        out.
        """
        return ("".join([self.row(row) for row in judged if row.outcome != NO_TRIP]),)

    def rows(self, judged: "JudgedRows") -> str:
        """The same as one text."""
        return b"".join(map(in_utf8, self.pieces(judged))).decode()

    def row(self, judged: "Judged") -> str:
        """What stands for a row; a report whose summary comes first keeps it for the end."""
        return ""

    def end(self, summary: "Summary") -> str:
        """What stands behind the rows."""
        return ""


class BinaryReport(Report, ABC):
    """A report that is not text, and goes to a file alone: whatever its rows are, it is written at the end."""

    @property
    def notices(self) -> "Sequence[str]":
        """What of its input it cannot hold, in sentences, once it is written."""
        return ()

    @abstractmethod
    def content(self, summary: "Summary") -> bytes:
        """The whole file."""


# Where each format lives; a module is loaded when its format is asked for.
FORMATS: Final = {
    "text": ("table_text", "TextReport"),
    "json": ("jsonl", "ObjectReport"),
    "jsonl": ("jsonl", "LinesReport"),
    "csv": ("csv", "CsvReport"),
    "markdown": ("markdown", "MarkdownReport"),
    "html": ("html", "HtmlReport"),
    "github": ("github", "GithubReport"),
    "gitlab": ("gitlab", "GitlabReport"),
    "junit": ("junit", "JunitReport"),
}
# The same of formats that are not text.
BINARY_FORMATS: Final = {"xlsx": ("xlsx", "XlsxReport"), "parquet": ("parquet", "ParquetReport")}


def report(format: str) -> Report:
    """A report in a format, by its name."""
    module, name = (FORMATS | BINARY_FORMATS)[format]
    found: Report = getattr(import_module(f"cxc.reports.{module}"), name)()
    return found
