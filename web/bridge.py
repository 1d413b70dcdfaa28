"""What the page asks of the program: texts in, and out come the bytes that commands write, and what is shown of them.

Nothing is decided here. Each function reads, judges and reports with the functions that the command of its name calls,
so its `json`, `csv`, `html` and `ics` are that command's to the byte. Schemes are kept, since reading one takes longer
than a verdict does. Where something cannot be read, `problems` says what, by field.
"""

import datetime
import os
import re
import shutil
import tempfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache, lru_cache
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Final, cast

from words import FOLDED, GROUPS, LABELS, MARKS, OPTIONS, PAIRS_IN_WORDS, RULEBOOKS, WORDS

from cxc import __version__
from cxc.conclusions import NOT_ELIGIBLE, UNDECIDED
from cxc.errors import CxcError, InputError, NotInstalled, Problem, TripError, Unacceptable
from cxc.reports.formats import BINARY_FORMATS, FORMATS
from cxc.rules import RULE_NAMES
from cxc.scheme.data_files import is_digits, parse_date
from cxc.scheme.loading import Scheme, load_scheme
from cxc.scheme.rulebook import DEFAULT, load_rulebook, shipped
from cxc.text import clean, day_in_words
from cxc.trip.fields import CLUSTER, COUNTRY, DATE, DESCRIPTIONS, FIELDS, IN_HELP, PAIRED, PAIRS, Field, of_kind
from cxc.trip.reader import Trip, TripReader, dates_that_disagree
from cxc.trip.stay import ONE_DAY
from cxc.trip.texts import shown
from cxc.verdict import DISCLAIMER, Verdict, Verdicts, judge

if TYPE_CHECKING:
    from cxc.advice.estimate import Estimates
    from cxc.advice.plan import Plan, Plans, Window
    from cxc.commands.validate import Options
    from cxc.reports.text import Block
    from cxc.vocabulary import Stage

Asked = Mapping[str, object]
Told = dict[str, object]

MOST_SHOWN: Final = 1_000  # rows of a table of which the page shows the report unasked: it opens each to its findings
MOST_STAYS: Final = 10  # as `cxc plan` lists without --most
MORE_STAYS: Final = 100  # two years hold twenty thousand


@cache
def scheme_under(rulebook: str) -> Scheme:
    """The scheme under a shipped rulebook."""
    return load_scheme(rulebook)


@lru_cache(maxsize=8)
def reader_under(rulebook: str, today: datetime.date | None = None) -> TripReader:
    """What reads trips with the country names of that scheme; with a day, for payment on that day."""
    scheme = scheme_under(rulebook)
    return TripReader(scheme.countries, today=today, clusters=scheme.rulebook.cluster_names)


# What the form is made of.


def about() -> Told:
    """The fields of a trip, and all else that the page offers: made into it when it is built."""
    names = {country.name for country in scheme_under(DEFAULT).countries.by_code.values()}
    return {
        "version": __version__,
        "disclaimer": DISCLAIMER,
        "groups": GROUPS,
        "fields": [_described(field) for field in sorted(DESCRIPTIONS, key=_turn)],
        "pairs": [{"label": PAIRS_IN_WORDS.get(pair[0], label(pair[0])), "fields": pair} for pair in PAIRS],
        "workbook": "xlsx" in {**FORMATS, **BINARY_FORMATS},
        "countries": sorted(names),
        "rulebooks": [
            {"value": name, "label": RULEBOOKS.get(name, load_rulebook(name).title)}
            for name in sorted(shipped(), key=DEFAULT.__ne__)
        ],
    }


def _turn(field: Field) -> int:
    """Where it stands in the form: the core first, as in the help of the command; the others as columns of a table."""
    return IN_HELP.index(field) if field.core else len(IN_HELP)


def _described(field: Field) -> Told:
    words = WORDS.get(field.name)
    choices = [{"value": choice, "label": LABELS.get(choice, in_plain_letters(choice))} for choice in _choices(field)]
    return {
        "name": field.name,
        "label": label(field.name),
        "hint": words.hint if words else "" if "--" in field.meaning else field.meaning,
        "group": _group(field),
        "control": _control(field, bool(choices)),
        "choices": choices,
    }


def _choices(field: Field) -> Sequence[str]:
    """The words of a short list: of its kind, or those that its schema allows."""
    allowed = field.kind.as_read.get("anyOf", [field.kind.as_read])
    assert isinstance(allowed, list)
    for schema in [*allowed, *(schema.get("items", {}) for schema in allowed)]:
        if "enum" in schema:
            return cast("list[str]", schema["enum"])
    return field.kind.choices


def _control(field: Field, listed: bool) -> str:
    kind = field.kind
    if kind in (DATE, COUNTRY, CLUSTER):
        return {DATE: "date", COUNTRY: "country", CLUSTER: "cluster"}[kind]
    if listed:
        return "several" if kind.several else "one"
    return "number" if kind.column in ("number", "integer") else "text"


def _group(field: Field) -> str:
    """The part of the form in which a field stands: what every verdict needs comes first."""
    if field.stage == "payment":
        return "payment"
    if field.core or field.kind is COUNTRY:
        return "first"
    return next((group for group in GROUPS if field.name.startswith(group)), "trip")


def in_plain_letters(name: str) -> str:
    """A name of the program as words.

    >>> in_plain_letters("commitment_signed"), in_plain_letters("CXC501")
    ('Commitment signed', 'CXC501, activity')
    """
    if name in RULE_NAMES:
        return f"{name}, {RULE_NAMES[name].replace('-', ' ')}"
    words = name.replace("_", " ").replace("-", " ")
    return words[:1].upper() + words[1:]


def label(field: str) -> str:
    """What the page calls a field."""
    return WORDS[field].label if field in WORDS else in_plain_letters(field)


def in_words(text: str, *, of_table: bool = False) -> str:
    """A text of the program for people who know no command: fields and options are called as the page calls them.

    Of a table, fields are its columns, and keep their names. What tells of a command is left out, unless nothing else
    is told.

    >>> in_words("State --arrival and host_country.")
    'State “Day of arrival” and “Country of the host”.'
    >>> in_words("Rows that rest on assumptions: 10. cxc validate -v lists what was assumed.")
    'Rows that rest on assumptions: 10.'
    """
    named = _OPTIONS if of_table else _NAMED
    said = named.sub(lambda found: f"“{_NAMES[found[0]]}”", _IN_BRACKETS.sub("", text))
    parts = [part for part in _PART.split(said) if not _COMMAND.search(part)]
    kept = " ".join(parts)
    return f"{kept[:-1]}." if kept.endswith(";") else kept or said


_COMMAND: Final = re.compile(r"\bcxc [a-z]|(?<![\w-])(-v|--[a-z][a-z-]*)(?![\w-])")
_IN_BRACKETS: Final = re.compile(r" \([^()]*\bcxc [a-z][^()]*\)")
_PART: Final = re.compile(r"(?<=[.;]) ")


def _any_of(names: Iterable[str]) -> re.Pattern[str]:
    return re.compile(rf"(?<![\w-])({'|'.join(sorted(map(re.escape, names), key=len, reverse=True))})(?![\w-])")


_NAMES: Final = {
    **{field.name: label(field.name) for field in DESCRIPTIONS if "_" in field.name},
    **{option: label(field.name) for field in DESCRIPTIONS for option in field.options},
    **OPTIONS,
}
_NAMED: Final = _any_of(_NAMES)
_OPTIONS: Final = _any_of(name for name in _NAMES if name.startswith("--"))


# What every answer has in common.


def reply(call: str, asked: Asked, files: Sequence[tuple[str, bytes]] = ()) -> Told:
    """The answer to a call of the page, or the `problems` that keep it from one."""
    with _Folder(files) as names:
        try:
            return CALLS[call](asked, names)
        except TripError as error:
            return {"problems": [_problem(problem) for problem in error.problems]}
        except NotInstalled:
            return _refused("This kind of table cannot be read here. Save it as .xlsx or as CSV.")
        except CxcError as error:
            return _refused(str(error))


def _problem(problem: Problem) -> Told:
    """What is wrong with a field. It stands beside the field, so its name in front is left out."""
    message = in_words(problem.message.removeprefix(f"{problem.field}: "))
    return {"field": problem.field, "message": f"{message[:1].upper()}{message[1:].rstrip('.')}."}


def _refused(message: str) -> Told:
    return {"problems": [{"field": "", "message": in_words(message, of_table=True)}]}


class _Folder:
    """A folder of its own, in which the files of a call stand under their own names; used with `with`."""

    def __init__(self, files: Sequence[tuple[str, bytes]]) -> None:
        self._files = files

    def __enter__(self) -> list[str]:
        self._before, self._folder = os.getcwd(), tempfile.mkdtemp()
        os.chdir(self._folder)
        names = []
        for name, content in self._files:
            name = free_name(os.path.basename(name.replace("\\", "/")))
            Path(name).write_bytes(content)
            names.append(name)
        return names

    def __exit__(self, *_: object) -> None:
        os.chdir(self._before)
        shutil.rmtree(self._folder)


def free_name(name: str) -> str:
    """The name of a file, or one like it: `-` would mean standard input, and two of one name come from two folders."""
    path = Path("file" if name in ("", "-", ".", "..") else name)
    names = (path, *(path.with_stem(f"{path.stem} ({number})") for number in range(2, 1000)))
    return next(str(free) for free in names if not free.exists())


def _shown(blocks: "Iterable[Block]", *, of_table: bool = False) -> list[Told]:
    """The parts of a page for people; what few read is `folded`."""
    from cxc.reports.values import unbroken

    return [
        {
            "title": unbroken(in_words(block.title)),
            "rows": [
                {
                    "mark": row.mark,
                    "means": MARKS.get(row.mark, ""),
                    "label": row.label,
                    "text": unbroken(in_words(row.text, of_table=of_table)),
                }
                for row in block.rows
            ],
            "folded": block.later or block.title in FOLDED,
        }
        for block in blocks
    ]


def _stated(asked: Asked) -> dict[str, object]:
    """What the form states, without what is blank."""
    stated = asked.get("trip")
    assert isinstance(stated, Mapping)
    return {field: value for field, value in stated.items() if value not in ("", [], None)}


def _rulebook(asked: Asked) -> str:
    return str(asked.get("rulebook") or DEFAULT)


def _today(asked: Asked) -> datetime.date | None:
    """The day on which payment is asked about; None before that stage. Raises TripError."""
    if asked.get("stage") != "payment":
        return None
    text = str(asked.get("today") or "")
    day = parse_date(text)
    if day is None:
        raise TripError((Problem("today", text, "The day of today is needed."),))
    return day


# The calls.


def check(asked: Asked, histories: Sequence[str]) -> Told:
    """The verdict on one trip, and how each of its fields was understood."""
    from cxc.reports import json, text
    from cxc.tables.history import recall
    from cxc.visits import NO_HISTORY

    today = _today(asked)
    scheme, reader, stated = scheme_under(_rulebook(asked)), reader_under(_rulebook(asked), today), _stated(asked)
    understood = {"understood": _understood(stated, reader)}
    try:
        trip = reader.read(stated)
    except TripError as error:
        return understood | {"problems": [_problem(problem) for problem in error.problems]}
    form = str(asked.get("date_format") or reader.date_form.form)
    told = recall(trip, scheme, histories, form, None) if histories else NO_HISTORY
    verdict = judge(trip, scheme, strict=bool(asked.get("strict")), today=today, recollection=told)
    blocks = text.page(verdict, verbose=True, commands=False)
    return understood | {
        "outcome": "paid" if verdict.already_paid else verdict.outcome,
        "blocks": _shown(blocks),
        "needed": list(verdict.needed),
        "json": json.render(verdict),
    }


def _understood(stated: Asked, reader: TripReader) -> dict[str, str]:
    """How countries and dates were read, as the conversation in a terminal echoes them."""
    from cxc.ask.questions import QUESTIONS, stay_in_words

    trip = reader.read_some(
        {field: value for field, value in stated.items() if field in FIELDS and reader.reads(field, value)}
    )
    echoes = {question.field: question.manner.echoed for question in QUESTIONS}
    said = {}
    for field in of_kind(COUNTRY, DATE):
        value = getattr(trip, field)
        if field in LAST_DAYS and value is not None and _is_stay(trip, field):
            said[field] = stay_in_words(value, trip)
        elif isinstance(value, datetime.date):
            said[field] = day_in_words(value)
        elif value is not None:
            said[field] = echoes[field](value, trip)
    return said


LAST_DAYS: Final = {last: first for first, last in PAIRS}


def _is_stay(trip: "Trip", last: str) -> bool:
    """Whether the dates of a trip make one stay, which this field ends."""
    dates = [getattr(trip, field) for field in PAIRED]
    return getattr(trip, LAST_DAYS[last]) is not None and not dates_that_disagree(*dates)


def table(asked: Asked, names: Sequence[str]) -> Told:
    """The verdicts on tables, in the formats that are asked for: `csv` always, `html` too where the table is small.

    The last so many `names` are histories, as `histories` says.
    """
    from cxc.tables.same_file import read_once

    split = len(names) - int(str(asked.get("histories") or 0))
    tables, histories = names[:split], names[split:]
    read_once(tables, histories)
    asks_for = cast("list[str] | None", asked.get("formats"))
    told = _written(asked, tables, histories, asks_for or ["csv"])
    rows = told["rows"]
    assert isinstance(rows, int)
    if asks_for is None and rows <= MOST_SHOWN:
        told |= _written(asked, tables, histories, ["html"])
    return told


def _written(asked: Asked, tables: Sequence[str], histories: Sequence[str], formats: Sequence[str]) -> Told:
    """The reports on tables, and what came out in all."""
    from cxc.commands.table_reports import write_reports
    from cxc.reports.table_text import summary_page
    from cxc.tables.batch import new_batch

    form, strict, redact = (
        str(asked.get("date_format") or "YYYY-MM-DD"),
        bool(asked.get("strict")),
        bool(asked.get("redact")),
    )
    batch = new_batch(
        scheme_under(_rulebook(asked)),
        date_format=form,
        history=histories or None,
        history_date_format=None,
        strict=strict,
        today=_today(asked),
        redact=redact,
    )
    sources, unused = [], list[str]()
    for name in tables:
        for found, columns in batch.tables(name, {}, encoding=None, sheets=()):
            sources.append((found, columns))
            unused += columns.unknown
    files = {format: f".report.{format}" for format in formats}
    (first, output), *others = files.items()
    # What `cxc validate` writes, with the options that it has by itself.
    options = SimpleNamespace(
        format=first,
        output=output,
        redact=redact,
        color="auto",
        quiet=False,
        verbose=False,
        coverage=None,
    )
    write_reports(cast("Options", options), batch, sources, others)
    return {
        "rows": batch.summary.rows,
        "blocks": _shown(summary_page(batch.summary), of_table=True),
        "unused": [clean(heading) for heading in unused],
        **{format: Path(file).read_bytes() for format, file in files.items()},
    }


def template(asked: Asked, _: Sequence[str]) -> Told:
    """An empty table to fill in, with the columns of its stage."""
    from cxc.tables.template import as_xlsx

    stage: Stage = "payment" if asked.get("stage") == "payment" else "proposal"
    return {"xlsx": as_xlsx(scheme_under(_rulebook(asked)).countries, stage)}


def estimate(asked: Asked, _: Sequence[str]) -> Told:
    """What a visit would bring: in one country or in each."""
    from cxc.advice import estimate as advice
    from cxc.reports import estimates, json, listing

    trip = reader_under(_rulebook(asked)).read(_stated(asked))
    days = _whole_number(asked, "days")
    if days is not None and trip.stay is not None:
        raise InputError("State the days or the dates, not both. With dates the days are counted.")
    found = advice.estimate(Verdicts(scheme_under(_rulebook(asked))), trip, days)
    return {
        "blocks": _shown(_estimate_page(found)),
        "tiers": _tiers(found),
        "entries": [] if found.single else _entries(found),
        "json": json.dumps(estimates.document(found)),
        "csv": listing.as_csv(estimates.HEADING, estimates.rows(found)),
    }


def _estimate_page(found: "Estimates") -> "list[Block]":
    """The page of the command without what is drawn in letters, which is a table here."""
    from cxc.reports import estimates

    heading, *rest = estimates.page(found, 80)
    lines = [row for row in heading.rows if not row.text.startswith("bars: ")]
    return [heading._replace(rows=lines), *(block for block in rest if not _is_drawn(block))]


def _is_drawn(block: "Block") -> bool:
    return block.title == "By days" or (not block.title and any(not row.mark and not row.style for row in block.rows))


def _tiers(found: "Estimates") -> list[list[str]]:
    """What any number of days brings in one country."""
    from cxc.advice.estimate import in_range

    rows = []
    for tier in found.tiers:
        days = in_range(tier.first, tier.last, tier.verdict.scheme.rulebook)
        unsure = "; the dates decide whether they fit" if tier.verdict.fact("days_past_longest") is None else ""
        rows.append([days, f"{_brings(tier.verdict)}{unsure}"])
    return rows


def _entries(found: "Estimates") -> list[list[str]]:
    """A row for each country: its name, what a short stay brings (if no days are asked about), what the stay does."""
    return [
        [entry.country.name, *([_brings(entry.shorter)] if entry.shorter else []), _brings(entry.verdict)]
        for entry in found.entries
    ]


def _brings(verdict: Verdict) -> str:
    from cxc.reports.values import money

    amount = verdict.amount
    if amount is None:
        return "nothing" if verdict.outcome == NOT_ELIGIBLE else "not known"
    return f"{'? ' if verdict.outcome == UNDECIDED else ''}{money(amount.amount)} {amount.basis}"


def plan(asked: Asked, _: Sequence[str]) -> Told:
    """Dates that meet the rules, or why there are none."""
    from cxc.advice.estimate import shared_notices
    from cxc.reports import json, listing, plans
    from cxc.trip.texts import DateForm

    found = _plans(asked)
    most = MORE_STAYS if asked.get("more") else MOST_STAYS
    listed = found.plans[:most]
    shared, own = shared_notices([one.verdict for one in listed])
    safer = found.safer(most)
    return {
        "total": len(found.plans),
        "more": min(len(found.plans), MORE_STAYS),
        "stays": [_stay(one, place, own[place - 1]) for place, one in enumerate(listed, 1)],
        "safer": _stay(safer[1], safer[0], []) if safer else None,
        "undecided": found.undecided,
        "why": [in_words(sentence) for sentence in ([] if found.plans else plans.why_none(found, DateForm()))],
        "notes": [in_words(sentence) for sentence in (*([found.left_out] if found.left_out else []), *shared)],
        "assumed": [in_words(sentence) for sentence in found.said(most)[0]],
        "json": json.dumps(plans.document(found, most)),
        "csv": listing.as_csv(plans.HEADING, plans.rows(found, most)),
    }


def _stay(one: "Plan", place: int, notices: Sequence[str]) -> Told:
    """A stay in words, with its place in the list."""
    from cxc.advice.estimate import euros
    from cxc.reports.text import weekday
    from cxc.reports.values import days_counted

    return {
        "place": place,
        "days": f"{weekday(one.arrival)} to {weekday(one.departure)}",
        "brings": euros(one.payable),
        "counted": f"{one.nights} nights; {days_counted(one.verdict)}",
        "notes": [in_words(notice) for notice in notices],
    }


def calendar(asked: Asked, _: Sequence[str]) -> Told:
    """One of these stays for a calendar program; `pick` counts from 1."""
    from cxc.reports import calendar as file

    return {"ics": file.file(_picked(asked))}


def months(asked: Asked, _: Sequence[str]) -> Told:
    """The months of one of these stays, day by day: its number, and what it is."""
    from cxc.ask.month_page import next_month
    from cxc.reports.calendar import holidays_in_months

    one, found = _picked(asked), []
    first = one.arrival.replace(day=1)
    while first <= one.departure:
        found.append({"title": f"{first:%B} {first.year}", "weeks": _weeks(one, first)})
        first = next_month(first)
    return {"months": found, "holidays": holidays_in_months(one)}


def _weeks(one: "Plan", month: datetime.date) -> list[list[Told | None]]:
    """The weeks of a month, Monday first; None for a day of another month."""
    from calendar import Calendar

    from cxc.advice.plan import holidays_between
    from cxc.ask.month_page import next_month

    country = one.verdict.trip.host_country
    assert country is not None
    holidays = holidays_between(country, month, next_month(month) - ONE_DAY) or ()
    of_the_stay = {one.arrival: "arrival", one.departure: "departure"}

    def day_of(day: datetime.date) -> Told | None:
        if day.month != month.month:
            return None
        during = of_the_stay.get(day) or ("on site" if one.arrival < day < one.departure else "")
        kind = "public holiday" if day in holidays else "weekend" if day.weekday() >= 5 else ""
        return {"day": day.day, "during": during, "kind": kind}

    return [[day_of(day) for day in week] for week in Calendar().monthdatescalendar(month.year, month.month)]


def _picked(asked: Asked) -> "Plan":
    return _plans(asked).plans[(_whole_number(asked, "pick") or 1) - 1]


def _plans(asked: Asked) -> "Plans":
    """The stays in the window that is asked about. Raises TripError with every fault."""
    from cxc.advice.plan import MOST_DAYS, Window

    reader, stated = reader_under(_rulebook(asked)), _stated(asked)
    values: dict[str, object] = {}
    problems = []
    for field, meant in {"visitor_country": "visitor_country", "host_country": "host_country", **WINDOW}.items():
        text = stated.get(field)
        try:
            values[field] = reader.field(meant, text)
        except Unacceptable as wrong:
            problems.append(Problem(field, str(text), f"{shown(str(text))} {wrong}."))
            continue
        if values[field] is None and field != "visitor_country":
            problems.append(Problem(field, None, "This is needed."))
    if problems:
        raise TripError(tuple(problems))
    first, last = (cast("datetime.date", values.pop(field)) for field in WINDOW)
    if last < first:
        raise TripError((Problem("latest", str(last), f"{day_in_words(last)} is before {day_in_words(first)}."),))
    if (last - first).days >= MOST_DAYS:
        raise TripError((Problem("latest", str(last), "This is more than two years. Look in a shorter time."),))
    trip = Trip(**values)  # type: ignore[arg-type]  # each value came from the reader of its own field
    return _plans_in(_rulebook(asked), trip, Window(first, last, _whole_number(asked, "days")))


@lru_cache(maxsize=2)
def _plans_in(rulebook: str, trip: Trip, window: "Window") -> "Plans":
    """The stays in a window, which a calendar and its months ask about again."""
    from cxc.advice.plan import plan as look

    return look(Verdicts(scheme_under(rulebook)), trip, window)


WINDOW: Final = {"earliest": "arrival", "latest": "departure"}  # read as these fields of a trip


def _whole_number(asked: Asked, name: str) -> int | None:
    """A number of 1 or more, None where it is blank. Raises TripError."""
    text = str(asked.get(name) or "").strip()
    if not text:
        return None
    if not is_digits(text, most=4) or int(text) < 1:
        raise TripError((Problem(name, text, f"{shown(text)} is not a whole number of 1 or more."),))
    return int(text)


CALLS: Final[Mapping[str, Callable[[Asked, Sequence[str]], Told]]] = {
    call.__name__: call for call in (check, table, template, estimate, plan, calendar, months)
}
