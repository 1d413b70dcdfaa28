"""Saved verdicts: recomputed, an altered one told from data that changed, and what another table would change."""

import datetime
import json
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable
from decimal import Decimal
from hashlib import sha256
from pathlib import Path
from typing import Any

import html5lib
import pytest
import rfc8785
from commands import Run
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from strategies import good_trips, trips

import cxc
from cxc.receipts.documents import LARGEST_OBJECT, LONGEST_LINE, Saved
from cxc.receipts.saved import is_sealed
from cxc.receipts.verification import Verification
from cxc.reports import schema
from cxc.reports.formats import report
from cxc.scheme.countries import DATA, earlier_tables, load_countries
from cxc.scheme.loading import load_scheme
from cxc.tables.batch import Batch, Rows
from cxc.tables.columns import match_columns
from cxc.trip.fields import FIELDS
from cxc.trip.reader import TripReader
from cxc.visits import Visit

HERE = Path(__file__).parent
RECEIPTS = HERE / "receipts"
FIRST_VERSION = sorted(path.name for path in RECEIPTS.glob("v1-*"))
TWO_VISITS = str(HERE / "rulebooks" / "two-visits.yaml")
TRIP = ["--to", "PT", "--host-cluster", "yes", "--arrival", "2023-05-14", "--departure", "2023-05-20", "--no-ask"]


def sealed(document: dict[str, Any]) -> dict[str, Any]:
    """A document with the seal that somebody else's program makes of it."""
    content = {key: value for key, value in document.items() if key not in ("seal", "file", "sheet", "row")}
    return document | {"seal": sha256(rfc8785.dumps(content)).hexdigest()}


def lines(*documents: object) -> str:
    return "".join(f"{json.dumps(document)}\n" for document in documents)


@pytest.fixture
def saved(tmp_path: Path) -> Callable[..., Path]:
    """Writes a file, of receipts where it has no other name."""

    def write(content: str | bytes, name: str = "receipts.jsonl") -> Path:
        path = tmp_path / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    return write


@pytest.fixture
def verdict(run: Run) -> Callable[..., dict[str, Any]]:
    """The verdict on a trip to Portugal, as `cxc check` writes it."""

    def check(*options: object) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(run("check", *TRIP, *options, "--format", "json").out)
        return found

    return check


@pytest.fixture
def verified(run: Run) -> Callable[..., dict[str, Any]]:
    """What `cxc verify` says in JSON, with its exit status."""

    def verify(*arguments: object) -> dict[str, Any]:
        result = run("verify", *arguments, "--format", "json", "-q")
        assert result.out, result.err
        found: dict[str, Any] = json.loads(result.out)
        Draft202012Validator(schema.verify()).validate(found)
        return found | {"status": result.status}

    return verify


def own_table(tmp_path: Path, **amounts: int) -> Path:
    """The shipped country table with other amounts for some countries."""
    text = (DATA / "countries.yaml").read_text(encoding="utf-8")
    for code, amount in amounts.items():
        before, of_country, rest = text.partition(f"\n  {code}:\n")
        text = before + of_country + re.sub(r"full_eur: \d+", f"full_eur: {amount}", rest, count=1)
    path = tmp_path / "new.yaml"
    path.write_text(text, encoding="utf-8")
    return path


# Receipts as they were written.


@pytest.mark.parametrize("name", FIRST_VERSION)
def test_receipts_of_the_first_version_hold(name: str, verified: Callable[..., dict[str, Any]]) -> None:
    """Their seals are those of their time, and what they say comes out again."""
    found = verified(RECEIPTS / name)

    assert found["status"] == 0
    assert found["same"] == found["receipts"] > 0


@pytest.mark.parametrize("name", FIRST_VERSION)
def test_a_receipt_of_the_first_version_that_was_altered(
    name: str, saved: Callable[..., Path], verified: Callable[..., dict[str, Any]]
) -> None:
    """One digit is enough. What only a table showed had no seal then."""
    text = (RECEIPTS / name).read_text(encoding="utf-8")
    before = verified(RECEIPTS / name)["receipts"]
    altered = verified(saved(text.replace('"at_least"', '"at_most"'), name))
    beside = verified(saved(text.replace("The budget of EUR 1000.00", "The budget of EUR 9000.00"), f"beside-{name}"))

    assert (altered["status"], len(altered["altered"])) == (1, before)
    assert (beside["status"], beside["same"]) == (0, before)


def test_keys_in_another_order_break_the_first_seal_alone(
    run: Run, saved: Callable[..., Path], verdict: Callable[..., dict[str, Any]]
) -> None:
    """So a receipt of the first version that does not fit may be one that another program has only written again."""
    first = json.loads((RECEIPTS / "v1-check.json").read_text(encoding="utf-8"))
    second = verdict() | {"strict": True}
    found = run("verify", saved(json.dumps(dict(reversed(first.items())))), saved(lines(second), "second.jsonl")).out

    assert found.count("with schema version 1; another order of its keys breaks this seal, too") == 1
    assert "second.jsonl, line 1\n" in found


OPTIONS: dict[str, list[str]] = {
    "plain": [],
    "history": ["--history", str(RECEIPTS / "history.csv")],
    "eccp": ["--rulebook", "eccp"],
    "strict": ["--strict"],
    "strict-eccp": ["--strict", "--rulebook", "eccp", "--history", str(RECEIPTS / "history.csv")],
    "redacted": ["--redact", "--budget", "1000"],
}


@pytest.mark.parametrize("options", OPTIONS.values(), ids=OPTIONS)
@pytest.mark.parametrize("format", ["json", "jsonl"])
def test_what_validate_writes_holds(
    format: str, options: list[str], run: Run, saved: Callable[..., Path], verified: Callable[..., dict[str, Any]]
) -> None:
    """In both formats and in whatever way its keys are ordered and its lines indented; all rows are judged together."""
    written = run("validate", RECEIPTS / "trips.csv", *options, "--format", format).out
    documents = json.loads(written)["verdicts"] if format == "json" else [*map(json.loads, written.splitlines())]
    as_written = verified(saved(written))
    sorted_ = verified(saved(json.dumps({"verdicts": documents, "more": [1]}, sort_keys=True, indent=1), "sorted.json"))
    listed = verified(saved(json.dumps(documents), "listed.json"))

    assert as_written["status"] == sorted_["status"] == listed["status"] == 0
    assert as_written["same"] == sorted_["same"] == listed["same"] == 6
    assert as_written["by_host_country"] == sorted_["by_host_country"]


def test_a_workbook_and_single_verdicts_hold(
    run: Run, tmp_path: Path, verdict: Callable[..., dict[str, Any]], verified: Callable[..., dict[str, Any]]
) -> None:
    """A receipt stands for itself, and beside others."""
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.Workbook()
    rows = [line.split(",") for line in (RECEIPTS / "trips.csv").read_text(encoding="utf-8").splitlines()]
    for name, row in (("May", rows[1]), ("June", rows[3])):
        sheet = book.create_sheet(name)
        sheet.append(rows[0])
        sheet.append(row)
    del book["Sheet"]
    book.save(tmp_path / "trips.xlsx")
    run("validate", tmp_path / "trips.xlsx", "--format", "jsonl", "-o", tmp_path / "sheets.jsonl")
    (tmp_path / "one.json").write_text(json.dumps(verdict("--visitor-id", "RO 99")), encoding="utf-8")
    sheets = [json.loads(line) for line in (tmp_path / "sheets.jsonl").read_text(encoding="utf-8").splitlines()]

    assert [row["outcome"] for row in sheets] == ["eligible", "not-eligible"]
    assert verified(tmp_path / "sheets.jsonl", tmp_path / "one.json")["same"] == 3


EARLIER = [
    Visit("history.csv", 2, "Acme", "RO 123", "RO", datetime.date(2022, 3, 1)),
    Visit("history.csv", 3, "Gamma", None, "RO", None),
]


@pytest.mark.many
@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture])
@given(
    st.lists(st.one_of(trips(), good_trips()), min_size=1, max_size=8),
    st.sampled_from(["medic-nest", "eccp", TWO_VISITS]),
    st.booleans(),
    st.booleans(),
    st.sampled_from([None, [], EARLIER]),
    st.sampled_from([None, datetime.date(2037, 1, 31)]),
    st.data(),
)
def test_whatever_is_written_holds(
    tmp_path: Path,
    stated: list[dict[str, Any]],
    rulebook: str,
    strict: bool,
    redact: bool,
    history: list[Visit] | None,
    today: datetime.date | None,
    data: st.DataObject,
) -> None:
    """Of any table all receipts hold together, and so do any of them alone."""
    scheme = load_scheme(rulebook)
    reader = TripReader(scheme.countries, today=today)
    rows = Rows([{**dict.fromkeys(FIELDS, ""), **trip} for trip in stated], reader)
    batch, writer = Batch(scheme, reader, strict=strict, redact=redact, history=history, today=today), report("jsonl")
    written = [
        line
        for judged in batch.judged([(rows, match_columns(rows.columns, rows.name, {}))])
        for line in writer.rows(judged).splitlines()
    ]
    some = data.draw(st.lists(st.sampled_from(written), unique=True, max_size=4), label="some") if written else []
    given_ = rulebook if rulebook == TWO_VISITS else None
    for chosen in (written, some):
        path = tmp_path / "receipts.jsonl"
        path.write_text("".join(f"{line}\n" for line in chosen), encoding="utf-8")
        outcome = Verification(given_).verify([Saved(str(path))])
        assert [outcome.moved, outcome.altered, outcome.unreadable] == [{}, [], []]
        assert outcome.same == outcome.receipts == sum('"seal"' in line for line in chosen)


JANUARY = ["--arrival", "2023-01-09", "--departure", "2023-01-15"]
PAPERS = {
    "due": [
        *("--registered", "yes", "--commitment-signed", "2023-05-01", "--agreement-signed", "2023-05-02"),
        *("--report-validated", "2023-06-01", "--evidence", "tickets", "--evidence", "attendance-list"),
    ],
    "missing": ["--registered", "yes"],
    "paid": ["--paid-on", "2023-06-10", "--paid-eur", "780"],
    "unregistered": ["--registered", "no"],
}


@pytest.mark.parametrize("papers", PAPERS.values(), ids=PAPERS)
def test_receipts_of_payment_hold(
    papers: list[str],
    saved: Callable[..., Path],
    verdict: Callable[..., dict[str, Any]],
    verified: Callable[..., dict[str, Any]],
) -> None:
    """They are asked about the day that they name, and are of the same trip as the receipt of its proposal."""
    proposal, payment = (
        verdict("--visitor-id", "RO 99"),
        verdict("--visitor-id", "RO 99", "--stage", "payment", "--today", "2023-07-01", *papers),
    )
    found = verified(saved(lines(proposal, payment)))

    assert (payment["stage"], payment["today"]) == ("payment", "2023-07-01")
    assert found["same"] == 2
    early = sealed(payment | {"today": "2023-05-31"})
    assert verified(saved(lines(early)))["status"] == (0 if papers[0] == "--registered" and len(papers) == 2 else 2)


@pytest.mark.parametrize("km", ["150.123456789", "0.000000001", "1.5", "150.2500", "20040"])
def test_a_distance_is_read_as_it_was_written(
    km: str, saved: Callable[..., Path], verdict: Callable[..., dict[str, Any]], verified: Callable[..., dict[str, Any]]
) -> None:
    assert verified(saved(lines(verdict("--distance-km", km))))["same"] == 1


# Three things are told apart: the receipt was altered, the data changed, the program changed.


def test_told_apart(
    run: Run,
    saved: Callable[..., Path],
    verdict: Callable[..., dict[str, Any]],
    verified: Callable[..., dict[str, Any]],
) -> None:
    """Of one receipt: re-ordered, altered, made under other data, by another version, and made up with a good seal."""
    receipt = verdict()
    reordered = dict(reversed(receipt.items()))
    altered = json.loads(json.dumps(receipt).replace('"780.00"', '"790.00"'))
    other_data = sealed(receipt | {"data": receipt["data"] | {"holidays": "0" * 64}})
    other_program = sealed(receipt | {"cxc_version": "0.0.9"})
    amount = json.loads(json.dumps(receipt["payable"]).replace("780", "790"))
    made_up, of_then = sealed(receipt | {"payable": amount}), sealed(other_data | {"payable": amount})

    assert verified(saved(lines(reordered)))["same"] == 1
    assert verified(saved(lines(altered)))["altered"] == [{"file": str(saved(lines(altered))), "row": 1}]
    assert verified(saved(lines(other_data)))["same"] == 1
    assert "the table of public holidays has changed since" in run("verify", saved(lines(other_data))).out
    assert verified(saved(lines(other_program)))["same"] == 1
    assert f"written by cxc 0.0.9. This is cxc {cxc.__version__}." in run("verify", saved(lines(other_program))).out
    assert verified(saved(lines(made_up)))["moved"][0]["why"] == [
        "Amount 790.00, now 780.00.",
        "The data and the version of cxc are the same, so the receipt does not follow from its trip.",
    ]
    assert verified(saved(lines(of_then)))["moved"][0]["why"] == [
        "Amount 790.00, now 780.00.",
        "Changed since: the table of public holidays.",
    ]
    older = sealed(other_program | {"payable": amount})
    assert verified(saved(lines(older)))["moved"][0]["why"][-1] == f"Changed since: cxc (0.0.9, now {cxc.__version__})."


def test_other_words_are_no_move(run: Run, saved: Callable[..., Path], verdict: Callable[..., dict[str, Any]]) -> None:
    receipt = verdict()
    receipt["findings"][3]["message"] = "Five days are enough."
    result = run("verify", saved(lines(sealed(receipt))))

    assert result.status == 0
    assert "1 receipt: the same result in other words." in result.out


MOVED: dict[str, tuple[Callable[[dict[str, Any]], object], list[str]]] = {
    "basis": (lambda said: said["payable"].update(basis="inferred"), ["Basis inferred, now published."]),
    "a line of the amount": (
        lambda said: said["payable"]["derivation"][0].update(amount="9999.00"),
        ["The lines of the amount CXC601 9999.00, now CXC601 780.00."],
    ),
    "a factor in a line": (
        lambda said: said["payable"]["derivation"][0].update(factor="0.9"),
        ["The lines of the amount CXC601 × 0.9 = 780.00, now CXC601 780.00."],
    ),
    "a rule in a line": (
        lambda said: said["payable"]["derivation"][0].update(code="CXC602"),
        ["The lines of the amount CXC602 780.00, now CXC601 780.00."],
    ),
    "no line of the amount": (
        lambda said: said["payable"].update(derivation=[]),
        ["The lines of the amount none, now CXC601 780.00."],
    ),
    "days": (lambda said: said.update(days_on_site=4), ["Days on site 4, now 5."]),
    "no days": (lambda said: said.update(working_days=None), ["Working days not known, now 5."]),
    "needed": (lambda said: said.update(needed=["host_type"]), ["Needed host_type, now nothing."]),
    "outcome": (
        lambda said: said.update(outcome="undecided", if_settled=said["payable"], payable=None),
        ["Outcome undecided, now eligible."],
    ),
    "finding": (
        lambda said: said["findings"][3].update(outcome="fail"),
        ["CXC201 now passes: The stay has 5 days on site. At least 3 are needed."],
    ),
    "figure": (lambda said: said["findings"][3]["values"].update(at_least=4), ["CXC201: at_least 4, now 3."]),
    "figures": (
        lambda said: said["findings"][13]["values"].update(full="1.00", valid_from="2020-01-01"),
        ["CXC601: full 1.00, now 780.00; valid_from 2020-01-01, now 2020-02-03."],
    ),
    "rule that is gone": (
        lambda said: said["findings"].append(said["findings"][3] | {"code": "CXC999", "outcome": "fail"}),
        ["CXC999 is no longer asked."],
    ),
}


@pytest.mark.parametrize(("change", "why"), MOVED.values(), ids=MOVED)
def test_what_moved_is_said(
    change: Callable[[dict[str, Any]], object],
    why: list[str],
    saved: Callable[..., Path],
    verdict: Callable[..., dict[str, Any]],
    verified: Callable[..., dict[str, Any]],
) -> None:
    receipt = verdict()
    change(receipt)
    found = verified(saved(lines(sealed(receipt))))

    assert found["status"] == 1
    assert found["moved"][0]["why"][:-1] == why
    shown = {side: found["moved"][0][side] for side in ("was", "now")}
    assert shown["was"] != shown["now"] or why[0].startswith("The lines of the amount")


def test_a_rule_that_is_new_moves_nothing_unless_it_has_an_effect(
    saved: Callable[..., Path], verdict: Callable[..., dict[str, Any]], verified: Callable[..., dict[str, Any]]
) -> None:
    """An older program knew fewer rules, and fewer figures."""
    receipt, refused = verdict(), verdict("--travellers", "2")
    del receipt["findings"][3], receipt["findings"][3]["values"]["months"]
    refused["findings"] = [found for found in refused["findings"] if found["code"] != "CXC304"]

    assert verified(saved(lines(sealed(receipt))))["same"] == 1
    assert verified(saved(lines(sealed(refused))))["moved"][0]["why"][0].startswith("CXC304 now fails: 2 people travel")


def test_a_list_of_figures(
    saved: Callable[..., Path], verdict: Callable[..., dict[str, Any]], verified: Callable[..., dict[str, Any]]
) -> None:
    receipt = verdict("--activity", "training")
    receipt["findings"][12]["values"]["activity"] = []

    assert verified(saved(lines(sealed(receipt))))["moved"][0]["why"][0] == "CXC501: activity none, now training."


# One visit: receipts that are given together are judged together.


def named(verdict: Callable[..., dict[str, Any]], visitor: str, arrival: str, *more: str) -> dict[str, Any]:
    day = int(arrival[-2:])
    dates = ["--arrival", arrival, "--departure", f"{arrival[:-2]}{day + 6:02}"]
    return verdict("--visitor-id", visitor, *dates, *more)


def of_one_visit(found: dict[str, Any]) -> list[list[str]]:
    return [moved["why"] for moved in found["moved"]]


def test_two_receipts_of_one_visitor_contradict_each_other(
    saved: Callable[..., Path], verdict: Callable[..., dict[str, Any]], verified: Callable[..., dict[str, Any]]
) -> None:
    """Whatever their order and file. The later trip moves, and no other."""
    later, first = named(verdict, "RO 4711", "2023-09-04"), named(verdict, "ro4711", "2023-03-06")
    other = named(verdict, "RO 4712", "2023-10-02")
    file, second = saved(lines(later, other), "one.jsonl"), saved(json.dumps(first), "two.json")
    found = verified(file, second)

    assert [moved["row"] for moved in found["moved"]] == [1]
    assert of_one_visit(found) == [
        [
            "Outcome eligible, now not eligible.",
            "Amount 780.00, now none.",
            "CXC303 now fails: The organisation has visited before. It may visit only once, but it may still host.",
            f"These receipts tell of an earlier trip of the same visitor: {second}.",
        ]
    ]
    assert found["by_host_country"] == [{"host_country": "PT", "was_eur": "2340.00", "now_eur": "1560.00"}]
    assert verified(file)["same"] == 2


def test_where_an_earlier_visit_stands(
    tmp_path: Path,
    run: Run,
    saved: Callable[..., Path],
    verdict: Callable[..., dict[str, Any]],
    verified: Callable[..., dict[str, Any]],
) -> None:
    """A receipt of one trip is its file; one of several, its line there; of a table, the row, wherever it is kept."""
    first, later, other = (
        named(verdict, *trip)
        for trip in (("RO 4711", "2023-03-06"), ("RO 4711", "2023-09-04"), ("RO 4712", "2023-10-02"))
    )
    heading = "visitor_id,host_country,host_cluster,arrival,departure\n"
    table = saved(f"{heading}RO 9,PT,yes,2023-04-03,2023-04-09\nRO 4711,PT,yes,2023-03-06,2023-03-12\n", "trips.csv")
    rows = saved(run("validate", table, "--format", "jsonl").out, "rows.jsonl")
    last = saved(json.dumps(later), "later.json")

    for earlier, named_as in (
        (saved(json.dumps(first), "first.json"), "first.json"),
        (saved(f"{lines(other)}\n\n{lines(first)}", "some.jsonl"), "some.jsonl, line 4"),
        (saved(json.dumps([other, first]), "list.json"), "list.json, verdict 2"),
        (rows, "trips.csv, row 3"),
    ):
        ((*_, why),) = of_one_visit(verified(earlier, last))
        assert why == f"These receipts tell of an earlier trip of the same visitor: {tmp_path / named_as}."


def test_receipts_of_one_trip_are_one_trip(
    saved: Callable[..., Path], verdict: Callable[..., dict[str, Any]], verified: Callable[..., dict[str, Any]]
) -> None:
    """A receipt that was kept twice, or written again, is not a second visit; without dates it cannot be told."""
    once = named(verdict, "RO 4711", "2023-03-06")
    again = named(verdict, "RO4711", "2023-03-06", "--travellers", "1")
    path = saved(lines(once, once, again))

    assert verified(path)["same"] == 3


@pytest.mark.parametrize("content", ["", "\n", "[]", '{"verdicts": []}'])
def test_a_file_without_a_verdict_beside_a_good_one(
    saved: Callable[..., Path],
    verdict: Callable[..., dict[str, Any]],
    verified: Callable[..., dict[str, Any]],
    content: str,
) -> None:
    """A receipt that was lost when it was written is not passed over."""
    empty = saved(content, "empty.json")
    found = verified(saved(lines(verdict())), empty)

    assert (found["status"], found["receipts"], found["same"]) == (2, 2, 1)
    assert found["unreadable"] == [{"file": str(empty), "row": 1, "message": "there is no verdict in it"}]


REPEATED = "another receipt of the same trip is given, too. The sums count each of them."


def test_sums_say_where_a_trip_is_counted_more_than_once(
    tmp_path: Path, run: Run, saved: Callable[..., Path], verdict: Callable[..., dict[str, Any]]
) -> None:
    """A proposal and its payment, kept in one folder, are one trip and two receipts. Rows of a table are trips."""
    stated = ["--registered", "yes", "--evidence", "tickets", "--report-validated", "2023-04-02"]
    once = named(verdict, "RO 4711", "2023-03-06")
    paid = named(verdict, "RO 4711", "2023-03-06", "--stage", "payment", "--today", "2023-05-02", *stated)
    other, nobody = named(verdict, "RO 4711", "2023-01-02"), verdict()
    table = tmp_path / "trips.csv"
    row = "PT,yes,2023-03-06,2023-03-12\n"
    table.write_text(f"host_country,host_cluster,arrival,departure\n{row}{row}", encoding="utf-8")
    rows = [json.loads(line) for line in run("validate", table, "--format", "jsonl").out.splitlines()]

    assert f"1 receipt: {REPEATED}" in run("verify", saved(lines(once, paid))).out
    assert f"2 receipts: {REPEATED}" in run("verify", saved(lines(once, once, paid))).out
    assert f"2 receipts: {REPEATED}" in run("verify", saved(lines(*rows, *rows))).out
    for alone in ((once, other), (nobody, nobody), rows):
        assert REPEATED not in run("verify", saved(lines(*alone))).out


def test_an_earlier_visit_that_a_receipt_names_counts_for_others_from_its_day_on(
    saved: Callable[..., Path],
    verdict: Callable[..., dict[str, Any]],
    verified: Callable[..., dict[str, Any]],
) -> None:
    history = saved("visitor_id,arrival\nRO 4711,2023-05-01\n", "history.csv")
    refused = named(verdict, "RO 4711", "2023-09-04", "--history", str(history))
    before, after = named(verdict, "RO 4711", "2023-03-06"), named(verdict, "RO 4711", "2023-06-05")
    found = verified(saved(lines(refused, before)))

    assert refused["outcome"] == "not-eligible"
    assert found["same"] == 2
    assert [moved["row"] for moved in verified(saved(lines(refused, before, after)))["moved"]] == [3]


def test_an_earlier_trip_that_no_longer_counts(
    tmp_path: Path, run: Run, saved: Callable[..., Path], verified: Callable[..., dict[str, Any]]
) -> None:
    """Where the earlier trip is refused under another table, the later one is not refused for it; not where it is not given."""
    table = tmp_path / "trips.csv"
    head = "visitor_id,visitor_country,host_country,host_cluster,arrival,departure"
    rows = ["RO 4711,RO,AT,yes,2023-03-06,2023-03-12", "RO 4711,RO,PT,yes,2023-09-04,2023-09-10"]
    table.write_text("\n".join([head, *rows]) + "\n", encoding="utf-8")
    first, second = run("validate", table, "--format", "jsonl").out.splitlines()
    text = (DATA / "countries.yaml").read_text(encoding="utf-8")
    before, austria, rest = text.partition("\n  AT:\n")
    own = tmp_path / "own.yaml"
    own.write_text(before + austria + rest.replace("eu-member", "not-participating", 1), encoding="utf-8")
    together, alone = saved(f"{first}\n{second}\n"), saved(f"{second}\n", "alone.jsonl")
    found = verified(together, "--countries", own)

    assert json.loads(second)["outcome"] == "not-eligible"
    assert verified(together)["same"] == 2
    assert verified(alone, "--countries", own)["same"] == 1
    assert of_one_visit(found)[1] == [
        "Outcome not eligible, now eligible.",
        "Amount none, now 780.00.",
        "CXC303 is now assumed: This is the organisation's first visit.",
        "The earlier trip that was recorded no longer counts as a visit.",
    ]
    assert found["by_host_country"] == [
        {"host_country": "AT", "was_eur": "900.00", "now_eur": "0.00"},
        {"host_country": "PT", "was_eur": "0.00", "now_eur": "780.00"},
    ]


def test_what_is_recorded_of_earlier_visits_is_kept(
    tmp_path: Path, run: Run, saved: Callable[..., Path], verified: Callable[..., dict[str, Any]]
) -> None:
    """Each kind of answer of the rule, alone: found, of the same name, approved, copies, open, and what cannot be told."""
    history, table = tmp_path / "history.csv", tmp_path / "trips.csv"
    history.write_text(
        "visitor,visitor_id,visitor_country,arrival\nAlfa,RO 4711,RO,2022-05-01\n,RO 4712,RO,\nGama,,RO,\n",
        encoding="utf-8",
    )
    head = "visitor,visitor_id,visitor_country,host,host_country,host_cluster,arrival,departure,approved,approved_by,approved_on"
    dates = "Lab,PT,yes,2023-03-06,2023-03-12"
    rows = [
        f"Alfa,RO 4711,RO,{dates},,,",
        f"Alfa,RO 4799,RO,{dates},,,",
        f"Alfa,RO 4798,RO,{dates},CXC303,Ana Pop,2023-01-09",
        f"Beta,,RO,{dates},,,",
        f",RO 4788,,{dates},,,",
        f"Delta,,,{dates},,,",
        f",,,{dates},,,",
        f"Epsilon,RO 4777,RO,{dates},,,",
        f"Epsilon,RO 4777,RO,{dates},,,",
        "Zeta,RO 4766,RO,Lab,PT,,2023-03-06,2023-03-12,,,",
        "Zeta,RO 4766,RO,Lab,PT,,2023-03-06,2023-03-12,,,",
        "Zeta,RO 4766,RO,Lab,PT,yes,2023-09-06,2023-09-12,,,",
    ]
    table.write_text("\n".join([head, *rows]) + "\n", encoding="utf-8")
    for options in ([], ["--strict"], ["--history", history], ["--history", history, "--strict"]):
        written = run("validate", table, *options, "--format", "jsonl").out
        assert verified(saved(written))["same"] == len(rows)
        for number, line in enumerate(written.splitlines()):
            assert verified(saved(f"{line}\n", f"{number}.jsonl"))["same"] == 1


WHO = ("Zeta,RO111", "Zeta,", ",RO111", "Zeta,RO222", "Acme,RO111")


@pytest.mark.many
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(
    st.lists(
        st.tuples(st.sampled_from(WHO), st.integers(0, 11), st.sampled_from(["yes", "yes", ""])), min_size=1, max_size=6
    ),
    st.none() | st.lists(st.tuples(st.sampled_from(WHO), st.integers(1, 11)), max_size=3),
    st.booleans(),
)
def test_receipts_of_a_table_with_any_history_are_the_same(
    tmp_path: Path,
    run: Run,
    verified: Callable[..., dict[str, Any]],
    rows: list[tuple[str, int, str]],
    past: list[tuple[str, int]] | None,
    strict: bool,
) -> None:
    """Whoever visited and whenever, in the history and in the table, before and after, with dates (0: without)."""
    trips, history, receipts = (tmp_path / name for name in ("trips.csv", "history.csv", "receipts.jsonl"))
    heading = "visitor,visitor_id,visitor_country,host_country,host_cluster,arrival,departure"
    lines = [
        f"{who},RO,PT,{member},{f'2023-{month:02}-04,2023-{month:02}-11' if month else ','}"
        for who, month, member in rows
    ]
    trips.write_text("\n".join([heading, *lines, ""]), encoding="utf-8")
    options = ["--strict"] if strict else []
    if past is not None:
        visits = [f"{who},RO,2023-{month:02}-04" for who, month in past]
        history.write_text("\n".join(["visitor,visitor_id,visitor_country,arrival", *visits, ""]), encoding="utf-8")
        options += ["--history", str(history)]
    run("validate", trips, *options, "--format", "jsonl", "-o", receipts)

    assert [(one["row"], one["why"]) for one in verified(receipts)["moved"]] == []


def test_earlier_visits_that_a_finding_contradicts(
    saved: Callable[..., Path],
    verdict: Callable[..., dict[str, Any]],
    verified: Callable[..., dict[str, Any]],
) -> None:
    """A rule that passes beside a visit, and one that fails without any, does not follow from what the receipt says."""
    history = saved("visitor_id,visitor,visitor_country,arrival\nRO 4711,,,2022-05-01\n", "history.csv")
    fresh, again = (verdict("--visitor-id", key, "--history", str(history)) for key in ("RO 4712", "RO 4711"))
    for receipt, visits in ((fresh, again["earlier_visits"]), (again, [])):
        assert verified(saved(lines(receipt)))["same"] == 1
        assert of_one_visit(verified(saved(lines(sealed(receipt | {"earlier_visits": visits})))))


def test_earlier_visits_that_are_recorded_in_other_words(
    saved: Callable[..., Path],
    verdict: Callable[..., dict[str, Any]],
    verified: Callable[..., dict[str, Any]],
) -> None:
    """Whether they are of the same organisation, or of one of the same name, is told by its id, too."""
    history = saved("visitor,visitor_id,visitor_country,arrival\nAlfa,RO 4711,RO,2022-05-01\n", "history.csv")
    who = ["--visitor", "Alfa", "--from", "RO", "--history", str(history)]
    alike = verdict(*who, "--visitor-id", "RO 4799")
    open_ = json.loads(json.dumps(alike).replace("RO 4799", "RO 4711").replace('["approved"]', "[]"))
    for receipt in (alike, open_):
        receipt["findings"][7]["message"] = "Ask."
        assert receipt["findings"][7]["code"] == "CXC303"
        assert verified(saved(lines(sealed(receipt))))["same"] == 1


def test_a_contradiction_that_changes_nothing(
    saved: Callable[..., Path],
    verdict: Callable[..., dict[str, Any]],
    verified: Callable[..., dict[str, Any]],
) -> None:
    """A trip that is refused anyway is as open for an earlier open trip as for somebody of the same name."""
    history = saved("visitor,visitor_id,visitor_country,arrival\nAlfa,RO 4711,RO,2022-05-01\n", "history.csv")
    who = ["--visitor", "Alfa", "--from", "RO", "--visitor-id", "RO 4799", "--history", str(history)]
    refused = verdict(*who, "--travellers", "2")
    earlier = verdict(*who, "--host-type", "technology-park", "--visitor-type", "university", *JANUARY)

    assert (refused["outcome"], earlier["outcome"]) == ("not-eligible", "undecided")
    assert verified(saved(lines(refused, earlier)))["same"] == 2


def test_receipts_without_names_keep_what_they_say_of_earlier_visits(
    run: Run, saved: Callable[..., Path], verified: Callable[..., dict[str, Any]]
) -> None:
    """That it was not checked again is said. A distance that was worked out from places that are withheld is taken over."""
    written = run("validate", HERE / "stored" / "trips.csv", "--redact", "--format", "jsonl").out
    path = saved(written)
    near = [json.loads(line) for line in written.splitlines() if "worked_out_km" in line]

    assert [found["trip"]["host_place"] for found in near] == [None]
    assert verified(path)["moved"] == []
    assert "the visitor is not named. Whether it has visited before was not checked again." in run("verify", path).out


LISTED = """rulebook: ours
extends: medic-nest
clusters:
  listed: [{name: Medvia}, {name: Imago-Mol}%s]
  sources: [https://example.org/ours]
  checked: 2026-11-23
"""


def test_receipts_without_names_keep_what_they_say_of_the_list_of_clusters(
    run: Run, saved: Callable[..., Path], verified: Callable[..., dict[str, Any]]
) -> None:
    """They follow from their trips, whose clusters had names. Under a list that is another by now nothing is taken over."""
    book, other = saved(LISTED % "", "ours.yaml"), saved(LISTED % ", {name: Biotecyl}", "other.yaml")
    clusters = (
        "Medvia,Medvia,,,",
        "Medvia,Elsewhere,,,",
        "Elsewhere,Medvia,,,",
        "Medvia,yes,,,",
        "yes,Medvia,,,",
        "none,none,,,",
    )
    rows = (*clusters, ",Medvia,,,", "Medvia,Elsewhere,CXC402,Ana Pop,2023-05-01")
    heading = (
        "visitor_type,host_country,first_day,last_day,visitor_cluster,host_cluster,approved,approved_by,approved_on"
    )
    trips = saved("\n".join((heading, *(f"sme,PT,2023-05-15,2023-05-19,{row}" for row in rows))), "trips.csv")
    path = saved(run("validate", trips, "--rulebook", book, "--redact", "--format", "jsonl").out)
    outcomes = [json.loads(line)["outcome"] for line in path.read_text(encoding="utf-8").splitlines()]
    named = saved(run("validate", trips, "--rulebook", book, "--format", "jsonl").out, "named.jsonl")
    note = "a cluster is not named. Whether it is on the partnership's list was not checked again."

    assert outcomes == ["eligible", *["undecided"] * 3, "eligible", "not-eligible", *["eligible"] * 2]
    assert [verified(one, "--rulebook", book)["moved"] for one in (path, named)] == [[], []]
    assert f"7 receipts: {note}" in run("verify", path, "--rulebook", book).out
    assert note not in run("verify", named, "--rulebook", book).out
    assert {one["row"] for one in verified(path, "--rulebook", other)["moved"]} == {1, 2, 3, 4, 5, 7, 8}
    assert note not in run("verify", path, "--rulebook", other).out


# What if: another table, another rulebook.


@pytest.mark.many
def test_what_if_of_a_thousand_trips(tmp_path: Path, run: Run, verified: Callable[..., dict[str, Any]]) -> None:
    """Three amounts move: exactly these trips, and exactly these sums."""
    made = subprocess.run(
        [sys.executable, HERE.parent / "scripts" / "make_trips.py", "1000"], capture_output=True, check=True
    ).stdout
    (tmp_path / "trips.csv").write_bytes(made)
    run("validate", tmp_path / "trips.csv", "--format", "jsonl", "-o", tmp_path / "receipts.jsonl")
    new = {"PT": 850, "AT": 700, "SK": 1000}
    was = {code: load_countries().by_code[code].lump_sums[-1].full for code in new}
    rows = [json.loads(line) for line in (tmp_path / "receipts.jsonl").read_text(encoding="utf-8").splitlines()]
    concerned, before, after = [], dict.fromkeys(new, Decimal(0)), dict.fromkeys(new, Decimal(0))
    for number, row in enumerate(rows, 1):
        code = row.get("trip", {}).get("host_country")
        if code in new:
            concerned.append(number)
            amount = Decimal(row["payable"]["amount"]) if row["payable"] else Decimal(0)
            before[code] += amount
            after[code] += amount / was[code] * new[code]
    found = verified(tmp_path / "receipts.jsonl", "--countries", own_table(tmp_path, **new))
    sums = {one["host_country"]: (Decimal(one["was_eur"]), Decimal(one["now_eur"])) for one in found["by_host_country"]}
    changed = [one for one in found["moved"] if one["was"]["amount"] != one["now"]["amount"]]

    assert found["status"] == 1
    assert len(concerned) > len(changed) > 20
    assert [moved["row"] for moved in found["moved"]] == concerned
    assert all(one["was"]["amount"] is None for one in found["moved"] if one not in changed)
    assert {code: pair for code, pair in sums.items() if pair[0] != pair[1]} == {
        code: (before[code], after[code]) for code in new
    }
    assert verified(tmp_path / "receipts.jsonl")["moved"] == []


def test_what_an_amount_moves_for(
    tmp_path: Path,
    saved: Callable[..., Path],
    verdict: Callable[..., dict[str, Any]],
    verified: Callable[..., dict[str, Any]],
) -> None:
    """Since when, and in which file; a rulebook may have amounts of its own."""
    path = saved(lines(verdict()))
    book = tmp_path / "ours.yaml"
    book.write_text(
        "rulebook: ours\nextends: medic-nest\nlump_sums:\n  PT:\n"
        "    - {from: 2020-02-03, to: 2022-12-31, full_eur: 780, full_basis: published, half_basis: published, "
        "sources: [S5], checked: 2026-11-23}\n"
        "    - {from: 2023-01-01, full_eur: 850, full_basis: published, half_basis: published, sources: [S5], "
        "checked: 2026-11-23}\n",
        encoding="utf-8",
    )
    table = verified(path, "--countries", own_table(tmp_path, PT=850))["moved"][0]
    ours = verified(path, "--rulebook", book)["moved"][0]

    assert table["why"] == ["Amount 780.00, now 850.00: value from 2020-02-03 in new.yaml."]
    assert ours["why"] == ["Amount 780.00, now 850.00: value from 2023-01-01 in ours.yaml."]
    assert (table["was"]["findings"][0]["values"]["full"], table["now"]["amount"]) == ("780.00", "850.00")


def test_data_that_are_not_given(
    tmp_path: Path, run: Run, saved: Callable[..., Path], verified: Callable[..., dict[str, Any]]
) -> None:
    """A rulebook or a table of somebody's own is named, and needed; given, the receipt holds; changed, it is what-if."""
    table = own_table(tmp_path, PT=850)
    mine = run("check", *TRIP, "--countries", table, "--format", "json").out
    ours = run("check", *TRIP, "--rulebook", TWO_VISITS, "--format", "json").out
    digest = sha256(table.read_bytes()).hexdigest()

    found = verified(saved(lines(json.loads(mine), json.loads(ours))))
    assert found["status"] == 2
    assert [one["message"] for one in found["unreadable"]] == [
        "it was made with a country table that did not come with cxc, and that is not given "
        f"(SHA-256 {digest[:12]}…); name its file with --countries",
        "it was made under the rulebook 'two-visits', which is not given; name its file with --rulebook",
    ]
    assert verified(saved(mine, "mine.json"), "--countries", table)["status"] == 0
    assert verified(saved(ours, "ours.json"), "--rulebook", TWO_VISITS)["status"] == 0
    assert "What if?" not in run("verify", saved(ours, "ours.json"), "--rulebook", TWO_VISITS).out
    assert "judged again by eccp, instead of" in run("verify", saved(ours, "ours.json"), "--rulebook", "eccp").out


def test_the_table_of_each_release_is_known() -> None:
    """A receipt of an earlier release is not taken for one that was made with a table of somebody's own."""
    assert all(re.fullmatch("[0-9a-f]{64}", digest) for digest in earlier_tables())
    versions = {line.split()[1] for line in (DATA / "earlier_country_tables.txt").read_text("ascii").splitlines()}
    released = re.findall(r"^## (\S+)$", (HERE.parent / "CHANGELOG.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert set(released) <= versions


# Whatever stands in a file.

NO_SEAL = (
    "this is not a verdict that cxc has written: it has no seal; give the file that cxc check or cxc validate writes "
    "with --format json or jsonl"
)
UNREADABLE: dict[str, tuple[str | bytes, str]] = {
    "no JSON": ("[hello]\n", "this is not valid JSON: Expecting value (column 2)"),
    "cut": ('{"schema_version": "2"', "this is not valid JSON: Expecting ',' (column 23)"),
    "trailing comma": ('{\n"a": 1,\n}', "this is not valid JSON: Illegal trailing comma (line 3, column 1)"),
    "two values": ("{} {}\n", "this is not valid JSON: more stands behind its end, and jsonl has each verdict on one line (column 4)"),
    "no colon": ('{"a" 1}\n', "this is not valid JSON: Expecting ':' (column 6)"),
    "a number as key": ("{1: 2}\n", "this is not valid JSON: Expecting property name enclosed in double quotes (column 3)"),
    "not UTF-8": (b'{"a": "\xff"}\n', "this is not UTF-8 text"),
    "deep": ("[" * 200_000, "it is nested too deep"),
    "deep inside": ('{"a": ' + "[" * 200_000, "it is nested too deep"),
    "NaN": ('{"a": NaN}\n', "this is not valid JSON: NaN is not a number in JSON"),
    "digits": (f'{{"a": {"9" * 5_000}}}\n', "this is not valid JSON: a number has too many digits"),
    "a key twice": ('{"a": 1, "a": 2}\n', "this is not valid JSON: the key 'a' is given twice"),
    "a key twice inside": ('{"x": {"b": 1, "c": 2, "b": 3}}\n', "this is not valid JSON: the key 'b' is given twice"),
    "a number": ("[5]\n", NO_SEAL),
    "an object": ("{}\n", NO_SEAL),
    "a seal that is none": ('{"seal": 5}\n', NO_SEAL),
    "another version": (
        '{"seal": "x", "schema_version": "3"}\n',
        "its schema_version is neither 1 nor 2; a newer version of cxc may have written it",
    ),
    "infinite": ('{"seal": "x", "schema_version": "2", "n": 1e999}\n', "it cannot be sealed: JSON has no inf"),
    "half a letter": ('{"seal": "x", "schema_version": "2", "n": "\\ud800"}\n', "a text in it is not Unicode"),
}  # fmt: skip


@pytest.mark.parametrize(("content", "message"), UNREADABLE.values(), ids=UNREADABLE)
def test_what_cannot_be_read_is_said(
    content: str | bytes, message: str, saved: Callable[..., Path], verified: Callable[..., dict[str, Any]]
) -> None:
    found = verified(saved(content))

    assert (found["status"], found["receipts"]) == (2, 1)
    assert [one["message"] for one in found["unreadable"]] == [message]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda said: said["payable"].update(currency="USD"), "in payable, 'currency' is not one of EUR"),
        (lambda said: said.update(if_settled=said["payable"]), "it has an amount both as payable and as if_settled"),
        (lambda said: said["findings"].append(said["findings"][0]), "CXC101 is among its findings twice"),
    ],
    ids=["another currency", "two amounts", "a finding twice"],
)
def test_what_no_receipt_says(
    change: Callable[[dict[str, Any]], object],
    message: str,
    saved: Callable[..., Path],
    verdict: Callable[..., dict[str, Any]],
    verified: Callable[..., dict[str, Any]],
) -> None:
    """Even with a good seal: anybody can make one."""
    receipt = verdict()
    change(receipt)

    assert [one["message"] for one in verified(saved(lines(sealed(receipt))))["unreadable"]] == [message]


def test_a_receipt_that_is_nested_too_deep_for_its_seal(monkeypatch: pytest.MonkeyPatch) -> None:
    """A parser may allow more than what makes the canonical form."""
    deep: list[Any] = []
    for _ in range(100_000):
        deep = [deep]
    with pytest.raises(Exception, match="nested too deep"):
        is_sealed({"seal": "x", "schema_version": "2", "n": deep})


def mutations(receipt: dict[str, Any]) -> Iterable[dict[str, Any]]:
    """The receipt with something else in the place of each of its members, sealed."""
    others: tuple[Any, ...] = (None, 1, -5, "x", [], {}, [1], True, {"a": None}, "2023-13-01")
    for holder in ([], ["trip"], ["payable"], ["findings", 3], ["data"], ["earlier_visits", 0]):
        inner: Any = receipt
        for step in holder:
            inner = inner[step]
        for key in inner:
            for other in others:
                changed = json.loads(json.dumps(receipt))
                place = changed
                for step in holder:
                    place = place[step]
                place[key] = other
                yield sealed(changed)


def test_types_that_no_receipt_has(
    saved: Callable[..., Path],
    verdict: Callable[..., dict[str, Any]],
    verified: Callable[..., dict[str, Any]],
) -> None:
    """Whatever its members hold, with a good seal, each receipt is judged or refused with a sentence."""
    history = saved("visitor_id,arrival\nRO 4711,2022-05-01\n", "history.csv")
    receipt = verdict("--visitor-id", "RO 4711", "--history", str(history))
    receipt |= {"payable": verdict()["payable"], "file": "a.xlsx", "sheet": "May", "row": 2}
    changed = [*mutations(receipt)]
    found = verified(saved(lines(*changed)))

    assert found["receipts"] == len(changed) == found["same"] + len(found["moved"]) + len(found["unreadable"])
    assert len(found["unreadable"]) > len(changed) / 2
    assert {one["message"] for one in found["unreadable"]} >= {
        "'findings' is not a list",
        "findings is not an object",
        "trip is not an object",
        "'days_on_site' is not a whole number, 0 or more",
        "'outcome' is not one of eligible, not-eligible or undecided",
        "'strict' is not true or false",
        "'needed' is not a list of texts",
        "in payable, 'amount' is not an amount with two decimals",
        "in findings, 'code' is not the code of a rule",
        "in data, 'countries' is not a text",
        "earlier_visits: arrival is not a date",
        "'stage' is not one of proposal or payment",
    }


def test_a_damaged_line_hides_no_other(
    saved: Callable[..., Path], verdict: Callable[..., dict[str, Any]], verified: Callable[..., dict[str, Any]]
) -> None:
    """Blank lines and a byte order mark are no damage; rows without a verdict are none."""
    row = {"file": "a.csv", "row": 3, "outcome": "unreadable", "errors": []}
    good = json.dumps(verdict())
    found = verified(saved(f"\ufeff{good}\n\n{good[:-9]}\n{json.dumps(row)}\n{good}"))

    assert (found["receipts"], found["same"], found["status"]) == (3, 2, 2)
    assert [one["row"] for one in found["unreadable"]] == [3]


def test_an_object_that_breaks_off_gives_what_stands_before(
    saved: Callable[..., Path], verdict: Callable[..., dict[str, Any]], verified: Callable[..., dict[str, Any]]
) -> None:
    good = json.dumps(verdict())
    found = verified(saved(f'{{"verdicts": [\n{good},\n{good},\n{good[:-9]}', "cut.json"))

    assert (found["same"], [one["row"] for one in found["unreadable"]]) == (2, [3])


def test_long_lines_and_large_objects(
    monkeypatch: pytest.MonkeyPatch, saved: Callable[..., Path], verified: Callable[..., dict[str, Any]]
) -> None:
    assert LONGEST_LINE < LARGEST_OBJECT
    monkeypatch.setattr("cxc.receipts.documents.LONGEST_LINE", 100)
    monkeypatch.setattr("cxc.receipts.documents.LARGEST_OBJECT", 1_000)
    found = verified(saved(f"{{}}\n{'x' * 350}\n5\n{'x' * 100}"))
    large = verified(saved("[\n" + "1,\n" * 400 + "1]", "large.json"))

    assert [one["row"] for one in found["unreadable"]] == [1, 2, 3, 4]
    assert [one["message"] for one in large["unreadable"]] == [
        "the document is larger than 0 MB; jsonl has no such limit"
    ]


INSTEAD = "give the file that cxc check or cxc validate writes with --format json or jsonl"
OTHER_FILES: dict[str, tuple[str | bytes, str]] = {
    "CSV": ("visitor,host_country,outcome\nAcme,PT,eligible\n", "a CSV table"),
    "CSV of Excel": ("\ufeffvisitor;host_country;outcome;\r\nAcme;PT;eligible;\r\n", "a CSV table"),
    "CSV that ends as an object begins": ("visitor,host_country,\nAcme,PT,\n", "a CSV table"),
    "HTML": ("\n<!DOCTYPE html>\n<style>\np\n{\n}\n</style>\n", "a page of HTML"),
    "XML": ('<?xml version="1.0"?>\n<testsuites>\n</testsuites>\n', "an XML file"),
    "a trip": ("host_country: PT\nhost_cluster: yes\n", "the file of one trip"),
    "a workbook": (b"PK\x03\x04\x00\n\xff", "a workbook"),
    "an old workbook": (bytes.fromhex("d0cf11e0a1b11ae1"), "a workbook"),
    "Parquet": (b"PAR1\x15\n\x00PAR1", "a Parquet table"),
    "Markdown": ("# 3 trips\n\n[1](a.csv)\n| row |\n", ""),
    "a number": ("5\n", ""),
    "bytes": (b"\xff\x00\n\x80", ""),
}


@pytest.mark.parametrize(("content", "kind"), OTHER_FILES.values(), ids=OTHER_FILES)
def test_a_file_of_another_kind_gets_one_sentence(
    content: str | bytes, kind: str, run: Run, saved: Callable[..., Path], verdict: Callable[..., dict[str, Any]]
) -> None:
    """Not one for each of its lines; and the receipts beside it are judged."""
    other = saved(content, "other.json")
    seems = f"This seems to be {kind}, not a file of saved verdicts" if kind else "This is not a file of saved verdicts"
    result = run("verify", other, saved(lines(verdict())), "--color", "never")

    assert (result.status, result.err) == (2, "")
    assert result.out.startswith("2 receipts: 1 cannot be read, 1 same\n")
    assert f"{other}: {seems}; {INSTEAD}." in " ".join(result.out.split())


def test_damaged_lines_before_the_first_good_one(
    saved: Callable[..., Path], verdict: Callable[..., dict[str, Any]], verified: Callable[..., dict[str, Any]]
) -> None:
    """A file of verdicts with damage at its head is one all the same: each line is counted and named."""
    found = verified(saved(f"x\ny,\n{json.dumps(verdict())}\nz\n"))

    assert (found["receipts"], found["same"]) == (4, 1)
    assert [one["row"] for one in found["unreadable"]] == [1, 2, 4]


def test_many_lines_that_are_nothing(run: Run, saved: Callable[..., Path]) -> None:
    """The same fault is told once, with some of its places and their number."""
    result = run("verify", saved("x\n" * 50_000 + '{"a": 1}'))

    assert result.status == 2
    assert result.out.splitlines()[0] == "50001 receipts: 50001 cannot be read"
    assert "; and 49995 more: This is not valid JSON: Expecting value (column 1)." in result.out
    assert len(result.out) < 1_000


def test_files_that_are_no_receipts(run: Run, saved: Callable[..., Path], tmp_path: Path) -> None:
    """Each with its own sentence, and status 2."""
    good = saved("{}\n", "good.jsonl")
    for arguments, said in (
        ([tmp_path / "none.json"], "there is no such file"),
        ([tmp_path], "this is a folder, not a file"),
        ([saved("", "empty.json")], "there is no verdict in it"),
        ([saved("{}".encode("utf-16"), "wide.json")], "this is UTF-16 text, as PowerShell writes it with >"),
        ([good, good], "is named twice"),
        ([good, "-o", good], "is a file that is read"),
        ([good, "--rulebook", "medicnest"], "there is no rulebook 'medicnest'"),
        ([good, "--countries", tmp_path / "none.yaml"], "there is no such file"),
        ([good, "--report", "csv=x"], "is not FORMAT=FILE with one of text, json, markdown, html"),
    ):
        result = run("verify", *arguments)
        assert result.status == 2
        assert said in result.err


def test_a_file_that_changes_while_it_is_read(saved: Callable[..., Path]) -> None:
    path = saved("1\n2\n")
    documents = Saved(str(path)).documents()
    next(documents)
    path.write_text("1\n2\n3\n4\n", encoding="utf-8")

    with pytest.raises(Exception, match="the file changed while it was read"):
        list(documents)


# Reports.


def test_the_exit_status(run: Run, saved: Callable[..., Path], verdict: Callable[..., dict[str, Any]]) -> None:
    """2 before 1; --exit-zero lifts 1 alone."""
    good = verdict()
    altered, unreadable = good | {"strict": True}, dict[str, Any]()
    for documents, status, lifted in (
        ([good], 0, 0),
        ([good, altered], 1, 0),
        ([good, altered, unreadable], 2, 2),
    ):
        path = saved(lines(*documents))
        assert run("verify", path).status == status
        assert run("verify", path, "--exit-zero").status == lifted


def test_every_format_tells_the_same(
    tmp_path: Path, run: Run, saved: Callable[..., Path], verdict: Callable[..., dict[str, Any]]
) -> None:
    """Nothing from outside is markup, a link, or a command of a CI server."""
    name = "<b>|x|</b> ##[error]y `z` www.example.org"
    good, open_ = verdict("--reference", name), verdict("--reference", name, "--from", "GB")
    refused = verdict("--reference", name, "--travellers", "2")
    path = saved(lines(good, open_, good | {"strict": True}, {"a": name}, refused))
    table = own_table(tmp_path, PT=850)
    files = {kind: tmp_path / f"report.{kind}" for kind in ("text", "markdown", "html", "json")}
    reports = [word for kind, file in files.items() for word in ("--report", f"{kind}={file}")]
    result = run("verify", path, "--countries", table, *reports, "-o", tmp_path / "out.txt")
    texts = {kind: file.read_text(encoding="utf-8") for kind, file in files.items()}

    assert result.status == 2
    assert result.err.startswith(
        "What if? 5 receipts: 2 would change, 1 altered, 1 cannot be read, 1 same result from other figures. Written: "
    )
    assert texts["text"] == (tmp_path / "out.txt").read_text(encoding="utf-8")
    for text in texts.values():
        assert "780.00" in text
        assert "850.00" in text
        assert "##[error]" not in text
    assert all("Do not pay on what they say." in texts[kind] for kind in ("text", "markdown", "html"))
    assert "undecided, EUR 850.00 if settled" in texts["markdown"]
    assert "<b>" not in texts["markdown"]
    page = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(texts["html"])
    assert page.find(".//h1").text == f"What would {table} change?"
    assert [cell.text for cell in page.iter("td")][:4] == ["PT", "780.00", "850.00", "+70.00"]
    assert name in "".join(page.find("body").itertext())
    assert not list(page.iter("b"))


def test_a_page_of_receipts_that_hold(
    run: Run, saved: Callable[..., Path], verdict: Callable[..., dict[str, Any]]
) -> None:
    """No sums where nothing is paid, and no parts with nothing to say."""
    refused = saved(lines(verdict("--travellers", "2"), verdict("--travellers", "3")))

    assert run("verify", refused).out == (
        "2 receipts: 2 same\n\nThe partnership decides. This is not a decision of the EU.\n"
    )
    assert run("verify", refused, "-q").out == "2 receipts: 2 same\n"
    assert "<h1>Receipts, judged again</h1>" in run("verify", refused, "--format", "html").out
    assert run("verify", refused, "--format", "markdown").out.startswith("# 2 receipts: 2 same\n\nThe partnership")


def test_markdown_is_no_longer_than_github_shows(
    monkeypatch: pytest.MonkeyPatch, run: Run, saved: Callable[..., Path], verdict: Callable[..., dict[str, Any]]
) -> None:
    monkeypatch.setattr("cxc.reports.verify.MOST_BYTES", 1_000)
    path = saved(lines(*[verdict("--reference", f"T{number}") for number in range(20)]))
    text = run("verify", path, "--format", "markdown", "--rulebook", "eccp").out
    shown = text.count("; T") + text.count("(T")

    assert shown + int(re.findall(r"(\d+) more rows; they do not fit here", text)[0]) == 20
    assert len(text) < 2_000


def test_json_has_its_notes_beside_it(run: Run, saved: Callable[..., Path]) -> None:
    path = saved((RECEIPTS / "v1-validate-redacted.jsonl").read_bytes())
    result = run("verify", path, "--format", "json")

    assert "Rows that could not be read and have no verdict: 1." in result.err
    assert json.loads(result.out)["receipts"] == 6


def test_from_standard_input(verdict: Callable[..., dict[str, Any]]) -> None:
    """A pipe is kept, since receipts that contradict each other are read twice."""
    both = lines(named(verdict, "RO 4711", "2023-03-06"), named(verdict, "RO 4711", "2023-09-04"))
    command = [sys.executable, "-m", "cxc", "verify", "-", "--format", "json"]
    found = subprocess.run(command, input=both.encode(), capture_output=True, check=False)

    assert found.returncode == 1
    assert [one["file"] for one in json.loads(found.stdout)["moved"]] == ["standard input"]


def test_a_seal_of_texts_that_are_not_unicode(tmp_path: Path, run: Run) -> None:
    """The name of a file may hold bytes that are no text. What is written in their place is what is sealed."""
    history = tmp_path / "caf\udce9.csv"
    try:
        history.write_text("visitor_id,arrival\nRO 4711,2022-05-01\n", encoding="utf-8")
    except (OSError, UnicodeError):
        pytest.skip("no such names here")
    written = run("check", *TRIP, "--visitor-id", "RO 4711", "--history", history, "--format", "json").out
    receipt = json.loads(written)

    assert receipt["earlier_visits"]
    assert receipt == sealed(receipt)


# docs/receipts.md


def snippet(language: str) -> str:
    page = (HERE.parent / "docs" / "receipts.md").read_text(encoding="utf-8")
    (found,) = re.findall(rf"```{language}\n(.*?)```", page, re.DOTALL)
    return str(found)


@pytest.mark.parametrize(("language", "command"), [("python", [sys.executable]), ("javascript", ["node"])])
def test_anybody_can_check_a_seal(
    language: str, command: list[str], tmp_path: Path, run: Run, verdict: Callable[..., dict[str, Any]]
) -> None:
    """With the lines of the page, in Python and in JavaScript; whatever the numbers and letters."""
    if shutil.which(command[0]) is None:
        pytest.skip(f"{command[0]} is not installed")
    program, receipt = tmp_path / f"check.{'py' if language == 'python' else 'js'}", tmp_path / "receipt.json"
    program.write_text(snippet(language), encoding="utf-8")
    assert len(snippet(language).splitlines()) <= 10
    row = run("validate", RECEIPTS / "trips.csv", "--budget", "1000", "--format", "jsonl").out.splitlines()[1]
    assert "table_notices" in row
    for text, found in (
        (row, "sealed"),
        (json.dumps(verdict("--distance-km", "0.0000001", "--visitor", "Ελλάς \u2028 𝔘"), indent=3), "sealed"),
        (json.dumps(verdict("--distance-km", "150.5"), sort_keys=True).replace("150.5", "150.4"), "altered"),
    ):
        receipt.write_text(text, encoding="utf-8")
        out = subprocess.run([*command, program, receipt], capture_output=True, check=True, text=True).stdout
        assert out.strip() == found
