"""The sheet that sums up: counts, amounts by host country with a chart, what to know, and by what data it was made."""

import datetime
from collections import Counter
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Final, NamedTuple

from cxc import __version__
from cxc.reports.values import TAKEN_AS_CLUSTERS, by_host, cluster_lines, in_rows, outcomes_counted, summary_notes
from cxc.reports.xlsx_cells import IN_PRINT, POINTS_A_LINE, XML, Placed, row_of, widths
from cxc.reports.xlsx_chart import bars, drawing
from cxc.reports.xlsx_package import CHART, DRAWING, Package, free_name
from cxc.rules import RULE_NAMES
from cxc.tables.workbook import MAIN, RELATED, SUMMARY, SUMMARY_TITLE
from cxc.verdict import DISCLAIMER, Verdicts

if TYPE_CHECKING:
    from cxc.tables.summary import Summary

_WIDTHS: Final = (30.0, 26.0, 12.0, 16.0)
_LETTERS_A_LINE: Final = 90  # of the four columns together
_MOST_NOTICES: Final = 40


class _Line(NamedTuple):
    """A row of the sheet; `whole` where its text reaches over all columns."""

    cells: list[Placed]
    whole: bool = False


class _Chart(NamedTuple):
    """The countries of a chart, and the first row of their table."""

    first: int
    values: list[tuple[str, str]]


def add_summary(
    package: Package,
    summary: "Summary",
    verdicts: Verdicts,
    said: Counter[str],
    lost: Sequence[str],
    there: str | None,
) -> None:
    """Put the sheet into a workbook, in the place of the one that is `there` from a check before.

    `said` are the notices of single rows, `lost` is what of the workbook is not kept.
    """
    if there is None:
        path = package.reserve_sheet()
        package.add_sheet(free_name(SUMMARY, package.sheet_names()), path)
    else:
        path = there
        for relation in package.relations(path):
            package.remove(path, relation)
    name = next(name for name, part in package.sheets() if part == path).replace("'", "''")
    lines, chart = _lines(summary, verdicts, said, lost)
    drawn = ""
    if chart.values:
        last = chart.first + len(chart.values) - 1
        title = f"EUR {'due' if summary.today else 'payable'} by host country"
        names, amounts = (f"'{name}'!${column}${chart.first}:${column}${last}" for column in "BD")
        figure = package.add("xl/charts/cxc{}.xml", bars(title, names, amounts, chart.values), CHART)
        holder = package.add("xl/drawings/cxc{}.xml", b"", DRAWING)
        id_ = package.relate(holder, "chart", figure)
        meaning = f"Bars: {title}. The same figures stand in the table beside it."
        height = max(14, len(chart.values) + 8)
        package.put(holder, drawing(id_, column=len(_WIDTHS) + 1, row=1, height=height, meaning=meaning))
        drawn = f'<drawing r:id="{package.relate(path, "drawing", holder)}"/>'
    package.put(path, _sheet(lines, drawn, package.styles))


def _lines(
    summary: "Summary", verdicts: Verdicts, said: Counter[str], lost: Sequence[str]
) -> tuple[list[_Line], _Chart]:
    due = "due" if summary.today else "payable"
    lines = [_Line([Placed(SUMMARY_TITLE, "title")], whole=True)]
    lines += [_text(f"{summary.scheme_name} trips. {DISCLAIMER}"), _Line([])]
    lines.append(_heading("outcome", "", "rows"))
    lines += [_counted(name, words, count) for name, words, count in outcomes_counted(summary)]
    lines.append(_Line([Placed("rows in all", "title"), Placed(""), Placed(summary.rows, "count")]))
    lines.append(_amount(f"EUR {due} in all", summary.payable))
    lines += [_amount("EUR paid already", summary.paid)] if summary.today else []
    countries = verdicts.scheme.countries
    hosts = by_host(summary)
    values = [(countries.find(code).name, f"{euros:.2f}") for code, _, euros in hosts]
    if hosts:
        lines += [_Line([]), _heading("host country", "", "trips", f"EUR {due}")]
    first = len(lines) + 1
    lines += [
        _Line([Placed(code), Placed(country), Placed(trips, "count"), Placed(euros, "amount")])
        for (code, trips, euros), (country, _) in zip(hosts, values, strict=True)
    ]
    lines += _section("Not kept of the workbook", lost)
    lines += _section("Please note", summary_notes(summary))
    lines += _section("Said of single trips", _notices(said))
    reasons = [f"{code} {RULE_NAMES[code]}: {in_rows(count)}" for code, count in summary.reasons.most_common()]
    lines += _section("What is missing or wrong most often" if summary.today else "Most frequent reasons", reasons)
    lines += _section(TAKEN_AS_CLUSTERS, cluster_lines(summary))
    return [*lines, *_made_from(verdicts)], _Chart(first, values)


def _counted(name: str, words: str, count: int) -> _Line:
    return _Line([Placed(words, name), Placed(""), Placed(count, "count")])


def _amount(words: str, amount: Decimal) -> _Line:
    return _Line([Placed(words, "title"), Placed(""), Placed(""), Placed(amount.quantize(Decimal("0.01")), "amount")])


def _heading(*names: str) -> _Line:
    return _Line([Placed(name, "heading") for name in (*names, *[""] * (len(_WIDTHS) - len(names)))])


def _text(text: str) -> _Line:
    return _Line([Placed(text, "text")], whole=True)


def _section(title: str, texts: Iterable[str]) -> list[_Line]:
    lines = [_text(text) for text in texts]
    return [_Line([]), _heading(title), *lines] if lines else []


def _notices(said: Counter[str]) -> list[str]:
    """Each notice once, with the number of its rows, the most frequent first."""
    found = sorted(said.items(), key=lambda entry: (-entry[1], entry[0]))
    lines = [f"{in_rows(count)}: {notice}" for notice, count in found[:_MOST_NOTICES]]
    more = len(found) - _MOST_NOTICES
    return [*lines, f"And {more} more, which stand beside their rows."] if more > 0 else lines


def _made_from(verdicts: Verdicts) -> list[_Line]:
    """The rulebook, its data and the days on which they were checked."""
    scheme = verdicts.scheme
    countries = scheme.countries.by_code.values()
    days = [country.checked for country in countries if country.checked]
    days += [amount.checked for country in countries for amount in country.lump_sums]
    checked = {"rulebook": [entry.checked for entry in scheme.rulebook.entries.values()], "countries": days}
    said = [
        ("rulebook", f"{scheme.rulebook.name}{', strict: nothing is assumed' if verdicts.strict else ''}"),
        ("stage", verdicts.stage if verdicts.today is None else f"{verdicts.stage}, as on {verdicts.today}"),
        ("cxc", __version__),
        *((f"values of {name}", _checked(of)) for name, of in checked.items() if of),
        *((f"{name}, SHA-256", digest) for name, digest in scheme.fingerprints.items()),
    ]
    return [_Line([]), _heading("Made by"), *(_Line([Placed(name), Placed(text)]) for name, text in said)]


def _checked(days: Sequence[datetime.date]) -> str:
    first, last = min(days), max(days)
    return f"last checked on {first}" if first == last else f"last checked from {first} to {last}"


def _sheet(lines: Sequence[_Line], drawn: str, styles: dict[str, int]) -> bytes:
    rows, merged = [], []
    for number, line in enumerate(lines, 1):
        height = 0
        if line.whole:
            letters = len(str(line.cells[0].value))
            height = POINTS_A_LINE * (1 + letters // _LETTERS_A_LINE)
            merged.append(f'<mergeCell ref="A{number}:D{number}"/>')
        rows.append(row_of(number, line.cells, styles, height=height))
    columns = widths([*enumerate(_WIDTHS, 1)]).decode()
    return (
        f'{XML}<worksheet xmlns="{MAIN}" xmlns:r="{RELATED}"><sheetPr><pageSetUpPr fitToPage="1"/></sheetPr>'
        f'<sheetViews><sheetView showGridLines="0" workbookViewId="0"/></sheetViews><cols>{columns}</cols>'
        f"<sheetData>{''.join(rows)}</sheetData>"
        f'<mergeCells count="{len(merged)}">{"".join(merged)}</mergeCells>'
        f"{IN_PRINT}{drawn}</worksheet>"
    ).encode()
