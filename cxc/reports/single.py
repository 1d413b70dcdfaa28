"""One trip in the formats of tables: a table of one row."""

from collections.abc import Mapping
from typing import Final

from cxc.reports.formats import BinaryReport, report
from cxc.reports.github import GithubReport
from cxc.reports.gitlab import GitlabReport
from cxc.reports.junit import JunitReport
from cxc.reports.values import in_text, label, trip_fields
from cxc.rules import RULES
from cxc.tables.judged import Alone, Heading
from cxc.tables.summary import Summary
from cxc.trip.fields import FIELDS, PAIRS
from cxc.verdict import Finding, Verdict


def render(
    format: str, verdict: Verdict, file: str, lines: Mapping[str, int] | None, configured: str | None
) -> str | bytes:
    """The verdict in a format; the row is the first below a heading.

    `lines` tells the lines of the fields in the file, None where there is no file; `configured` of options from
    cxc.yaml.
    """
    judged = Alone(verdict, file, 2, [in_text(value, ";") for value in trip_fields(verdict.trip).values()])
    line = None if lines is None else _deciding_line(verdict, lines)
    summary = Summary(verdict.scheme.rulebook.scheme.name, verdict.verdicts.today)
    summary.notices += [configured] if configured else []
    summary.add(judged)
    writer = report(format)
    begin = writer.begin([Heading(file, list(FIELDS))])
    if isinstance(writer, GithubReport):
        return writer.one(judged[0], line)
    if isinstance(writer, GitlabReport):
        row = writer.entries(judged[0], line or 1)
    elif isinstance(writer, JunitReport):
        row = writer.case(judged[0], label(judged[0]) or file, "" if line is None else f"line {line}: ")
    else:
        row = writer.rows(judged)
    return writer.content(summary) if isinstance(writer, BinaryReport) else f"{begin}{row}{writer.end(summary)}"


def _deciding_line(verdict: Verdict, lines: Mapping[str, int]) -> int:
    """The line of the field that decides; the first, where the file states none of those that do."""
    # What is missing stands on no line.
    stated = [ground.code for ground in verdict.grounds if ground.ask or not ground.needed]
    fields = [field for code in stated for field in _fields_of(verdict.finding(code))]
    if not verdict.grounds:
        fields = [*verdict.fields_noted]
    return next((lines[field] for field in fields if field in lines), 1)


_BY_CODE: Final = {rule.code: rule for rule in RULES}
_DATES: Final = (*(last for _, last in PAIRS), *(first for first, _ in PAIRS))
# The fields from which a fact comes that is no field itself.
_BEHIND: Final = {
    **dict.fromkeys(("days_on_site", "weekdays", "working_days", "days_past_longest"), _DATES),
    **dict.fromkeys(("visitor_member", "visitor_cluster_known"), ("visitor_cluster",)),
    **dict.fromkeys(("host_member", "host_cluster_known"), ("host_cluster",)),
    "earlier_visits": ("visitor_id", "visitor"),
    "lump_sum": ("host_country",),
    "worked_out_km": ("host_place", "visitor_place"),
}


def _fields_of(finding: Finding) -> list[str]:
    """The fields that a finding rests on, the one that decides it first."""
    facts = list(reversed(_BY_CODE[finding.code].reads))
    if finding.values.get("business_there"):
        facts.remove("business_there")  # it speaks for the trip
    return [field for name in facts for field in _BEHIND.get(name, (name,))]
