"""What moved between what a receipt says and what comes out now, in a sentence each."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

from cxc.conclusions import DerivationLine
from cxc.receipts.saved import Finding, Step, Substance
from cxc.scheme.countries import LumpSum
from cxc.trip.as_json import plain
from cxc.verdict import Verdict

_NOW: Final = {
    "pass": "now passes",
    "fail": "now fails",
    "unknown": "is now open",
    "assumed": "is now assumed",
    "applies": "now applies",
    "not-applicable": "does not apply now",
}
_OPEN_OR_FAILED: Final = ("fail", "unknown", "applies")


def said_by(verdict: Verdict) -> Substance:
    """What a verdict says, as a receipt of it would."""
    amount = verdict.amount
    return Substance(
        verdict.outcome,
        None if amount is None else f"{amount.amount:.2f}",
        None if amount is None else amount.basis,
        verdict.days_on_site,
        verdict.working_days,
        verdict.needed,
        {
            found.code: Finding(found.outcome, {name: plain(value) for name, value in found.values.items()})
            for found in verdict.findings
        },
        tuple([_step(line) for line in amount.derivation]) if amount else (),
    )


def _step(line: DerivationLine) -> Step:
    return Step(line.code, None if line.factor is None else str(line.factor), f"{line.amount:.2f}")


def words_of(verdict: Verdict) -> tuple[str, ...]:
    """The sentences of a verdict, as a receipt of it has them."""
    steps = [line.text for line in verdict.amount.derivation] if verdict.amount else []
    messages = [found.message for found in verdict.findings]
    return (*messages, *steps, *verdict.assumptions, *verdict.notices, *verdict.next_steps)


def moved_findings(was: Substance, now: Substance) -> dict[str, tuple[Finding | None, Finding | None]]:
    """The findings that moved, by code: as they were, and as they are; None of a rule that one of the two lacks."""
    codes = sorted(was.findings.keys() | now.findings.keys())
    pairs = {code: (was.findings.get(code), now.findings.get(code)) for code in codes}
    return {code: pair for code, pair in pairs.items() if _moved(*pair)}


def _moved(was: Finding | None, now: Finding | None) -> bool:
    if was is None or now is None:  # a rule that is new, or no longer there: it matters where it has an effect
        found = was or now
        return found is not None and found.outcome in _OPEN_OR_FAILED
    return was.outcome != now.outcome or bool(_moved_values(was, now))


def _moved_values(was: Finding, now: Finding) -> list[str]:
    """The names of the figures that are others. One that only another version of the program tells of has not moved."""
    return [name for name in was.values if name in now.values and was.values[name] != now.values[name]]


def has_moved(was: Substance, now: Substance) -> bool:
    """Whether anything moved that money or a decision rests on."""
    return was._replace(findings={}) != now._replace(findings={}) or bool(moved_findings(was, now))


def differences(was: Substance, now: Substance, verdict: Verdict) -> list[str]:
    """What moved, in a sentence each; `verdict` is the one of now."""
    found = list[str]()
    if was.outcome != now.outcome:
        found.append(f"Outcome {_words(was.outcome)}, now {_words(now.outcome)}.")
    moved, cause = moved_findings(was, now), ""
    if was.amount != now.amount:
        cause = _cause(verdict, moved)
        found.append(f"Amount {was.amount or 'none'}, now {now.amount or 'none'}{cause and f': {cause}'}.")
    elif was.steps != now.steps:
        found.append(f"The lines of the amount {_lines(was)}, now {_lines(now)}.")
    if was.basis != now.basis and was.basis and now.basis:
        found.append(f"Basis {was.basis}, now {now.basis}.")
    for name, before, after in (
        ("Days on site", was.days_on_site, now.days_on_site),
        ("Working days", was.working_days, now.working_days),
    ):
        if before != after:
            found.append(f"{name} {_figure(before)}, now {_figure(after)}.")
    messages = {finding.code: finding.message for finding in verdict.findings}
    for code, (before_, after_) in moved.items():
        if not (code == "CXC601" and cause):
            found += _of_finding(code, before_, after_, messages)
    if was.needed != now.needed:
        found.append(f"Needed {', '.join(was.needed) or 'nothing'}, now {', '.join(now.needed) or 'nothing'}.")
    return found


def _of_finding(code: str, was: Finding | None, now: Finding | None, messages: Mapping[str, str]) -> Iterator[str]:
    if now is None:
        yield f"{code} is no longer asked."
    elif was is None or was.outcome != now.outcome:
        yield f"{code} {_NOW[now.outcome]}: {messages[code]}"
    else:
        figures = [
            f"{name} {_figure(was.values[name])}, now {_figure(now.values[name])}" for name in _moved_values(was, now)
        ]
        yield f"{code}: {'; '.join(figures)}."


def _lines(said: Substance) -> str:
    lines = [f"{step.code} {f'× {step.factor} = ' if step.factor else ''}{step.amount}" for step in said.steps]
    return ", ".join(lines) or "none"


def _cause(verdict: Verdict, moved: Mapping[str, object]) -> str:
    """Why an amount moved: another lump sum, since when and in which file; nothing where a rule did it."""
    lump_sum = verdict.fact("lump_sum")
    if "CXC601" not in moved or not isinstance(lump_sum, LumpSum):
        return ""
    return f"value from {lump_sum.valid_from} in {_file_of(verdict)}"


def _file_of(verdict: Verdict) -> str:
    """The file in which the lump sum of a trip's host country stands."""
    scheme, host = verdict.scheme, verdict.trip.host_country
    own = scheme.rulebook.amounts_at.get(host.code) if host else None
    return Path(own.rpartition(":")[0]).name if own else scheme.files[-1].name


def _words(outcome: str) -> str:
    return outcome.replace("-", " ")


def _figure(value: object) -> str:
    if value is None:
        return "not known"
    if isinstance(value, list):
        return ", ".join(map(str, value)) or "none"
    return str(value)
