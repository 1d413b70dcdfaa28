"""Tables of texts as aligned text, CSV or Markdown, and the listings of countries and rules."""

import csv
import io
from collections.abc import Mapping, Sequence
from textwrap import fill

from cxc.reports.text import Block, Row
from cxc.reports.values import in_text, money, unmarked, unrunnable
from cxc.rules import Answer, Rule
from cxc.scheme.countries import Country, LumpSum
from cxc.scheme.differences import Difference
from cxc.scheme.loading import Scheme
from cxc.scheme.rulebook import Entry, Rulebook, RuleText, in_words, says, why
from cxc.text import HALF_PERCENT, share, uncommanded
from cxc.trip.as_json import plain

Cells = Sequence[str]
_NARROWEST = 20  # letters of a last column that is wrapped: narrower, it is harder to read than lines that run on


def as_csv(heading: Cells, rows: Sequence[Cells]) -> str:
    """CSV with a heading, in which no CI server finds a command. What a spreadsheet would run gets an apostrophe."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(heading)
    writer.writerows([unrunnable(cell) for cell in row] for row in rows)
    return uncommanded(text.getvalue())


def as_markdown(heading: Cells, rows: Sequence[Cells]) -> str:
    """A Markdown table; nothing in a cell is markup."""
    lines = [heading, ["---"] * len(heading), *([unmarked(cell) for cell in row] for row in rows)]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def as_text(heading: Cells, rows: Sequence[Cells], gap: str = "  ", page: int | None = None) -> str:
    """Aligned columns with a gap between them; the last one as long as it is, or wrapped to a `page` so wide."""
    widths = [max(len(row[place]) for row in (heading, *rows)) for place in range(len(heading))]
    lines = [
        gap.join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in (heading, *rows)
    ]
    before = sum(widths[:-1]) + len(gap) * (len(widths) - 1)
    if page is not None and page - before >= _NARROWEST:
        lines = [fill(line, page, subsequent_indent=" " * before, break_on_hyphens=False) for line in lines]
    return uncommanded("".join(f"{line}\n" for line in lines))


def cells_of(entry: Mapping[str, object], unknown: str = "") -> list[str]:
    """A row of a table: the values of an entry of a document, in its order."""
    return [in_text(value, " ", unknown) for value in entry.values()]


COUNTRY_HEADING = (
    "code",
    "country",
    "status",
    "full_eur",
    "full_basis",
    "half_eur",
    "half_basis",
    "valid_from",
    "valid_to",
    "sources",
)


def country_heading(percent: int) -> Cells:
    """The columns of a list of countries: the half amount, or what a rulebook pays in its place."""
    if percent == HALF_PERCENT:
        return COUNTRY_HEADING
    return [name.replace("half_", "reduced_") for name in COUNTRY_HEADING]


def country_rows(countries: Sequence[Country], percent: int) -> list[Cells]:
    """A row for each country and each of its amounts; `percent` is the share for a short stay or a near host."""
    rows: list[Cells] = []
    for country in countries:
        start = (country.code, country.name, country.status)
        for amount in country.lump_sums:
            less = (money(amount.reduced(percent)), amount.reduced_basis(percent))
            both = (money(amount.full), amount.full_basis, *less)
            rows.append((*start, *both, str(amount.valid_from), str(amount.valid_to or ""), " ".join(amount.sources)))
        if not country.lump_sums:
            rows.append((*start, "", "", "", "", "", "", " ".join(country.sources)))
    return rows


def countries_text(countries: Sequence[Country], percent: int) -> str:
    """The list of countries for people, which fits a narrow terminal: each amount beside its basis.

    The days for which amounts are valid are a column only where they differ.
    """
    less = "half" if percent == HALF_PERCENT else "reduced"
    heading = ["code", "country", "status", "full EUR", f"{less} EUR", "for arrivals"]
    days = {_validity(amount) for country in countries for amount in country.lump_sums}
    rows = []
    for country in countries:
        for amount in country.lump_sums or (None,):
            sums = ["", "", ""]
            if amount is not None:
                full = f"{money(amount.full):>7} {amount.full_basis}"
                reduced = f"{money(amount.reduced(percent)):>6} {amount.reduced_basis(percent)}"
                sums = [full, reduced, _validity(amount)]
            rows.append([country.code, country.name, country.status, *sums])
    if len(days) > 1:
        return f"{as_text(heading, rows)}\n"
    table = as_text(heading[:-1], [row[:-1] for row in rows])
    return f"{table}\n" + "".join(f"Amounts for arrivals {day}.\n" for day in days)


def _validity(amount: LumpSum) -> str:
    return f"from {amount.valid_from}{f' to {amount.valid_to}' if amount.valid_to else ''}"


def below_countries(scheme: Scheme) -> str:
    """What to know of the list of countries."""
    of, table = scheme.rulebook.scheme, scheme.countries
    if table.unknown_in is None:
        unlisted = "A country that is not listed does not take part.\n"
    else:
        unlisted = (
            f"This is the table of {table.origin.scheme}. It is not known which countries take part in {of.programme}, "
            f"nor what a visit pays: name a table of {of.name} with --countries.\n"
        )
    return uncommanded(
        f"{unlisted}published: a partnership states this amount for {of.name}.\n"
        "inferred: the amount is not confirmed.\n"
        "cxc countries CODE shows the sources of one country.\n"
    )


def country_page(country: Country, rulebook: Rulebook) -> list[Block]:
    """One country for people."""
    percent = rulebook.reduced_to_percent
    part = {
        "eu-member": "✔ takes part: a member of the EU",
        "cosme-associated": "✔ takes part: associated with COSME",
        "associated": f"✔ takes part: associated with {rulebook.scheme.programme}",
        "ask": "? ask the partnership whether it takes part",
        "not-participating": "✘ does not take part",
    }[country.status]
    names = ", ".join((*country.local_names, *country.also))
    rows = [Row(part)]
    if country.note:
        rows.append(Row(country.note))
    if names:
        rows.append(Row(f"Also accepted: {names}"))
    blocks = [Block(f"{country.code}  {country.name}", rows)]
    amounts = []
    for amount in country.lump_sums:
        amounts += [
            Row(f"full: EUR {money(amount.full)}, {amount.full_basis}", "•"),
            Row(f"{share(percent)}: EUR {money(amount.reduced(percent))}, {amount.reduced_basis(percent)}", "•"),
            Row(f"for arrivals {_validity(amount)}; last checked {amount.checked}"),
        ]
    blocks.append(Block("Lump sum", amounts or [Row("No amount is known.")]))
    addresses = dict.fromkeys(
        [*country.sources, *(source for amount in country.lump_sums for source in amount.sources)]
    )
    if addresses:
        blocks.append(Block("Sources", [Row(address, "•") for address in addresses]))
    return blocks


RULE_HEADING = ("code", "name", "says", "sources")


def rule_rows(scheme: Scheme, rules: Sequence[Rule]) -> list[Cells]:
    """A row for each rule."""
    book = scheme.rulebook
    return [(rule.code, rule.name, _says(book, rule), " ".join(book.rules[rule.code].sources)) for rule in rules]


def _says(book: Rulebook, rule: Rule) -> str:
    """What a rule says, and when it is asked, if not always."""
    return f"{'At payment: ' if rule.stage == 'payment' else ''}{says(book, rule.code)}"


DIFFERENCE_HEADING = ("key", "theirs", "ours")


def differing_text(rulebook: Rulebook, found: Sequence[Difference]) -> str:
    """What differs between a rulebook and the one that it extends, for people."""
    if not found:
        return ""
    lines = [f"{keys}\n    theirs: {theirs}\n    ours:   {ours}\n" for keys, theirs, ours in found]
    return uncommanded(f"\n{_differing_from(rulebook)}\n\n{''.join(lines)}")


def differing_markdown(rulebook: Rulebook, found: Sequence[Difference]) -> str:
    """The same as a Markdown table."""
    table = as_markdown(DIFFERENCE_HEADING, found)
    return f"\n{unmarked(_differing_from(rulebook))}\n\n{table}" if found else ""


def _differing_from(rulebook: Rulebook) -> str:
    return f"What differs from {rulebook.extends} (theirs) in {rulebook.name} (ours):"


def rule_page(scheme: Scheme, rule: Rule) -> list[Block]:
    """One rule for people; the same headings for every rule."""
    book = scheme.rulebook
    text = book.rules[rule.code]
    limits = [name for name in rule.reads if name in book.entries]
    if book.clusters and any(name.endswith("_cluster_known") for name in rule.reads):
        limits.append("clusters")
    facts = [name for name in rule.reads if name not in book.limits]
    stated, answer = example(scheme, rule)
    return [
        Block(f"{rule.code}  {rule.name}  ({book.name})", ()),
        Block("What", [Row(_says(book, rule))]),
        Block("Why", [Row(why(book, rule.code))]),
        Block("Limits", [Row(_limit(scheme, name), "•") for name in limits] or [Row("none")]),
        Block("Facts", [Row(", ".join(facts))]),
        Block("Example", [Row(stated), Row(f"{answer.outcome}: {answer.message}")]),
        Block(
            "Sources",
            [Row(address, "•") for address in text.sources] + [Row(_checked(book, text))],
        ),
    ]


def example(scheme: Scheme, rule: Rule) -> tuple[str, Answer]:
    """The facts of a rule's example in words, and what the rule answers under this scheme."""
    facts = dict(rule.example)
    stated = ", ".join(f"{name.replace('_', ' ')}: {in_text(plain(value), ', ')}" for name, value in facts.items())
    countries = scheme.countries
    for name in ("visitor_country", "host_country"):
        if name in facts:
            facts[name] = countries.find(str(facts[name]))
    if "lump_sum" in facts:
        facts["lump_sum"] = countries.find(str(facts["lump_sum"])).lump_sum(None)
    return stated, rule.function(**{name: facts.get(name, scheme.rulebook.limits.get(name)) for name in rule.reads})


def _limit(scheme: Scheme, name: str) -> str:
    entry = scheme.rulebook.entries[name]
    if isinstance(entry.value, dict):
        groups: dict[str, list[str]] = {}
        for kind, permission in entry.value.items():
            groups.setdefault(permission, []).append(kind)
        value = "; ".join(f"{permission}: {', '.join(kinds)}" for permission, kinds in groups.items())
    elif name == "clusters":
        value = ", ".join(cluster.name for cluster in scheme.rulebook.clusters)
    elif isinstance(entry.value, tuple):
        value = ", ".join(entry.value)
    else:
        value = in_words(name, entry.value)
        if name == "reduced_to_percent":
            value = f"{entry.value} ({value})"
    said = "; ".join([_checked(scheme.rulebook, entry), *([" ".join(entry.sources)] if entry.sources else [])])
    return f"{name.replace('_', ' ')}: {value}  ({said})"


def _checked(rulebook: Rulebook, stated: Entry | RuleText) -> str:
    """When something was last checked; or that it is another scheme's."""
    if stated.taken_over:
        return f"taken over from {stated.taken_over}; not confirmed for {rulebook.scheme.name}"
    return f"last checked {stated.checked}"
