"""Asking in a terminal for the core facts of a trip that are not stated."""

import sys
from collections.abc import Mapping

from cxc.errors import TripError
from cxc.trip import TripReader

_DATES = ("arrival", "departure", "first_day", "last_day")
_QUESTIONS = {
    "host_country": "Host country (code or name)",
    "arrival": "Day of arrival (YYYY-MM-DD)",
    "departure": "Day of departure (YYYY-MM-DD)",
    "host_cluster": "Is the host a member of a cluster? (its name, yes or none)",
}


def ask_missing(stated: Mapping[str, object], reader: TripReader) -> dict[str, object]:
    """What is stated, with the answers about core facts that were missing. Questions go to standard error.

    An answer that cannot be read is asked again; an empty one leaves the fact open, and so does the end of the input.
    """
    answers = dict(stated)
    questions = [field for field in _QUESTIONS if _blank(answers.get(field))]
    if any(not _blank(answers.get(field)) for field in _DATES):
        questions = [field for field in questions if field not in _DATES]
    for field in questions:
        if field == "departure" and not answers.get("arrival"):
            continue
        answer = _ask(field, answers, reader)
        if answer:
            answers[field] = answer
    if answers.get("arrival") and not answers.get("departure") and _blank(stated.get("arrival")):
        del answers["arrival"]
    return answers


def _blank(value: object) -> bool:
    return value is None or value == ""


def _ask(field: str, answers: Mapping[str, object], reader: TripReader) -> str:
    while True:
        print(f"{_QUESTIONS[field]}, or Enter to leave it open: ", end="", file=sys.stderr, flush=True)
        answer = sys.stdin.readline().strip()
        if not answer:
            return ""
        try:
            reader.read_some({field: answer})
            if field == "departure":
                reader.read({"arrival": answers["arrival"], "departure": answer})
            return answer
        except TripError as error:
            print(f"  {error}", file=sys.stderr)
