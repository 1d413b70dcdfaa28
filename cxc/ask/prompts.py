"""Asking in a terminal: a short conversation about a trip of which nothing is stated, else for the core facts missing.

It reads answers as TripReader does and decides nothing. Questions go to standard error.
"""

import datetime
import os
import shlex
import sys
import textwrap
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from typing import NamedTuple

from cxc.ask import terminal
from cxc.ask.other_dates import day_in_another_form
from cxc.ask.questions import QUESTIONS, Question
from cxc.errors import InputError, TripError, UnknownPlace
from cxc.scheme.countries import Country
from cxc.scheme.data_files import is_digits
from cxc.scheme.loading import Scheme
from cxc.text import clean, day_in_words, reduced
from cxc.trip.fields import BY_NAME, DATE, ORGANISATION_TYPE, PAIRED, PAIRS
from cxc.trip.reader import Trip, TripReader, dates_that_disagree
from cxc.trip.texts import shown
from cxc.verdict import judge
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
        return _command(arguments, *stated, *(["--no-ask"] if self.open else []))


def _option(field: str) -> str:
    return BY_NAME[field].options[-1]


def _command(arguments: Sequence[str], *more: str) -> str:
    """A command line with more words, before what stands behind --."""
    end = arguments.index("--") if "--" in arguments else len(arguments)
    return shlex.join(["cxc", *arguments[:end], *more, *arguments[end:]])


Write = Callable[[str, str], object]  # writes a text to a file; raises InputError


def converse(
    stated: Mapping[str, object], reader: TripReader, scheme: Scheme, write: Write, arguments: Sequence[str]
) -> Answers | None:
    """The answers about a trip: all questions where nothing is stated, else the core ones; None: there was none to ask.

    An answer that cannot be read is asked again; an empty one leaves the fact open, and the end of the input all that
    follow. `write` saves the trip where the user wants that; a command for its file begins with `arguments`. Raises
    TripError where what is stated cannot be read, KeyboardInterrupt where the user stops.
    """
    known = reader.read_some(stated)
    answers = reader.of_answers()
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
            left = sum(getattr(trip, later.field) is None for later in questions[questions.index(question) :])
            progress, other = f"{len(way) + 1}/{len(way) + left}  ", _other_date(question, known)
            asker = _Asker(ask_line, answers, scheme, progress, other)
            answer = asker.ask(question, {**stated, **_given(way)}, former.get(question.field, ""))
        except EOFError:
            _say("The rest is left open.")
            way.append((question, ""))
            break
        if answer is not None:
            former[question.field] = answer
            way.append((question, answer))
        elif way:
            before, answer = way.pop()
            former[before.field] = answer
        else:
            _say("This is the first question.", indent="  ")
        trip = reader.read_some({**stated, **_given(way)})
        if not stated and _next(questions, way, trip, scheme) is None:
            former |= {question.field: answer for question, answer in _come_to(way)}
            with suppress(EOFError):
                _change_or_save(way, ask_line, write, arguments)
            trip = reader.read_some(_given(way))
    if ask_line is None:
        return None
    print(file=sys.stderr)
    given = _given(way)
    trip = reader.read_some({**stated, **given})
    return Answers(given, _next([question for question in QUESTIONS if question.core], [], trip, scheme) is not None)


def _come_to(way: Sequence[tuple[Question, str]]) -> list[tuple[Question, str]]:
    """The questions asked, and what their answers come to: half a pair of dates says nothing, so both are open."""
    halves = {BY_NAME[question.field].ends for question, answer in way if not answer}
    return [(question, "" if question.field in halves else answer) for question, answer in way]


def _other_date(question: Question, known: Trip) -> str:
    """The field of the other date of a pair, where that is stated outside the conversation; else blank."""
    others = (other for pair in PAIRS if question.field in pair for other in pair if other != question.field)
    return next((other for other in others if getattr(known, other) is not None), "")


def _given(way: Sequence[tuple[Question, str]]) -> dict[str, str]:
    return {
        field: text for question, answer in _come_to(way) if answer for field, text in _stated(question, answer).items()
    }


def _stated(question: Question, answer: str) -> dict[str, str]:
    """The fields that an answer states: two towns stand for the distance between them."""
    if question.field == "distance_km" and TOWNS in answer:
        visitor, host = answer.split(TOWNS)
        return {"visitor_place": visitor.strip(), "host_place": host.strip()}
    return {question.field: answer}


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


class _Asker(NamedTuple):
    """Asks one question. `progress` tells how far along it is, `other` names a stated date that needs this one."""

    ask_line: terminal.AskLine
    reader: TripReader
    scheme: Scheme
    progress: str = ""
    other: str = ""

    def ask(self, question: Question, facts: Mapping[str, object], former: str) -> str | None:
        """The answer to one question, as an option takes it: empty where it is left open, None to go back."""
        self._introduce(question, facts, former)
        enter = "Enter: keep it" if former else f"needed with {self.other}" if self.other else "Enter: leave open"
        while True:
            text = self._typed(f"{self.progress}{question.asked.words} ({enter}): ", question, former)
            if text == BACK:
                return None
            if former and text in ("", OPEN):
                text = "" if text else former
            if not text and self.other:
                _say(f"needed together with {self.other}, which is stated. Write a date, or {CANCEL}.", indent="  ")
                continue
            if not text:
                _say(question.asked.left_open, indent="  ")
                return ""
            try:
                return self._answered(question, facts, _chosen(question.field, text))
            except (TripError, UnknownPlace) as error:
                _say(f"{error}".removeprefix(f"{question.field}: "), indent="  ")
                if question.field == "distance_km" and text.isalpha():
                    _say(f"For towns write both, the visitor's first, such as Iași{TOWNS} Lisboa.", indent="  ")

    def _introduce(self, question: Question, facts: Mapping[str, object], former: str) -> None:
        """What helps to answer, and the answer so far."""
        trip = self.reader.read_some(facts)
        print(file=sys.stderr)
        for line in question.manner.shows(trip):
            print(line, file=sys.stderr)
        example = self.reader.date_form.write(datetime.date(2023, 5, 14))
        book = self.scheme.rulebook
        limits = {"near": book.near_below_km, "reduced": reduced(book.reduced_to_percent), "towns": TOWNS}
        limits |= {"form": self.reader.date_form.form, "example": example}
        _say(question.asked.help.format(**limits))
        if former:
            _say(f"So far: {former} (Enter: keep it{'' if self.other else f'; {OPEN}: leave open'})")

    def _line(self, prompt: str, offers: terminal.Offers = lambda _: ()) -> str:
        text = clean(self.ask_line(prompt, offers))
        if text.casefold() == CANCEL:
            raise KeyboardInterrupt
        return text

    def _typed(self, prompt: str, question: Question, former: str) -> str:
        """What was typed. A date in another form is confirmed first; what is typed there instead takes its place."""
        text = self._line(prompt, lambda typed: question.manner.offers(self.scheme, typed))
        words = (BACK, OPEN) if former else (BACK,)
        while (day := self._in_another_form(question, text)) is not None:
            sure = self._line(f"  Do you mean {day_in_words(day)}? (yes / no): ")
            meant = self.reader.yes_or_no(sure)
            if meant is not None:
                return self.reader.date_form.write(day) if meant else text
            if sure in words or (sure and self.reader.reads(question.field, sure)):
                return sure
            if self._in_another_form(question, sure) is not None:
                text = sure
            else:
                _say("Write yes or no, or another date.", indent="  ")
        return text

    def _in_another_form(self, question: Question, text: str) -> datetime.date | None:
        """The day that an answer may mean which is no date of the form that is asked for."""
        if BY_NAME[question.field].kind is not DATE or self.reader.reads(question.field, text):
            return None
        return day_in_another_form(text)

    def _answered(self, question: Question, facts: Mapping[str, object], text: str) -> str:
        """An answer that can be read, echoed. Raises TripError, UnknownPlace."""
        if question.field == "distance_km" and text.count(TOWNS) == 1:
            return self._between_towns(facts, text)
        trip = _with_answer(facts, question.field, text, self.reader)
        value = getattr(trip, question.field)
        _say(question.manner.echoed(value, trip), indent="  ")
        for sentence in question.manner.warns(trip, self.scheme):
            _say(sentence, indent="  ")
        return _as_option(value, text, self.reader)

    def _between_towns(self, facts: Mapping[str, object], text: str) -> str:
        """Two towns in place of a distance, each in its country."""
        from cxc.trip.places import place_in

        visitor, host = (part.strip() for part in text.split(TOWNS))
        trip = self.reader.read_some({**facts, "visitor_place": visitor, "host_place": host})
        for side, town in (("visitor", visitor), ("host", host)):
            country: Country | None = getattr(trip, f"{side}_country")
            try:
                place_in(town, country.code if country else None)
            except UnknownPlace as unknown:
                raise UnknownPlace(f"{shown(town)} {unknown}") from None
        km = judge(trip, self.scheme).fact("worked_out_km")
        _say(f"{km} km in a straight line, from {visitor} to {host}", indent="  ")
        return f"{visitor}{TOWNS} {host}"


TOWNS = ";"  # stands between two towns


def _change_or_save(
    way: list[tuple[Question, str]], ask_line: terminal.AskLine, write: Write, arguments: Sequence[str]
) -> None:
    """Let an answer be changed, or the trip be saved, before the verdict.

    Where an answer is changed, those behind it are asked again.
    """
    print(file=sys.stderr)
    for number, (question, answer) in enumerate(_come_to(way), 1):
        words = question.asked.words
        _say(f"{number:>2}  {words}{'' if words.endswith('?') else ':'} {answer or 'left open'}", indent="  ")
    _say("Enter shows the verdict. A number goes back to that question. save trip.yaml writes the trip to a file.")
    written: list[str] = []
    while text := clean(ask_line("Enter, a number, or save and a name: ", lambda _: ())):
        word, _, file = text.partition(" ")
        if text.casefold() == CANCEL:
            raise KeyboardInterrupt
        if text == BACK or (is_digits(text) and 1 <= int(text) <= len(way)):
            del way[-1 if text == BACK else int(text) - 1 :]
            for path in written:
                _say(f"{clean(path)} keeps the answers as they were. Save again under another name.", indent="  ")
            return
        if word.casefold() == "save" and file.strip():
            written += _save(way, file.strip(), write, arguments)
        else:
            _say(f"'{text}' is none of these.", indent="  ")


def _save(way: Sequence[tuple[Question, str]], file: str, write: Write, arguments: Sequence[str]) -> list[str]:
    """The new file to which the trip is written, if it can be. Says so, with the command for it."""
    import yaml

    path = file if file.endswith((".yaml", ".yml")) else f"{file}.yaml"
    if os.path.lexists(path):
        _say(f"{clean(path)} is there already. Write another name.", indent="  ")
        return []
    texts = {field: str(text) for field, text in _given(way).items()}  # a country's code is a text that knows its line
    try:
        write(yaml.safe_dump(texts, allow_unicode=True, sort_keys=False, default_style='"'), path)
    except InputError as error:
        _say(f"{error}.", indent="  ")
        return []
    is_open = any(question.core and not answer for question, answer in _come_to(way))
    asked = ", and be asked for what is open" if is_open else ""
    _say(f"Written: {clean(path)}. To check it again{asked}:", indent="  ")
    # In one piece, however long: so it can be copied. A name that begins with - is no option.
    print(f"  {_command(arguments, f'./{path}' if path.startswith('-') else path)}", file=sys.stderr)
    return [path]


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
