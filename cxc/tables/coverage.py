"""What the rows of a table of cases saw each rule find, and what none of them saw.

A row counts where it says what it expects and has a verdict: whoever wrote the others did not look at what comes out.
"""

from collections import Counter
from collections.abc import Mapping
from typing import Final, NamedTuple, get_args

from cxc.rules import RULES
from cxc.tables.judged import JudgedRows
from cxc.tables.possible_outcomes import possible_outcomes
from cxc.verdict import Verdicts
from cxc.vocabulary import FindingOutcome

FINDING_OUTCOMES: Final[tuple[FindingOutcome, ...]] = get_args(FindingOutcome)


class RuleSeen(NamedTuple):
    """In how many rows a rule was seen to find what, for everything that it can find under the rulebook."""

    code: str
    name: str
    rows: Mapping[FindingOutcome, int]

    @property
    def never(self) -> tuple[FindingOutcome, ...]:
        """What no row saw."""
        return tuple([outcome for outcome, rows in self.rows.items() if not rows])


class Coverage:
    """Counts what the rules found. `rows` are those that count, `others` those that do not."""

    def __init__(self) -> None:
        self.rows = self.others = 0
        self._seen: Counter[tuple[str, FindingOutcome]] = Counter()
        self.verdicts: Verdicts | None = None

    def add(self, judged: JudgedRows) -> None:
        """Count some rows."""
        self.verdicts = judged.verdicts
        self.others += len(judged) - len(judged.no_trips)
        for place in judged.expected:
            verdict = judged.verdict(place)
            if verdict is not None:
                self.rows += 1
                self.others -= 1
                self._seen.update((finding.code, finding.outcome) for finding in verdict.findings)

    @property
    def rules(self) -> list[RuleSeen]:
        """What was seen of each rule that was asked, in the order of the codes."""
        assert self.verdicts is not None, "rows were added before"
        scheme, strict = self.verdicts.scheme, self.verdicts.strict
        seen = []
        for rule in RULES:
            if rule.code in self.verdicts.codes:
                possible = possible_outcomes(rule, scheme, strict=strict)
                rows = {outcome: self._seen[rule.code, outcome] for outcome in FINDING_OUTCOMES if outcome in possible}
                seen.append(RuleSeen(rule.code, rule.name, rows))
        return seen
