"""The country table: who takes part in the scheme's programme, and what a visit there pays, by date.

Data: `cxc/data/countries.yaml`, or a file of the same shape. Sources: `cxc/data/sources.yaml`.
"""

import datetime
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cache, cached_property, partial
from itertools import chain, pairwise
from pathlib import Path
from typing import Final, NamedTuple, get_args

from cxc.errors import DataError, ListOfCountries, PartOfCountry, SeveralCountries, UnknownCountry
from cxc.scheme import data_files, world
from cxc.scheme.data_files import CENT, Section
from cxc.text import HALF_PERCENT, fold, nearest
from cxc.vocabulary import Basis, Status

DATA: Final = Path(__file__).parent.parent / "data"

STATUSES: Final[tuple[Status, ...]] = get_args(Status)
BASES: Final[tuple[Basis, ...]] = get_args(Basis)
CURRENCY: Final = "EUR"
MOST_PERCENT: Final = 99
CLUSTERXCHANGE: Final = "ClusterXchange"  # the scheme of a table that names none


class Origin(NamedTuple):
    """What a file of amounts says of all of them.

    It is of one `scheme`; `inferred_from` is what its inferred amounts come from; `percent` is the share of the full
    amount that its `half_basis` speaks of.
    """

    scheme: str = CLUSTERXCHANGE
    inferred_from: str = ""
    percent: int = HALF_PERCENT


@dataclass(frozen=True, slots=True, eq=False)
class LumpSum:
    """What a visit to a country pays, for arrivals from `valid_from` to `valid_to` (None: no end is known).

    `full` is the full amount in EUR, of which a short stay or a near host is paid a share: the half amount, where a
    rulebook does not say otherwise. `full_basis` and `half_basis` say what each of the two rests on: `published` for
    the scheme itself, or `inferred` and not confirmed. `origin` tells of the file that states it.
    """

    valid_from: datetime.date
    valid_to: datetime.date | None
    full: Decimal
    full_basis: Basis
    half_basis: Basis
    sources: tuple[str, ...]
    checked: datetime.date
    origin: Origin

    def reduced(self, percent: int) -> Decimal:
        """So many percent of it in EUR, which are whole cents."""
        return (self.full * percent / 100).quantize(CENT)

    def reduced_basis(self, percent: int) -> Basis:
        """What that rests on: nobody has published another share than that of which the file speaks."""
        return self.half_basis if percent == self.origin.percent else "inferred"

    def covers(self, day: datetime.date) -> bool:
        """Whether the amount holds for an arrival on `day`."""
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)


class Bounds(NamedTuple):
    """What a rulebook asks of the amounts of its scheme: none above the `ceiling` in EUR, and `percent` of it whole
    cents.
    """

    scheme: str
    ceiling: Decimal
    percent: int


@dataclass(frozen=True, slots=True, eq=False)
class Country:
    """A country: its code, its English name, whether it takes part (`status`), and its lump sums, oldest first.

    `listed` is False for a country that the table lacks. `sources` are addresses. Two countries are the same when they
    are the same object: a table has one for each code.
    """

    code: str
    name: str
    status: Status
    listed: bool = True
    local_names: tuple[str, ...] = ()
    also: tuple[str, ...] = ()
    note: str | None = None
    sources: tuple[str, ...] = ()
    checked: datetime.date | None = None
    lump_sums: tuple[LumpSum, ...] = ()

    @property
    def lump_sums_change(self) -> list[datetime.date]:
        """The days on which a lump sum begins to hold, or no longer does."""
        last = [day for amount in self.lump_sums if (day := amount.valid_to) and day < datetime.date.max]
        return [*(amount.valid_from for amount in self.lump_sums), *(day + datetime.timedelta(days=1) for day in last)]

    def lump_sum(self, day: datetime.date | None) -> LumpSum | None:
        """The lump sum for an arrival on `day`, or the newest one where the day is not known; None: none is known."""
        if day is None:
            return self.lump_sums[-1] if self.lump_sums else None
        for amount in self.lump_sums:
            if amount.covers(day):
                return amount
        return None


class Countries:
    """A country table.

    `by_code` holds the listed countries in the order of their codes, `territories` the country of each part of one that
    has a code of its own, `content` the file's bytes, `origin` what the file says of itself. `unknown_in` is the
    programme of another scheme: under its rulebooks the table tells nothing.
    """

    def __init__(
        self,
        listed: dict[str, Country],
        names: Callable[[], dict[str, str]],
        territories: dict[str, str],
        content: bytes,
        origin: Origin = Origin(),
        unknown_in: str | None = None,
    ) -> None:
        self.territories = territories
        self.origin, self.unknown_in = origin, unknown_in
        self.by_code = dict(sorted(listed.items()))
        self.content = content
        self._names = names
        self._outside: dict[str, Country] = {}

    @cached_property
    def _plain_names(self) -> frozenset[str]:
        return frozenset(fold(name) for country in self.by_code.values() for name in _names(country))

    def find(self, text: str) -> Country:
        """The country that a code or a name stands for, listed or not.

        Raises UnknownCountry, SeveralCountries, ListOfCountries, PartOfCountry.

        >>> countries = load_countries()
        >>> countries.find("EL").code, countries.find("Deutschland").code, countries.find("us").status
        ('GR', 'DE', 'not-participating')
        >>> countries.find("Grmany")
        Traceback (most recent call last):
            ...
        cxc.errors.UnknownCountry: 'Grmany' is not a known country
        """
        codes = self._codes(text)
        if not codes:
            if any(map(self._are_several, (_BETWEEN.split(text), text.split()))):
                raise ListOfCountries(text)
            raise UnknownCountry(text, partial(self._nearest, text))
        if len(codes) > 1:
            raise SeveralCountries(text, [f"{world.name_of(code)} ({code})" for code in codes])
        (code,) = codes
        if code in self.territories:
            raise PartOfCountry(world.name_of(code), self.by_code[self.territories[code]].name)
        return self.by_code.get(code) or self.outside(code)

    def is_plainly_one(self, text: str) -> bool:
        """Whether a text is a code of a listed country, or its name in English or in a language of its own.

        All names in all languages take long to look through.

        >>> countries = load_countries()
        >>> [countries.is_plainly_one(text) for text in ("RO", "UK", "portugal", "Deutschland", "Medvia")]
        [True, True, True, True, False]
        """
        return text in world.EU_CODES or fold(text) in self._plain_names

    def _codes(self, text: str) -> tuple[str, ...]:
        """The codes of the countries that a code or a name stands for: one, none, or several."""
        suggested = _SUGGESTED.fullmatch(text.strip())  # what is suggested may be copied
        if suggested and suggested[2] in self._codes(suggested[1]):
            return (suggested[2],)
        key = fold(text)
        if len(key) <= _LONGEST_CODE and not text.strip().isalpha():  # n/a is not NA, i.e. is not IE
            return ()
        code = key.upper() if key.upper() in self.by_code else self._names().get(key)
        return (code,) if code else world.codes_of(text)

    def _are_several(self, parts: Iterable[str]) -> bool:
        """Whether each part by itself is a country, and not all are the same."""
        each = [self._codes(part) for part in parts if part.strip()]
        return all(each) and len({*chain.from_iterable(each)}) > 1

    def _nearest(self, text: str) -> tuple[str, ...]:
        """The countries whose names come closest, or of which a short text may be the code, in English with codes."""
        if len(fold(text)) <= _LONGEST_CODE:
            return self._with_codes(self._meant(text))
        region = next((code for name, code in world.REGIONS.items() if fold(name) == fold(text)), None)
        if region:
            return self._with_codes((region,))
        usual = {name: country.code for country in self.by_code.values() for name in _names(country)[1:]}
        usual |= world.REGIONS | world.official_names() | {world.name_of(code): code for code in world.codes()}
        names = world.names() | usual
        close = nearest(text, filter(_is_no_code, usual), most=_MOST_SUGGESTED, alike=_ALIKE)
        # Names in other languages count only where no usual one comes close; among so many, some name is always near.
        close = close or nearest(text, filter(_is_no_code, names), most=_MOST_SUGGESTED, alike=_MORE_ALIKE)
        return self._with_codes(names[name] for name in close)

    def _meant(self, text: str) -> tuple[str, ...]:
        """The countries whose code of two or three letters a text is, in Latin letters that look or sound alike."""
        for alike in (_LOOKING_ALIKE, _SOUNDING_ALIKE):
            latin = text.strip().upper().translate(alike)
            three = world.code_of_three_letters(fold(latin).upper())
            if codes := (three,) if three else self._codes(latin):
                return codes
        return ()

    def _with_codes(self, codes: Iterable[str]) -> tuple[str, ...]:
        """Countries in English with their codes, each once."""
        return tuple([f"{self.name_of(code)} ({code})" for code in dict.fromkeys(codes)])

    def name_of(self, code: str) -> str:
        """The name of a country, listed or not, by its code."""
        return self.by_code[code].name if code in self.by_code else world.name_of(code)

    def with_lump_sums(self, amounts: Mapping[str, tuple[LumpSum, ...]]) -> "Countries":
        """The same table with other amounts for some of its countries."""
        changed = {code: replace(self.by_code[code], lump_sums=dated) for code, dated in amounts.items()}
        return self._with(self.by_code | changed, self.unknown_in)

    def under_another_scheme(self, programme: str) -> "Countries":
        """The same countries under a rulebook of another scheme: who takes part, and what that pays, is not known."""
        listed = {code: self._unknown(country, programme) for code, country in self.by_code.items()}
        return self._with(listed, programme)

    def _with(self, listed: dict[str, Country], unknown_in: str | None) -> "Countries":
        return Countries(listed, self._names, self.territories, self.content, self.origin, unknown_in)

    def _unknown(self, country: Country, programme: str) -> Country:
        table = f"The country table is of {self.origin.scheme}."
        note = f"{table} It is not known whether {country.name} takes part in {programme}."
        return replace(country, status="ask", note=note, sources=(), checked=None, lump_sums=())

    def outside(self, code: str) -> Country:
        """A country that the table lacks, which therefore takes no part."""
        if code not in self._outside:
            country = Country(code, world.name_of(code), "not-participating", listed=False)
            self._outside[code] = self._unknown(country, self.unknown_in) if self.unknown_in else country
        return self._outside[code]


_LONGEST_CODE: Final = 3
# Cyrillic and Greek capitals, and the Latin ones that look like them; Р looks like P, but may be meant as R.
_LOOKING_ALIKE: Final = str.maketrans("АВСЕНІЈКМОРЅТХУ" + "ΑΒΕΖΗΙΚΜΝΟΡΤΥΧ", "ABCEHIJKMOPSTXY" + "ABEZHIKMNOPTYX")
_SOUNDING_ALIKE: Final = _LOOKING_ALIKE | str.maketrans("ВНРСУХ" + "ΗΡΥ", "VNRSUH" + "IRU")
_SUGGESTED: Final = re.compile(r"([^()]+) \(([A-Z]{2})\)")
_BETWEEN: Final = re.compile(r"[/\\,;|&+()<>→–—-]+|\band\b|\bto\b", re.IGNORECASE)  # what stands between countries
_ALIKE: Final = 0.75  # how much a text and a name share at least, where it is a slip for that: two of eight letters
_MORE_ALIKE: Final = 0.8
_MOST_SUGGESTED: Final = 3  # names, which may be of one country
_ONE_DAY: Final = datetime.timedelta(days=1)


def _is_no_code(name: str) -> bool:
    return len(name) > _LONGEST_CODE


def _names(country: Country) -> tuple[str, ...]:
    return (country.code, country.name, *country.local_names, *country.also)


def load_countries(path: Path | None = None, bounds: Bounds | None = None) -> Countries:
    """Read a country table; without a path, the shipped one.

    Its amounts are held against the bounds of a rulebook of its scheme. Raises DataError.
    """
    own = path is not None
    path = path or DATA / "countries.yaml"
    content = data_files.read(path)
    file = str(path)
    top = data_files.section_in(content, file)
    table = top.section("countries")
    territories = _read_territories(top, table) if top.has("territories") else {}
    origin = _read_origin(top)
    top.close()
    if bounds is not None and not is_same_scheme(origin.scheme, bounds.scheme):
        bounds = None
    listed = {code: _read_country(code, table.section(key), bounds, origin) for key, code in read_codes(table).items()}
    if not listed:
        raise DataError(file, top.line("countries"), "the table contains no country")
    names = cache(partial(_folded_names, table, listed, own))
    if own:  # names of the shipped table are sound, and most texts are codes: comparing them can wait
        names()
    return Countries(listed, names, territories, content, origin)


def is_same_scheme(name: str, other: str) -> bool:
    """Whether two names are of one scheme."""
    return fold(name) == fold(other)


def _read_origin(top: Section) -> Origin:
    scheme = CLUSTERXCHANGE
    if top.has("scheme"):
        section = top.section("scheme")
        scheme = section.text("name")
        section.close()
    inferred_from = top.text("inferred_from") if top.has("inferred_from") else ""
    percent = top.whole("reduced_to_percent", MOST_PERCENT) if top.has("reduced_to_percent") else HALF_PERCENT
    return Origin(scheme, inferred_from, percent)


def _folded_names(table: Section, listed: Mapping[str, Country], own: bool) -> dict[str, str]:
    """The code of each country by its names, as they are compared. Raises DataError where two share one."""
    names: dict[str, str] = {}
    for key, code in read_codes(table).items():
        country = listed[code]
        for name in _names(country):
            if not fold(name) or (
                own and len(name) == 2 and name != code and world.codes_of(name) not in ((), (code,))
            ):
                raise table.fail(key, f"{name!r} cannot be another name of {country.name}")
            holder = names.setdefault(fold(name), code)
            if holder != code:
                raise table.fail(key, f"the name {name!r} stands for {holder} already")
    return names


def _read_territories(top: Section, table: Section) -> dict[str, str]:
    """The country of each part that has a code of its own."""
    section = top.section("territories")
    parts = section.section("of")
    read_sources(section)
    section.date("checked")
    section.close()
    known = read_codes(table)
    return {code: known[parts.choice(key, tuple(known))] for key, code in read_codes(parts).items()}


def _read_country(code: str, entry: Section, bounds: Bounds | None, origin: Origin) -> Country:
    status = entry.choice("status", STATUSES)
    if status == "cosme-associated" and not is_same_scheme(origin.scheme, CLUSTERXCHANGE):
        raise entry.fail(
            "status", f"this table is of {origin.scheme}; write associated: with the programme of that scheme"
        )
    country = Country(
        code,
        entry.text("name"),
        status,
        local_names=entry.texts("local_names") if entry.has("local_names") else (),
        also=entry.texts("also") if entry.has("also") else (),
        note=entry.text("note") if entry.has("note") else None,
        sources=read_sources(entry),
        checked=entry.date("checked"),
        lump_sums=lump_sums_in(entry.sections("lump_sums"), bounds, origin) if entry.has("lump_sums") else (),
    )
    entry.close()
    if status == "ask" and country.note is None:
        raise entry.fail("status", "a country with the status 'ask' needs a note that says why")
    return country


def read_codes(table: Section) -> dict[str, str]:
    """The code of each country by the key that stands for it: its two-letter code in capitals, or EL and UK.

    Raises DataError, also where one country has two keys.
    """
    codes: dict[str, str] = {}
    for key in table.names():
        code = country_code(table, key, key)
        other = next((other for other, taken in codes.items() if taken == code), None)
        if other is not None:
            raise table.fail(key, f"{other} and {key} are the same country; keep one of the two")
        codes[key] = code
    return codes


def country_code(section: Section, key: str, text: str) -> str:
    """The code that two letters stand for, which are at `key` of a section. Raises DataError for any other text."""
    if not (len(text) == 2 and text.isascii() and text.isalpha() and text.isupper()):
        raise section.fail(key, "a country is keyed by its two-letter code in capitals, such as PT")
    return world.EU_CODES.get(text, text)


def lump_sums_in(entries: Iterable[Section], bounds: Bounds | None, origin: Origin) -> tuple[LumpSum, ...]:
    """The dated amounts of a country, oldest first, each from a section.

    Raises DataError where two of them hold on one day, and where between two of them there is a day without an amount.
    """
    found = sorted([(_read_lump_sum(entry, bounds, origin), entry) for entry in entries], key=_first_day)
    for (before, _), (amount, entry) in pairwise(found):
        if before.valid_to is None or before.valid_to >= amount.valid_from:
            message = f"the amount before this one, from {before.valid_from}, must end, with 'to', before this day"
            raise entry.fail("from", message)
        if before.valid_to + _ONE_DAY != amount.valid_from:
            raise entry.fail(
                "from", f"no amount holds between {before.valid_to}, the end of the one before, and this day"
            )
    return tuple(amount for amount, _ in found)


def _first_day(dated: tuple[LumpSum, Section]) -> datetime.date:
    return dated[0].valid_from


def _read_lump_sum(entry: Section, bounds: Bounds | None, origin: Origin) -> LumpSum:
    amount = LumpSum(
        entry.date("from"),
        entry.date("to") if entry.has("to") else None,
        entry.money("full_eur", bounds and bounds.percent),
        entry.choice("full_basis", BASES),
        entry.choice("half_basis", BASES),
        read_sources(entry),
        entry.date("checked"),
        origin,
    )
    entry.close()
    if bounds is not None and amount.full > bounds.ceiling:
        raise entry.fail("full_eur", f"{amount.full} EUR is above {bounds.ceiling} EUR, the rulebook's ceiling_eur")
    if amount.valid_to is not None and amount.valid_to < amount.valid_from:
        raise entry.fail("to", f"{amount.valid_to} is before {amount.valid_from}, the day under 'from'")
    return amount


def read_sources(entry: Section) -> tuple[str, ...]:
    """The addresses under `sources`: each a key of sources.yaml, or an address. Raises DataError."""
    known = sources()
    found = entry.texts("sources")
    if not found:
        raise entry.fail("sources", "at least one source is needed")
    for source in found:
        if source not in known and not source.startswith(("https://", "http://")):
            raise entry.fail("sources", f"{source!r} is neither a key of sources.yaml nor an address (https://…)")
    return tuple(map(address_of, found))


def address_of(source: str) -> str:
    """The address that a key of sources.yaml stands for; an address is itself."""
    return sources().get(source, source)


@cache
def sources() -> dict[str, str]:
    """The address of every source, by its key."""
    path = DATA / "sources.yaml"
    top = data_files.section_in(data_files.read(path), path.name)
    return {key: top.text(key) for key in top.names()}


@cache
def earlier_tables() -> frozenset[str]:
    """The SHA-256 of the country tables that came with earlier versions of the product."""
    lines = (DATA / "earlier_country_tables.txt").read_text(encoding="ascii").splitlines()
    return frozenset(line.split()[0] for line in lines)
