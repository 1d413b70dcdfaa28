"""A rulebook of one's own: what it extends, what differs, and what its page tells."""

import re
from pathlib import Path

import pytest
from commands import Run

from cxc.errors import DataError
from cxc.reports import schema
from cxc.scheme.countries import load_countries
from cxc.scheme.differences import differences
from cxc.scheme.rulebook import LIMITS, load_rulebook

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
    shown, amounts = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)[:2]
    book = load_rulebook(write(tmp_path, shown + amounts))

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
