"""What kind of file one is, by its first bytes: so that a file in the wrong place gets the sentence that helps."""

import re
from typing import Final

from cxc.text import fold
from cxc.trip.fields import FIELDS

ZIP: Final = b"PK\x03\x04"  # a workbook is a zip file
_OLD_WORKBOOK: Final = bytes.fromhex("d0cf11e0a1b11ae1")
PARQUET: Final = b"PAR1"  # at the beginning of a file, and at its end
ENCRYPTED_PARQUET: Final = b"PARE"  # where the file is encrypted as a whole
DELIMITERS: Final = ",;\t"
START: Final = 4_096  # the first bytes of a file, by which its kind is told


def is_old_workbook(start: bytes) -> bool:
    """Whether a file is an .xls, or a workbook with a password."""
    return start.startswith(_OLD_WORKBOOK)


def is_parquet(start: bytes) -> bool:
    """Whether a file is Parquet."""
    return start.startswith((PARQUET, ENCRYPTED_PARQUET))


def is_trip_file(start: bytes) -> bool:
    """Whether a file states a trip in YAML or JSON: a field and a colon come first.

    >>> is_trip_file(b"host_country: PT"), is_trip_file(b'{"host_country": "PT"}'), is_trip_file(b"host_country,host")
    (True, True, False)
    """
    text = start.decode("utf-8-sig", "replace")
    first = re.match(r"""(?:\s|\{|---|#[^\n]*\n)*["']?(\w+)["']?\s*:""", text)
    return first is not None and first[1] in FIELDS


def is_table(start: bytes) -> bool:
    """Whether a file is a table: a workbook, Parquet, or a text whose first line names several fields.

    >>> is_table(b"host_country;arrival;departure\\n"), is_table(b"host_country: PT\\n")
    (True, False)
    """
    if start.startswith(ZIP) or is_old_workbook(start) or is_parquet(start):
        return True
    first = start.decode("utf-8-sig", "replace").lstrip().partition("\n")[0]
    names = max((first.split(delimiter) for delimiter in DELIMITERS), key=len)
    fields = {fold(field) for field in FIELDS}
    return sum(fold(name) in fields for name in names) > 1


def kind_in_words(start: bytes) -> str | None:
    """What a file seems to be that should be JSON, and is none; None where its first bytes do not tell.

    >>> [kind_in_words(start) for start in (b"<!DOCTYPE html>\\n<title>", b"arrival,outcome,departure\\n", b"hello")]
    ['a page of HTML', 'a CSV table', None]
    """
    if start.startswith(ZIP) or is_old_workbook(start):
        return "a workbook"
    if is_parquet(start):
        return "a Parquet table"
    if is_table(start):
        return "a CSV table"
    if is_trip_file(start):
        return "the file of one trip"
    markup = start.removeprefix(b"\xef\xbb\xbf").lstrip()[:5].lower()
    return {b"<!doc": "a page of HTML", b"<html": "a page of HTML", b"<?xml": "an XML file"}.get(markup)
