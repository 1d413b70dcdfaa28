"""An empty table to fill in: the right columns, and one example row."""

import csv
import io
import os
from pathlib import Path
from typing import Final

from cxc.errors import InputError
from cxc.scheme.countries import Countries
from cxc.text import clean
from cxc.trip.reader import FIELDS
from cxc.vocabulary import ACTIVITIES, ORGANISATION_TYPES

COLUMNS: Final = FIELDS
EXAMPLE: Final = {
    "reference": "EXAMPLE-1",
    "visitor": "Acme Diagnostics",
    "visitor_id": "RO123456",
    "visitor_country": "RO",
    "visitor_type": "sme",
    "visitor_cluster": "Imago-Mol",
    "host": "Health Cluster Portugal",
    "host_country": "PT",
    "host_type": "cluster-organisation",
    "host_cluster": "yes",
    "arrival": "2023-05-14",
    "departure": "2023-05-20",
    "travellers": "1",
    "activity": "networking",
    "third_country_national": "no",
}
_DATES: Final = ("arrival", "departure", "first_day", "last_day", "approved_on")
_ROWS: Final = 1_000


def wants_xlsx(file: str, asked: bool, force: bool) -> bool:
    """Whether the table in this file is a spreadsheet: it is asked for, or the name says so.

    Raises InputError where the name is one of another kind, and where the file is there and `force` does not say that
    it may be replaced.
    """
    path = Path(file)
    kind = path.suffix.lower()
    stem = clean(path.stem)
    if asked and kind not in ("", ".xlsx"):
        raise InputError(f"{clean(file)}: with --xlsx the name must end in .xlsx, such as {stem}.xlsx")
    if kind in _OTHER_KINDS:
        raise InputError(
            f"{clean(file)}: the table is written as .csv or as .xlsx, not as {kind}; name {stem}.csv or {stem}.xlsx"
        )
    if os.path.isfile(path) and not force:  # false, too, for a name that no file can have
        raise InputError(f"{clean(file)} is there already; name another file, or add --force to replace it")
    return asked or kind == ".xlsx"


_OTHER_KINDS: Final = (".xls", ".xlsm", ".xlsb", ".xltx", ".ods", ".numbers")


def as_csv() -> str:
    """The table as CSV."""
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS, restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerow(EXAMPLE)
    return text.getvalue()


def as_xlsx(countries: Countries) -> bytes:
    """The table as a spreadsheet: lists to choose from, and cells that are dates."""
    import datetime
    from io import BytesIO

    from openpyxl import Workbook
    from openpyxl.styles import Font
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.datavalidation import DataValidation

    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "trips"
    sheet.append(list(COLUMNS))
    sheet.append(
        [
            datetime.date.fromisoformat(EXAMPLE[name]) if name in _DATES and name in EXAMPLE else EXAMPLE.get(name)
            for name in COLUMNS
        ]
    )
    lists = book.create_sheet("lists")
    choices = {
        "visitor_country": tuple(countries.by_code),
        "host_country": tuple(countries.by_code),
        "visitor_type": ORGANISATION_TYPES,
        "host_type": ORGANISATION_TYPES,
        "third_country_national": ("yes", "no"),
        "business_there": ("yes", "no"),
        "activity": ACTIVITIES,
    }
    for place, (name, words) in enumerate(choices.items(), 1):
        letter = get_column_letter(place)
        for line, word in enumerate((name, *words), 1):
            lists[f"{letter}{line}"] = word
        rule = DataValidation("list", formula1=f"lists!${letter}$2:${letter}${len(words) + 1}", allow_blank=True)
        rule.showErrorMessage = name != "activity"  # several activities may stand in one cell
        column = get_column_letter(COLUMNS.index(name) + 1)
        rule.add(f"{column}2:{column}{_ROWS}")
        sheet.add_data_validation(rule)
    for name in _DATES:
        column = get_column_letter(COLUMNS.index(name) + 1)
        rule = DataValidation("date", operator="greaterThan", formula1="36526", allow_blank=True)
        rule.add(f"{column}2:{column}{_ROWS}")
        sheet.add_data_validation(rule)
        for line in range(2, _ROWS + 1):
            sheet[f"{column}{line}"].number_format = "yyyy-mm-dd"
    for place, name in enumerate(COLUMNS, 1):
        sheet.cell(1, place).font = Font(bold=True)
        sheet.column_dimensions[get_column_letter(place)].width = max(12, len(name) + 2)
    sheet.freeze_panes = "A2"
    content = BytesIO()
    book.save(content)
    return content.getvalue()
