"""Places: the towns of the countries of the country table, and the great-circle distance between two of them.

Data: `cxc/data/towns/XX.tsv`, one file a country, from GeoNames (https://www.geonames.org, CC BY 4.0); each says how it
was made. One file is read when a town of its country is first looked up.
"""

import math
import re
from collections.abc import Iterator, Sequence
from functools import cache, lru_cache
from typing import Final, NamedTuple

from cxc.errors import UnknownPlace
from cxc.scheme.countries import DATA
from cxc.text import fold, listed

TOWNS: Final = DATA / "towns"

# The mean radius R1 of the Earth, 6 371.0088 km: H. Moritz, Geodetic Reference System 1980, J. Geodesy 74 (2000).
EARTH_RADIUS_KM: Final = 6371.0088

# Towns of one name that lie no farther apart than this are one place: it moves no distance by more than a town is wide.
ONE_PLACE_KM: Final = 15
_TOWN: Final = 5000  # people
_UNCOUNTED: Final = 1000  # people, of a place for which GeoNames has no number
# How many times the people of another place a town has, if it is meant and not the other: where the other is a town or
# a smaller place of the same name, and where it has another name and is also called so.
_TIMES_A_TOWN: Final = 100
_TIMES_A_SMALLER_PLACE: Final = 20
_TIMES_ALSO_CALLED_SO: Final = 5
_MOST_CANDIDATES: Final = 8


class Place(NamedTuple):
    """A place: a town, or bare coordinates. Latitude and longitude are in degrees, north and east positive.

    `country` is the country's code and None for bare coordinates; `region` tells towns of one name apart.
    """

    name: str
    country: str | None
    latitude: float
    longitude: float
    region: str | None = None

    @property
    def coordinates(self) -> str:
        """The coordinates as a trip may state them: `latitude,longitude`."""
        return self.name if self.country is None else f"{self.latitude},{self.longitude}"


def great_circle_km(one: Place, other: Place) -> float:
    """The length in km of the shortest way between two places over a round Earth of the mean radius.

    The real Earth is a little flat, which makes this wrong by at most 0.6 %.

    >>> round(great_circle_km(find_place("Vienna", "AT"), find_place("Bratislava", "SK")))
    55
    """
    north, other_north = math.radians(one.latitude), math.radians(other.latitude)
    east = math.radians(other.longitude - one.longitude)
    across = math.sin((other_north - north) / 2) ** 2
    across += math.cos(north) * math.cos(other_north) * math.sin(east / 2) ** 2
    return 2 * EARTH_RADIUS_KM * math.asin(min(1.0, math.sqrt(across)))


def find_place(text: str, country: str | None) -> Place:
    """The place that a text names: `latitude,longitude` in degrees, or a town of a country, by the country's code.

    A town is found by its name in its own or another language, without regard to case, accents and punctuation, with
    ue for ü and the like. Its region may follow, after a comma or in brackets: `Neustadt, Saxony`.

    Where several places of a country answer to a name and lie more than 15 km apart, one of them is meant only if

    * the name is its own, and it has a hundred times the people of every other town of that name, twenty times those
      of every smaller place of that name (under 5 000 people; 1 000 where nobody counted them), and five times those
      of every place that is also called so (in another language, or for short), or
    * the name is no place's own, and it has a hundred times the people of every other town that is also called so.

    So the name of every capital simply works, and Essen does not: there are two. Otherwise the text is refused with the
    towns that it may mean. Raises UnknownPlace, which says what to write.

    >>> find_place("Wien", "AT")
    Place(name='Vienna', country='AT', latitude=48.208, longitude=16.372, region='Vienna')
    >>> find_place("45.44, 28.05", None)
    Place(name='45.44,28.05', country=None, latitude=45.44, longitude=28.05, region=None)
    >>> find_place("Frankfurt", "DE")
    Traceback (most recent call last):
    ...
    cxc.errors.UnknownPlace: is the name of several places in Germany: Frankfurt am Main (Hesse) 50.116,8.684, or \
Frankfurt (Oder) (Brandenburg) 52.347,14.551; write the latitude,longitude of the right one, or its region \
after a comma, as in Frankfurt, Hesse
    """
    if not any(letter.isalpha() for letter in _COMPASS.sub("", text)):
        return _coordinates(text)
    if country is None:
        raise UnknownPlace(
            "names a town, but a town cannot be found without its country; state the country, or "
            f"{_WRITE_COORDINATES}, such as {_EXAMPLE}"
        )
    table = _table(country)
    if table is None:
        raise UnknownPlace(
            f"names a town of a country whose towns this program does not know; {_WRITE_COORDINATES}, {_NORTH}"
        )
    return _town(text, table)


FARTHEST_FROM_TOWNS_KM: Final = 150  # no land of these countries is so far from all of its towns


@lru_cache(maxsize=4096)
def place_in(text: str, country: str | None) -> Place:
    """The same, and where coordinates are stated with a country, a check that they are not far from all of its towns.

    >>> place_in("44.43,26.1", "RO").coordinates
    '44.43,26.1'
    >>> place_in("26.1,44.43", "RO")
    Traceback (most recent call last):
    ...
    cxc.errors.UnknownPlace: lies more than 150 km from every town of Romania; write latitude,longitude in this order, \
such as 45.44,28.05, north and east positive
    """
    place = find_place(text, country)
    if place.country is not None or country is None or (table := _table(country)) is None:
        return place
    if not _near_a_town(place, country):
        raise UnknownPlace(
            f"lies more than {FARTHEST_FROM_TOWNS_KM} km from every town of {table.names[0]}; write latitude,longitude "
            f"in this order, {_NORTH}"
        )
    return place


Point = tuple[float, float, float]


def _point(place: Place) -> Point:
    """A place as a point on a globe of radius 1 around nought; the product of two is the cosine of what parts them."""
    north, east = math.radians(place.latitude), math.radians(place.longitude)
    return math.cos(north) * math.cos(east), math.cos(north) * math.sin(east), math.sin(north)


def _product(one: Point, other: Point) -> float:
    return one[0] * other[0] + one[1] * other[1] + one[2] * other[2]


@cache
def _towns_on_globe(country: str) -> tuple[tuple[Point, ...], Point, float]:
    """The towns of a country, the largest of them, and the cosine of what parts it from the farthest place near one."""
    points = tuple(_point(town) for town in towns(country))
    farthest = math.acos(min(1.0, *(_product(points[0], point) for point in points))) + _FAR
    return points, points[0], math.cos(farthest)


_FAR: Final = FARTHEST_FROM_TOWNS_KM / EARTH_RADIUS_KM


def _near_a_town(place: Place, country: str) -> bool:
    """Whether a place is not far from all towns of a country. Where it is elsewhere altogether, one look tells."""
    point, (towns_there, largest, least) = _point(place), _towns_on_globe(country)
    near = math.cos(_FAR)
    return _product(point, largest) >= least and any(_product(point, town) >= near for town in towns_there)


_EXAMPLE: Final = "45.44,28.05"
_WRITE_COORDINATES: Final = "write latitude,longitude instead"
_NORTH: Final = f"such as {_EXAMPLE}, north and east positive"
_COMPASS: Final = re.compile(r"(?<=[\d°'′″\"\s])[NSEWO](?![^\W\d_])", re.IGNORECASE)
_DEGREES: Final = re.compile(r"\s*([+-]?\d{1,3}\.\d{1,15})\s*,\s*([+-]?\d{1,3}\.\d{1,15})\s*", re.ASCII)


def _coordinates(text: str) -> Place:
    found = _DEGREES.fullmatch(text.replace("\N{MINUS SIGN}", "-"))
    if found is None:
        raise UnknownPlace(
            "is neither a town nor clear coordinates; write latitude,longitude in degrees "
            f"with decimal points and one comma between them, {_NORTH}"
        )
    latitude, longitude = float(found[1]), float(found[2])
    if abs(latitude) > 90:
        raise UnknownPlace(f"has a latitude outside -90 to 90; write latitude,longitude in this order, {_NORTH}")
    if abs(longitude) > 180:
        raise UnknownPlace(f"has a longitude outside -180 to 180; write latitude,longitude in this order, {_NORTH}")
    return Place(f"{found[1]},{found[2]}", None, latitude, longitude)


class _Table(NamedTuple):
    """The towns of a country as text, one a line, and the country's code and names, the usual one first."""

    country: str
    names: tuple[str, ...]
    lines: str


@cache
def _table(country: str) -> _Table | None:
    path = TOWNS / f"{country}.tsv"
    if not path.exists():
        return None
    text = path.read_text(encoding="utf-8")
    start = text.index(f"\n{country}\t") + 1
    heading, _, lines = text[start:].partition("\n")
    return _Table(country, tuple(heading.split("\t")[1].split("|")), lines)


class _Town(NamedTuple):
    place: Place
    people: int
    own: bool  # whether the name that it was found by is its own

    def is_meant_before(self, other: "_Town") -> bool:
        """Whether who writes the name means this town and not the other, which lies elsewhere."""
        people = other.people or _UNCOUNTED
        if self.own > other.own:
            return self.people >= _TIMES_ALSO_CALLED_SO * people
        return self.people >= (_TIMES_A_TOWN if people >= _TOWN else _TIMES_A_SMALLER_PLACE) * people


def towns(country: str) -> Iterator[Place]:
    """Every place of a country that has a name here, by the country's code, the most people first; perhaps none."""
    table = _table(country)
    for line in table.lines.splitlines() if table else ():
        yield _read(line, country).place


def _read(line: str, country: str, key: str = "") -> _Town:
    name, region, latitude, longitude, people, own, _ = line.split("\t")
    place = Place(name, country, float(latitude), float(longitude), region or None)
    return _Town(place, int(people), f"|{key}|" in own)


def _called(key: str, table: _Table) -> list[_Town]:
    """The towns that bear a folded name, the likeliest first."""
    found = []
    place = table.lines.find(f"|{key}|")
    while place >= 0:
        start, end = table.lines.rfind("\n", 0, place) + 1, table.lines.find("\n", place)
        found.append(_read(table.lines[start:end], table.country, key))
        place = table.lines.find(f"|{key}|", end)
    return sorted(found, key=lambda town: (town.own, town.people), reverse=True)


def _town(text: str, table: _Table) -> Place:
    name, region = _parted(text)
    candidates = _called(fold(name), table)
    there = [town for town in candidates if fold(region) in _folded_region(town.place.region or "")]
    if there:
        return _the_one(there, name, table)
    whole = _called(fold(text), table) if region else []  # Frankfurt (Oder) is a name, and Oder no region
    if whole:
        return _the_one(whole, text, table)
    if not candidates:
        raise _unknown(name, table)
    if region and fold(region) not in map(fold, [table.country, *table.names]):
        known = listed(_regions(candidates), "and") or _choice(candidates)
        raise UnknownPlace(
            f"does not name a region of {table.names[0]} with a town of this name, which is known in {known}; write "
            "one of these after the comma, or the town's latitude,longitude"
        )
    return _the_one(candidates, name, table)


def _parted(text: str) -> tuple[str, str]:
    """A town and what follows it after the last comma or in brackets: its region, its country or nothing.

    >>> _parted("Neustadt (Saxony)"), _parted("Neustadt, Saxony"), _parted("Neustadt")
    (('Neustadt', 'Saxony'), ('Neustadt', 'Saxony'), ('Neustadt', ''))
    """
    mark = max(text.rfind(","), text.rfind("("))
    return (text[:mark].strip(), text[mark + 1 :].strip(" )")) if mark >= 0 else (text.strip(), "")


@cache
def _folded_region(region: str) -> frozenset[str]:
    """A region's name with and without words such as County."""
    bare = _KINDS_OF_REGION.sub(" ", region)
    return frozenset(key for key in (fold(region), fold(bare)) if key)


_KINDS_OF_REGION: Final = re.compile(
    r"\b(county|province|region|oblast|voivodeship|district|parish|prefecture|(state|canton|municipality) of|"
    r"municipality|capital|city|novads|rajons|grad)\b",
    re.IGNORECASE,
)


def _the_one(candidates: list[_Town], text: str, table: _Table) -> Place:
    meant = candidates[0]
    elsewhere = [town for town in candidates[1:] if great_circle_km(meant.place, town.place) > ONE_PLACE_KM]
    if all(meant.is_meant_before(town) for town in elsewhere):
        return meant.place
    several = sorted([meant, *elsewhere], key=lambda town: town.people, reverse=True)
    alone = [region for region in _regions(several) if [town.place.region for town in several].count(region) == 1]
    by_region = f", or its region after a comma, as in {text}, {alone[0]}" if alone else ""
    raise UnknownPlace(
        f"is the name of several places in {table.names[0]}: {_choice(several)}; write the latitude,longitude of the "
        f"right one{by_region}"
    )


def _regions(candidates: list[_Town]) -> list[str]:
    return [*dict.fromkeys(town.place.region for town in candidates if town.place.region)]


def _choice(candidates: list[_Town]) -> str:
    """The towns that a name may mean, each with its region and its coordinates."""
    *first, last = [
        f"{town.place.name}{f' ({town.place.region})' if town.place.region else ''} {town.place.coordinates}"
        for town in candidates[:_MOST_CANDIDATES]
    ]
    if len(candidates) > _MOST_CANDIDATES:
        first, last = [*first, last], f"one of {len(candidates) - _MOST_CANDIDATES} more"
    return f"{', '.join(first)}, or {last}" if first else last


def _unknown(text: str, table: _Table) -> UnknownPlace:
    def said(close: Sequence[Place]) -> str:
        names = [*dict.fromkeys(town.name for town in close)]
        hint = f"did you mean {listed(names)}? For" if names else "for"
        example = close[0] if close else _read(table.lines.partition("\n")[0], table.country).place
        return (
            f"is not a known town of 5 000 people or more in {table.names[0]}; {hint} a smaller place, write "
            f"latitude,longitude, such as {example.coordinates}"
        )

    key = "".join(filter(str.isalpha, fold(text)))  # without a postcode
    return UnknownPlace(said(()), lambda: said(_nearest(key, table.country)))


@lru_cache(maxsize=4096)
def _nearest(key: str, country: str) -> list[Place]:
    """The towns whose names come closest to a folded name: those that begin with it, then those spelt alike."""
    from difflib import get_close_matches

    by_name: dict[str, str] = {}
    longer: list[str] = []
    table = _table(country)
    assert table is not None
    for line in table.lines.splitlines():
        for name in line.partition("\t|")[2].replace("\t", "").split("|"):
            if abs(len(name) - len(key)) <= _MOST_LETTERS_OFF:
                by_name.setdefault(name, line)
        if len(key) >= _FIRST_LETTERS and f"\t|{key}" in line:
            longer.append(line)
    alike = [by_name[name] for name in get_close_matches(key, by_name, n=_MOST_HINTS * 2, cutoff=0.75)]
    found = dict.fromkeys([*longer, *alike])
    return [_read(line, country).place for line in [*found][:_MOST_HINTS]]


_MOST_HINTS: Final = 3
_MOST_LETTERS_OFF: Final = 2
_FIRST_LETTERS: Final = 4
