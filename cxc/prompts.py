"""Asking in a terminal for the core facts of a trip that are not stated."""

import sys
from collections.abc import Mapping

from cxc.errors import TripError
from cxc.trip import TripReader

_DATES = ("arrival", "departure")
_QUESTIONS = {
    "host_country": "Host country (code or name)",
    "arrival": "Day of arrival ({form})",
    "departure": "Day of departure ({form})",
    "host_cluster": "Is the host a member of a cluster? (its name, yes or none)",
}


def ask_missing(stated: Mapping[str, object], reader: TripReader) -> dict[str, object]:
    """What is stated, with the answers about core facts that were missing. Questions go to standard error.

    An answer that cannot be read is asked again; an empty one leaves the fact open, and so does the end of the input.
    """
    answers = dict(stated)
    known = reader.read_some(stated)  # what cannot be read is said before anything is asked
    questions = [field for field in _QUESTIONS if getattr(known, field) is None]
    if known.departure or known.first_day or known.last_day:
        questions = [field for field in questions if field not in _DATES]
    if known.host_type == "cluster-organisation":  # it is a cluster itself
        questions = [field for field in questions if field != "host_cluster"]
    for field in questions:
        if field == "departure" and not answers.get("arrival"):
            continue
        answer = _ask(field, answers, reader)
        if answer:
            answers[field] = answer
    if known.arrival is None and not answers.get("departure"):
        answers.pop("arrival", None)
    return answers


def _ask(field: str, answers: Mapping[str, object], reader: TripReader) -> str:
    while True:
        question = _QUESTIONS[field].format(form=reader.date_form.form)
        print(f"{question}, or Enter to leave it open: ", end="", file=sys.stderr, flush=True)
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
