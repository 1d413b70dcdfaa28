"""Workbooks as judges read them that did not write them: python-calamine for values, openpyxl for how they are kept."""

import zipfile
from pathlib import Path
from typing import Any

from openpyxl import load_workbook
from openpyxl.utils import get_column_letter
from python_calamine import CalamineWorkbook


def values(path: Path, sheet: str) -> list[list[Any]]:
    """The values of a sheet, row by row, from its first cell on."""
    return CalamineWorkbook.from_path(str(path)).get_sheet_by_name(sheet).to_python(skip_empty_area=False)


def sheets(path: Path) -> list[str]:
    """The names of the sheets."""
    return CalamineWorkbook.from_path(str(path)).sheet_names


def cells_listed(path: Path) -> str:
    """Each cell that holds something, in a line of its own."""
    lines = []
    for sheet in sheets(path):
        lines.append(f"[{sheet}]")
        for number, row in enumerate(values(path, sheet), 1):
            lines += [f"{get_column_letter(at)}{number}: {cell}" for at, cell in enumerate(row, 1) if cell != ""]
    return "\n".join([*lines, ""])


def parts(path: Path) -> dict[str, bytes]:
    """The parts of the zip that a workbook is."""
    with zipfile.ZipFile(path) as archive:
        assert archive.testzip() is None
        assert len(set(archive.namelist())) == len(archive.namelist())
        return {name: archive.read(name) for name in archive.namelist()}


def formulas(path: Path) -> dict[str, str]:
    """Every formula of a workbook, by sheet and cell."""
    return {
        f"{sheet.title}!{cell.coordinate}": str(cell.value)
        for sheet in load_workbook(path).worksheets
        for row in sheet.iter_rows()
        for cell in row
        if cell.data_type == "f"
    }
