"""`cxc.yaml`: where it is read, what it may state, what wins over it, and who tells of it."""

import json
from pathlib import Path

import pytest
from commands import Run

TRIP = ("--no-ask", "--to", "PT", "--first-day", "2023-05-15", "--last-day", "2023-05-19", "--host-cluster", "yes")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current folder, with a table."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "trips.csv").write_text(
        "Besucher,host_country,host_cluster,arrival,departure\nAcme,PT,yes,14.05.2023,20.05.2023\n", encoding="utf-8"
    )
    return tmp_path


def write(path: Path, text: str) -> Path:
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def test_options_are_taken_from_the_folder(folder: Path, run: Run) -> None:
    """And told on standard error, and in the reports for people."""
    write(folder / "cxc.yaml", "rulebook: eccp\nstrict: yes\n")
    said = "Options from cxc.yaml: --rulebook and --strict."

    found = run("check", *TRIP, "--format", "json")
    verdict = json.loads(found.out)
    assert (verdict["rulebook"], verdict["strict"]) == ("eccp", True)
    assert said in found.err
    for form in ("text", "markdown", "html"):
        shown = run("check", *TRIP, "--format", form)
        assert said in shown.out.replace("\\", ""), form
        assert said in shown.err


def test_a_table_takes_all_of_them(folder: Path, run: Run) -> None:
    """Paths count from the file."""
    write(
        folder / "ours" / "cxc.yaml",
        "rulebook: ours.yaml\nhistory: [visits.csv]\nbudget: 500\nmap: {Besucher: visitor}\ndate-format: DD.MM.YYYY\n"
        "history-date-format: YYYY-MM-DD\nstrict: no\ncountries: ours-countries.yaml\n",
    )
    write(folder / "ours" / "ours.yaml", "rulebook: ours\nextends: eccp\n")
    write(folder / "ours" / "visits.csv", "visitor,visitor_id,visitor_country,arrival\n")
    import cxc

    countries = Path(cxc.__file__).parent / "data" / "countries.yaml"
    write(folder / "ours" / "ours-countries.yaml", countries.read_text(encoding="utf-8"))
    found = run("validate", "trips.csv", "--config", "ours/cxc.yaml")

    assert found.status == 0
    assert "1 row: 1 eligible; EUR 780.00 payable" in found.out
    assert "The budget of EUR 500.00 is exceeded" in found.out
    named = "--rulebook, --countries, --history, --budget, --map, --date-format, --history-date-format and --strict"
    assert f"Options from ours/cxc.yaml: {named}." in found.out
    one = json.loads(run("validate", "trips.csv", "--config", "ours/cxc.yaml", "--format", "jsonl").out)
    assert (one["rulebook"], one["trip"]["visitor"]) == ("ours", "Acme")


def test_what_is_typed_wins(folder: Path, run: Run) -> None:
    """Also where it is what it would be anyway; --no-config leaves the file alone."""
    write(folder / "cxc.yaml", "rulebook: eccp\n")
    typed = run("check", *TRIP, "--format", "json", "--rulebook", "medic-nest")

    assert json.loads(typed.out)["rulebook"] == "medic-nest"
    assert "Options from cxc.yaml: none." in typed.err
    left = run("check", *TRIP, "--format", "json", "--no-config")
    assert json.loads(left.out)["rulebook"] == "medic-nest"
    assert "cxc.yaml" not in left.err


@pytest.mark.parametrize(
    "command", [("estimate", "--to", "PT"), ("plan", *TRIP[1:3], "--earliest", "2023-05-01", "--latest", "2023-05-31")]
)
def test_estimate_and_plan_take_them(command: tuple[str, ...], folder: Path, run: Run) -> None:
    """Those that they have."""
    write(folder / "cxc.yaml", "rulebook: eccp\nbudget: 500\n")
    for form in ("text", "markdown"):
        found = run(*command, "--format", form)
        assert "Options from cxc.yaml: --rulebook." in found.out.replace("\\", "")
        assert "Options from cxc.yaml: --rulebook." in found.err
    assert json.loads(run(*command, "--format", "json").out)["rulebook"] == "eccp"


@pytest.mark.parametrize("command", ["countries", "rules", "template", "data", "schema"])
def test_no_other_command_reads_it(command: str, folder: Path, run: Run) -> None:
    """Not even a wrong one."""
    write(folder / "cxc.yaml", "rulebok: eccp\n")
    more = {"schema": ["trip"], "data": ["ours.yaml"]}
    write(folder / "ours.yaml", "rulebook: ours\nextends: eccp\n")
    found = run(command, *more.get(command, []))

    assert (found.status, "cxc.yaml" in found.err + found.out) == (0, False)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("rulebok: eccp\n", "cxc.yaml:1: the file has the unknown key 'rulebok'; allowed are"),
        ("strict: maybe\n", "cxc.yaml:1: strict: 'maybe' is not allowed; write one of yes, no, true, false"),
        ("rulebook: [eccp]\n", "cxc.yaml:1: rulebook: one text is needed here"),
        ("\nrulebook:\n", "cxc.yaml:2: rulebook: a value is needed here"),
        ("- eccp\n", "cxc.yaml:1: the file must contain keys and values"),
        ("rulebook: eccp\nrulebook: medic-nest\n", "cxc.yaml:2: the key 'rulebook' is given twice"),
        ("rulebook: ecp\n", "there is no rulebook 'ecp'"),
    ],
    ids=["unknown key", "no yes and no no", "a list", "blank", "no keys", "twice", "no rulebook"],
)
def test_what_is_wrong_in_it(text: str, said: str, folder: Path, run: Run) -> None:
    """Is said with its line."""
    write(folder / "cxc.yaml", text)
    found = run("check", *TRIP)

    assert found.status == 2
    assert said in found.err


def test_a_file_that_is_not_there(folder: Path, run: Run) -> None:
    """Where it is named; and both options at once."""
    assert "there is no such file" in run("check", *TRIP, "--config", "other.yaml").err
    both = run("check", *TRIP, "--config", "cxc.yaml", "--no-config")
    assert (both.status, "give one of them, not both" in both.err) == (2, True)


def test_it_is_not_written_over(folder: Path, run: Run) -> None:
    """As no file that is read."""
    text = "rulebook: eccp\n"
    write(folder / "cxc.yaml", text)
    for command in (
        ("check", *TRIP),
        ("validate", "trips.csv", "--date-format", "DD.MM.YYYY"),
        ("estimate", "--to", "PT"),
        ("plan", "--to", "PT", "--earliest", "2023-05-01", "--latest", "2023-05-31"),
    ):
        found = run(*command, "-o", "cxc.yaml")
        assert (found.status, "cxc.yaml is a file that is read" in found.err) == (2, True)
        assert (folder / "cxc.yaml").read_text(encoding="utf-8") == text
