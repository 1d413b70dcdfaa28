"""An empty table to fill in: the right columns, and one example row."""

import csv
import datetime
import io
import os
from pathlib import Path
from typing import TYPE_CHECKING, Final

from cxc.errors import InputError
from cxc.scheme.countries import DATA, Countries
from cxc.text import clean
from cxc.trip.fields import (
    ACTIVITY,
    BY_NAME,
    COUNTRY,
    DATE,
    DESCRIPTIONS,
    ORGANISATION_TYPE,
    PROOF,
    YES_OR_NO,
    Field,
)
from cxc.vocabulary import Stage

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
    must_be_free(file, force)
    return asked or kind == ".xlsx"


def must_be_free(file: str, force: bool) -> None:
    """Raise InputError where the file is there, and `force` does not say that it may be replaced."""
    if os.path.isfile(file) and not force:  # false, too, for a name that no file can have
        raise InputError(f"{clean(file)} is there already; name another file, or add --force to replace it")


def must_be_yaml(file: str) -> None:
    """Raise InputError where the name of a rulebook's file says that it is something else."""
    path = Path(file)
    if path.suffix.lower() not in ("", ".yaml", ".yml"):
        raise InputError(f"{clean(file)}: a rulebook is a YAML file; name {clean(path.stem)}.yaml")


def rulebook() -> str:
    """A commented rulebook to start from."""
    return (DATA / "rulebook_template.yaml").read_text(encoding="utf-8")


_OTHER_KINDS: Final = (".xls", ".xlsm", ".xlsb", ".xltx", ".ods", ".numbers", ".parquet")


def columns_at(stage: Stage) -> tuple[str, ...]:
    """The columns of a table for a stage; those of papers are for payment."""
    return tuple(field.name for field in DESCRIPTIONS if field.stage == "proposal" or stage == "payment")


def as_csv(stage: Stage = "proposal") -> str:
    """The table as CSV."""
    columns = columns_at(stage)
    text = io.StringIO()
    writer = csv.DictWriter(text, columns, restval="", extrasaction="ignore", lineterminator="\n")
    writer.writeheader()
    writer.writerow(EXAMPLE)
    return text.getvalue()


def as_xlsx(countries: Countries, stage: Stage = "proposal") -> bytes:
    """The table as a spreadsheet: lists to choose from, and cells that are dates."""
    from io import BytesIO

    from openpyxl import Workbook
    from openpyxl.styles import Font
    from openpyxl.utils import get_column_letter

    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "trips"
    columns = columns_at(stage)
    sheet.append(list(columns))
    sheet.append([_example(BY_NAME[name]) for name in columns])
    _add_lists(sheet, book.create_sheet("lists"), countries, columns)
    _add_dates(sheet, columns)
    for place, name in enumerate(columns, 1):
        sheet.cell(1, place).font = Font(bold=True)
        sheet.column_dimensions[get_column_letter(place)].width = max(12, len(name) + 2)
    sheet.freeze_panes = "A2"
    content = BytesIO()
    book.save(content)
    return content.getvalue()


def _example(field: Field) -> str | datetime.date | None:
    return datetime.date.fromisoformat(field.example) if field.kind is DATE and field.example else field.example or None


def _add_lists(sheet: "Worksheet", lists: "Worksheet", countries: Countries, columns: tuple[str, ...]) -> None:
    """The words to choose from, each list in a column of a sheet of its own."""
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.datavalidation import DataValidation

    choices = {COUNTRY: tuple(countries.by_code)}
    choices |= {kind: kind.choices for kind in (ORGANISATION_TYPE, YES_OR_NO, ACTIVITY, PROOF)}
    stated = [BY_NAME[name] for name in columns]
    listed = [(field, words) for kind, words in choices.items() for field in stated if field.kind is kind]
    for place, (field, words) in enumerate(listed, 1):
        letter = get_column_letter(place)
        for line, word in enumerate((field.name, *words), 1):
            lists[f"{letter}{line}"] = word
        rule = DataValidation("list", formula1=f"lists!${letter}$2:${letter}${len(words) + 1}", allow_blank=True)
        rule.showErrorMessage = not field.kind.several  # several words may stand in one cell
        column = get_column_letter(columns.index(field.name) + 1)
        rule.add(f"{column}2:{column}{_ROWS}")
        sheet.add_data_validation(rule)


def _add_dates(sheet: "Worksheet", columns: tuple[str, ...]) -> None:
    """Cells that are dates."""
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.datavalidation import DataValidation

    for place, name in enumerate(columns, 1):
        if BY_NAME[name].kind is not DATE:
            continue
        column = get_column_letter(place)
        rule = DataValidation("date", operator="greaterThan", formula1="36526", allow_blank=True)
        rule.add(f"{column}2:{column}{_ROWS}")
        sheet.add_data_validation(rule)
        for line in range(2, _ROWS + 1):
            sheet[f"{column}{line}"].number_format = "yyyy-mm-dd"
