"""Rulebooks: the limits and lists of the scheme as one partnership applies them.

Data: `cxc/data/rulebooks/*.yaml`, or a file of the same shape. A rulebook that `extends` another states what differs.
"""

import datetime
import os
import re
from collections.abc import Mapping
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Final, Literal, NamedTuple

from cxc.errors import DataError, InputError
from cxc.rules import PAPER_CODES, RULE_NAMES
from cxc.scheme import data_files
from cxc.scheme.countries import (
    BASES,
    DATA,
    MOST_PERCENT,
    Bounds,
    LumpSum,
    Origin,
    is_same_scheme,
    lump_sums_in,
    read_codes,
    read_sources,
)
from cxc.scheme.data_files import Section
from cxc.text import clean, fold, listed, nearest, reduced, share
from cxc.vocabulary import ACTIVITIES, ORGANISATION_TYPES, Basis

DEFAULT: Final = "medic-nest"
SCHEME_WIDE: Final = "eccp"
PERMISSIONS: Final = ("yes", "member", "member-or-ask", "ask", "no")
DAY_COUNTINGS: Final = {"all-days": "all days count", "working-days": "only working days count"}
NO_LIMIT: Final = "no-limit"
_FARTHEST_KM: Final = 20_040  # half the Earth's circumference
_NO_CLUSTERS: Final = ("yes", "no", "none")  # what a trip may state of a cluster in place of its name, folded
PROGRAMME: Final = "programme"
_DEEPEST = 10
_SHIPPED: Final = DATA / "rulebooks"


class SchemeNamed(NamedTuple):
    """The scheme that a rulebook is of.

    `programme` is what countries take part in; it bears the scheme's name where it has none of its own. `platform` is
    who counts working days, where a rulebook of the scheme may count all days; None: nobody is known to. `ceiling` is
    the most that the scheme pays, in EUR.
    """

    name: str
    programme: str
    platform: str | None
    ceiling: Decimal


class Cluster(NamedTuple):
    """A cluster that a rulebook knows: its name, and other names of it."""

    name: str
    aliases: tuple[str, ...]


class Entry(NamedTuple):
    """One value of a rulebook with the addresses of its sources and the day it was last checked.

    `basis` is stated only where it may be in doubt: inferred, not confirmed for the scheme. A value that comes from a
    rulebook of another scheme has no sources, since those speak of that scheme; `taken_over` names that rulebook.
    """

    value: object
    sources: tuple[str, ...]
    checked: datetime.date
    basis: Basis | None = None
    taken_over: str = ""


class RuleText(NamedTuple):
    """What a rulebook says of one rule: `says` is the rule, `why` its reason; both are the product's own words.

    Taken over from a rulebook of another scheme, it has neither reason nor sources.
    """

    says: str
    why: str
    sources: tuple[str, ...]
    checked: datetime.date
    taken_over: str = ""


Period = tuple[datetime.date, datetime.date | None]


class Rulebook(NamedTuple):
    """The scheme as one partnership applies it.

    `entries` holds every limit and list by name, with its source; `limits` the bare values, by the names that rules
    ask for them: days, months, km, EUR, permissions by organisation type, listed activities, the programme.
    `period_entry` is the `period` with its source, `paperwork` what is due; both are None where they are not known.
    `lump_sums` replace those of the country table, and `amounts_at` are their places, file and line.
    `content` is the bytes of the file, after those of the files that it extends and before those of its amounts in CSV,
    and `files` are these files. `path` is its own file, and `base` the rulebook that it extends.
    """

    name: str
    title: str
    scheme: SchemeNamed
    period_entry: Entry | None
    entries: Mapping[str, Entry]
    rules: Mapping[str, RuleText]
    paperwork: Entry | None
    lump_sums: Mapping[str, tuple[LumpSum, ...]]
    amounts_at: Mapping[str, str]
    content: bytes
    files: tuple[Path, ...]
    path: Path
    base: "Rulebook | None" = None

    @property
    def extends(self) -> str | None:
        """The name of the rulebook that this one extends."""
        return self.base.name if self.base else None

    @property
    def is_own(self) -> bool:
        """Whether it is somebody's own, not one that comes with the product."""
        return self.path.parent != _SHIPPED

    @property
    def period(self) -> Period | None:
        """The first and the last day on which exchanges were announced (None: no end); None where it is not known."""
        return self.period_entry.value if self.period_entry else None  # type: ignore[return-value]

    @property
    def limits(self) -> dict[str, object]:
        """The bare values of the limits and lists, by name; None stands for no limit."""
        return {name: entry.value for name, entry in self.entries.items()} | {"programme": self.scheme.programme}

    @property
    def clusters(self) -> tuple[Cluster, ...]:
        """The clusters that the partnership knows; empty where the rulebook lists none."""
        return self.entries["clusters"].value if "clusters" in self.entries else ()  # type: ignore[return-value]

    @property
    def clusters_known(self) -> frozenset[str] | None:
        """The names of these clusters, as they are compared; None where the rulebook lists none."""
        return frozenset(map(fold, self.cluster_names)) or None

    @property
    def cluster_names(self) -> frozenset[str]:
        """The names of these clusters, as the rulebook writes them."""
        return frozenset(name for one in self.clusters for name in (one.name, *one.aliases))

    @property
    def taken_over(self) -> tuple[str, ...]:
        """What comes from a rulebook of another scheme: limits and lists by name, then `rules`."""
        found = [name for name, entry in self.entries.items() if entry.taken_over]
        return (*found, *(["rules"] if any(text.taken_over for text in self.rules.values()) else []))

    @property
    def taken_over_from(self) -> tuple[str, ...]:
        """The rulebooks of another scheme from which it comes."""
        stated = [entry.taken_over for entry in self.entries.values()]
        return tuple(dict.fromkeys(filter(None, stated + [text.taken_over for text in self.rules.values()])))

    @property
    def next_steps(self) -> tuple[str, ...]:
        """The paperwork, in the order in which it is due."""
        if self.paperwork is None:
            return (f"Ask the partnership what has to be signed and handed in: the rulebook {self.name} does not say.",)
        steps = self.paperwork.value
        assert isinstance(steps, tuple)
        return steps

    @property
    def reduced_to_percent(self) -> int:
        """How much a short stay or a near host is paid, in percent of the full sum."""
        return self._number("reduced_to_percent")

    @property
    def bounds(self) -> Bounds:
        """What the amounts have to meet."""
        return _bounds(self.scheme, self.entries)

    @property
    def visits_at_most(self) -> int:
        """How often an organisation may visit."""
        return self._number("visits_at_most")

    @property
    def longest_stay_months(self) -> int:
        """The longest stay, in months from arrival."""
        return self._number("longest_stay_months")

    @property
    def near_below_km(self) -> int:
        """The distance in km below which visitor and host are near."""
        return self._number("near_below_km")

    @property
    def shortest_stay_days(self) -> int:
        """The fewest days that count, of a stay that is long enough."""
        return self._number("shortest_stay_days")

    @property
    def full_sum_days(self) -> int:
        """The days that count from which on the full sum is paid."""
        return self._number("full_sum_days")

    @property
    def counts_all_days(self) -> bool:
        """Whether all days on site count, or working days alone."""
        return self.entries["day_counting"].value == "all-days"

    def _number(self, name: str) -> int:
        value = self.entries[name].value
        assert isinstance(value, int)
        return value


def _bounds(scheme: SchemeNamed, entries: Mapping[str, Entry]) -> Bounds:
    ceiling, percent = entries["ceiling_eur"].value, entries["reduced_to_percent"].value
    assert isinstance(ceiling, Decimal)
    assert isinstance(percent, int)
    return Bounds(scheme.name, ceiling, percent)


@cache
def shipped() -> tuple[str, ...]:
    """The names of the rulebooks that come with the product, the default first."""
    names = sorted(path.stem for path in _SHIPPED.glob("*.yaml"))
    return (DEFAULT, *(name for name in names if name != DEFAULT))


def load_rulebook(name_or_file: str = DEFAULT) -> Rulebook:
    """The rulebook with this name, or in this file. Raises InputError for an unknown name, DataError for a bad file.

    >>> load_rulebook().limits["shortest_stay_days"]
    3
    """
    return _load(_locate(name_or_file), 0)


def _locate(name_or_file: str) -> Path:
    if name_or_file in shipped():
        return _SHIPPED / f"{name_or_file}.yaml"
    path = Path(name_or_file)
    if path.suffix in (".yaml", ".yml") or len(path.parts) > 1 or os.path.isfile(path):
        return path
    close = nearest(name_or_file, shipped())
    hint = f"did you mean {close[0]}? The" if close else "the"
    raise InputError(
        f"there is no rulebook '{clean(name_or_file)[:60]}'; {hint} rulebooks are {listed(shipped(), 'and')}; "
        "a rulebook of your own is named by its file, such as ours.yaml"
    )


def _load(path: Path, depth: int) -> Rulebook:
    content = data_files.read(path)
    top = data_files.section_in(content, str(path))
    base = None
    if top.has("extends"):
        if depth >= _DEEPEST:
            raise top.fail("extends", "the rulebooks extend one another in a circle, or too many times")
        base = _load(_extended(top, path.parent), depth + 1)
    own = path.parent != _SHIPPED
    return _Reader(top, base, own).rulebook(content, path)


def _extended(top: Section, folder: Path) -> Path:
    """The file that `extends` names: that of a shipped rulebook, or one whose path counts from the folder of this."""
    wanted = top.text("extends")
    if wanted in shipped():
        return _locate(wanted)
    beside = folder / wanted
    if os.path.isfile(beside):  # false, too, for a name that no file can have
        return beside
    try:
        _locate(wanted)
    except InputError as error:
        raise top.fail("extends", str(error)) from error
    raise top.fail("extends", f"there is no file {wanted}; its path counts from the folder of this rulebook")


def _whence(rulebook: Rulebook) -> str:
    """Which rulebook something was taken over from, as another scheme names it."""
    return f"{rulebook.name}, a rulebook of {rulebook.scheme.name}"


class _Reader:
    """Reads one rulebook file on top of the rulebook that it extends, if any."""

    def __init__(self, top: Section, base: Rulebook | None, own: bool) -> None:
        self.top, self.base, self.own = top, base, own
        self.entries: dict[str, Entry] = {}
        self.texts: dict[str, RuleText] = {}
        self.period_entry: Entry | None = None
        self.paperwork: Entry | None = None
        self.amounts: dict[str, tuple[LumpSum, ...]] = {}
        self.amounts_at: dict[str, str] = {}
        self.csv_content, self.csv_files = b"", tuple[Path, ...]()

    def needs(self, key: str) -> bool:
        """Whether `key` must be read from this file: it is stated, or there is no base to take it from."""
        return self.top.has(key) or self.base is None

    def rulebook(self, content: bytes, path: Path) -> Rulebook:
        top, base = self.top, self.base
        name = top.text("rulebook")
        if self.own and name in shipped():
            raise top.fail("rulebook", f"{name} is the name of a shipped rulebook; give this one a name of its own")
        title = top.text("title") if top.has("title") else name
        stated = self.stated_scheme()
        if base is not None:
            self.take_over(base) if stated is None else self.take_over_from_another_scheme(base)
        self.read_sections()
        scheme = self.scheme(stated)
        bounds = _bounds(scheme, self.entries)
        if top.has("lump_sums"):
            self.read_lump_sums(path.parent, bounds)
        self.hold_against(bounds)
        top.close()
        return Rulebook(
            name,
            title,
            scheme,
            self.period_entry,
            self.entries,
            self.texts,
            self.paperwork,
            self.amounts,
            self.amounts_at,
            (base.content if base else b"") + content + self.csv_content,
            (*(base.files if base else ()), path, *self.csv_files),
            path,
            base,
        )

    def read_sections(self) -> None:
        """Read every section but those of the scheme and of the lump sums."""
        top = self.top
        if self.needs("period"):
            self.read_period(top.section("period"))
        if self.needs("limits"):
            self.read_limits(top.section("limits"))
        for key in ("may_visit", "may_host"):
            if self.needs(key):
                self.read_permissions(key, top.section(key))
        if self.needs("activities"):
            self.read_activities(top.section("activities"))
        if top.has("clusters"):
            self.read_clusters(top.section("clusters"))
        if self.needs("rules"):
            self.read_rules(top.section("rules"))
        if self.needs("paperwork"):
            section = top.section("paperwork")
            self.paperwork = self.close(section, section.texts("steps"))

    def take_over(self, base: Rulebook) -> None:
        """Keep what a rulebook of the same scheme states."""
        self.entries, self.texts = dict(base.entries), dict(base.rules)
        self.period_entry, self.paperwork = base.period_entry, base.paperwork
        self.amounts, self.amounts_at = dict(base.lump_sums), dict(base.amounts_at)

    def stated_scheme(self) -> Section | None:
        """What the file says of its scheme, where it is another than that of the rulebook that it extends.

        Without `extends` any scheme is another, but ClusterXchange for somebody's own. Raises DataError.
        """
        if not self.needs("scheme"):
            return None
        if not self.top.has("scheme"):
            message = (
                "the file lacks the key 'scheme'; to start from a shipped rulebook, add the line 'extends: "
                f"{DEFAULT}'; without it the file must state everything itself"
            )
            raise DataError(self.top.file, self.top.fields.line, message)
        section = self.top.section("scheme")
        name = section.text("name")
        known = self.base.scheme if self.base else load_rulebook(SCHEME_WIDE).scheme if self.own else None
        if known is None or not is_same_scheme(name, known.name):
            return section
        for key in ("programme", "platform"):
            if section.has(key) and section.text(key) != getattr(known, key):
                raise section.fail(
                    key, f"that of {known.name} is {getattr(known, key)}; another scheme has another name"
                )
        section.close()
        return None

    def scheme(self, stated: Section | None) -> SchemeNamed:
        """The scheme. Its ceiling comes with it: a partnership may lower it, and none may raise it."""
        ceiling = self.entries["ceiling_eur"].value
        assert isinstance(ceiling, Decimal)
        if stated is None:
            known = self.base.scheme if self.base else load_rulebook(SCHEME_WIDE).scheme
            if ceiling > known.ceiling:
                limits = self.top.section("limits")
                message = f"{ceiling} EUR is above {known.ceiling} EUR, the most that the scheme pays"
                raise limits.fail("ceiling_eur", message)
            return known
        name = stated.text("name")
        if self.entries["ceiling_eur"].taken_over:
            raise stated.fail("name", f"the ceiling of {name} is not known: state ceiling_eur under limits")
        programme = stated.text("programme") if stated.has("programme") else name
        platform = stated.text("platform") if stated.has("platform") else None
        stated.close()
        return SchemeNamed(name, programme, platform, ceiling)

    def take_over_from_another_scheme(self, base: Rulebook) -> None:
        """Keep the values of a rulebook of another scheme, but none of its sources: they do not speak of this one."""
        whence = _whence(base)
        for name, entry in base.entries.items():
            self.entries[name] = entry._replace(sources=(), taken_over=entry.taken_over or whence)
        for name in NEED_NOT_BE_STATED:  # what some partnerships of the other scheme do says nothing of this one
            self.entries[name] = Entry(None, (), base.entries[name].checked)
        for code, text in base.rules.items():
            self.texts[code] = text._replace(why="", sources=(), taken_over=text.taken_over or whence)

    def read_lump_sums(self, folder: Path, bounds: Bounds) -> None:
        """The lump sums that take the place of the country table's: country by country, or those of a CSV file."""
        if isinstance(self.top.node("lump_sums"), data_files.Text):
            self.read_amounts_in_csv(folder, self.top.text("lump_sums"), bounds)
            return
        table, origin = self.top.section("lump_sums"), Origin(bounds.scheme, percent=bounds.percent)
        for key, code in read_codes(table).items():
            self.amounts[code] = lump_sums_in(table.sections(key), bounds, origin)
            self.amounts_at[code] = f"{table.file}:{table.line(key)}"

    def read_amounts_in_csv(self, folder: Path, name: str, bounds: Bounds) -> None:
        from cxc.scheme.amounts_csv import read_amounts

        path = folder / name
        if not os.path.isfile(path):  # so, too, where no file can have such a name
            message = f"there is no file {name}; its path counts from the folder of this rulebook"
            raise self.top.fail("lump_sums", message)
        self.csv_content, self.csv_files = data_files.read(path), (path,)
        for code, (amounts, place) in read_amounts(self.csv_content, path, bounds).items():
            self.amounts[code], self.amounts_at[code] = amounts, place

    def hold_against(self, bounds: Bounds) -> None:
        """Refuse lump sums that were taken over and do not fit a ceiling or a share that is stated anew."""
        for code, amounts in self.amounts.items():
            for amount in amounts:
                if amount.full > bounds.ceiling:
                    raise self.top.fail(
                        "limits", f"the lump sum of {code} is above the ceiling of {bounds.ceiling} EUR"
                    )
                if not data_files.is_whole_cent(amount.full, bounds.percent):
                    message = (
                        f"{share(bounds.percent)} of the lump sum of {code}, {amount.full} EUR, is not a whole cent"
                    )
                    raise self.top.fail("limits", message)

    def read_period(self, section: Section) -> None:
        first, last = section.date("from"), section.date("to") if section.has("to") else None
        if last is not None and last < first:
            raise section.fail("to", f"{last} is before {first}, the day under 'from'")
        self.period_entry = self.close(section, (first, last))

    def close(self, section: Section, value: object) -> Entry:
        """The value of a section with its sources, once everything else in it was read."""
        entry = Entry(value, read_sources(section), section.date("checked"))
        section.close()
        return entry

    def read_limits(self, limits: Section) -> None:
        for name, limit in LIMITS.items():
            if name in NEED_NOT_BE_STATED and self.base is None and not limits.has(name):
                self.entries[name] = Entry(None, (), self.top.section("period").date("checked"))
            elif limits.has(name) or self.base is None:
                if limits.has(name) and isinstance(value := limits.node(name), data_files.Text):
                    raise limits.fail(
                        name,
                        "a value needs its sources and the day it was last checked; write it as {value: "
                        f"{clean(value)[:20] or '…'}, sources: [https://example.org/our-call], checked: 2026-11-23}}, "
                        "with your own address and day",
                    )
                section = limits.section(name)
                basis: Basis | None = section.choice("basis", BASES) if section.has("basis") else None
                self.entries[name] = self.close(section, limit.read(section))._replace(basis=basis)
        limits.close()

    def read_permissions(self, key: str, section: Section) -> None:
        types, before = section.section("types"), self.entries.get(key)
        permissions: dict[str, str] = {}
        if before is not None and not before.taken_over:
            assert isinstance(before.value, Mapping)
            permissions |= before.value
        for name in ORGANISATION_TYPES:
            if types.has(name) or name not in permissions:
                permissions[name] = types.choice(name, PERMISSIONS)
        types.close()
        self.entries[key] = self.close(section, permissions)

    def read_activities(self, section: Section) -> None:
        found = section.texts("listed")
        if not found:
            raise section.fail("listed", "at least one activity is needed")
        for activity in found:
            if activity not in ACTIVITIES:
                raise section.fail("listed", f"{activity!r} is not allowed; write one of {', '.join(ACTIVITIES)}")
        self.entries["activities_listed"] = self.close(section, found)

    def read_clusters(self, section: Section) -> None:
        found: list[Cluster] = []
        names: dict[str, str] = {}
        for entry in section.sections("listed"):
            cluster = Cluster(entry.text("name"), entry.texts("aliases") if entry.has("aliases") else ())
            entry.close()
            for name in (cluster.name, *cluster.aliases):
                key = "name" if name == cluster.name else "aliases"
                if fold(name) in ("", *_NO_CLUSTERS):
                    raise entry.fail(key, f"{name!r} cannot be the name of a cluster")
                if names.setdefault(fold(name), cluster.name) != cluster.name or cluster.name in [
                    c.name for c in found
                ]:
                    raise entry.fail(key, f"{name!r} stands for {names[fold(name)]} already")
            found.append(cluster)
        self.entries["clusters"] = self.close(section, tuple(found))

    def read_rules(self, section: Section) -> None:
        for code in RULE_NAMES:
            if self.own and self.base is None and code in PAPER_CODES and not section.has(code):
                self.texts[code] = self.texts_of_papers(load_rulebook(SCHEME_WIDE), code)
            elif section.has(code) or self.base is None:
                self.texts[code] = self.rule(code, section.section(code), self.texts.get(code))
        section.close()

    def texts_of_papers(self, scheme_wide: Rulebook, code: str) -> RuleText:
        """What the platform says of a rule of payment, for a rulebook that says nothing of it."""
        text = scheme_wide.rules[code]
        if is_same_scheme(self.top.section("scheme").text("name"), scheme_wide.scheme.name):
            return text
        return text._replace(why="", sources=(), taken_over=_whence(scheme_wide))

    def rule(self, code: str, section: Section, before: RuleText | None) -> RuleText:
        if section.has("name"):  # for readers; it cannot be changed
            section.choice("name", [RULE_NAMES[code]])
        if before is not None and before.taken_over:
            before = None
        says = section.text("says") if before is None or section.has("says") else before.says
        why = section.text("why") if before is None or section.has("why") else before.why
        for key, text in (("says", says), ("why", why)):
            for name in re.findall(r"\{(.*?)\}", text):
                if name not in LIMITS and name != PROGRAMME:
                    allowed = ", ".join((*LIMITS, PROGRAMME))
                    raise section.fail(key, f"{{{name}}} is not a limit; write one of {allowed}")
        entry = self.close(section, None)
        return RuleText(says, why, entry.sources, entry.checked)


class Limit(NamedTuple):
    """A limit: what it means, as the schema says it. Its value is one of some `words`, or a whole number from 1 to
    `most`; without both it is an amount in EUR.

    What is larger than `most` is a slip of the keyboard, and would lead past the end of the calendar or into a search
    that does not end. A whole number may be `no-limit` where it is told what it means that there is `none`.
    """

    meaning: str
    most: int = 0
    none: Literal["", "no limit", "not known"] = ""
    words: Mapping[str, str] = {}

    def read(self, section: Section) -> object:
        """The value of a section; None where there is none."""
        if self.none and section.text("value") == NO_LIMIT:
            return None
        if self.words:
            return section.choice("value", self.words)
        return section.whole("value", self.most) if self.most else section.money("value")


LIMITS: Final = {
    "day_counting": Limit("which days count: all on site, or working days alone", words=DAY_COUNTINGS),
    "shortest_stay_days": Limit("the fewest days that count", most=366),
    "longest_stay_months": Limit(
        "the longest stay in months, from the day of arrival to the last day on site", most=24
    ),
    "full_sum_days": Limit("the days that count from which on the full sum is paid", most=366),
    "reduced_to_percent": Limit(
        "what a short stay and a near host are paid, in percent of the full sum", most=MOST_PERCENT
    ),
    "near_below_km": Limit("visitor and host less than so many km apart are near", most=_FARTHEST_KM),
    "worked_out_margin_km": Limit(
        "a distance that is worked out decides where it is farther than this from near_below_km", most=_FARTHEST_KM
    ),
    "ceiling_eur": Limit("the most that is paid for a visit; it is the scheme's, and a partnership may lower it"),
    "visits_at_most": Limit("how often an organisation may visit", most=1_000),
    "travellers_at_most": Limit("how many people may travel for the visitor, or no-limit", most=1_000, none="no limit"),
    "residence_days_at_least": Limit(
        "the days that a national of a country that takes no part has lived in one that does",
        most=3_660,  # ten years
    ),
    "payment_within_days": Limit(
        "within how many days after completion and validation the partnership pays", most=366, none="not known"
    ),
    "records_years": Limit(
        "how many years papers are kept after the final payment of the partnership's grant", most=100, none="not known"
    ),
}
# Limits that a rulebook without a parent may leave out: then nothing is known of them.
NEED_NOT_BE_STATED: Final = tuple(name for name, limit in LIMITS.items() if limit.none == "not known")


def in_words(name: str, value: object) -> str:
    """A limit as people read it.

    >>> in_words("day_counting", "all-days"), in_words("travellers_at_most", None), in_words("near_below_km", 200)
    ('all days count', 'no limit', '200')
    """
    if name == "day_counting":
        return DAY_COUNTINGS[str(value)]
    if value is None:
        return LIMITS[name].none
    return reduced(int(str(value))) if name == "reduced_to_percent" else str(value)


def says(rulebook: Rulebook, code: str) -> str:
    """What a rule says under a rulebook, its limits filled in."""
    return _filled(rulebook, rulebook.rules[code].says)


def why(rulebook: Rulebook, code: str) -> str:
    """Why, under a rulebook, a rule is so."""
    return _filled(rulebook, rulebook.rules[code].why) or "The rulebook does not say why."


def _filled(rulebook: Rulebook, text: str) -> str:
    """A text with its limits filled in. `{limit} day(s)` becomes `1 day` or `2 days`."""

    def fill(found: re.Match[str]) -> str:
        limit, noun = in_words(found[1], rulebook.limits[found[1]]), found[2]
        return limit if noun is None else f"{limit}{noun}{'' if limit == '1' else 's'}"

    return re.sub(r"\{(.*?)\}(?:((?: [^\W\d]+)+)\(s\))?", fill, text)
