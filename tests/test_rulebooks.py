"""A rulebook of one's own: what it extends, what differs, and what its page tells."""

import dataclasses
import json
import re
import shlex
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml
from commands import Run
from jsonschema import Draft202012Validator

import cxc
from cxc.advice.slips import slips
from cxc.errors import DataError
from cxc.reports import schema
from cxc.rules import RULE_NAMES
from cxc.scheme import data_files
from cxc.scheme.checking import check_file
from cxc.scheme.countries import DATA, LumpSum, load_countries
from cxc.scheme.differences import differences
from cxc.scheme.loading import load_scheme
from cxc.scheme.rulebook import LIMITS, Rulebook, SchemeNamed, load_rulebook
from cxc.text import MOST_SOUGHT
from cxc.verdict import Verdict

ROOT = Path(__file__).parent.parent
PAGE = (ROOT / "docs" / "rulebooks.md").read_text(encoding="utf-8")
SOURCED = "sources: [https://example.org/our-call], checked: 2026-11-23"
OURS = "rulebook: ours\nextends: medic-nest\n"


def write(folder: Path, text: str, name: str = "ours.yaml") -> str:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return str(path)


def refused(path: str) -> str:
    with pytest.raises(DataError) as caught:
        load_rulebook(path)
    return str(caught.value)


def test_the_page_documents_every_key() -> None:
    """Every key that a rulebook may have, and every limit, has its row."""
    rows = " ".join(re.findall(r"^\| (`.*?) \|", PAGE, re.MULTILINE))

    assert {key for key in (*schema.rulebook()["properties"], *LIMITS) if f"`{key}`" not in rows} == set()


def test_the_rulebook_of_the_page_is_sound(tmp_path: Path) -> None:
    """The page is right about what it shows."""
    shown, clusters, another, amounts, in_csv = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)
    (csv,) = re.findall(r"```csv\n(.*?)```", PAGE, re.DOTALL)
    write(tmp_path, csv, "ours.csv")
    from_csv = load_rulebook(write(tmp_path, OURS + in_csv, "csv.yaml"))
    assert [f"{amount.full:.2f}" for amount in from_csv.lump_sums["PT"]] == ["780.00", "800.00"]
    assert [f"{amount.reduced(50):.2f}" for amount in from_csv.lump_sums["RO"]] == ["305.25"]
    greenlink = load_rulebook(write(tmp_path, f"rulebook: greenlink\nextends: eccp\n{another}"))
    assert greenlink.scheme == SchemeNamed("GreenLink Exchange", "GreenLink", "GreenLink Office", Decimal(1500))
    book = load_rulebook(write(tmp_path, shown + clusters + amounts))

    assert book.shortest_stay_days == 4
    assert [f"{amount.full:.2f}" for amount in book.lump_sums["PT"]] == ["780.00", "800.00"]


@pytest.mark.parametrize(
    ("stated", "expected"),
    [
        ("", []),
        (f"limits:\n  shortest_stay_days: {{value: 4, {SOURCED}}}\n", [("limits: shortest_stay_days", "3", "4")]),
        (f"limits:\n  shortest_stay_days: {{value: 3, {SOURCED}}}\n", []),
        (
            f"limits:\n  travellers_at_most: {{value: no-limit, {SOURCED}}}\n",
            [("limits: travellers_at_most", "1", "no limit")],
        ),
        (f"may_host: {{types: {{sme: ask, fab-lab: member}}, {SOURCED}}}\n", [("may_host: sme", "member", "ask")]),
        (
            f"activities: {{listed: [fair, other], {SOURCED}}}\n",
            [
                (
                    "activities",
                    "training, capacity-building, knowledge-exchange, project-development, market-research, "
                    "networking, business-mission, fair",
                    "fair, other",
                )
            ],
        ),
        (f"period: {{from: 2022-02-01, {SOURCED}}}\n", [("period", "2022-02-01 to 2024-01-31", "from 2022-02-01")]),
        (
            f"rules: {{CXC304: {{why: So., {SOURCED}}}}}\n",
            [("rules: CXC304: why", "One visit is for one person.", "So.")],
        ),
        (
            f"clusters: {{listed: [{{name: Medvia}}, {{name: Imago-Mol, aliases: [IM, I. M. Cluster]}}], {SOURCED}}}\n",
            [("clusters", "none", "Medvia; Imago-Mol = IM = I. M. Cluster")],
        ),
        (
            f"lump_sums:\n  PT: [{{from: 2020-02-03, to: 2026-12-31, full_eur: 800, full_basis: published, "
            f"half_basis: inferred, {SOURCED}}}]\n",
            [
                (
                    "lump_sums: PT",
                    "EUR 780.00 published (half published) from 2020-02-03",
                    "EUR 800.00 published (half inferred) from 2020-02-03 to 2026-12-31",
                )
            ],
        ),
        (
            f"lump_sums:\n  CH: [{{from: 2020-02-03, full_eur: 800, full_basis: published, half_basis: published, "
            f"{SOURCED}}}]\n",
            [("lump_sums: CH", "none", "EUR 800.00 published (half published) from 2020-02-03")],
        ),
    ],
)
def test_what_differs(tmp_path: Path, stated: str, expected: list[tuple[str, str, str]]) -> None:
    """Each value that is not the parent's, and no other."""
    found = differences(load_rulebook(write(tmp_path, OURS + stated)), load_countries())

    assert [tuple(difference) for difference in found] == expected


def test_what_differs_is_shown(run: Run, tmp_path: Path) -> None:
    """`cxc rules` tells it of a rulebook of one's own, as text and as Markdown, and not of a shipped one."""
    path = write(tmp_path, f"{OURS}limits:\n  shortest_stay_days: {{value: 4, {SOURCED}}}\n")
    text, markdown = (run("rules", "--rulebook", path, "--format", form).out for form in ("text", "markdown"))

    heading = "What differs from medic-nest (theirs) in ours (ours):"
    assert f"\n{heading}\n\nlimits: shortest_stay_days\n    theirs: 3\n    ours:   4\n\n" in text
    assert "\n| limits: shortest\\_stay\\_days | 3 | 4 |\n" in markdown
    for rulebook in ("medic-nest", "eccp", write(tmp_path, OURS)):
        assert "What differs" not in run("rules", "--rulebook", rulebook).out
        assert "What differs" not in run("rules", "--rulebook", rulebook, "--format", "markdown").out


def test_amounts_of_other_days_are_listed_with_their_days(run: Run, tmp_path: Path) -> None:
    dated = (
        f"{{from: 2020-02-03, to: 2026-12-31, full_eur: 800, full_basis: published, half_basis: inferred, {SOURCED}}}"
    )
    listed = run("countries", "--rulebook", write(tmp_path, f"{OURS}lump_sums:\n  PT: [{dated}]\n")).out
    lines = {line[:2]: " ".join(line.split()) for line in listed.splitlines()}

    assert lines["co"] == "code country status full EUR half EUR for arrivals"
    assert lines["PT"].endswith("800.00 published 400.00 inferred from 2020-02-03 to 2026-12-31")
    assert lines["ES"].endswith("830.00 inferred 415.00 inferred from 2020-02-03")
    assert "Amounts for arrivals" not in listed


def test_what_differs_from_a_paperwork(tmp_path: Path) -> None:
    """Steps that come or go are shown with their place."""
    base = write(tmp_path, f"{OURS}paperwork: {{steps: [Call., Sign.], {SOURCED}}}\n", "base.yaml")
    path = write(tmp_path, f"rulebook: mine\nextends: {base}\npaperwork: {{steps: [Sign.], {SOURCED}}}\n")

    assert [tuple(d) for d in differences(load_rulebook(path), load_countries())] == [
        ("paperwork", "1. Call. 2. Sign.", "1. Sign.")
    ]
    assert differences(load_rulebook("eccp"), load_countries()) == []


def test_the_path_of_extends_counts_from_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What a rulebook means does not hang on the folder in which somebody works."""
    (tmp_path / "books").mkdir()
    write(tmp_path, f"{OURS}title: The wrong one\n", "base.yaml")
    ours = write(tmp_path, "rulebook: mine\nextends: base.yaml\n", "books/mine.yaml")
    monkeypatch.chdir(tmp_path)
    assert (
        refused(ours)
        == f"{ours}:2: extends: there is no file base.yaml; its path counts from the folder of this rulebook"
    )
    write(tmp_path, "rulebook: base\nextends: ../base.yaml\n", "books/base.yaml")

    assert load_rulebook(ours).extends == "base"
    assert [path.name for path in load_rulebook(ours).files] == [
        "eccp.yaml",
        "medic-nest.yaml",
        "base.yaml",
        "base.yaml",
        "mine.yaml",
    ]


CEILING = f"limits:\n  ceiling_eur: {{value: 1500, {SOURCED}}}\n"
ANOTHER = f"rulebook: other\nextends: medic-nest\nscheme: {{name: GreenLink Exchange, programme: GreenLink}}\n{CEILING}"
TABLE = f"""\
scheme: {{name: Greenlink exchange}}
countries:
  PT: {{name: Portugal, status: eu-member, {SOURCED}, lump_sums: [{{from: 2025-01-01, full_eur: 1200, full_basis: published, half_basis: inferred, {SOURCED}}}]}}
  IS: {{name: Iceland, status: associated, {SOURCED}}}
  RO: {{name: Romania, status: eu-member, {SOURCED}}}
"""
TRIP = ["--no-ask", "--to", "PT", "--from", "RO", "--host-cluster", "Porto Cluster"]
FULL = ["--first-day", "2025-05-12", "--last-day", "2025-05-16"]
SHORT = ["--first-day", "2025-05-12", "--last-day", "2025-05-15"]


@pytest.mark.parametrize(
    ("stated", "says"),
    [
        ("scheme: {name: GreenLink}\n", ":3: name: the ceiling of GreenLink is not known: state ceiling_eur under limits"),
        ("scheme: {programme: GreenLink}\n", ":3: scheme lacks the key 'name'"),
        ("scheme: {name: GreenLink, currency: RON}\n" + CEILING, ":3: scheme has the unknown key 'currency'"),
        ("scheme: {name: Cluster-Xchange, programme: GreenLink}\n", ":3: programme: that of ClusterXchange is COSME"),
        ("scheme: {name: clusterxchange, platform: Us}\n", ":3: platform: that of ClusterXchange is ECCP"),
        ("scheme: {name: ClusterXchange}\n" + CEILING, ":5: ceiling_eur: 1500.00 EUR is above 1100.00 EUR"),
        ("scheme: {name: X}\n" + CEILING + f"may_visit: {{types: {{sme: yes}}, {SOURCED}}}\n", "types lacks the key 'cl"),
        ("scheme: {name: X}\n" + CEILING + f"rules: {{CXC304: {{says: So., {SOURCED}}}}}\n", "CXC304 lacks the key 'why'"),
        (f"rules: {{CXC304: {{why: 'Under {{scheme}}', {SOURCED}}}}}\n", "why: {scheme} is not a limit; write one of"),
    ],
)  # fmt: skip
def test_bad_scheme(tmp_path: Path, stated: str, says: str) -> None:
    """The ceiling and the names belong to the scheme; what another scheme states, it states whole."""
    assert says in refused(write(tmp_path, OURS + stated))


def test_a_lower_ceiling_than_what_the_shipped_table_pays(tmp_path: Path) -> None:
    """The file with the fault is not that of the partnership, so it is said what the partnership can do."""
    lower = write(tmp_path, f"rulebook: lower\nextends: eccp\nlimits:\n  ceiling_eur: {{value: 500, {SOURCED}}}\n")
    way_out = (
        "such a ceiling needs a country table of your own in which no amount is above it: name it with --countries"
    )
    with pytest.raises(DataError, match=f"^.*countries.yaml:[0-9]+: .* the rulebook's ceiling_eur; {way_out}$"):
        load_scheme(lower)


@pytest.mark.parametrize(
    ("stated", "says"),
    [
        ("limits:\n\tvisits_at_most: 1\n", "4: .*; indent with spaces, not with tabs"),
        ("title: our: rules\n", "3: .*; put a text with a colon in it in quotes$"),
        ('title: "ours\n', "4: .*; a quotation mark is not closed$"),
        (
            "period: {from: 2025-01-01\nclusters: [a\n",
            "4: .*; look here and above for a missing comma, an open bracket,",
        ),
        ("limits:\n  visits_at_most: 1\n   near_below_km: 1\n", "5: .*; put a text with a colon"),
        (
            "limits:\n  visits_at_most: {value: 1}\n   near_below_km: 1\n",
            "5: .*; look here .* a line that is indented otherwise$",
        ),
    ],
)
@pytest.mark.parametrize("library", ["libyaml", "python"])
def test_yaml_that_is_not_valid(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, stated: str, says: str, library: str
) -> None:
    """The library's words are for programmers, so it is said what to look for, and where."""
    if library == "python":
        monkeypatch.setattr(data_files, "_LOADER", yaml.SafeLoader)
    data_files.parse.cache_clear()
    with pytest.raises(DataError, match=f"^[^:]*ours.yaml:{says}"):
        load_rulebook(write(tmp_path, f"rulebook: ours\nextends: eccp\n{stated}"))


def test_a_whole_rulebook_names_its_scheme(tmp_path: Path) -> None:
    """One that extends nothing cannot be taken for ClusterXchange's without a word."""
    said = refused(write(tmp_path, "rulebook: ours\n"))
    assert "lacks the key 'scheme'; to start from a shipped rulebook, add the line 'extends: medic-nest'" in said


def test_the_scheme_of_the_parent(tmp_path: Path) -> None:
    """A rulebook is of the scheme that it extends; its partnerships may lower the ceiling, and raise it no further."""
    write(tmp_path, ANOTHER, "other.yaml")
    lower = f"limits:\n  ceiling_eur: {{value: 900, {SOURCED}}}\n"
    write(tmp_path, f"rulebook: lower\nextends: other.yaml\n{lower}", "lower.yaml")
    again = load_rulebook(write(tmp_path, f"rulebook: again\nextends: lower.yaml\n{CEILING}"))

    assert again.scheme == SchemeNamed("GreenLink Exchange", "GreenLink", None, Decimal(1500))
    assert again.bounds.ceiling == 1500
    too_high = write(tmp_path, f"rulebook: ours\nextends: lower.yaml\n{CEILING.replace('1500', '1502')}")
    assert "1502.00 EUR is above 1500.00 EUR, the most that the scheme pays" in refused(too_high)
    assert load_rulebook(write(tmp_path, f"{OURS}scheme: {{name: clusterxchange}}\n")).scheme.name == "ClusterXchange"


def test_nothing_is_taken_over_from_another_scheme_in_silence(tmp_path: Path) -> None:
    """No amounts, no period, no papers; limits and lists without their sources, and each named."""
    base = f"lump_sums: {{PT: [{{from: 2020-02-03, full_eur: 800, full_basis: published, half_basis: published, {SOURCED}}}]}}\n"
    write(tmp_path, OURS + base, "base.yaml")
    path = write(tmp_path, ANOTHER.replace("medic-nest", "base.yaml"), "other.yaml")
    book = load_rulebook(path)

    assert (book.lump_sums, book.period, book.paperwork) == ({}, None, None)
    unknown = {"payment_within_days", "records_years"}  # what partnerships of ClusterXchange do says nothing here
    assert set(book.taken_over) == {*book.entries, "rules"} - {"ceiling_eur"} - unknown
    assert {book.entries[name].value for name in unknown} == {None}
    assert book.taken_over_from == ("ours, a rulebook of ClusterXchange",)
    assert all(not entry.sources for name, entry in book.entries.items() if name != "ceiling_eur")
    assert all(not text.sources and not text.why for text in book.rules.values())
    child = load_rulebook(
        write(tmp_path, f"rulebook: child\nextends: other.yaml\nactivities: {{listed: [fair], {SOURCED}}}\n")
    )
    assert set(book.taken_over) - set(child.taken_over) == {"activities_listed"}
    assert [d.keys for d in differences(child, load_countries())] == ["activities"]
    assert [d.keys for d in differences(book, load_countries())] == [
        *("scheme: name", "scheme: programme", "scheme: platform", "limits: ceiling_eur"),
        *("limits: payment_within_days", "limits: records_years"),
        *("lump_sums: PT", "period", "paperwork"),
    ]


def test_a_table_of_another_scheme_tells_nothing(run: Run, tmp_path: Path) -> None:
    """Neither who takes part nor what that pays; and an amount above the ceiling of a scheme that is not its own is no fault."""
    low = write(tmp_path, ANOTHER.replace("1500", "300"), "low.yaml")
    scheme = load_scheme(low)
    for text in ("PT", "Norway", "US"):
        country = scheme.countries.find(text)
        assert (country.status, country.lump_sums, country.sources) == ("ask", (), ())
        assert country.note == (
            f"The country table is of ClusterXchange. It is not known whether {country.name} takes part in GreenLink."
        )
    ours = f"lump_sums: {{PT: [{{from: 2020-02-03, full_eur: 200, full_basis: published, half_basis: published, {SOURCED}}}]}}\n"
    own = write(tmp_path, ANOTHER.replace("1500", "300") + ours)
    verdict = run("check", *TRIP, *FULL, "--rulebook", own, "--no-ask")
    assert verdict.status == 3
    assert "Undecided: EUR 200.00 if the open points are settled" in verdict.out
    assert "--approved 'CXC101;CXC102'" in verdict.out
    table = write(tmp_path, TABLE, "countries.yaml")
    assert "does not take part" not in run("countries", "--rulebook", low).out
    assert "?" in run("countries", "US", "--rulebook", low).out
    assert "not known whether Portugal takes part in COSME" in run("countries", "PT", "--countries", table).out
    refusal = run("countries", "--rulebook", low, "--format", "json")
    assert refusal.status == 2
    assert "the country table is of ClusterXchange, the rulebook of GreenLink Exchange" in refusal.err


def test_statuses_of_a_table(tmp_path: Path) -> None:
    """A table of another scheme does not speak of COSME."""
    table = Path(write(tmp_path, TABLE.replace("status: associated", "status: cosme-associated"), "countries.yaml"))
    with pytest.raises(
        DataError, match=r"countries.yaml:4: status: this table is of Greenlink exchange; write associated"
    ):
        load_countries(table)


def said(run: Run, book: str, table: str) -> dict[str, str]:
    """What every command says under a rulebook and a country table, in every format."""
    ours = ["--rulebook", book, "--countries", table]
    trips = Path(table).parent / "trips.csv"
    heading = "visitor,visitor_country,host_country,host_cluster,first_day,last_day,third_country_national\n"
    stays = ("PT,yes,2025-05-12,2025-05-15,", "PT,yes,2025-05-12,2025-05-16,yes", "NO,yes,2025-05-12,2025-05-16,no")
    trips.write_text(heading + "".join(f"Acme,RO,{stay}\nBeta,IS,{stay}\n" for stay in stays), encoding="utf-8")
    window = ["--to", "PT", "--earliest", "2025-05-08", "--latest", "2025-05-20"]
    commands = {
        "check": ["check", *TRIP, *SHORT, "-v"],
        "full": ["check", *TRIP, *FULL, "-v"],
        "norway": ["check", *TRIP, *FULL, "-v", "--to", "NO", "--third-country-national", "yes"],
        "strict": ["check", "--no-ask", "--strict", "-v"],
        "payment": ["check", *TRIP, *FULL, "-v", "--stage", "payment", "--today", "2025-08-01"],
        "validate": ["validate", str(trips), "-v"],
        "estimate": ["estimate"],
        "one": ["estimate", "--to", "PT", "--days", "3"],
        "dated": ["estimate", "--to", "PT", *SHORT],
        "plan": ["plan", *window],
        "countries": ["countries"],
        "iceland": ["countries", "IS"],
    }
    found = {}
    for name, arguments in commands.items():
        for form in ("text", "json", "csv", "markdown", "html", "github", "junit", "jsonl"):
            if name in ("check", "full", "norway", "strict", "payment", "validate") or form in (
                "text",
                "json",
                "csv",
                "markdown",
            ):
                found[f"{name} {form}"] = run(*arguments, *ours, "--format", form).out
    for code in ("", *RULE_NAMES):
        for form in ("text", "csv", "markdown", "json"):
            found[f"rules {code} {form}"] = run(
                "rules", *filter(None, [code]), "--rulebook", book, "--format", form
            ).out
    calendar = Path(table).parent / "visit.ics"
    run("plan", *window, *ours, "--ics", calendar)
    found["calendar"] = calendar.read_text(encoding="utf-8").replace("\n ", "")  # which folds lines
    return found


@pytest.mark.many
def test_every_sentence_takes_its_names_from_the_rulebook(run: Run, tmp_path: Path) -> None:
    """No report under another scheme names ClusterXchange, its programme or its platform."""
    whole = json.loads(run("rules", "--rulebook", "medic-nest", "--format", "json").out)
    whole |= {
        "rulebook": "whole",
        "scheme": {"name": "GreenLink Exchange", "programme": "GreenLink", "platform": "GLO"},
    }
    whole["limits"]["ceiling_eur"]["value"] = "1500"
    whole["paperwork"]["steps"] = ["Call us."]
    del whole["title"]
    names = r"ClusterXchange|COSME|ECCP|EU exchange scheme"
    for book in (write(tmp_path, json.dumps(whole)), write(tmp_path, ANOTHER, "other.yaml")):
        found = said(run, book, write(tmp_path, TABLE, "countries.yaml"))
        for place, text in found.items():
            text = re.sub(r"from (medic-nest|eccp)\\?, a rulebook of ClusterXchange", "", text)  # what was taken over
            text = re.sub(r"https?://\S+", "", text)
            if place.startswith("rules CXC"):  # an example under the shipped table
                text = text.replace("The country table is of ClusterXchange.", "")
            if place in ("rules  text", "rules  markdown"):  # theirs beside ours
                text = text.partition("What differs")[0]
            assert not re.search(names, text), place
        assert "published for GreenLink Exchange" in found["full text"]
        assert "inferred, not confirmed for GreenLink Exchange" in found["check text"]
        assert "The amount is inferred and is not confirmed for GreenLink Exchange." in found["check text"]
        assert "Norway does not take part in GreenLink. Only" in found["norway text"]
        assert "takes part: associated with GreenLink" in found["iceland text"]
        assert "# GreenLink Exchange trips" in found["validate markdown"]
        assert "<title>GreenLink Exchange trips</title>" in found["validate html"]
        assert "<h1>GreenLink Exchange trips</h1>" in found["validate html"]
        assert "SUMMARY:GreenLink Exchange visit to Portugal" in found["calendar"]
        is_whole = book.endswith("ours.yaml")
        assert ("GLO counts working days" in found["one json"]) is is_whole
        assert ("Not confirmed for GreenLink Exchange, but taken over from" in found["full text"]) is not is_whole
        assert ("does not say when exchanges are funded" in found["full text"]) is not is_whole


def test_a_document_of_another_scheme_is_read_again(run: Run, tmp_path: Path) -> None:
    """The JSON of `cxc rules` and `cxc countries` says the same when it is read again."""
    book, table = write(tmp_path, ANOTHER, "other.yaml"), write(tmp_path, TABLE, "countries.yaml")
    child = write(
        tmp_path, f"rulebook: child\nextends: other.yaml\ntitle: Child\nactivities: {{listed: [fair], {SOURCED}}}\n"
    )
    for name in (book, child):
        written = run("rules", "--rulebook", name, "--format", "json").out
        Draft202012Validator(schema.rulebook()).validate(json.loads(written))
        again = load_rulebook(write(tmp_path, written, "again.yaml"))
        assert (again.limits, again.scheme, again.taken_over) == (
            load_rulebook(name).limits,
            load_rulebook(name).scheme,
            load_rulebook(name).taken_over,
        )
    written = run("countries", "--rulebook", book, "--countries", table, "--format", "json").out
    Draft202012Validator(schema.countries()).validate(json.loads(written))
    table = write(tmp_path, written, "again.yaml")
    assert run("countries", "--rulebook", book, "--countries", table, "--format", "json").out == written


def test_a_name_of_a_scheme_is_no_markup(run: Run, tmp_path: Path) -> None:
    """What a rulebook calls its scheme is shown as it is, in every format."""
    hostile = ANOTHER.replace("GreenLink Exchange", "'<b>##[error]x</b> *y*'")
    book, trips = write(tmp_path, hostile), tmp_path / "trips.csv"
    trips.write_text("host_country,host_cluster,first_day,last_day\nPT,yes,2025-05-12,2025-05-16\n", encoding="utf-8")
    for form in ("html", "markdown"):
        out = run("validate", trips, "--rulebook", book, "--format", form).out
        assert "<b>" not in out
        assert "##[" not in out
    assert "<b>" not in run("check", *TRIP, *FULL, "--rulebook", book, "--format", "html").out


CLUSTERS = f"clusters:\n  listed: [{{name: Medvia}}, {{name: Imago-Mol, aliases: [Clusterul Ştiinţa]}}]\n  {SOURCED.replace(', checked', chr(10) + '  checked')}\n"
KNOWN = ["Medvia", "MEDVIA", "Med-Via", "IMAGO MOL", "Imago. Mol", "clusterul STIINTA"]


@pytest.mark.parametrize("side", ["host", "visitor"])
@pytest.mark.parametrize(
    ("stated", "host", "visitor"),
    [
        *((name, "pass", "pass") for name in KNOWN),
        ("Biotecyl", "unknown", "unknown"),
        ("Medvia Nord", "unknown", "unknown"),
        ("yes", "unknown", "assumed"),
        ("none", "fail", "fail"),
        (None, "unknown", "assumed"),
    ],
)
def test_clusters_that_the_partnership_knows(
    tmp_path: Path, side: str, stated: str | None, host: str, visitor: str
) -> None:
    """With a list another cluster is asked about, and an approval lifts that; without one each name counts."""
    book = write(tmp_path, OURS + CLUSTERS)
    other = "visitor" if side == "host" else "host"
    trip: dict[str, Any] = {
        "host_country": "PT",
        "first_day": "2023-05-15",
        "last_day": "2023-05-19",
        "host_type": "sme",
        "visitor_type": "sme",
        f"{other}_cluster": "Medvia",
        f"{side}_cluster": stated,
    }
    code, expected = ("CXC402", host) if side == "host" else ("CXC302", visitor)
    finding = cxc.check(rulebook=book, **trip).finding(code)
    approved: dict[str, Any] = {"approved": code, "approved_by": "Ana Pop", "approved_on": "2023-05-01"}
    with_approval = cxc.check(rulebook=book, **trip, **approved)

    assert finding.outcome == expected
    is_ask = stated in ("Biotecyl", "Medvia Nord")
    assert ("not on the list of clusters" in finding.message) is is_ask
    assert with_approval.finding(code).outcome == ("pass" if is_ask else expected)
    needed = cxc.check(rulebook=book, **trip).needed
    assert needed == (("approved",) if is_ask else (f"{side}_cluster",) if expected == "unknown" else ())
    if stated not in (None, "none"):
        assert cxc.check(**trip).finding(code).outcome == "pass"
    strict = cxc.check(rulebook=book, strict=True, **trip).finding(code).outcome
    assert strict == {"assumed": "unknown"}.get(expected, expected)


READ_AS_REMARKS = ["Nu Cluster", "No Limits Cluster", "medvia", "Portugal"]


@pytest.mark.parametrize("name", READ_AS_REMARKS)
def test_a_name_of_the_list_can_be_stated(run: Run, tmp_path: Path, name: str) -> None:
    """As the list writes it, also where another text like it would be taken for a remark or a country."""
    names = [*READ_AS_REMARKS, "NU", "NA", "nu are"]
    listed = ", ".join(f"{{name: N{at}, aliases: ['{one}']}}" for at, one in enumerate(names))
    book = write(tmp_path, OURS + CLUSTERS.replace("{name: Medvia}", listed))
    stay = ["--to", "PT", "--first-day", "2023-05-15", "--last-day", "2023-05-19"]
    trips = tmp_path / "trips.csv"
    head = "host_country,host_cluster,visitor_cluster,first_day,last_day\n"
    trips.write_text(f"{head}PT,{name},{name},2023-05-15,2023-05-19\n", encoding="utf-8")

    refused = run("check", "--no-ask", *stay, "--host-cluster", name)
    taken = run("check", "--no-ask", *stay, "--host-cluster", name, "--rulebook", book, "--format", "json")
    rows = run("validate", trips, "--rulebook", book, "--format", "jsonl")

    assert refused.status == 2
    for out in (taken.out, rows.out):
        found = {finding["code"]: finding["outcome"] for finding in json.loads(out)["findings"]}
        assert found["CXC402"] == "pass"
    for text in ("nu", "n/a", "nu cluster", "MEDVIA?", "tbc"):  # nothing else is taken for what is on the list
        assert run("check", "--no-ask", *stay, "--host-cluster", text, "--rulebook", book).status != 0


def test_clusters_do_not_matter_where_none_is_needed(tmp_path: Path) -> None:
    """A cluster organisation is one itself; a type that may not visit may not as a member of any."""
    book = write(tmp_path, OURS + CLUSTERS)
    trip: dict[str, Any] = {
        "host_country": "PT",
        "first_day": "2023-05-15",
        "last_day": "2023-05-19",
        "host_type": "cluster-organisation",
    }
    verdict = cxc.check(
        rulebook=book, **trip, visitor_type="large-company", host_cluster="Other", visitor_cluster="Other"
    )

    assert verdict.finding("CXC402").outcome == "pass"
    assert verdict.finding("CXC302").outcome == "not-applicable"


STAY: dict[str, Any] = {"host_country": "PT", "first_day": "2023-05-15", "last_day": "2023-05-19"}
IF_NOT = "If not, ask the partnership. If it approves, state approved ({}), approved_by and approved_on."


@pytest.mark.parametrize("stage", ["proposal", "payment"])
@pytest.mark.parametrize(
    ("stated", "meant"),
    [
        ("Medivia", "Medvia"),
        ("Imago Moll", "Imago-Mol"),
        ("Clusterul Stinta", "Clusterul Ştiinţa"),
        ("Medvia", None),
        ("Zentrum Biotech", None),
        ("Clusterul Agro", None),  # shares the word that all share
        ("Medivia" * 30, None),  # so long a text is not compared
    ],
)
@pytest.mark.parametrize(("code", "field"), [("CXC402", "host_cluster"), ("CXC302", "visitor_cluster")])
def test_a_cluster_that_may_be_a_slip(
    run: Run, tmp_path: Path, code: str, field: str, stated: str, meant: str | None, stage: str
) -> None:
    """The nearest clusters of the list are named, in the way out: of a trip, and of a row in a table in every format."""
    book, trips = write(tmp_path, OURS + CLUSTERS), tmp_path / "trips.csv"
    trip = {**STAY, "host_cluster": "Medvia", "visitor_type": "sme", field: stated}
    trips.write_text(f"{','.join(trip)}\n{','.join(trip.values())}\n", encoding="utf-8")
    given = ["--rulebook", book, "--stage", stage]
    options = [part for name, text in trip.items() for part in (f"--{name.replace('_', '-')}", text)]
    one = json.loads(run("check", "--no-ask", *options, *given, "--format", "json").out)
    row = json.loads(run("validate", trips, *given, "--format", "jsonl").out)
    (remedy,) = [found["remedy"] for found in one["findings"] if found["code"] == code]
    slip = f"Did you mean {meant}? If so, correct {field}."

    assert row["findings"] == one["findings"]
    assert ("Did you mean" in (remedy or "")) is (meant is not None)
    if meant:
        assert remedy == f"{slip} {IF_NOT.format(code)}"
    for form in ("text", "markdown", "html", "github", "junit", "gitlab"):
        assert ("Did you mean" in run("validate", trips, *given, "--format", form).out) is (meant is not None)
        assert "Did you mean" not in run("validate", trips, *given, "--redact", "--format", form).out
    assert (slip in run("check", "--no-ask", *options, *given).out) is (meant is not None)


def test_no_cluster_is_suggested_where_the_answer_stands(tmp_path: Path) -> None:
    """Approved, of an organisation that needs no cluster, under a rulebook without a list."""
    book = write(tmp_path, OURS + CLUSTERS)
    approved: dict[str, Any] = {"approved": "CXC402", "approved_by": "Ana Pop", "approved_on": "2023-05-01"}

    for more in ({**approved}, {"host_type": "cluster-organisation"}):
        assert not slips(cxc.check(rulebook=book, **STAY, host_cluster="Medivia", **more))
    assert not slips(cxc.check(**STAY, host_cluster="Medivia"))
    assert slips(cxc.check(rulebook=book, **STAY, host_cluster="Medivia")).keys() == {"CXC402"}


def test_an_approved_slip_and_a_row_that_cannot_be_read(run: Run, tmp_path: Path) -> None:
    """In one table with a slip that is neither."""
    book, trips = write(tmp_path, OURS + CLUSTERS), tmp_path / "trips.csv"
    rows = ("PT,Medivia,,,", "PT,Medivia,CXC402,Ana Pop,2023-05-01", "PT,Medivia,CXC402,,", "Atlantis,Medivia,,,")
    trips.write_text(
        "host_country,host_cluster,approved,approved_by,approved_on,first_day,last_day\n"
        + "".join(f"{row},2023-05-15,2023-05-19\n" for row in rows),
        encoding="utf-8",
    )
    found = run("validate", trips, "--rulebook", book, "--format", "jsonl").out.splitlines()

    assert ["Did you mean Medvia?" in line for line in found] == [True, False, False, False]


def test_a_table_full_of_slips_is_not_searched_without_end(run: Run, tmp_path: Path) -> None:
    """Of rows that are judged together so many names are looked for."""
    book, trips = write(tmp_path, OURS + CLUSTERS), tmp_path / "trips.csv"
    names = [f"Medvia {number}" for number in range(MOST_SOUGHT + 5)] * 2
    trips.write_text(
        "host_country,host_cluster,first_day,last_day\n"
        + "".join(f"PT,{name},2023-05-15,2023-05-19\n" for name in names),
        encoding="utf-8",
    )
    found = run("validate", trips, "--rulebook", book, "--format", "jsonl").out

    assert found.count("Did you mean Medvia?") == 2 * MOST_SOUGHT


def test_a_table_and_a_trip_agree_on_clusters(run: Run, tmp_path: Path) -> None:
    """Estimates and plans take the host's cluster to be one of the list; the rule's page shows the list."""
    book, trips = write(tmp_path, OURS + CLUSTERS), tmp_path / "trips.csv"
    stays = "".join(f"PT,{name},2023-05-15,2023-05-19\n" for name in ("Medvia", "Other", "yes"))
    trips.write_text(f"host_country,host_cluster,first_day,last_day\n{stays}", encoding="utf-8")
    rows = [
        json.loads(line) for line in run("validate", trips, "--rulebook", book, "--format", "jsonl").out.splitlines()
    ]
    assert [row["outcome"] for row in rows] == ["eligible", "undecided", "undecided"]
    assert [row["needed"] for row in rows] == [[], ["approved"], ["host_cluster"]]

    plan = run("plan", "--rulebook", book, "--to", "PT", "--earliest", "2023-05-08", "--latest", "2023-05-20")
    estimate = run("estimate", "--rulebook", book, "--to", "PT", "--days", "5")
    assert (plan.status, estimate.status) == (0, 0)
    assert "the host is a member of a cluster that the partnership knows" in plan.out
    assert "✔ Portugal: EUR 780.00" in estimate.out
    for code, shown in (("CXC302", True), ("CXC402", True), ("CXC301", False)):
        assert ("clusters: Medvia, Imago-Mol  (last checked" in run("rules", code, "--rulebook", book).out) is shown
    again = write(tmp_path, run("rules", "--rulebook", book, "--format", "json").out, "again.yaml")
    assert load_rulebook(again).clusters == load_rulebook(book).clusters


@pytest.mark.parametrize(
    ("listed", "line", "says"),
    [
        ("[]", 4, "listed: a list with at least one entry is needed here"),
        ("[Medvia]", 4, "listed must contain keys and values"),
        ("[{name: Medvia, url: x}]", 4, "listed has the unknown key 'url'"),
        ("[{aliases: [Medvia]}]", 4, "listed lacks the key 'name'"),
        ("[{name: '...'}]", 4, "name: '...' cannot be the name of a cluster"),
        ("[{name: Yes}]", 4, "name: 'Yes' cannot be the name of a cluster"),
        ("[{name: Medvia, aliases: [none]}]", 4, "aliases: 'none' cannot be the name of a cluster"),
        ("[{name: Medvia}, {name: MEDVIA}]", 4, "name: 'MEDVIA' stands for Medvia already"),
        ("[{name: Medvia}, {name: Medvia}]", 4, "name: 'Medvia' stands for Medvia already"),
        ("\n    - {name: Medvia}\n    - name: Other\n      aliases: [Med Via]", 7, "aliases: 'Med Via' stands for Medvia already"),
    ],
)  # fmt: skip
def test_bad_list_of_clusters(tmp_path: Path, listed: str, line: int, says: str) -> None:
    """A name that stands for two clusters, or for none, is refused with its place."""
    path = write(tmp_path, f"{OURS}clusters:\n  listed: {listed}\n  checked: 2026-11-23\n  sources: [S1]\n")

    assert refused(path).startswith(f"{path}:{line}: {says}")


IN_CSV = f"{OURS}lump_sums: amounts.csv\n"
HEADING = "code,full_eur,full_basis,half_basis,from,to,source,checked\n"
ROW = "PT,780.10,published,inferred,2020-02-03,,S5 https://example.org/a,2026-11-23\n"


def loaded_from(folder: Path, content: str | bytes) -> Rulebook:
    (folder / "amounts.csv").write_bytes(content.encode() if isinstance(content, str) else content)
    return load_rulebook(write(folder, IN_CSV))


def test_amounts_in_csv_are_those_in_yaml(tmp_path: Path) -> None:
    """The same table, as it is and as Excel in Romania writes it, means what YAML means."""
    rows = HEADING + ROW + ROW.replace("PT", "EL").replace("780.10", "900")
    excel = rows.replace(",", ";").replace("780.10", "780,10").replace("\n", "\r\n")
    yaml = "lump_sums:\n" + "".join(
        f"  {code}: [{{from: 2020-02-03, full_eur: {eur}, full_basis: published, half_basis: inferred, "
        f"sources: [S5, https://example.org/a], checked: 2026-11-23}}]\n"
        for code, eur in (("PT", "780.10"), ("GR", 900))
    )

    def told(book: Rulebook) -> dict[str, list[tuple[Any, ...]]]:
        return {code: [dataclasses.astuple(one) for one in amounts] for code, amounts in book.lump_sums.items()}

    expected = told(load_rulebook(write(tmp_path, OURS + yaml, "yaml.yaml")))
    assert {*expected} == {"PT", "GR"}
    for content in (
        rows,
        excel,
        b"\xef\xbb\xbf" + excel.encode(),
        "sep=;\r\n" + excel,
        "\n\n" + rows.replace(",", "\t") + "\n",
        excel.replace("\r\n", ";;\r\n"),
        rows.replace("780.10", '"780,10"'),
        rows.replace("S5 https://example.org/a", '"S5\nhttps://example.org/a"'),
        "".join(",".join(reversed(line.split(","))) + "\n" for line in rows.splitlines()),
    ):
        assert told(loaded_from(tmp_path, content)) == expected
    without_to = "\n".join(",".join([*(c := line.split(","))[:5], *c[6:]]) for line in rows.splitlines())
    assert told(loaded_from(tmp_path, without_to)) == expected


@pytest.mark.parametrize(
    ("content", "place", "says"),
    [
        ("", "", "the table contains no amount"),
        (HEADING, "", "the table contains no amount"),
        (HEADING.replace("source", "origin") + ROW, ":1", "there is no column 'origin'"),
        (HEADING.replace("full_eur", "full eur") + ROW, ":1", "'full eur'; did you mean full_eur? The columns are code"),
        (HEADING.replace("to", "from") + ROW, ":1", "the column from is there twice"),
        ("\n" + HEADING.replace(",checked", "") + ROW, ":2", "the column checked is missing"),
        (HEADING + ROW + "\n" + ROW.replace("PT", "pt"), ":4", "code: a country is keyed by its two-letter code"),
        (HEADING + ROW.replace("PT", ""), ":2", "the row lacks the key 'code'"),
        (HEADING + ROW.replace("780.10", "780.11"), ":2", "full_eur: half of 780.11 is not a whole cent"),
        (HEADING + ROW.replace("780.10", "1.200"), ":2", "full_eur: '1.200' is not an amount in EUR"),
        (HEADING + ROW.replace("780.10", '"1.200,50"'), ":2", "full_eur: '1.200,50' is not an amount in EUR"),
        (HEADING + ROW.replace("780.10", "€ 780"), ":2", "full_eur: '€ 780' is not an amount in EUR"),
        (HEADING + ROW.replace("780.10", "1200"), ":2", "full_eur: 1200.00 EUR is above 1100.00 EUR"),
        (HEADING + ROW.replace("published", "sure"), ":2", "full_basis: 'sure' is not allowed"),
        (HEADING + ROW.replace("2020-02-03", "03.02.2020"), ":2", "'03.02.2020' is not a date of the form YYYY-MM-DD; give"),
        (HEADING + ROW.replace("2020-02-03,", "2020-02-03,2019-01-01"), ":2", "to: 2019-01-01 is before 2020-02-03"),
        (HEADING + ROW.replace("S5 ", "S99 "), ":2", "sources: 'S99' is neither a key of sources.yaml nor an address"),
        (HEADING + ROW.replace("S5 https://example.org/a", ""), ":2", "sources: at least one source is needed"),
        (HEADING + ROW.replace(",2026-11-23", ""), ":2", "the row lacks the key 'checked'"),
        (HEADING + ROW.replace("\n", ",x\n"), ":2", "the row has more cells than the heading"),
        (HEADING + ROW + ROW.replace("2020-02-03", "2024-01-01"), ":3", "from: the amount before this one, from 2020-02-03, must"),
        (HEADING + ROW.replace("S5 ", '"S5 '), ":2", "the line is not CSV"),
        (HEADING.encode() + ROW.replace("S5", "Ş").encode("cp1250", "replace"), ":2", "not UTF-8 text"),
    ],
)  # fmt: skip
def test_bad_amounts_in_csv(tmp_path: Path, content: str | bytes, place: str, says: str) -> None:
    """Every fault is one sentence with the file and the line in the CSV."""
    with pytest.raises(DataError) as caught:
        loaded_from(tmp_path, content)

    assert str(caught.value).startswith(f"{tmp_path / 'amounts.csv'}{place}: ")
    assert says in str(caught.value)
    assert "\n" not in str(caught.value)


DATED = [("2020-02-03", "2022-12-31", 700), ("2023-01-01", "2024-06-30", 750), ("2024-07-01", "", 780)]


@pytest.mark.parametrize("form", ["csv", "yaml", "countries"])
@pytest.mark.parametrize(
    ("periods", "at", "says"),
    [
        (DATED, 0, ""),
        ([DATED[2], DATED[0], DATED[1]], 0, ""),
        ([DATED[0], DATED[2]], 2, "from: no amount holds between 2022-12-31, the end of the one before, and this day"),
        ([DATED[2], DATED[0]], 1, "from: no amount holds between 2022-12-31, the end of the one before, and this day"),
        ([DATED[0], ("2022-12-31", "", 800)], 2, "from: the amount before this one, from 2020-02-03, must end, with 'to'"),
        ([DATED[2], ("2025-01-01", "", 800)], 2, "from: the amount before this one, from 2024-07-01, must end, with 'to'"),
        ([DATED[0], DATED[0]], 2, "from: the amount before this one, from 2020-02-03, must end, with 'to'"),
    ],
)  # fmt: skip
def test_overlaps_and_gaps(tmp_path: Path, form: str, periods: list[tuple[str, str, int]], at: int, says: str) -> None:
    """Each day has one amount, in whatever file and in whatever order the amounts stand."""
    lines = [f"PT,{eur},published,published,{first},{last},S5,2026-11-23\n" for first, last, eur in periods]
    entries = "".join(
        f"      - {{from: {first}, {f'to: {last}, ' if last else ''}full_eur: {eur}, full_basis: published, "
        f"half_basis: published, sources: [S5], checked: 2026-11-23}}\n"
        for first, last, eur in periods
    )
    file, before = {
        "csv": (tmp_path / "amounts.csv", HEADING),
        "yaml": (tmp_path / "ours.yaml", f"{OURS}lump_sums:\n  PT:\n"),
        "countries": (
            tmp_path / "countries.yaml",
            f"countries:\n  PT:\n    {SOURCED.replace(', checked', chr(10) + '    checked')}\n    name: Portugal\n"
            "    status: eu-member\n    lump_sums:\n",
        ),
    }[form]
    write(tmp_path, IN_CSV)
    file.write_text(before + ("".join(lines) if form == "csv" else entries), encoding="utf-8")

    def amounts() -> tuple[LumpSum, ...]:
        if form == "countries":
            return load_countries(file).find("PT").lump_sums
        return load_rulebook(str(tmp_path / "ours.yaml")).lump_sums["PT"]

    if not says:
        assert [int(amount.full) for amount in amounts()] == [700, 750, 780]
        return
    with pytest.raises(DataError) as caught:
        amounts()
    line = before.count("\n") + at
    assert str(caught.value).startswith(f"{file}:{line}: {says}")


def test_where_a_csv_is_looked_for(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Beside the rulebook, and never in the folder in which somebody works; a report never takes its place."""
    (tmp_path / "books").mkdir()
    ours = write(tmp_path, IN_CSV, "books/ours.yaml")
    write(tmp_path, HEADING + ROW, "amounts.csv")
    monkeypatch.chdir(tmp_path)
    assert refused(ours) == (
        f"{ours}:3: lump_sums: there is no file amounts.csv; its path counts from the folder of this rulebook"
    )
    csv = write(tmp_path, HEADING + ROW, "books/amounts.csv")
    assert load_rulebook(ours).lump_sums["PT"][0].full == Decimal("780.10")
    assert "EUR 780.10 is payable" in run("check", *TRIP, *FULL, "--rulebook", ours).out
    assert run("rules", "--rulebook", ours, "--format", "csv", "-o", csv).status == 2
    assert run("check", *TRIP, *FULL, "--rulebook", ours, "-o", csv).status == 2
    assert Path(csv).read_text(encoding="utf-8") == HEADING + ROW


def test_a_country_that_the_table_lacks(run: Run, tmp_path: Path) -> None:
    """Is told with the place of its amount."""
    ours = write(tmp_path, IN_CSV)
    csv = write(tmp_path, HEADING + ROW + ROW.replace("PT", "US"), "amounts.csv")

    assert f"{csv}:3: the rulebook ours has a lump sum for US, which the country table lacks" in run("data", ours).err


def test_an_amount_for_a_country_that_takes_no_part(run: Run, tmp_path: Path) -> None:
    """Its author is told, with the place; it is no fault, since with another country table it may be paid."""
    ours = write(tmp_path, IN_CSV)
    csv = write(tmp_path, HEADING + ROW + ROW.replace("PT", "NO") + ROW.replace("PT", "GB"), "amounts.csv")
    child = write(tmp_path, "rulebook: child\nextends: ours.yaml\n", "child.yaml")
    told = run("data", ours, child)

    assert (told.status, told.out.count("sound;")) == (0, 3)
    assert told.err == (
        f"cxc: {csv}:3: with the country table that comes with cxc, this lump sum is never paid: Norway (NO) takes no "
        "part in COSME\n"
    )
    assert "Norway is not in any known list" in run("check", *TRIP, "--to", "NO", "--rulebook", ours).out


def test_the_hash_covers_the_csv_of_every_parent(tmp_path: Path) -> None:
    """A change of any file behind a verdict changes the hash that it bears."""
    write(tmp_path, IN_CSV, "base.yaml")
    child = write(tmp_path, "rulebook: child\nextends: base.yaml\n", "child.yaml")

    def digest(rows: str) -> str:
        write(tmp_path, HEADING + rows, "amounts.csv")
        return load_scheme(child).fingerprints["rulebook"]

    before = digest(ROW)
    assert digest(ROW.replace("780.10", "780.20")) != before
    assert digest(ROW) == before
    Path(child).write_text("rulebook: child\nextends: base.yaml\ntitle: x\n", encoding="utf-8")
    assert load_scheme(child).fingerprints["rulebook"] != before
    assert [file.name for file in load_scheme(child).rulebook.files] == [
        *("eccp.yaml", "medic-nest.yaml", "base.yaml", "amounts.csv", "child.yaml")
    ]


def test_template(run: Run, tmp_path: Path) -> None:
    """It loads as it is and changes nothing; with every value taken over from its comments it is sound, and has every key."""
    path = tmp_path / "ours.yaml"
    assert run("template", "--kind", "rulebook", "-o", path).status == 0
    text = path.read_text(encoding="utf-8")
    assert text == run("template", "--kind", "rulebook").out
    book = load_rulebook(str(path))
    assert differences(book, load_countries()) == []
    assert (book.name, book.extends) == ("ours", "medic-nest")

    stated = re.sub(r"^#(?=[a-z]|  )", "", text, flags=re.MULTILINE)
    changed = load_rulebook(write(tmp_path, stated, "changed.yaml"))
    whole = yaml.load(stated, yaml.BaseLoader)  # texts alone
    properties = schema.rulebook()["properties"]
    assert whole.keys() == properties.keys()
    assert whole["limits"].keys() == LIMITS.keys()
    assert {"period", "may_host: sme", "clusters", "paperwork", "lump_sums: PT"} <= {
        difference.keys for difference in differences(changed, load_countries())
    }


def test_every_key_of_the_template_is_explained() -> None:
    """A plain sentence stands right above each value, and no line is too long to read."""
    lines = (DATA / "rulebook_template.yaml").read_text(encoding="utf-8").splitlines()
    for number, line in enumerate(lines):
        if re.match(r"#?[a-z]|#  [a-z_]+: \{value", line) and not line.startswith("#limits:"):
            assert re.match(r"# \S.*[.:)]$|# .* [a-z]+$", lines[number - 1]), line


def test_template_takes_the_place_of_nothing(run: Run, tmp_path: Path) -> None:
    """A file that is there stays, unless --force says so; a rulebook is no spreadsheet."""
    path = Path(write(tmp_path, "mine\n"))
    refusal = run("template", "--kind", "rulebook", "-o", path)
    assert (refusal.status, path.read_text(encoding="utf-8")) == (2, "mine\n")
    assert "is there already" in refusal.err
    assert run("template", "--kind", "rulebook", "-o", path, "--force").status == 0
    assert load_rulebook(str(path)).name == "ours"
    assert "a rulebook is a YAML file" in run("template", "--kind", "rulebook", "--xlsx", "-o", tmp_path / "a.xlsx").err
    spreadsheet = run("template", "--kind", "rulebook", "-o", tmp_path / "a.xlsx")
    assert (spreadsheet.status, (tmp_path / "a.xlsx").exists()) == (2, False)
    assert "a rulebook is a YAML file; name a.yaml" in spreadsheet.err


EXAMPLES = ROOT / "docs" / "examples"
PRE_APPROVED = str(EXAMPLES / "pre-approved-hosts.yaml")
GREENLINK = str(EXAMPLES / "greenlink" / "rulebook.yaml")
GREENLINK_COUNTRIES = str(EXAMPLES / "greenlink" / "countries.yaml")


@pytest.mark.parametrize("block", re.findall(r"```console\n(.*?)```", PAGE, re.DOTALL))
def test_the_page_shows_what_is_printed(run: Run, monkeypatch: pytest.MonkeyPatch, block: str) -> None:
    """Each command, and its output up to where dots stand for the rest."""
    monkeypatch.chdir(ROOT)
    for command, expected in re.findall(r"^\$ cxc (.*?)\n(.*?)(?=^\$ cxc|\Z)", block, re.DOTALL | re.MULTILINE):
        printed = run(*shlex.split(command)).out
        if expected.endswith("...\n"):
            expected = expected.removesuffix("...\n")
            printed = printed[: len(expected)]
        assert printed == expected


@pytest.mark.parametrize(
    ("host_type", "cluster", "outcome"),
    [("sme", "none", "unknown"), ("sme", "Porto Lab", "pass"), ("fab-lab", "none", "fail"), ("sme", None, "unknown")],
)
def test_hosts_after_pre_approval(host_type: str, cluster: str | None, outcome: str) -> None:
    """An SME that is no member is asked about as a host, and never visits; an approval lifts the ask alone."""
    trip: dict[str, Any] = {
        "host_country": "PT",
        "first_day": "2023-05-15",
        "last_day": "2023-05-19",
        "host_type": host_type,
    }
    approved: dict[str, Any] = {"approved": "CXC402", "approved_by": "Ana Pop", "approved_on": "2023-05-01"}
    verdict = cxc.check(rulebook=PRE_APPROVED, host_cluster=cluster, **trip)
    lifted = cxc.check(rulebook=PRE_APPROVED, host_cluster=cluster, **trip, **approved)
    asks = (host_type, cluster) == ("sme", "none")

    assert verdict.finding("CXC402").outcome == outcome
    assert verdict.asks == (("CXC402",) if asks else ())
    assert lifted.finding("CXC402").outcome == ("pass" if asks else outcome)
    visitor = cxc.check(rulebook=PRE_APPROVED, host_cluster="yes", visitor_type="sme", visitor_cluster="none", **trip)
    assert visitor.finding("CXC302").outcome == "fail"
    assert cxc.check(host_cluster=cluster, **trip).finding("CXC402").outcome == ("fail" if asks else outcome)


@pytest.mark.parametrize(
    ("host", "first", "last", "outcome", "amount"),
    [
        ("PT", "2027-05-10", "2027-05-11", "eligible", "570.00"),
        ("PT", "2027-05-10", "2027-05-13", "eligible", "570.00"),
        ("PT", "2027-05-10", "2027-05-14", "eligible", "950.00"),
        ("PT", "2027-05-10", "2027-07-09", "eligible", "950.00"),
        ("PT", "2027-05-10", "2027-07-10", "not-eligible", None),
        ("PT", "2027-05-10", "2027-05-10", "not-eligible", None),
        ("PT", "2026-05-11", "2026-05-15", "undecided", None),
        ("AT", "2027-05-10", "2027-05-12", "eligible", "660.30"),
        ("NO", "2027-12-28", "2027-12-31", "eligible", "840.00"),
        ("NO", "2028-01-03", "2028-01-07", "eligible", "1450.00"),
        ("CH", "2027-05-10", "2027-05-14", "undecided", "1500.00"),
        ("TR", "2027-05-10", "2027-05-14", "not-eligible", None),
        ("ES", "2027-05-10", "2027-05-14", "not-eligible", None),
    ],
)
def test_a_scheme_after_clusterxchange(host: str, first: str, last: str, outcome: str, amount: str | None) -> None:
    """The made-up scheme has its own countries, days, amounts and share."""
    verdict = cxc.check(
        rulebook=GREENLINK,
        countries=GREENLINK_COUNTRIES,
        visitor_country="RO",
        host_country=host,
        host_cluster="Some Cluster",
        first_day=first,
        last_day=last,
        distance_km=900,
    )
    found = verdict.payable or verdict.if_settled

    assert (verdict.outcome, found and f"{found.amount:.2f}") == (outcome, amount)


def test_a_near_host_is_paid_the_same_share() -> None:
    """It is reduced once, for a short stay or for a near host, by the same factor; JSON tells the factor."""
    trip: dict[str, Any] = {
        "host_country": "AT",
        "visitor_country": "RO",
        "host_cluster": "yes",
        "first_day": "2027-05-10",
    }
    ours: dict[str, Any] = {"rulebook": GREENLINK, "countries": GREENLINK_COUNTRIES}
    for last, codes in (("2027-05-14", ["CXC601", "CXC603"]), ("2027-05-12", ["CXC601", "CXC602"])):
        payable = cxc.check(**trip, **ours, last_day=last, distance_km=100).payable
        assert payable is not None
        assert [line.code for line in payable.derivation] == codes
        assert (payable.amount, payable.basis, payable.derivation[1].factor) == (
            Decimal("660.30"),
            "published",
            Decimal("0.6"),
        )


def test_no_sentence_says_half_where_the_share_is_another(run: Run) -> None:
    """Under 60 % nothing is halved, in no report and no format."""
    ours = ["--rulebook", GREENLINK, "--countries", GREENLINK_COUNTRIES]
    short = ["--first-day", "2027-05-10", "--last-day", "2027-05-12"]
    full = ["--first-day", "2027-05-10", "--last-day", "2027-05-14"]
    trip = ["--no-ask", "--to", "AT", "--from", "RO", "--host-cluster", "yes", "-v"]
    near = ["--distance-km", "100"]
    asked = [
        *(["check", *trip, *dates, *where, "--format", form] for dates in (short, full) for where in ([], near)
          for form in ("text", "json", "html", "markdown", "csv", "github", "junit")),
        ["check", *trip, *full, "--visitor-place", "Wien", "--host-place", "Linz", "--from", "AT"],
        *(["estimate", *what, "--format", form] for what in ([], ["--to", "AT"], ["--to", "AT", *short]) for form in ("text", "json", "csv")),
        ["plan", "--to", "AT", "--earliest", "2027-05-10", "--latest", "2027-05-20"],
        *(["countries", *code, "--format", form] for code in ([], ["AT"]) for form in ("text", "csv", "markdown")),
        *(["rules", *code] for code in ([], ["CXC602"], ["CXC603"])),
    ]  # fmt: skip
    names = re.compile(r"half-for-(short-stay|near-host)|What differs.*", re.DOTALL)
    for arguments in asked:
        out = run(*arguments, *(ours[:2] if arguments[0] == "rules" else ours)).out
        assert out or "github" in arguments  # which says nothing of a good trip
        assert not re.search("½|hal[fv]", names.sub("", out), re.IGNORECASE), arguments


def paid(verdict: Verdict) -> tuple[str, str]:
    """What is payable, and what it rests on."""
    assert verdict.payable is not None
    return f"{verdict.payable.amount:.2f}", verdict.payable.basis


def test_another_share_than_the_table_speaks_of_is_not_published(run: Run, tmp_path: Path) -> None:
    """A partnership has published 390 for Portugal, and nobody has published 468."""
    share = f"limits:\n  reduced_to_percent: {{value: 60, {SOURCED}}}\n"
    book = write(tmp_path, OURS + share)
    trip: dict[str, Any] = {"host_country": "PT", "host_cluster": "yes", "first_day": "2023-05-15"}
    assert paid(cxc.check(**trip, last_day="2023-05-17")) == ("390.00", "published")
    sixty = cxc.check(rulebook=book, **trip, last_day="2023-05-17")
    assert paid(sixty) == ("468.00", "inferred")
    assert paid(cxc.check(rulebook=book, **trip, last_day="2023-05-19")) == ("780.00", "published")
    notice = "The amount is inferred and is not confirmed for ClusterXchange. Ask the partnership to confirm it."
    assert notice in sixty.notices
    assert (
        "PT,Portugal,eu-member,780.00,published,468.00,inferred"
        in run("countries", "--rulebook", book, "--format", "csv").out
    )
    dated = f"{{from: 2020-02-03, full_eur: 780, full_basis: published, half_basis: published, {SOURCED}}}"
    own = write(tmp_path, f"{OURS}{share}lump_sums: {{PT: [{dated}]}}\n")
    assert paid(cxc.check(rulebook=own, **trip, last_day="2023-05-17")) == ("468.00", "published")


@pytest.mark.parametrize(
    ("percent", "amount", "says"),
    [
        (60, "780.10", ""),
        (60, "780.05", ""),
        (60, "780.01", "full_eur: 60 % of 780.01 is not a whole cent"),
        (50, "780.01", "full_eur: half of 780.01 is not a whole cent"),
        (33, "780.50", "full_eur: 33 % of 780.50 is not a whole cent"),
        (33, "781", ""),
        (99, "0.99", "full_eur: 99 % of 0.99 is not a whole cent"),
        (0, "780", "value: '0' is not a whole number from 1 to 99"),
        (100, "780", "value: '100' is not a whole number from 1 to 99"),
        ("62.5", "780", "value: '62.5' is not a whole number from 1 to 99"),
    ],
)
def test_the_share_is_exact(tmp_path: Path, percent: object, amount: str, says: str) -> None:
    """An amount of which the share is not a whole cent is refused, in YAML, in CSV, and in a country table."""
    share = f"limits:\n  reduced_to_percent: {{value: {percent}, {SOURCED}}}\n"
    dated = f"[{{from: 2020-02-03, full_eur: {amount}, full_basis: published, half_basis: inferred, {SOURCED}}}]"
    in_yaml = write(tmp_path, f"{OURS}{share}lump_sums: {{PT: {dated}}}\n")
    in_csv = write(tmp_path, f"{OURS}{share}lump_sums: amounts.csv\n", "csv.yaml")
    write(tmp_path, HEADING + ROW.replace("780.10", amount), "amounts.csv")
    table = write(
        tmp_path,
        f"countries:\n  PT: {{name: Portugal, status: eu-member, {SOURCED}, lump_sums: {dated}}}\n",
        "countries.yaml",
    )
    plain = write(tmp_path, OURS + share, "plain.yaml")
    loads: list[tuple[str, ...]] = [(in_yaml,), (in_csv,), (plain, table)]
    for arguments in loads:
        if says:
            with pytest.raises(DataError, match=re.escape(says)):
                load_scheme(*arguments)
        else:
            reduced = load_scheme(*arguments).countries.find("PT").lump_sums[0].reduced(int(str(percent)))
            assert reduced == Decimal(amount) * int(str(percent)) / 100


def test_amounts_that_were_taken_over_fit_a_share_stated_anew(tmp_path: Path) -> None:
    """As they fit a ceiling stated anew."""
    amounts = f"lump_sums: {{PT: [{{from: 2020-02-03, full_eur: 780.02, full_basis: published, half_basis: published, {SOURCED}}}]}}\n"
    write(tmp_path, OURS + amounts, "base.yaml")
    share = f"limits:\n  reduced_to_percent: {{value: 60, {SOURCED}}}\n"
    path = write(tmp_path, f"rulebook: mine\nextends: base.yaml\n{share}")

    assert refused(path) == f"{path}:3: limits: 60 % of the lump sum of PT, 780.02 EUR, is not a whole cent"


SCHEMAS = {"rulebook": schema.rulebook, "countries": schema.countries}
SHIPPED = [
    *(DATA / "rulebooks").glob("*.yaml"),
    *(DATA / name for name in ("countries.yaml", "rulebook_template.yaml")),
    *EXAMPLES.rglob("*.yaml"),
    *(ROOT / "tests" / "rulebooks").glob("*.yaml"),
]


class AsEditorsRead(yaml.SafeLoader):
    """YAML 1.2, in which numbers are numbers, and days, yes and no are texts."""


AsEditorsRead.yaml_implicit_resolvers = {}
AsEditorsRead.add_implicit_resolver("tag:yaml.org,2002:int", re.compile(r"^[-+]?[0-9]+$"), [*"-+0123456789"])
AsEditorsRead.add_implicit_resolver("tag:yaml.org,2002:float", re.compile(r"^[-+]?[0-9]+\.[0-9]+$"), [*"-+0123456789"])
AsEditorsRead.add_implicit_resolver("tag:yaml.org,2002:null", re.compile(r"^(~|null|)$"), ["~", "n", ""])


def valid(text: str, loader: type[yaml.SafeLoader] = AsEditorsRead) -> bool:
    """Whether a file is valid under the schema of its kind."""
    document = yaml.load(text, loader)
    kind = "countries" if "countries" in document else "rulebook"
    return bool(Draft202012Validator(SCHEMAS[kind]()).is_valid(document))


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.name)
def test_shipped_files_are_valid(path: Path) -> None:
    """As an editor reads them, and as texts alone."""
    text = path.read_text(encoding="utf-8")

    assert valid(text)
    assert valid(text, yaml.BaseLoader)  # type: ignore[arg-type]


def test_schemas_beside_the_data(run: Run) -> None:
    """What an editor finds is what is printed, and each file names it where it is."""
    for name in SCHEMAS:
        assert (DATA / f"{name}.schema.json").read_text(encoding="utf-8") == run("schema", name).out
    for path in SHIPPED:
        if "tests" not in path.parts:
            named = re.findall(
                r"^# yaml-language-server: \$schema=(.*)$", path.read_text(encoding="utf-8"), re.MULTILINE
            )
            kind = "countries" if path.name == "countries.yaml" else "rulebook"
            assert len(named) == 1
            assert (path.parent / named[0]).resolve() == DATA / f"{kind}.schema.json" or "template" in path.name


def test_whatever_loads_is_valid(tmp_path: Path) -> None:
    """The schema refuses nothing that `cxc` reads: the rulebooks of this file, and the template with all its values."""
    template = (DATA / "rulebook_template.yaml").read_text(encoding="utf-8")
    sound = [OURS, ANOTHER, OURS + CLUSTERS, IN_CSV, TABLE, re.sub(r"^#(?=[a-z]|  )", "", template, flags=re.MULTILINE)]
    for text in sound:
        if "lump_sums: amounts.csv" in text:
            write(tmp_path, HEADING + ROW, "amounts.csv")
        path = Path(write(tmp_path, text))
        load_countries(path) if "countries" in text[:60] else load_rulebook(str(path))
        assert valid(text), text


DATED_ONCE = "from: 2020-02-03, full_eur: 780, full_basis: published, half_basis: published"


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("rulebook: ours", "rulebok: ours"),
        ("rulebook: ours", "rulebook: ' '"),
        ("extends: medic-nest", "extends: [medic-nest]"),
        ("title: Ours", "title:"),
        ("scheme: {name: X}", "scheme: X"),
        ("scheme: {name: X}", "scheme: {programme: X}"),
        ("scheme: {name: X}", "scheme: {name: X, currency: RON}"),
        (f"period: {{from: 2020-02-03, {SOURCED}}}", f"period: {{from: 3.2.2020, {SOURCED}}}"),
        (f"period: {{from: 2020-02-03, {SOURCED}}}", f"period: {{to: 2020-02-03, {SOURCED}}}"),
        (f"limits: {{visits_at_most: {{value: 2, {SOURCED}}}}}", f"limits: {{visits_at_most: {{value: 0, {SOURCED}}}}}"),
        (f"limits: {{visits_at_most: {{value: 2, {SOURCED}}}}}", f"limits: {{visits_at_most: {{value: 2.5, {SOURCED}}}}}"),
        (f"limits: {{visits_at_most: {{value: 2, {SOURCED}}}}}", "limits: {visits_at_most: {value: 2}}"),
        (f"limits: {{visits_at_most: {{value: 2, {SOURCED}}}}}", f"limits: {{visits: {{value: 2, {SOURCED}}}}}"),
        (f"limits: {{reduced_to_percent: {{value: 60, {SOURCED}}}}}", f"limits: {{reduced_to_percent: {{value: 100, {SOURCED}}}}}"),
        (f"limits: {{travellers_at_most: {{value: no-limit, {SOURCED}}}}}", f"limits: {{travellers_at_most: {{value: any, {SOURCED}}}}}"),
        (f"limits: {{day_counting: {{value: all-days, {SOURCED}}}}}", f"limits: {{day_counting: {{value: all, {SOURCED}}}}}"),
        (f"limits: {{ceiling_eur: {{value: 900.50, {SOURCED}}}}}", f"limits: {{ceiling_eur: {{value: '900,50', {SOURCED}}}}}"),
        (f"may_host: {{types: {{sme: no}}, {SOURCED}}}", f"may_host: {{types: {{sme: perhaps}}, {SOURCED}}}"),
        (f"may_host: {{types: {{sme: no}}, {SOURCED}}}", f"may_host: {{types: {{spa: no}}, {SOURCED}}}"),
        (f"may_host: {{types: {{sme: no}}, {SOURCED}}}", "may_host: {types: {sme: no}, sources: [], checked: 2026-11-23}"),
        (f"may_host: {{types: {{sme: no}}, {SOURCED}}}", "may_host: {types: {sme: no}, sources: [our call], checked: 2026-11-23}"),
        (f"may_host: {{types: {{sme: no}}, {SOURCED}}}", "may_host: {types: {sme: no}, sources: [S1], checked: today}"),
        (f"activities: {{listed: [fair], {SOURCED}}}", f"activities: {{listed: [golf], {SOURCED}}}"),
        (f"activities: {{listed: [fair], {SOURCED}}}", f"activities: {{listed: [], {SOURCED}}}"),
        (f"clusters: {{listed: [{{name: M}}], {SOURCED}}}", f"clusters: {{listed: [M], {SOURCED}}}"),
        (f"clusters: {{listed: [{{name: M}}], {SOURCED}}}", f"clusters: {{listed: [{{aliases: [M]}}], {SOURCED}}}"),
        (f"rules: {{CXC304: {{why: So., {SOURCED}}}}}", f"rules: {{CXC999: {{why: So., {SOURCED}}}}}"),
        (f"rules: {{CXC304: {{why: So., {SOURCED}}}}}", "rules: {CXC304: {why: So.}}"),
        (f"paperwork: {{steps: [Call.], {SOURCED}}}", f"paperwork: {{steps: Call., {SOURCED}}}"),
        (f"lump_sums: {{PT: [{{{DATED_ONCE}, {SOURCED}}}]}}", f"lump_sums: {{Portugal: [{{{DATED_ONCE}, {SOURCED}}}]}}"),
        (f"lump_sums: {{PT: [{{{DATED_ONCE}, {SOURCED}}}]}}", f"lump_sums: {{PT: {{{DATED_ONCE}, {SOURCED}}}}}"),
        (f"lump_sums: {{PT: [{{{DATED_ONCE}, {SOURCED}}}]}}", f"lump_sums: {{PT: [{{{DATED_ONCE.replace('780', '-5')}, {SOURCED}}}]}}"),
        (f"lump_sums: {{PT: [{{{DATED_ONCE}, {SOURCED}}}]}}", f"lump_sums: {{PT: [{{{DATED_ONCE.replace('780', '780 EUR')}, {SOURCED}}}]}}"),
        (f"lump_sums: {{PT: [{{{DATED_ONCE}, {SOURCED}}}]}}", f"lump_sums: {{PT: [{{{DATED_ONCE.replace('published', 'sure')}, {SOURCED}}}]}}"),
        (f"lump_sums: {{PT: [{{{DATED_ONCE}, {SOURCED}}}]}}", "lump_sums: [amounts.csv]"),
        ("status: eu-member", "status: member"),
        ("status: eu-member", "status: ask"),
        ("name: Portugal", "name: ' '"),
        ("name: Portugal", "nam: Portugal"),
        ("PT:", "pt:"),
        ("reduced_to_percent: 60", "reduced_to_percent: 100"),
        ("scheme: {name: X}\ncountries", "scheme: X\ncountries"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_not_valid(tmp_path: Path, right: str, wrong: str) -> None:
    """The schema and `cxc` refuse the same slips."""
    table = f"scheme: {{name: X}}\ncountries:\n  PT: {{name: Portugal, status: eu-member, {SOURCED}}}\nreduced_to_percent: 60\n"
    whole = table if right in table and right != "scheme: {name: X}" else OURS if right in OURS else f"{OURS}{right}\n"
    if right == "scheme: {name: X}":
        whole += CEILING
    for text, is_sound in ((whole, True), (whole.replace(right, wrong), False)):
        path = Path(write(tmp_path, text))
        if is_sound:
            load_countries(path) if whole is table else load_rulebook(str(path))
        else:
            with pytest.raises(DataError):
                load_countries(path) if whole is table else load_rulebook(str(path))
        assert valid(text) is is_sound


def test_what_a_partnership_says_of_payment(tmp_path: Path) -> None:
    """What others do is told as that; what this partnership says, as its own; of another scheme nothing is said."""
    own = (
        f"limits:\n  payment_within_days: {{value: 20, {SOURCED}}}\n"
        f"  records_years: {{value: 7, basis: published, {SOURCED}}}\n"
    )
    trip: dict[str, Any] = {"host_country": "PT", "stage": "payment", "today": "2023-08-01"}
    shipped, ours, other = (
        " ".join(cxc.check(rulebook=book, **trip).notices)
        for book in ("medic-nest", write(tmp_path, OURS + own), write(tmp_path, ANOTHER, "other.yaml"))
    )

    assert "One partnership pays within 10 days of completion and validation. Ask yours what it agreed." in shipped
    assert (
        "5 years after the final payment of the partnership's grant. This is inferred: no text of "
        "ClusterXchange is known that says it." in shipped
    )
    assert "The partnership pays within 20 days of completion and validation." in ours
    assert (
        "7 years after the final payment of the partnership's grant. The partnership's own agreement decides." in ours
    )
    assert "pays within" not in other
    assert "Keep the papers" not in other


@pytest.mark.parametrize(("scheme", "is_other"), [("ClusterXchange", False), ("GreenLink Exchange", True)])
def test_a_whole_rulebook_that_says_nothing_of_payment(run: Run, tmp_path: Path, scheme: str, is_other: bool) -> None:
    """Its limits are not known; what the platform says of the rules holds for the platform's scheme alone."""
    whole = json.loads(run("rules", "--rulebook", "eccp", "--format", "json").out)
    whole |= {"rulebook": "whole", "scheme": {"name": scheme}}
    for name in ("payment_within_days", "records_years"):
        del whole["limits"][name]
    for code in [code for code in whole["rules"] if code.startswith("CXC7")]:
        del whole["rules"][code]
    book = load_rulebook(write(tmp_path, json.dumps(whole)))

    assert (book.limits["payment_within_days"], book.limits["records_years"]) == (None, None)
    assert bool(book.rules["CXC701"].taken_over) is is_other
    assert bool(book.rules["CXC701"].sources) is not is_other
    assert book.taken_over == (("rules",) if is_other else ())
    again = write(tmp_path, run("rules", "--rulebook", book.path, "--format", "json").out, "again.yaml")
    assert load_rulebook(again).rules == book.rules


def test_a_control_code_in_an_amount(tmp_path: Path) -> None:
    """What is read without it is listed without it, too."""
    book = loaded_from(tmp_path, HEADING + ROW.replace("780.10", "\x00780.10"))
    listed = check_file(str(tmp_path / "ours.yaml"))

    assert book.lump_sums["PT"][0].full == Decimal("780.10")
    assert "780.10" in str(listed)
