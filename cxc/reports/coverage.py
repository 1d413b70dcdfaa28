"""What a table of cases saw each rule find: a small table, and what was never seen; or the same as JSON."""

from collections.abc import Callable, Iterable, Sequence
from typing import Final

from cxc.reports.formats import Report
from cxc.reports.json import SCHEMA_VERSION, dumps
from cxc.reports.listing import as_text
from cxc.reports.text import Block, Row, plain
from cxc.reports.values import in_rows
from cxc.tables.coverage import FINDING_OUTCOMES, Coverage, RuleSeen
from cxc.tables.judged import JudgedRows
from cxc.tables.summary import Summary
from cxc.text import listed
from cxc.verdict import Verdicts
from cxc.vocabulary import FindingOutcome

_WORDS: Final[dict[FindingOutcome, str]] = {
    "pass": "pass",
    "fail": "fail",
    "unknown": "stay unknown",
    "assumed": "rest on an assumption",
    "applies": "apply",
    "not-applicable": "not apply",
}
_HEADINGS: Final[dict[FindingOutcome, str]] = {"not-applicable": "not appl."}  # a terminal has 80 columns
# A first visit passes only where there is a list of visits that it could stand in.
_NEEDS_A_HISTORY: Final = ("CXC303", "pass")
WITHOUT_HISTORY: Final = (
    "A first visit makes CXC303 pass only with --history, which may be a file with nothing but a heading."
)


class CoverageReport(Report):
    """Counts rows, and writes at the end what the rules found in them: as text, or as JSON.

    `render` makes text of a page.
    """

    def __init__(self, *, as_json: bool, render: Callable[[Sequence[Block]], str] = plain) -> None:
        self._as_json, self._render = as_json, render
        self._coverage = Coverage()

    def pieces(self, judged: JudgedRows) -> Iterable[str]:
        """Nothing yet."""
        self._coverage.add(judged)
        return ()

    def end(self, summary: Summary) -> str:
        """What was seen of each rule."""
        if self._as_json:
            return dumps(document(self._coverage))
        return "\n" + self._render(page(self._coverage))


def document(coverage: Coverage) -> dict[str, object]:
    """The coverage as JSON. Its shape is a written promise: `cxc schema coverage`."""
    verdicts, rules = _verdicts(coverage), coverage.rules
    return {
        "schema_version": SCHEMA_VERSION,
        "rulebook": verdicts.scheme.rulebook.name,
        "strict": verdicts.strict,
        "stage": verdicts.stage,
        "rows": coverage.rows,
        "other_rows": coverage.others,
        "rules": [
            {
                "code": rule.code,
                "name": rule.name,
                "rows": {outcome: rule.rows.get(outcome) for outcome in FINDING_OUTCOMES},
                "never": list(rule.never),
            }
            for rule in rules
        ],
        "complete": not any(rule.never for rule in rules),
    }


def page(coverage: Coverage) -> list[Block]:
    """The coverage for people: a line for each rule, and what no row saw."""
    book = _verdicts(coverage).scheme.rulebook.name
    rules = coverage.rules
    heading = ("rule", "", *(_HEADINGS.get(outcome, outcome) for outcome in FINDING_OUTCOMES))
    cells = [(rule.code, rule.name, *(_cell(rule, outcome) for outcome in FINDING_OUTCOMES)) for rule in rules]
    lines = as_text(heading, cells, " ").splitlines()
    return [
        Block(
            f"What {in_rows(coverage.rows)} saw each rule find, by the rulebook {book}",
            [Row(line) for line in lines],
        ),
        Block("", [Row(sentence) for sentence in in_words(coverage, rules)]),
    ]


def _verdicts(coverage: Coverage) -> Verdicts:
    assert coverage.verdicts is not None, "a table without rows is refused"
    return coverage.verdicts


def _cell(rule: RuleSeen, outcome: FindingOutcome) -> str:
    rows = rule.rows.get(outcome)
    return "-" if rows is None else str(rows) if rows else "never"


def in_words(coverage: Coverage, rules: Sequence[RuleSeen]) -> list[str]:
    """Which rows count, and what none of them saw."""
    said = ["-: the rule can never find this under this rulebook."]
    if not coverage.rows:
        return [*said, "No row says what it expects, so none was counted. State it in the column expected_outcome."]
    if coverage.others:
        said.append(
            f"Not counted: {in_rows(coverage.others)} without an expectation (expected_outcome, expected_eur), or that "
            "cannot be read."
        )
    unseen = [f"{rule.code} {listed([_WORDS[outcome] for outcome in rule.never])}" for rule in rules if rule.never]
    if not unseen:
        return [*said, "Everything that a rule can find under this rulebook was seen."]
    if any((rule.code, outcome) == _NEEDS_A_HISTORY for rule in rules for outcome in rule.never):
        said.append(WITHOUT_HISTORY)
    return [*said, f"No row makes {'; '.join(unseen)}."]
