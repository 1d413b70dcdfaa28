"""Places: towns and coordinates as people write them, the distance between them, and countries that are never near."""

import csv
import itertools
import math
import sys
from collections import defaultdict
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cxc.errors import CxcError, UnknownPlace
from cxc.scheme.countries import DATA, load_countries
from cxc.scheme.near_countries import never_near
from cxc.text import fold
from cxc.trip import places
from cxc.trip.places import TOWNS, Place, find_place, great_circle_km, towns

CODES = sorted(load_countries().by_code)
HALF_ROUND_KM = 20_015.2  # half the circumference of a round Earth of the mean radius

with (Path(__file__).parent / "cases" / "city-distances.csv").open(encoding="utf-8") as stream:
    CITY_DISTANCES = [tuple(row.values()) for row in csv.DictReader(stream)]


# The distance


@pytest.mark.parametrize(("one", "one_country", "other", "other_country", "km", "source"), CITY_DISTANCES)
def test_distances_are_the_published_ones(
    one: str, one_country: str, other: str, other_country: str, km: str, source: str
) -> None:
    """Within 1 % of what others publish for the same two cities; each line of the table names who."""
    found = great_circle_km(find_place(one, one_country), find_place(other, other_country))

    assert found == pytest.approx(float(km), rel=0.01), source


def degrees(north: tuple[int, int, int], east: tuple[int, int, int]) -> Place:
    latitude, longitude = (whole + minutes / 60 + seconds / 3600 for whole, minutes, seconds in (north, east))
    return Place("an airport", None, latitude, longitude)


# Airports with the coordinates and the great-circle distances that airmilescalculator.com publishes.
BUCHAREST = degrees((44, 34, 19), (26, 6, 7))
SOFIA = degrees((42, 41, 48), (23, 24, 41))
COPENHAGEN = degrees((55, 37, 4), (12, 39, 21))
LULEA = degrees((65, 32, 37), (22, 7, 19))
BOLOGNA = degrees((44, 32, 7), (11, 17, 19))
BILLUND = degrees((55, 44, 25), (9, 9, 6))


@pytest.mark.parametrize(
    ("one", "other", "km"),
    [(BUCHAREST, SOFIA, 300.608), (LULEA, COPENHAGEN, 1215.747), (BOLOGNA, COPENHAGEN, 1236.112), (BILLUND, COPENHAGEN, 220.094)],
)  # fmt: skip
def test_distances_of_published_coordinates(one: Place, other: Place, km: float) -> None:
    """Where the points are the same ones, to within 50 m."""
    assert great_circle_km(one, other) == pytest.approx(km, abs=0.05)


@pytest.mark.parametrize(
    ("one", "other", "least", "most"),
    [
        (("Ruse", "BG"), ("Giurgiu", "RO"), 2.8, 10),  # face each other over the Danube; the bridge is 2.8 km long
        (("Bratislava", "SK"), ("Vienna", "AT"), 54, 56),  # 55 km: every list of neighbouring capitals
        (("Tallinn", "EE"), ("Helsinki", "FI"), 80, 83),  # 82.09 km: sporcle.com; 83 km: skyscrapercity.com
        (("Copenhagen", "DK"), ("Malmö", "SE"), 27, 30),  # "just 30 kilometers": greatplacesinsweden.com
        (("Pristina", "XK"), ("Skopje", "MK"), 75, 79),  # 75.45 km: sporcle.com, from other centres of the towns
    ],
)
def test_neighbours_over_a_border(one: tuple[str, str], other: tuple[str, str], least: float, most: float) -> None:
    """Two towns of different countries that are near, both ways, so that their countries can be near as well."""
    assert least <= great_circle_km(find_place(*one), find_place(*other)) <= most
    assert not never_near(one[1], other[1], 200)


@pytest.mark.parametrize(
    ("one", "other", "km"),
    [
        ("0.0,0.0", "0.0,90.0", HALF_ROUND_KM / 2),
        ("0.0,0.0", "90.0,0.0", HALF_ROUND_KM / 2),
        ("0.0,0.0", "0.0,180.0", HALF_ROUND_KM),
        ("12.5,30.0", "-12.5,-150.0", HALF_ROUND_KM),
        ("90.0,0.0", "90.0,77.7", 0),
        ("10.0,179.5", "10.0,-179.5", 109.5),
        ("0.0,0.0", "0.0,0.001", 0.1112),
    ],
)
def test_distances_that_are_known_exactly(one: str, other: str, km: float) -> None:
    """Quarters and halves of the round, a pole, over the date line, next door."""
    assert great_circle_km(find_place(one, None), find_place(other, None)) == pytest.approx(km, rel=1e-3, abs=1e-6)


anywhere = st.builds(
    Place, st.just("x"), st.none(), st.floats(-90, 90, allow_nan=False), st.floats(-180, 180, allow_nan=False)
)


@given(anywhere, anywhere, anywhere)
def test_distance_is_a_distance(one: Place, other: Place, third: Place) -> None:
    """The same both ways, nothing to itself, at most half round the Earth, and no way round is shorter."""
    there = great_circle_km(one, other)

    assert there == pytest.approx(great_circle_km(other, one), abs=1e-6)
    assert great_circle_km(one, one) == 0
    assert 0 <= there <= HALF_ROUND_KM
    assert there <= great_circle_km(one, third) + great_circle_km(third, other) + 1e-3


# Coordinates


@pytest.mark.parametrize(
    ("text", "latitude", "longitude"),
    [
        ("45.44,28.05", 45.44, 28.05), ("45.44, 28.05", 45.44, 28.05), (" 45.44 , 28.05 ", 45.44, 28.05),
        ("-33.9,151.2", -33.9, 151.2), ("\N{MINUS SIGN}33.9,+151.2", -33.9, 151.2), ("64.1355,-21.8954", 64.1355, -21.8954),
        ("90.0,180.0", 90, 180), ("-90.0,-180.0", -90, -180), ("0.0,0.0", 0, 0),
    ],
)  # fmt: skip
def test_coordinates(text: str, latitude: float, longitude: float) -> None:
    """Decimal points, one comma; the country does not matter, and is not claimed."""
    for country in (None, "RO", "US"):
        assert find_place(text, country)[1:] == (None, latitude, longitude, None)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("45,44,28,05", "with decimal points and one comma between them, such as 45.44,28.05"),
        ("45,44, 28,05", "is neither a town nor clear coordinates"),
        ("45,28", "is neither a town nor clear coordinates"),  # 45.28? 45.0,28.0?
        ("45.44;28.05", "one comma"), ("45.44 28.05", "one comma"), ("45.44", "one comma"), ("45.44,28.05,3.0", "one comma"),
        ("45.44,28", "with decimal points"), ("45°26′N 28°03′E", "with decimal points"), ("N 45.44, E 28.05", "country"),
        ("45.44N, 28.05E", "with decimal points"), ("4.5.44,28.05", "one comma"), ("1e1,2.0", "one comma"), ("٤٥.٤٤,٢٨.٠٥", "one comma"),
        ("", "neither a town nor clear coordinates"), ("?", "neither a town nor clear coordinates"), ("400001", "neither a town nor clear coordinates"),
        ("90.1,28.05", "has a latitude outside -90 to 90"), ("-90.001,28.05", "has a latitude outside"), ("123.4,5.6", "in this order"),
        ("45.44,180.1", "has a longitude outside -180 to 180"), ("45.44,-999.9", "has a longitude outside"),
    ],
)  # fmt: skip
def test_no_coordinates(text: str, says: str) -> None:
    """What can be read in two ways, or lies nowhere, is refused with what to write."""
    with pytest.raises(UnknownPlace) as caught:
        find_place(text, None)

    assert says in str(caught.value)
    assert "latitude,longitude" in str(caught.value)


@given(anywhere.filter(lambda place: "e" not in f"{place.latitude}{place.longitude}"))
def test_coordinates_are_exact(place: Place) -> None:
    """Nothing is lost of what is written, and what is shown can be written again."""
    found = find_place(f"{place.latitude:.14f},{place.longitude:.14f}", None)

    assert (found.latitude, found.longitude) == pytest.approx((place.latitude, place.longitude), abs=1e-13)
    assert find_place(found.coordinates, "PT") == found


# Towns by name


@pytest.mark.parametrize(
    ("country", "name", "spellings"),
    [
        ("AL", "Tirana", "Tirana; Tiranë; Tirane; TIRANA; Tiranë (Albania)"),
        ("AM", "Yerevan", "Yerevan; Երևան; Erevan; Ереван"),
        ("AT", "Vienna", "Wien; Vienna; Vienne; Bécs; Viena; Vídeň; Вена; Βιέννη; wien; WIEN; Vienna (AT); Wien, Österreich"),
        ("AT", "Sankt Pölten", "Sankt Pölten; St. Pölten; St Poelten; Sankt Poelten"),
        ("BA", "Sarajevo", "Sarajevo; Сарајево"), ("BA", "Banja Luka", "Banja Luka; Banjaluka; Бања Лука"),
        ("BE", "Brussels", "Brussels; Bruxelles; Brussel; Brüssel; Bruselas"),
        ("BE", "Liège", "Liège; Liege; Luik; Lüttich; Luettich"), ("BE", "Antwerp", "Antwerpen; Antwerp; Anvers"),
        ("BG", "Sofia", "Sofia; София; Sofija"), ("BG", "Plovdiv", "Plovdiv; Пловдив"), ("BG", "Ruse", "Ruse; Русе; Rousse"),
        ("CH", "Geneva", "Geneva; Genève; Geneve; Genf; Ginevra"), ("CH", "Zürich", "Zürich; Zurich; Zuerich; Zurigo"),
        ("CH", "Basel", "Basel; Bâle; Basle; Basilea"), ("CH", "Sankt Gallen", "St. Gallen; Sankt Gallen; Saint Gallen"),
        ("CY", "Nicosia", "Nicosia; Λευκωσία; Lefkosia; Lefkoşa"),
        ("CZ", "Prague", "Praha; Prague; Prag; Praga"), ("CZ", "Brno", "Brno; Brünn; Bruenn"),
        ("CZ", "Pilsen", "Plzeň; Plzen; Pilsen"),
        ("DE", "Köln", "Köln; Koeln; Koln; Cologne; Colonia; Keulen; KÖLN; köln; Köln, Germany; Köln (North Rhine-Westphalia)"),
        ("DE", "Munich", "München; Muenchen; Munchen; Munich; Monaco di Baviera"),
        ("DE", "Düsseldorf", "Düsseldorf; Duesseldorf; Dusseldorf"), ("DE", "Nuremberg", "Nürnberg; Nuernberg; Nuremberg"),
        ("DE", "Frankfurt am Main", "Frankfurt am Main; Frankfurt/Main; Frankfurt-am-Main; Frankfurt, Hesse; Frankfurt (Hesse)"),
        ("DE", "Frankfurt (Oder)", "Frankfurt (Oder); Frankfurt/Oder; Frankfurt, Oder; Frankfurt, Brandenburg; Frankfurt an der Oder"),
        ("DE", "Halle (Saale)", "Halle (Saale); Halle, Saale; Halle Saale"), ("DE", "Gießen", "Gießen; Giessen; GIESSEN"),
        ("DK", "Copenhagen", "København; Kobenhavn; Koebenhavn; Copenhagen; Kopenhagen; Copenhague"), ("DK", "Århus", "Århus; Aarhus; Arhus"),
        ("EE", "Tallinn", "Tallinn; Reval"), ("EE", "Tartu", "Tartu; Dorpat"),
        ("ES", "Sevilla", "Sevilla; Seville; Séville"), ("ES", "A Coruña", "A Coruña; La Coruña; La Coruna"),
        ("ES", "Donostia / San Sebastián", "Donostia; Donostia-San Sebastián; San Sebastián, Basque Country"), ("FI", "Helsinki", "Helsinki; Helsingfors"), ("FI", "Turku", "Turku; Åbo; Abo"),
        ("FR", "Paris", "Paris; PARIS; Parigi; Παρίσι; Paris, France"), ("FR", "Strasbourg", "Strasbourg; Straßburg; Strassburg"),
        ("FR", "Saint-Étienne", "Saint-Étienne; St. Etienne; ST ETIENNE; Saint Etienne"), ("FR", "Vienne", "Vienne"),
        ("GB", "London", "London; Londres; Londra; Λονδίνο; London, England; London, UK"), ("GB", "Edinburgh", "Edinburgh; Edimbourg"),
        ("GB", "Cambridge", "Cambridge"), ("GB", "Bristol", "Bristol"),
        ("GR", "Athens", "Αθήνα; ΑΘΗΝΑ; Athína; Athina; Athens; Athen; Athènes"), ("GR", "Thessaloníki", "Thessaloniki; Θεσσαλονίκη; Saloniki"),
        ("HR", "Zagreb", "Zagreb; Agram"), ("HR", "Rijeka", "Rijeka; Fiume"), ("HU", "Budapest", "Budapest; Budapeszt"),
        ("HU", "Győr", "Győr; Gyor; Gyoer; Raab"), ("HU", "Pécs", "Pécs; Pecs; Fünfkirchen"),
        ("IE", "Dublin", "Dublin; Baile Átha Cliath"), ("IS", "Reykjavík", "Reykjavík; Reykjavik"),
        ("IT", "Rome", "Roma; Rome; Rom; Rzym"), ("IT", "Milan", "Milano; Milan; Mailand"), ("IT", "Bolzano", "Bolzano; Bozen"),
        ("IT", "Florence", "Firenze; Florence; Florenz"), ("LI", "Vaduz", "Vaduz"), ("LT", "Vilnius", "Vilnius; Wilno; Вильнюс"),
        ("LU", "Luxembourg", "Luxembourg; Luxemburg; Lëtzebuerg"), ("LV", "Riga", "Rīga; Riga"), ("MD", "Chisinau", "Chișinău; Chişinău; Chisinau; Кишинёв"),
        ("ME", "Podgorica", "Podgorica; Подгорица"), ("MK", "Skopje", "Skopje; Скопје; Shkup; Üsküp"), ("MT", "Valletta", "Valletta; La Valletta; La Valette"),
        ("NL", "The Hague", "The Hague; Den Haag; 's-Gravenhage; La Haye"), ("NL", "'s-Hertogenbosch", "'s-Hertogenbosch; Den Bosch"),
        ("NO", "Oslo", "Oslo"), ("NO", "Ålesund", "Ålesund; Aalesund; Alesund"), ("NO", "Tromsø", "Tromsø; Tromso; Tromsoe"),
        ("PL", "Łódź", "Łódź; Lodz; LODZ"), ("PL", "Warsaw", "Warszawa; Warsaw; Warschau; Varsovie"), ("PL", "Kraków", "Kraków; Krakow; Cracow; Krakau"),
        ("PT", "Lisbon", "Lisboa; Lisbon; Lissabon"), ("PT", "Porto", "Porto; Oporto"),
        ("RO", "Cluj-Napoca", "Cluj-Napoca; Cluj Napoca; CLUJ-NAPOCA; Cluj; Klausenburg; Kolozsvár; Cluj-Napoca, Cluj; Cluj-Napoca, Romania"),
        ("RO", "Iaşi", "Iași; Iaşi; Iasi; Jassy"), ("RO", "Bucharest", "București; Bucureşti; Bucuresti; Bucharest; Bukarest"),
        ("RO", "Galaţi", "Galați; Galaţi; Galati"), ("RO", "Timişoara", "Timișoara; Timisoara; Temesvár"),
        ("RS", "Belgrade", "Beograd; Београд; Belgrade; Belgrad"), ("RS", "Novi Sad", "Novi Sad; Нови Сад; Újvidék"),
        ("SE", "Gothenburg", "Göteborg; Goeteborg; Goteborg; Gothenburg"), ("SE", "Malmö", "Malmö; Malmo; Malmoe"),
        ("SI", "Ljubljana", "Ljubljana; Laibach; Lubiana"), ("SK", "Bratislava", "Bratislava; Pressburg; Pozsony"), ("SK", "Košice", "Košice; Kosice; Kassa"),
        ("TR", "Istanbul", "İstanbul; Istanbul; ISTANBUL; istanbul"), ("TR", "İzmir", "İzmir; Izmir; IZMIR; Smyrna"),
        ("UA", "Kyiv", "Київ; Kyiv; Kiev; Киев; Kijów"), ("UA", "Lviv", "Львів; Lviv; Lemberg; Lwów"),
        ("XK", "Pristina", "Prishtinë; Prishtina; Priština; Приштина; Pristina"), ("XK", "Prizren", "Prizren; Призрен"),
    ],
)  # fmt: skip
def test_towns_as_people_write_them(country: str, name: str, spellings: str) -> None:
    """In the country's languages and in others', with and without accents, in capitals, with the region or the country."""
    for spelling in spellings.split("; "):
        found = find_place(spelling, country)

        assert (found.name, found.country) == (name, country), spelling


@pytest.mark.parametrize(
    ("text", "country", "candidates"),
    [
        ("Frankfurt", "DE", "Frankfurt am Main (Hesse) 50.116,8.684, or Frankfurt (Oder) (Brandenburg) 52.347,14.551"),
        ("Halle", "DE", "Halle (Saale) (Saxony-Anhalt) 51.482,11.979, Halle-Neustadt (Saxony-Anhalt) 51.479,11.916, Halle (North Rhine-Westphalia) 52.06,8.361, "),
        ("Münster", "DE", "Münster (North Rhine-Westphalia) 51.962,7.626, Munster (Lower Saxony) 52.985,10.09, Münster (Hesse) "),
        ("Essen", "DE", "Essen (North Rhine-Westphalia) 51.457,7.012, or Essen (Lower Saxony) "),  # 72 times the people
        ("Mülheim", "DE", "Mülheim (North Rhine-Westphalia) "),
        ("Neustadt", "DE", ", or one of 9 more"),
        ("Newcastle", "GB", "Newcastle upon Tyne (England) 54.973,-1.614, Newcastle under Lyme (England) 53.0,-2.233, "),
        ("Newport, England", "GB", "Newport (England) 50.701,-1.291, Newport Pagnell (England) 52.087,-0.722, Newport (England) 52.767,-2.377, "), ("San Sebastián", "ES", "San Sebastián (Basque Country) "),
        ("Mons", "FR", "Mons (Occitanie) 43."), ("Bruck", "DE", "Bruck (Bavaria) "),  # villages, and what towns are called for short
        ("Valence", "FR", "Valence (Auvergne-Rhône-Alpes) "), ("Salamanca", "ES", "Salamanca (Castille and León) "),
        ("Slatina, Romania", "RO", "Slatina (Olt) "), ("Chełm", "PL", "Chełm ("), ("Aksaray", "TR", "Aksaray (Istanbul) "),
    ],
)  # fmt: skip
def test_several_towns_of_one_name(text: str, country: str, candidates: str) -> None:
    """No guess: the towns it may mean, each with what tells it apart and what can be pasted instead."""
    with pytest.raises(UnknownPlace) as caught:
        find_place(text, country)
    message = str(caught.value)

    assert message.startswith("is the name of several places in ")
    assert candidates in message
    assert "write the latitude,longitude of the right one" in message


def test_towns_of_one_name_in_one_region() -> None:
    """A region is offered only where it would help."""
    with pytest.raises(UnknownPlace) as caught:
        find_place("Newport, England", "GB")

    assert "after a comma" not in str(caught.value)


@pytest.mark.parametrize(
    ("text", "country", "name", "region"),
    [
        ("Neustadt, Saxony", "DE", "Neustadt in Sachsen", "Saxony"), ("Neustadt (Saxony)", "DE", "Neustadt in Sachsen", "Saxony"),
        ("neustadt , SAXONY ", "DE", "Neustadt in Sachsen", "Saxony"), ("Essen, North Rhine-Westphalia", "DE", "Essen", "North Rhine-Westphalia"),
        ("Münster, Hesse", "DE", "Münster", "Hesse"), ("Newport, Wales", "GB", "Newport", "Wales"), ("Slatina, Olt", "RO", "Slatina", "Olt"),
        ("Berlin, Berlin", "DE", "Berlin", "State of Berlin"), ("Rivne, Rivne", "UA", "Rivne", "Rivne Oblast"),
        ("Chełm, Lublin", "PL", "Chełm", "Lublin"), ("Salamanca, Madrid", "ES", "Salamanca", "Madrid"), ("Olsztyn, Silesia", "PL", "Olsztyn", "Silesia"),
        ("Olsztyn", "PL", "Olsztyn", "Warmia-Masuria"), ("Vienna,", "AT", "Vienna", "Vienna"),
    ],
)  # fmt: skip
def test_the_region_tells_towns_apart(text: str, country: str, name: str, region: str) -> None:
    """After a comma or in brackets, with or without words such as County."""
    found = find_place(text, country)

    assert (found.name, found.region) == (name, region)


@pytest.mark.parametrize(
    ("text", "country", "says"),
    [
        ("Neustadt, Sachsen", "DE", "does not name a region of Germany with a town of this name, which is known in Hamburg, "),
        ("Neustadt, Sachsen", "DE", " Saxony"),
        ("Vienna, Germany", "AT", "does not name a region of Austria with a town of this name, which is known in Vienna; write one"),
        ("Dhekelia, Wessex", "GB", "which is known in Dhekelia 34.984,33.734; write"),
        ("Kluj-Napoca", "RO", "is not a known town of 5 000 people or more in Romania; did you mean Cluj-Napoca? For a smaller "
         "place, write latitude,longitude, such as 46.767,23.6"),
        ("Kluj-Napoca, Cluj", "RO", "did you mean Cluj-Napoca?"), ("400001 Cluj-Napoca", "RO", "did you mean Cluj-Napoca?"),
        ("Nürnbreg", "DE", "did you mean Nuremberg?"), ("Bécss", "AT", "did you mean Vienna"), ("Rothenbur", "DE", "Rothenburg"),
        ("Klagenf", "AT", "did you mean Klagenfurt am Wörthersee"), ("Xqzw", "RO", "for a smaller place, write latitude,longitude, such as 44.432,26.106"),
        ("Paris", "DE", "is not a known town of 5 000 people or more in Germany"), ("am", "DE", "is not a known town"), ("capital", "AT", "is not a known town"),
        ("Boston", "US", "names a town of a country whose towns this program does not know; write latitude,longitude instead"),
        ("Wien", None, "names a town, but a town cannot be found without its country; state the country, or write latitude,longitude"),
    ],
)  # fmt: skip
def test_no_town(text: str, country: str | None, says: str) -> None:
    """What is needed, the nearest names, and a way that always works."""
    with pytest.raises(UnknownPlace) as caught:
        find_place(text, country)

    assert says in str(caught.value)
    assert "latitude,longitude" in str(caught.value)


@given(st.text(max_size=40), st.sampled_from(["AT", "LI", "MT", "US", None]))
def test_any_text_is_a_place_or_refused(text: str, country: str | None) -> None:
    """Nothing that anybody may type ends in another error."""
    try:
        found = find_place(text, country)
    except UnknownPlace as refused:
        assert isinstance(refused, CxcError)
        assert "latitude,longitude" in str(refused)
    else:
        assert -90 <= found.latitude <= 90
        assert -180 <= found.longitude <= 180


@pytest.mark.parametrize("text", ["a" * 100_000, "a," * 50_000, "( " * 50_000, " " * 100_000, "1." * 50_000])
def test_a_long_text_takes_no_long_time(text: str) -> None:
    """A cell of a table may hold anything."""
    with pytest.raises(UnknownPlace):
        find_place(text, "DE")


# The rule on towns of one name, held against the tables line by line


class Line:
    """A line of a table, as the file says it."""

    def __init__(self, text: str) -> None:
        self.name, self.region, latitude, longitude, people, own, others = text.split("\t")
        self.place = Place(self.name, None, float(latitude), float(longitude))
        self.people = int(people)
        assert own[0] == own[-1] == others[0] == others[-1] == "|"
        self.own, self.others = own.strip("|").split("|"), others.strip("|").split("|") if others != "|" else []


def lines_of(code: str) -> list[Line]:
    text = (TOWNS / f"{code}.tsv").read_text(encoding="utf-8")
    heading, *lines = [line for line in text.splitlines() if not line.startswith("#")]
    assert heading.split("\t")[0] == code
    return [Line(line) for line in lines]


LINES = {code: lines_of(code) for code in CODES}


def wins(one: Line, other: Line, key: str) -> bool:
    """The rule of the docstring of find_place, for two towns that lie apart."""
    people = other.people or 1000
    if (key in one.own) == (key in other.own):
        return one.people >= (100 if people >= 5000 else 20) * people
    return key in one.own and one.people >= 5 * people


@pytest.mark.parametrize("code", CODES)
def test_every_name_of_several_towns(code: str) -> None:
    """Every name that two towns of a country bear, against the rule, town by town."""
    bearers = defaultdict(list)
    for line in LINES[code]:
        for key in [*line.own, *line.others]:
            bearers[key].append(line)
    for key, among in bearers.items():
        if len(among) < 2:
            continue
        apart = {
            (one, other)
            for one, other in itertools.permutations(among, 2)
            if great_circle_km(one.place, other.place) > 15
        }
        meant = [one for one in among if all(wins(one, other, key) for other in among if (one, other) in apart)]
        try:
            found = find_place(key, code)
        except UnknownPlace as refused:
            assert "several places" in str(refused)
            assert not meant, key
            example = str(refused).partition(", as in ")[2]
            assert not example or find_place(example, code), "what a message says to write is read"
        else:
            assert (found.latitude, found.longitude) in {line.place[2:4] for line in meant}, key


@pytest.mark.parametrize("code", CODES)
def test_every_town_can_be_reached(code: str) -> None:
    """Its own name finds a town of that name or is refused; its coordinates, as a message shows them, are itself."""
    for line, place in zip(LINES[code], towns(code), strict=True):
        assert find_place(place.coordinates, code)[2:4] == line.place[2:4]
    for place in itertools.islice(towns(code), 300):
        try:
            found = find_place(place.name, code)
        except UnknownPlace as refused:
            assert "several places" in str(refused)
        else:
            assert fold(found.name) == fold(place.name)


CAPITALS = (
    "AL Tirana, AM Yerevan, AT Vienna, BA Sarajevo, BE Brussels, BG Sofia, CH Bern, CY Nicosia, CZ Prague, DE Berlin, "
    "DK Copenhagen, EE Tallinn, ES Madrid, FI Helsinki, FR Paris, GB London, GR Athens, HR Zagreb, HU Budapest, IE Dublin, "
    "IS Reykjavík, IT Rome, LI Vaduz, LT Vilnius, LU Luxembourg, LV Riga, MD Chisinau, ME Podgorica, MK Skopje, MT Valletta, "
    "NL Amsterdam, NO Oslo, PL Warsaw, PT Lisbon, RO Bucharest, RS Belgrade, SE Stockholm, SI Ljubljana, SK Bratislava, "
    "TR Ankara, UA Kyiv, XK Pristina"
)


def test_capitals_are_meant() -> None:
    """The name of a capital simply works, in every country."""
    capitals = [capital.split(" ") for capital in CAPITALS.split(", ")]

    assert [code for code, _ in capitals] == CODES
    for code, name in capitals:
        assert find_place(name, code).name == name


NEW, OLD, FAR = "Nova", "Antiqua", "Remota"
HERE, BESIDE, AWAY = "50.000\t10.000", "50.130\t10.000", "50.150\t10.000"  # 0, 14.5 and 16.7 km


@pytest.mark.parametrize(
    ("lines", "meant"),
    [
        ([(NEW, HERE, 9_000, "nova", ""), (OLD, AWAY, 8_000, "antiqua", "")], NEW),
        ([(NEW, HERE, 500_000, "nova", ""), (FAR, AWAY, 5_000, "nova", "")], NEW),
        ([(NEW, HERE, 499_999, "nova", ""), (FAR, AWAY, 5_000, "nova", "")], None),
        ([(NEW, HERE, 99_980, "nova", ""), (FAR, AWAY, 4_999, "nova", "")], NEW),
        ([(NEW, HERE, 99_979, "nova", ""), (FAR, AWAY, 4_999, "nova", "")], None),
        ([(NEW, HERE, 20_000, "nova", ""), (FAR, AWAY, 0, "nova", "")], NEW),  # nobody counted its people
        ([(NEW, HERE, 19_999, "nova", ""), (FAR, AWAY, 0, "nova", "")], None),
        ([(NEW, HERE, 9_000, "nova", ""), (FAR, BESIDE, 8_000, "nova", "")], NEW),
        ([(NEW, HERE, 9_000, "nova", ""), (FAR, AWAY, 1_800, "remota", "nova")], NEW),
        ([(NEW, HERE, 8_999, "nova", ""), (FAR, AWAY, 1_800, "remota", "nova")], None),
        ([(FAR, AWAY, 900_000, "remota", "nova"), (NEW, HERE, 600, "nova", "")], None),
        ([(FAR, BESIDE, 900_000, "remota", "nova"), (NEW, HERE, 600, "nova", "")], NEW),
        ([(OLD, HERE, 500_000, "antiqua", "nova"), (FAR, AWAY, 5_000, "remota", "nova")], OLD),
        ([(OLD, HERE, 499_999, "antiqua", "nova"), (FAR, AWAY, 5_000, "remota", "nova")], None),
        ([(OLD, HERE, 5_000, "antiqua", "nova")], OLD),
    ],
)
def test_which_town_is_meant(
    lines: list[tuple[str, str, int, str, str]], meant: str | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The rule at its edges: a hundred, twenty and five times the people, 15 km."""
    table = [f"{name}\t\t{where}\t{people}\t|{own}|\t|{also}{also and '|'}" for name, where, people, own, also in lines]
    (tmp_path / "QQ.tsv").write_text("\n".join(["# Towns", "QQ\tQuassia", *table]) + "\n", encoding="utf-8")
    monkeypatch.setattr(places, "TOWNS", tmp_path)
    places._table.cache_clear()
    try:
        found = find_place("Nova", "QQ").name
    except UnknownPlace as refused:
        assert "after a comma" not in str(refused)
        found = None
    places._table.cache_clear()

    assert found == meant


# The tables


@pytest.mark.parametrize("code", CODES)
def test_tables_of_towns(code: str) -> None:
    """Names are folded once and for all, its own first; the most people first; no line is there twice."""
    text = (TOWNS / f"{code}.tsv").read_text(encoding="utf-8")
    lines = LINES[code]

    assert "CC BY 4.0" in text
    assert "geonames.org" in text
    assert "||" not in text
    assert len(lines) >= 5
    for line in lines:
        keys = [*line.own, *line.others]
        assert line.own[0] == fold(line.name)
        assert len(set(keys)) == len(keys)
        assert all(key == fold(key) != "" for key in keys)
    assert [line.people for line in lines] == sorted((line.people for line in lines), reverse=True)
    assert len({(line.name, line.place) for line in lines}) == len(lines)


def test_tables_stay_small() -> None:
    """One file for each country of the country table and no other, 2.5 MB in all, none above 450 kB."""
    sizes = {path.stem: path.stat().st_size for path in TOWNS.iterdir()}

    assert sorted(sizes) == CODES
    assert sum(sizes.values()) <= 2_500_000
    assert max(sizes.values()) <= 450_000


def test_no_towns_of_other_countries() -> None:
    """A country without a table has none."""
    assert [*towns("US")] == []


def test_names_that_are_kept() -> None:
    """How the script writes names out, and which names in other languages it keeps."""
    sys.path.insert(0, str(DATA.parent.parent / "scripts"))
    try:
        import make_towns
    finally:
        sys.path.pop(0)
    kept = make_towns.worth_keeping

    assert make_towns.spellings("Köln") == ["koln", "koeln"]
    assert make_towns.spellings("Gießen") == ["giessen"]
    assert make_towns.spellings("Saint-Étienne") == ["saintetienne", "stetienne"]
    assert make_towns.short_forms("Mülheim an der Ruhr") == ["Mülheim", "Mülheim an", "Mülheim an der"]
    assert make_towns.short_forms("Frankfurt (Oder)") == ["Frankfurt"]
    assert [name for name in ("Bécs", "Βιέννη", "Вена", "wei ye na", "VIE", "ウィーン", "Վիեննա", "Aa") if kept(name, "AT")] == ["Bécs", "Βιέννη", "Вена"]  # fmt: skip
    assert kept("Երևան", "AM")


# Countries that are never near


def listed_distances() -> dict[tuple[str, str], int]:
    with (DATA / "near_countries.csv").open(encoding="utf-8") as file:
        rows = [line.strip().split(",") for line in file if not line.startswith(("#", "one,"))]
    return {(one, other): int(km) for one, other, km in rows}


LISTED = listed_distances()


@pytest.mark.parametrize(
    ("one", "other", "never"),
    [
        ("PT", "ES", False), ("PT", "FR", True), ("PT", "FI", True), ("IE", "GB", False), ("IE", "FR", True), ("FI", "EE", False),
        ("IT", "HR", False), ("IT", "MT", False), ("MT", "GR", True), ("CY", "TR", False), ("CY", "GR", True), ("CY", "GB", False),
        ("IS", "NO", True), ("IS", "GB", True), ("DK", "NO", False), ("DK", "PL", False), ("DK", "DE", False), ("AM", "TR", False),
        ("AM", "GR", True), ("UA", "TR", True), ("UA", "BG", False), ("XK", "RS", False), ("XK", "BG", False), ("LI", "DE", False),
        ("AT", "PL", False), ("AT", "FR", False), ("AT", "BE", True), ("LU", "CH", False), ("SI", "SK", False), ("MD", "BG", False),
        ("PT", "PT", False), ("PT", "US", False), ("US", "PT", False), ("US", "JP", False), ("*", "*", False), ("PT", "", False),
    ],
)  # fmt: skip
def test_countries_that_are_never_near(one: str, other: str, never: bool) -> None:
    """Both ways round; of a country that the table does not cover, nothing is claimed."""
    assert never_near(one, other, 200) is never
    assert never_near(other, one, 200) is never


def test_a_rulebook_with_its_own_distance() -> None:
    """The table was made for 200 km: it holds for less, and says nothing beyond."""
    assert never_near("PT", "FI", 100)
    assert never_near("PT", "FI", 200)
    assert not never_near("PT", "FI", 201)
    assert not never_near("PT", "ES", 100)


def test_table_of_near_countries() -> None:
    """Every country of the country table is covered; pairs stand once, in order; what shares a border has 0 km."""
    assert sorted(one for one, other in LISTED if one == other and one != "*") == CODES
    assert all(one <= other for one, other in LISTED)
    assert all(0 <= km < 250 for km in LISTED.values())
    for pair in ("AT,DE", "BG,RO", "AM,TR", "GR,TR", "FI,NO", "ES,PT", "GB,IE", "HR,ME", "MK,XK", "CH,LI"):
        assert LISTED[tuple(pair.split(","))] == 0  # type: ignore[index]


def test_towns_agree_with_the_outlines() -> None:
    """No two towns lie nearer than their countries: 200 km where they are never near, else the distance that is listed.

    The two sides have nothing to do with each other: coordinates of GeoNames, outlines of Natural Earth. Outlines leave
    out small islands: Capri lies 14 km off the coast that they draw.
    """
    side = 100  # cubes of 100 km, so that only towns of neighbouring cubes are compared
    cubes: dict[tuple[int, ...], dict[str, list[Place]]] = defaultdict(lambda: defaultdict(list))
    for code in CODES:
        for town in towns(code):
            north, east = math.radians(town.latitude), math.radians(town.longitude)
            point = (math.cos(north) * math.cos(east), math.cos(north) * math.sin(east), math.sin(north))
            cubes[tuple(math.floor(6371 / side * along) for along in point)][code].append(town)
    compared = 0
    for cube, step in itertools.product([*cubes], itertools.product(range(-3, 4), repeat=3)):
        neighbour = tuple(map(sum, zip(cube, step, strict=True)))
        gap = side * math.hypot(*(max(abs(along) - 1, 0) for along in step))
        if neighbour < cube or neighbour not in cubes:
            continue
        for one, other in itertools.product(cubes[cube], cubes[neighbour]):
            least = 200 if never_near(one, other, 200) else LISTED[min(one, other), max(one, other)] - 20
            if least > gap:
                for town, far in itertools.product(cubes[cube][one], cubes[neighbour][other]):
                    compared += 1
                    assert great_circle_km(town, far) >= least, (town, far)
    assert compared > 1000
