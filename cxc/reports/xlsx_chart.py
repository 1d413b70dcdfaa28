"""A chart of bars beside cells: a drawing, and the chart in it. Both are patterns beside this module."""

from pathlib import Path
from string import Template
from xml.sax.saxutils import escape

from cxc.reports.xlsx_cells import XML


def drawing(relation: str, *, column: int, row: int, height: int, meaning: str) -> bytes:
    """A drawing that holds the chart of a relation, from a column and row on (from 0), with what it means in words."""
    return _filled(
        "drawing.xml",
        left=str(column),
        right=str(column + 9),
        top=str(row),
        bottom=str(row + height),
        relation=relation,
        meaning=escape(meaning, {'"': "&quot;"}),
    )


def bars(title: str, names: str, amounts: str, values: "list[tuple[str, str]]") -> bytes:
    """A chart of bars, the first on top. `names` and `amounts` are the cells of what `values` lists already."""
    name_points, amount_points = (
        f'<c:ptCount val="{len(values)}"/>'
        + "".join(f'<c:pt idx="{at}"><c:v>{escape(one[place])}</c:v></c:pt>' for at, one in enumerate(values))
        for place in (0, 1)
    )
    return _filled(
        "chart.xml",
        title=escape(title),
        names=escape(names),
        amounts=escape(amounts),
        name_points=name_points,
        amount_points=amount_points,
    )


def _filled(pattern: str, **values: str) -> bytes:
    """A pattern with its values. Its lines are for those who read it: written, they are one."""
    lines = (Path(__file__).parent / pattern).read_text(encoding="utf-8").splitlines()
    return (XML + Template("".join(map(str.strip, lines))).substitute(values)).encode()
