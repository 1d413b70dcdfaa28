"""Asking in a terminal: a short conversation about a trip of which nothing is stated, else for the core facts missing.

It reads answers as TripReader does and decides nothing. Questions go to standard error.
"""

import datetime
import shlex
import sys
import textwrap
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from cxc.ask import terminal
from cxc.ask.questions import QUESTIONS, Question
from cxc.errors import TripError
from cxc.scheme.countries import Country
from cxc.scheme.data_files import is_digits
from cxc.scheme.loading import Scheme
from cxc.text import clean, reduced
from cxc.trip.fields import BY_NAME, ORGANISATION_TYPE, PAIRED, PAIRS
from cxc.trip.reader import Trip, TripReader, dates_that_disagree
from cxc.vocabulary import ORGANISATION_TYPES

BACK, CANCEL, OPEN = "<", "cancel", "-"


class Answers(NamedTuple):
    """What a conversation gave: texts by field, as options take them, and whether a core fact is still open."""

    given: Mapping[str, str]
    open: bool

    def command_line(self, arguments: Sequence[str]) -> str:
        """The command that gives the same verdict without asking, from the arguments of the one that asked.

        >>> Answers({"host_country": "PT", "host_cluster": "Health Cluster"}, False).command_line(["check", "-q"])
        "cxc check -q --to PT --host-cluster 'Health Cluster'"
        """
        stated = [part for field, text in self.given.items() for part in (_option(field), text)]
        end = arguments.index("--") if "--" in arguments else len(arguments)
        silent = ["--no-ask"] if self.open else []
        return shlex.join(["cxc", *arguments[:end], *stated, *silent, *arguments[end:]])


def _option(field: str) -> str:
    return BY_NAME[field].options[-1]


def converse(stated: Mapping[str, object], reader: TripReader, scheme: Scheme) -> Answers | None:
    """The answers about a trip: all questions where nothing is stated, else the core ones; None: there was none to ask.

    An answer that cannot be read is asked again; an empty one leaves the fact open, and the end of the input all that
    follow. Raises TripError where what is stated cannot be read, KeyboardInterrupt where the user stops.
    """
    known = reader.read_some(stated)
    questions = [question for question in QUESTIONS if question.core or not stated]
    if not any(question.field in PAIRED and _is_open(question, known, scheme) for question in questions):
        reader.read(stated)  # what does not go together is said before anything is asked
    way: list[tuple[Question, str]] = []  # the questions asked so far and their answers, in order
    former: dict[str, str] = {}  # every answer given, for a question that comes again
    ask_line = None
    trip = known
    while question := _next(questions, way, trip, scheme):
        if ask_line is None:
            _say(_opening(bool(stated)))
            ask_line = terminal.line_asker()
        try:
            answer = _ask(question, {**stated, **_given(way)}, former.get(question.field, ""), ask_line, reader, scheme)
        except EOFError:
            _say("The rest is left open.")
            break
        if answer is not None:
            former[question.field] = answer
            way.append((question, answer))
        elif way:
            way.pop()
        else:
            _say("This is the first question.", indent="  ")
        trip = reader.read_some({**stated, **_given(way)})
    if ask_line is None:
        return None
    print(file=sys.stderr)
    given = _given(way)
    for first, last in PAIRS:
        if getattr(trip, last) is None and getattr(known, first) is None:
            given.pop(first, None)  # half a pair of dates says nothing
    trip = reader.read_some({**stated, **given})
    return Answers(given, _next([question for question in QUESTIONS if question.core], [], trip, scheme) is not None)


def _given(way: Iterable[tuple[Question, str]]) -> dict[str, str]:
    return {question.field: answer for question, answer in way if answer}


def _next(
    questions: Sequence[Question], way: Sequence[tuple[Question, str]], trip: Trip, scheme: Scheme
) -> Question | None:
    """The first question after those on the way that the trip so far leaves open."""
    start = questions.index(way[-1][0]) + 1 if way else 0
    return next((question for question in questions[start:] if _is_open(question, trip, scheme)), None)


def _is_open(question: Question, trip: Trip, scheme: Scheme) -> bool:
    return getattr(trip, question.field) is None and question.manner.applies(trip, scheme)


def _opening(partly_stated: bool) -> str:
    what = (
        "Some facts that every verdict needs are missing."
        if partly_stated
        else "A few questions about the trip, then the verdict. It says what it assumes where you leave something open."
    )
    return f"{what} Enter leaves a question open, {BACK} goes back to the one before, {CANCEL} or Ctrl-C stops."


def _ask(
    question: Question,
    facts: Mapping[str, object],
    former: str,
    ask_line: terminal.AskLine,
    reader: TripReader,
    scheme: Scheme,
) -> str | None:
    """The answer to one question, as an option takes it: empty where it is left open, None to go back."""
    trip = reader.read_some(facts)
    print(file=sys.stderr)
    for line in question.manner.shows(trip):
        print(line, file=sys.stderr)
    example = reader.date_form.write(datetime.date(2023, 5, 14))
    book = scheme.rulebook
    limits = {"near": book.near_below_km, "reduced": reduced(book.reduced_to_percent)}
    limits |= {"form": reader.date_form.form, "example": example}
    _say(question.asked.help.format(**limits))
    if former:
        _say(f"So far: {former} (Enter: keep it; {OPEN}: leave open)")
    prompt = f"{question.asked.words} (Enter: {'keep it' if former else 'leave open'}): "
    while True:
        text = clean(ask_line(prompt, lambda typed: question.manner.offers(scheme, typed)))
        if text == BACK:
            return None
        if text.casefold() == CANCEL:
            raise KeyboardInterrupt
        if former and text in ("", OPEN):
            text = "" if text else former
        if not text:
            _say(question.asked.left_open, indent="  ")
            return ""
        text = _chosen(question.field, text)
        try:
            trip = _with_answer(facts, question.field, text, reader)
        except TripError as error:
            _say(f"{error}".removeprefix(f"{question.field}: "), indent="  ")
        else:
            value = getattr(trip, question.field)
            _say(question.manner.echoed(value, trip), indent="  ")
            return _as_option(value, text, reader)


def _chosen(field: str, text: str) -> str:
    """The type that a number of the list stands for; any other answer as it is."""
    if BY_NAME[field].kind is ORGANISATION_TYPE and is_digits(text) and 1 <= int(text) <= len(ORGANISATION_TYPES):
        return ORGANISATION_TYPES[int(text) - 1]
    return text


def _with_answer(facts: Mapping[str, object], field: str, text: str, reader: TripReader) -> Trip:
    """The trip with an answer. Raises TripError: it cannot be read, or the departure is before the arrival."""
    trip = reader.read_some({**facts, field: text})
    if field in PAIRED and trip.arrival and trip.departure:
        disagreeing = dates_that_disagree(trip.arrival, trip.departure, trip.first_day, trip.last_day)
        if disagreeing:
            raise TripError(tuple(disagreeing))
    return trip


def _as_option(value: object, text: str, reader: TripReader) -> str:
    """A value as it is written behind its option."""
    if isinstance(value, Country):
        return value.code
    if isinstance(value, datetime.date):
        return reader.date_form.write(value)
    return value if isinstance(value, str) else text


def _say(text: str, indent: str = "") -> None:
    width = max(terminal.width() - 1, 20)
    for line in textwrap.wrap(text, width, initial_indent=indent, subsequent_indent=indent, break_on_hyphens=False):
        print(line, file=sys.stderr)
