"""JUnit XML, as CI servers read it: a case for each row; refused: failure; unreadable: error; undecided: skipped."""

from collections.abc import Sequence
from xml.sax.saxutils import escape, quoteattr

from cxc.conclusions import ELIGIBLE, NOT_ELIGIBLE, UNDECIDED, UNREADABLE
from cxc.reports.formats import Report
from cxc.reports.values import TAKEN_AS_CLUSTERS, clusters_in_a_line, label, noted, outcome_named, way_out, why
from cxc.tables.judged import Heading, Judged
from cxc.tables.summary import Summary
from cxc.text import clean, disarmed

_MOST_LETTERS = 100_000  # of what is said of all rows together


class JunitReport(Report):
    """Keeps the cases of each table, whose counts stand before them."""

    def __init__(self) -> None:
        self._cases: dict[str, list[str]] = {}
        self._counts: dict[str, dict[str, int]] = {}

    def begin(self, sources: Sequence[Heading]) -> str:
        """Nothing: the counts come first, and are known last."""
        for source in sources:
            self._cases[source.title] = []
            self._counts[source.title] = {NOT_ELIGIBLE: 0, UNREADABLE: 0, UNDECIDED: 0, ELIGIBLE: 0}
        return ""

    def row(self, judged: Judged) -> str:
        """Keeps one case."""
        return self.case(judged, f"row {judged.row} {label(judged)}", "")

    def case(self, judged: Judged, name: str, place: str) -> str:
        """Keeps a case by its name; what is said of it begins with its place in the file, where one is told."""
        self._counts[judged.title][judged.standing] += 1
        name = clean(name)
        case = f"<testcase classname={quoteattr(clean(judged.title))} name={quoteattr(name)}"
        element = {NOT_ELIGIBLE: "failure", UNREADABLE: "error", UNDECIDED: "skipped"}.get(judged.standing)
        if element:
            shown = outcome_named(judged)
            outcome = "not-as-expected" if judged.mismatch else shown
            kind = "" if element == "skipped" else f' type="{outcome}"'
            said = clean(f"{place}{shown}: {why(judged)} {way_out(judged)}")
            case += f"><{element}{kind} message={quoteattr(said)}/></testcase>"
        elif said := " ".join(noted(judged)):
            case += f"><system-out>{escape(clean(said))}</system-out></testcase>"
        else:
            case += "/>"
        self._cases[judged.title].append(f"    {case}\n")
        return ""

    def end(self, summary: Summary) -> str:
        """The whole document."""
        total = [sum(counts[name] for counts in self._counts.values()) for name in (NOT_ELIGIBLE, UNREADABLE)]
        # The schema of Jenkins has no `skipped` here, only at each file.
        head = f'tests="{summary.rows}" failures="{total[0]}" errors="{total[1]}"'
        parts = [f'<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="cxc" {head}>\n']
        for file, cases in self._cases.items():
            counts = self._counts[file]
            numbers = (
                f'tests="{len(cases)}" failures="{counts[NOT_ELIGIBLE]}" errors="{counts[UNREADABLE]}" '
                f'skipped="{counts[UNDECIDED]}"'
            )
            parts += [f"  <testsuite name={quoteattr(clean(file))} {numbers}>\n", *cases, "  </testsuite>\n"]
        if taken := clusters_in_a_line(summary, _MOST_LETTERS):
            said = escape(clean(f"{TAKEN_AS_CLUSTERS}: {taken}"))
            parts[-1:] = [f"    <system-out>{said}</system-out>\n", parts[-1]]
        return disarmed("".join((*parts, "</testsuites>\n")), "&#35;&#35;")
