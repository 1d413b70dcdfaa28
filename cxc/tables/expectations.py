"""What the rows of a table of cases say must come out, and how they differ from it."""

from collections.abc import Mapping, Sequence
from decimal import Decimal

from cxc.conclusions import OUTCOMES
from cxc.errors import Problem
from cxc.tables.columns import EXPECTATIONS
from cxc.tables.judged import Expectation, Judged
from cxc.text import clean, fold
from cxc.trip.texts import parse_euros


def expected_in(cells: Sequence[str], places: Mapping[str, int]) -> tuple[tuple[Problem, ...], Expectation | None]:
    """What a row expects, or what is wrong with that."""
    outcome, eur = [
        cells[at].strip() if (at := places.get(field)) is not None and at < len(cells) else "" for field in EXPECTATIONS
    ]
    if not (outcome or eur):
        return (), None
    problems = []
    folded = {fold(name): name for name in OUTCOMES}
    if outcome and fold(outcome) not in folded:
        message = f"expected_outcome: '{clean(outcome)[:60]}' is not one of {', '.join(OUTCOMES)}"
        problems.append(Problem("expected_outcome", outcome, message))
    amount = parse_euros(eur)
    if eur and amount is None:
        message = f"expected_eur: '{clean(eur)[:60]}' is not an amount, such as 390 or 390.00"
        problems.append(Problem("expected_eur", eur, message))
    if problems:
        return tuple(problems), None
    return (), Expectation(folded.get(fold(outcome)), amount)


def mismatch(judged: Judged) -> str | None:
    """How a row differs from what it expects."""
    expected, verdict = judged.expected, judged.verdict
    assert expected is not None
    differences = []
    if expected.outcome is not None and expected.outcome != judged.outcome:
        differences.append(f"expected {expected.outcome}, found {judged.outcome}")
    amount = verdict.payable.amount if verdict and verdict.payable else Decimal(0)
    if expected.eur is not None and expected.eur != amount:
        found = f"EUR {amount:.2f}" if verdict else f"none, since the row is {judged.outcome}"
        differences.append(f"expected EUR {expected.eur:.2f}, found {found}")
    return "; ".join(differences) or None
