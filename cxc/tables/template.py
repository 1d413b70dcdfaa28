"""An empty table to fill in: the right columns, and one example row."""

import csv
import datetime
import io
import os
from pathlib import Path
from typing import TYPE_CHECKING, Final

from cxc.errors import InputError
from cxc.scheme.countries import Countries
from cxc.text import clean
from cxc.trip.fields import ACTIVITY, COUNTRY, DATE, DESCRIPTIONS, FIELDS, ORGANISATION_TYPE, YES_OR_NO, Field, of_kind

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

EXAMPLE: Final = {field.name: field.example for field in DESCRIPTIONS if field.example}
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


_OTHER_KINDS: Final = (".xls", ".xlsm", ".xlsb", ".xltx", ".ods", ".numbers", ".parquet")


def as_csv() -> str:
    """The table as CSV."""
    text = io.StringIO()
    writer = csv.DictWriter(text, FIELDS, restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerow(EXAMPLE)
    return text.getvalue()


def as_xlsx(countries: Countries) -> bytes:
    """The table as a spreadsheet: lists to choose from, and cells that are dates."""
    from io import BytesIO

    from openpyxl import Workbook
    from openpyxl.styles import Font
    from openpyxl.utils import get_column_letter

    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "trips"
    sheet.append(list(FIELDS))
    sheet.append([_example(field) for field in DESCRIPTIONS])
    _add_lists(sheet, book.create_sheet("lists"), countries)
    _add_dates(sheet)
    for place, name in enumerate(FIELDS, 1):
        sheet.cell(1, place).font = Font(bold=True)
        sheet.column_dimensions[get_column_letter(place)].width = max(12, len(name) + 2)
    sheet.freeze_panes = "A2"
    content = BytesIO()
    book.save(content)
    return content.getvalue()


def _example(field: Field) -> str | datetime.date | None:
    return datetime.date.fromisoformat(field.example) if field.kind is DATE and field.example else field.example or None


def _add_lists(sheet: "Worksheet", lists: "Worksheet", countries: Countries) -> None:
    """The words to choose from, each list in a column of a sheet of its own."""
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.datavalidation import DataValidation

    choices = {COUNTRY: tuple(countries.by_code)}
    choices |= {kind: kind.choices for kind in (ORGANISATION_TYPE, YES_OR_NO, ACTIVITY)}
    listed = [(field, words) for kind, words in choices.items() for field in DESCRIPTIONS if field.kind is kind]
    for place, (field, words) in enumerate(listed, 1):
        letter = get_column_letter(place)
        for line, word in enumerate((field.name, *words), 1):
            lists[f"{letter}{line}"] = word
        rule = DataValidation("list", formula1=f"lists!${letter}$2:${letter}${len(words) + 1}", allow_blank=True)
        rule.showErrorMessage = not field.kind.several  # several words may stand in one cell
        column = get_column_letter(FIELDS.index(field.name) + 1)
        rule.add(f"{column}2:{column}{_ROWS}")
        sheet.add_data_validation(rule)


def _add_dates(sheet: "Worksheet") -> None:
    """Cells that are dates."""
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.datavalidation import DataValidation

    for name in of_kind(DATE):
        column = get_column_letter(FIELDS.index(name) + 1)
        rule = DataValidation("date", operator="greaterThan", formula1="36526", allow_blank=True)
        rule.add(f"{column}2:{column}{_ROWS}")
        sheet.add_data_validation(rule)
        for line in range(2, _ROWS + 1):
            sheet[f"{column}{line}"].number_format = "yyyy-mm-dd"
