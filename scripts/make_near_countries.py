"""Make cxc/data/near_countries.csv, the pairs of countries of the country table whose land comes near each other.

    pip install scipy
    python scripts/make_near_countries.py                       # downloads the outlines, writes the table
    python scripts/make_near_countries.py --sources DIRECTORY   # keeps the download there, or takes it from there

Source: Natural Earth 1:10m, countries (https://www.naturalearthdata.com, public domain), as TopoJSON in the npm package
world-atlas 2.0.2. Every outline is filled up with points at most 1 km apart; the distance of two countries is the least
great-circle distance between a point of one and a point of the other, and 0 where they share a border. All land of
a country counts: islands, overseas parts and dependent territories, and disputed land counts with every side below.

The same source gives the same table, byte for byte.
"""

import argparse
import io
import itertools
import json
import math
import tarfile
from collections import defaultdict
from pathlib import Path
from typing import Any, Final

import numpy
from pinned import fetched
from scipy.spatial import KDTree

from cxc.scheme.countries import load_countries
from cxc.scheme.rulebook import load_rulebook, shipped
from cxc.trip.places import EARTH_RADIUS_KM

TARGET: Final = Path(__file__).parent.parent / "cxc" / "data" / "near_countries.csv"
WORLD_ATLAS: Final = (
    "https://registry.npmjs.org/world-atlas/-/world-atlas-2.0.2.tgz",
    "032e7765f2ce00edaeafec23ff22bc3b77e42987c257da944cc585b452c05b97",
)
TAKEN_ON: Final = "2026-11-23"

# Under which a host is near: the largest figure of a rulebook that is shipped.
RULE_KM: Final = max(int(str(load_rulebook(name).limits["near_below_km"])) for name in shipped())
MARGIN_KM: Final = 50
STEP_KM: Final = 1.0

# The outlines by the number of ISO 3166-1, or by name where they have none. The first is the country itself; the others
# are parts with a code or a name of their own. What is disputed or leased stands with each side.
OUTLINES: Final = {
    "AL": ("008",),
    "AM": ("051",),
    "AT": ("040",),
    "BA": ("070",),
    "BE": ("056",),
    "BG": ("100",),
    "CH": ("756",),
    "CY": ("196", "N. Cyprus", "Cyprus U.N. Buffer Zone", "Akrotiri", "Dhekelia"),
    "CZ": ("203",),
    "DE": ("276",),
    "DK": ("208", "Faeroe Is.", "Greenland"),
    "EE": ("233",),
    "ES": ("724",),
    "FI": ("246", "Åland"),
    "FR": (
        "250", "New Caledonia", "Fr. Polynesia", "Fr. S. Antarctic Lands", "St. Pierre and Miquelon", "St-Martin",
        "St-Barthélemy", "Wallis and Futuna Is.", "Clipperton I.",
    ),
    "GB": (
        "826", "Akrotiri", "Dhekelia", "Jersey", "Guernsey", "Isle of Man", "Gibraltar", "Bermuda", "Anguilla",
        "Montserrat", "British Virgin Is.", "Cayman Is.", "Turks and Caicos Is.", "Saint Helena", "Falkland Is.",
        "S. Geo. and the Is.", "Pitcairn Is.", "Br. Indian Ocean Ter.", "Indian Ocean Ter.",
    ),
    "GR": ("300",),
    "HR": ("191",),
    "HU": ("348",),
    "IE": ("372",),
    "IS": ("352",),
    "IT": ("380",),
    "LI": ("438",),
    "LT": ("440",),
    "LU": ("442",),
    "LV": ("428",),
    "MD": ("498",),
    "ME": ("499",),
    "MK": ("807",),
    "MT": ("470",),
    "NL": ("528", "Aruba", "Curaçao", "Sint Maarten"),
    "NO": ("578",),
    "PL": ("616",),
    "PT": ("620",),
    "RO": ("642",),
    "RS": ("688",),
    "SE": ("752",),
    "SI": ("705",),
    "SK": ("703",),
    "TR": ("792",),
    "UA": ("804", "Crimea"),
    "XK": ("Kosovo",),
}  # fmt: skip
_RUSSIA: Final = "643"
_SIMFEROPOL: Final = (34.10, 44.95)  # longitude, latitude: lies in Crimea, which the outlines draw with Russia

Ring = list[int]  # the numbers of its arcs; ~number: the arc backwards


class Outlines:
    """The outlines of the world: arcs of points, and the arcs of every country."""

    def __init__(self, topology: dict[str, Any]) -> None:
        across, up = topology["transform"]["scale"]
        west, south = topology["transform"]["translate"]
        self.arcs = []
        for steps in topology["arcs"]:
            places = itertools.accumulate(steps, lambda at, step: (at[0] + step[0], at[1] + step[1]))
            self.arcs.append([(x * across + west, y * up + south) for x, y in places])
        self._polygons: dict[str, list[list[Ring]]] = {}
        for shape in topology["objects"]["countries"]["geometries"]:
            polygons = shape["arcs"] if shape["type"] == "MultiPolygon" else [shape["arcs"]]
            for key in {shape.get("id"), shape["properties"]["name"]} - {None}:
                self._polygons.setdefault(key, []).extend(polygons)
        self._polygons["Crimea"] = [
            polygon for polygon in self._polygons[_RUSSIA] if self._holds(polygon[0], _SIMFEROPOL)
        ]

    def arcs_of(self, country: str) -> set[int]:
        """The numbers of the arcs around all land of a country of the country table."""
        found = {
            arc if arc >= 0 else ~arc
            for part in OUTLINES[country]
            for polygon in self._polygons[part]
            for ring in polygon
            for arc in ring
        }
        if not found:
            raise SystemExit(f"no outline of {country}")
        return found

    def _holds(self, ring: Ring, point: tuple[float, float]) -> bool:
        corners = [corner for arc in ring for corner in (self.arcs[arc] if arc >= 0 else self.arcs[~arc][::-1])]
        inside = False
        for (x, y), (next_x, next_y) in itertools.pairwise(corners):
            if (y > point[1]) != (next_y > point[1]):
                inside ^= point[0] < x + (point[1] - y) / (next_y - y) * (next_x - x)
        return inside


def filled_up(arc: list[tuple[float, float]]) -> Any:
    """The points of an arc on the unit sphere, with more between them so that none are farther apart than the step."""
    degree_km = math.radians(EARTH_RADIUS_KM)
    pieces = [numpy.array(arc[:1])]
    for (x, y), (next_x, next_y) in itertools.pairwise(arc):
        length = math.hypot((next_x - x) * math.cos(math.radians(y)), next_y - y) * degree_km
        pieces.append(numpy.linspace((x, y), (next_x, next_y), max(2, math.ceil(length / STEP_KM) + 1))[1:])
    east, north = numpy.radians(numpy.concatenate(pieces)).T
    return numpy.column_stack(
        [numpy.cos(north) * numpy.cos(east), numpy.cos(north) * numpy.sin(east), numpy.sin(north)]
    )


def distances(outlines: Outlines) -> dict[tuple[str, str], float]:
    """The distance in km of every two countries."""
    arcs = {country: outlines.arcs_of(country) for country in OUTLINES}
    points = {
        country: numpy.concatenate([filled_up(outlines.arcs[arc]) for arc in sorted(numbers)])
        for country, numbers in arcs.items()
    }
    trees = {country: KDTree(found) for country, found in points.items()}
    found = {}
    for one, other in itertools.combinations(sorted(OUTLINES), 2):
        if arcs[one] & arcs[other]:
            found[one, other] = 0.0
            continue
        few, many = sorted((one, other), key=lambda country: len(points[country]))
        chord = float(trees[many].query(points[few])[0].min())
        found[one, other] = 2 * EARTH_RADIUS_KM * math.asin(min(1.0, chord / 2))
    return found


def table(found: dict[tuple[str, str], float]) -> str:
    """The whole file as text."""
    lines = [
        "# Pairs of countries of countries.yaml whose land comes near each other, with the distance of their",
        f"# nearest land in km, rounded down. The first line, *, stands for the pairs not listed: at least {RULE_KM}.",
        "# A country is covered if it stands beside itself; of a country that does not, nothing is known.",
        "# Outlines: Natural Earth 1:10m (https://www.naturalearthdata.com, public domain), from the npm package",
        f"# world-atlas 2.0.2, taken on {TAKEN_ON}. Made by scripts/make_near_countries.py, which says how.",
        f"# {RULE_KM} km is the distance under which a host is near. Pairs up to {RULE_KM + MARGIN_KM} km are listed:",
        "# at this scale a coast may be drawn some 5 km off, and the smallest islands are left out.",
        "# All land counts: islands, overseas parts, dependent territories. Northern Cyprus, the buffer zone and the",
        "# British bases count as CY (the bases as GB too), Crimea as UA, Kosovo as XK.",
        "one,other,km",
        f"*,*,{RULE_KM}",
    ]
    listed = defaultdict(list)
    for (one, other), km in found.items():
        if km < RULE_KM + MARGIN_KM:
            listed[one].append(f"{one},{other},{math.floor(km)}")
    for country in sorted(OUTLINES):
        lines += [f"{country},{country},0", *listed[country]]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Make cxc/data/near_countries.csv again.")
    parser.add_argument("--sources", type=Path, help="a directory that keeps the download")
    parser.add_argument("--print-all", action="store_true", help="print the distance of every pair, write nothing")
    options = parser.parse_args()
    if missing := set(load_countries().by_code) ^ set(OUTLINES):
        raise SystemExit(f"the outlines and the country table differ in {', '.join(sorted(missing))}")
    with tarfile.open(fileobj=io.BytesIO(fetched(WORLD_ATLAS, options.sources))) as package:
        member = package.extractfile("package/countries-10m.json")
        assert member is not None
        found = distances(Outlines(json.load(member)))
    if options.print_all:
        for (one, other), km in sorted(found.items(), key=lambda pair: pair[1]):
            print(f"{one},{other},{km:.1f}")
    else:
        TARGET.write_text(table(found), encoding="utf-8", newline="\n")
