"""Cells and tables that try to be more than text, for every format. Read by the tests and by scripts/check_pages."""

import csv
from collections.abc import Iterator, Sequence
from pathlib import Path

CELLS = (
    "<script>alert(1)</script>",
    "</title></style></script><!-- --></textarea><svg onload=alert(1)>",
    "\" onmouseover=alert(1) x='",
    "]]> <![CDATA[ &amp; &lt; &#x1b; & &nosuch;",
    "a|b\\|c \\",
    "x |\n| --- | --- |\n| y | z |",
    "[a](javascript:alert) ![i](http://example.org/i.png) <http://example.org>",
    "```\n# heading\n* item\n1. item\n---\n~~~",
    "*a* _b_ ~~c~~ `d` **e** $f$ :g: [^1]",
    "::error file=x,line=1::forged",
    "y\r\n::error file=x,line=1::forged",
    "z\u2028::error::forged\u2029::error::forged\x85::error::forged\x0b::error::forged",
    "##[error]forged",
    "%0A::error::forged%0D%0A::error::forged",
    "::stop-commands::forged",
    "=1+1",
    "c\r=1+1\rd",
    "@SUM(1)\t",
    "\x1b[31mred\x07\x1b]0;title\x07\x9b31m",
    "turned \u202eround\u2066 \u200b\ufeff",
    "\ufffe\uffff\ufdd0\x01\x7f",
    "a;=1+1",
    ";@x; \t-1;\"+1;'=1;2=2",
    'a\n"=1+1',
    "http://example.org/x https://example.org www.example.org (WWW.example.org) a@example.org",
    "- item",
    "1. item",
    "= item",
    "##vso[task.complete]forged",
    "half a letter 😀 \ue000",
    'quo"te, and; comma',
    "NUL \0 byte",
)
FIELDS = (
    "reference",
    "visitor",
    "visitor_id",
    "visitor_country",
    "host",
    "host_country",
    "host_cluster",
    "arrival",
    "departure",
    "note",
)


def as_a_name(cell: str) -> str:
    """A cell whose first letter is a capital, since what is written small names no cluster."""
    at = next((at for at, letter in enumerate(cell) if letter.isalpha()), 0)
    return f"{cell[:at]}{cell[at : at + 1].upper()}{cell[at + 1 :]}"


def rows() -> Iterator[list[str]]:
    """Every cell in the fields of free text, of an eligible, a refused and an open trip, and where a country belongs."""
    for cell in CELLS:
        for country, cluster in (("PT", "yes"), ("NO", "yes"), ("PT", ""), (cell, "yes"), ("PT", as_a_name(cell))):
            yield [cell, cell, cell, "RO", cell, country, cluster, "2023-05-14", "2023-05-20", cell]


def write(path: Path, only: Sequence[Sequence[str]] | None = None, note: str = "note") -> Path:
    """The table of all these rows, or of some."""
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\r\n")
        writer.writerow([*FIELDS[:-1], note])
        writer.writerows(rows() if only is None else only)
    return path
