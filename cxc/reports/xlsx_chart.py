"""A chart of bars beside cells: a drawing, and the chart in it."""

from typing import Final
from xml.sax.saxutils import escape

from cxc.reports.xlsx_cells import XML
from cxc.tables.workbook import RELATED

_DRAWN: Final = "http://schemas.openxmlformats.org/drawingml/2006"


def drawing(relation: str, *, column: int, row: int, height: int, meaning: str) -> bytes:
    """A drawing that holds the chart of a relation, from a column and row on (from 0), with what it means in words."""
    return (
        f'{XML}<xdr:wsDr xmlns:xdr="{_DRAWN}/spreadsheetDrawing" xmlns:a="{_DRAWN}/main"><xdr:twoCellAnchor>'
        f"<xdr:from><xdr:col>{column}</xdr:col><xdr:colOff>0</xdr:colOff>"
        f"<xdr:row>{row}</xdr:row><xdr:rowOff>0</xdr:rowOff></xdr:from>"
        f"<xdr:to><xdr:col>{column + 9}</xdr:col><xdr:colOff>0</xdr:colOff>"
        f"<xdr:row>{row + height}</xdr:row><xdr:rowOff>0</xdr:rowOff></xdr:to>"
        '<xdr:graphicFrame macro=""><xdr:nvGraphicFramePr>'
        f'<xdr:cNvPr id="2" name="Chart 1" descr="{escape(meaning, {chr(34): "&quot;"})}"/>'
        "<xdr:cNvGraphicFramePr/></xdr:nvGraphicFramePr>"
        '<xdr:xfrm><a:off x="0" y="0"/><a:ext cx="0" cy="0"/></xdr:xfrm>'
        f'<a:graphic><a:graphicData uri="{_DRAWN}/chart"><c:chart xmlns:c="{_DRAWN}/chart" xmlns:r="{RELATED}" '
        f'r:id="{relation}"/></a:graphicData></a:graphic></xdr:graphicFrame><xdr:clientData/></xdr:twoCellAnchor></xdr:wsDr>'
    ).encode()


def bars(title: str, names: str, amounts: str, values: "list[tuple[str, str]]") -> bytes:
    """A chart of bars, the first on top. `names` and `amounts` are the cells of what `values` lists already."""
    points = [
        "".join(f'<c:pt idx="{at}"><c:v>{escape(one[place])}</c:v></c:pt>' for at, one in enumerate(values))
        for place in (0, 1)
    ]
    count = f'<c:ptCount val="{len(values)}"/>'
    axes = '<c:axId val="111"/><c:axId val="222"/>'
    return (
        f'{XML}<c:chartSpace xmlns:c="{_DRAWN}/chart" xmlns:a="{_DRAWN}/main" xmlns:r="{RELATED}">'
        '<c:roundedCorners val="0"/><c:chart><c:title><c:tx><c:rich><a:bodyPr/><a:p><a:pPr><a:defRPr sz="1200" b="1"/>'
        f'</a:pPr><a:r><a:rPr lang="en-GB" sz="1200" b="1"/><a:t>{escape(title)}</a:t></a:r></a:p></c:rich></c:tx>'
        '<c:overlay val="0"/></c:title><c:autoTitleDeleted val="0"/><c:plotArea><c:layout/>'
        '<c:barChart><c:barDir val="bar"/><c:grouping val="clustered"/><c:varyColors val="0"/>'
        '<c:ser><c:idx val="0"/><c:order val="0"/>'
        '<c:spPr><a:solidFill><a:srgbClr val="2F5597"/></a:solidFill></c:spPr><c:invertIfNegative val="0"/>'
        '<c:dLbls><c:numFmt formatCode="#,##0" sourceLinked="0"/><c:spPr><a:noFill/></c:spPr><c:showLegendKey val="0"/>'
        '<c:showVal val="1"/><c:showCatName val="0"/><c:showSerName val="0"/><c:showPercent val="0"/>'
        '<c:showBubbleSize val="0"/></c:dLbls>'
        f"<c:cat><c:strRef><c:f>{escape(names)}</c:f><c:strCache>{count}{points[0]}</c:strCache></c:strRef></c:cat>"
        f"<c:val><c:numRef><c:f>{escape(amounts)}</c:f><c:numCache><c:formatCode>#,##0.00</c:formatCode>{count}"
        f"{points[1]}</c:numCache></c:numRef></c:val></c:ser>"
        f'<c:gapWidth val="60"/>{axes}</c:barChart>'
        '<c:catAx><c:axId val="111"/><c:scaling><c:orientation val="maxMin"/></c:scaling><c:delete val="0"/>'
        '<c:axPos val="l"/><c:majorTickMark val="none"/><c:minorTickMark val="none"/><c:tickLblPos val="nextTo"/>'
        '<c:crossAx val="222"/><c:crosses val="autoZero"/></c:catAx>'
        '<c:valAx><c:axId val="222"/><c:scaling><c:orientation val="minMax"/><c:min val="0"/></c:scaling>'
        '<c:delete val="0"/><c:axPos val="b"/><c:majorGridlines><c:spPr><a:ln><a:solidFill><a:srgbClr val="D9D9D9"/>'
        '</a:solidFill></a:ln></c:spPr></c:majorGridlines><c:numFmt formatCode="#,##0" sourceLinked="0"/>'
        '<c:majorTickMark val="none"/><c:minorTickMark val="none"/><c:tickLblPos val="nextTo"/><c:crossAx val="111"/>'
        '<c:crosses val="max"/></c:valAx></c:plotArea><c:plotVisOnly val="1"/><c:dispBlanksAs val="gap"/></c:chart>'
        "</c:chartSpace>"
    ).encode()
