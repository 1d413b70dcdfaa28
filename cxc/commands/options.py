"""The options that commands share, and how what was typed becomes one object.

A command is a module with `Options`, a named tuple whose fields are its options in the order of its help, and
`run(options)`, which gives the exit status and whose docstring is the help.
"""

import inspect
from collections.abc import Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING, Annotated, Any, Final, Literal, TypeVar

import typer

from cxc.commands import completion
from cxc.commands.exit_status import DONE, in_help
from cxc.errors import InputError
from cxc.reports.output import tell
from cxc.text import clean
from cxc.trip.fields import BY_NAME, COUNTRY, HEADINGS, IN_HELP, RULE_CODE, Field, Kind
from cxc.vocabulary import Stage

if TYPE_CHECKING:
    import datetime

Text = str | None
Texts = list[str] | None
Chosen = TypeVar("Chosen")


Colour = Literal["auto", "always", "never"]
# Formats of the verdict on one trip; of the verdicts on tables; of what became of saved verdicts; of a listing.
Format = Literal["text", "json", "jsonl", "csv", "markdown", "html", "github", "gitlab", "junit", "xlsx"]
TableFormat = Literal[Format, "parquet"]
VerifyFormat = Literal["text", "json", "markdown", "html"]
ListFormat = Literal["text", "json", "csv", "markdown"]

# Headings in the help, beside those of the fields of a trip, and the order of all.
READ: Final = "What is given"
VISIT: Final = "The visit"
JUDGED: Final = "How it is judged"
WRITTEN: Final = "What is written"
OTHERS: Final = "Other options"
ORDER: Final = (READ, VISIT, *HEADINGS, JUDGED, WRITTEN, OTHERS)
# An option under one of them.
reading_option = partial(typer.Option, rich_help_panel=READ)
visit_option = partial(typer.Option, rich_help_panel=VISIT)
judging_option = partial(typer.Option, rich_help_panel=JUDGED)
writing_option = partial(typer.Option, rich_help_panel=WRITTEN)


def field_option(name: str, meaning: str = "", heading: str = "") -> Any:
    """The option that states a field of a trip, with a sentence and a heading of its own where the usual do not fit."""
    described = BY_NAME[name]
    return typer.Option(
        *described.options,
        help=meaning or described.meaning,
        metavar=described.kind.metavar,
        rich_help_panel=heading or described.heading,
        autocompletion=_completed(described.kind),
    )


def _completed(kind: Kind) -> Callable[..., list[completion.Word]] | None:
    """What the shell completes in a field of this kind."""
    if kind.choices:
        return completion.one_of(kind.choices)
    return {COUNTRY: completion.countries, RULE_CODE: completion.rules}.get(kind)


def command(
    options: Callable[..., Chosen], run: Callable[[Chosen], int], statuses: Mapping[int, str] = DONE
) -> Callable[..., int]:
    """The function that Typer calls: its parameters are the fields of `options`, and `run` gets them as one object.

    `statuses` say in the help what the exit statuses of this command mean, apart from those that all commands share.

    The field `stated` of the object stands for an option for each field of a trip, and holds the texts of those that
    were given; the field `typed` holds the words of the command line. Where there is a field `config`, options that
    were not typed are those of cxc.yaml, and the field `configured` says so in a sentence.
    """
    taken = inspect.signature(options).parameters
    parameters: list[inspect.Parameter] = []
    for parameter in taken.values():
        if parameter.name == "stated":
            parameters += [_stating(described) for described in IN_HELP]
        elif parameter.name not in _OF_CONTEXT:
            parameters.append(parameter)
    parameters.append(inspect.Parameter("context", inspect.Parameter.KEYWORD_ONLY, annotation=typer.Context))

    def parsed(context: typer.Context, **given: Any) -> int:
        if "typed" in taken:
            given["typed"] = tuple(context.obj)
        if "configured" in taken:
            given["configured"] = _configured(given, context)
        if "stated" in taken:
            texts = {described.name: given.pop(described.name) for described in IN_HELP}
            given["stated"] = {field: text for field, text in texts.items() if text is not None}
        return run(options(**given))

    parsed.__doc__ = run.__doc__
    parsed.statuses = in_help(statuses)  # type: ignore[attr-defined]
    parsed.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    return parsed


_OF_CONTEXT: Final = ("typed", "configured")  # what is no option, but comes from how the command was called


def _configured(given: dict[str, Any], context: typer.Context) -> str | None:
    """Take the options of cxc.yaml that were not typed, and tell of them on standard error."""
    from cxc.commands import config

    said = config.configured(given, lambda name: str(context.get_parameter_source(name)).endswith("COMMANDLINE"))
    if said is not None:
        tell(said)
    return said


def _stating(described: Field) -> inspect.Parameter:
    """The parameter of the option that states a field."""
    kind: Any = Texts if described.kind.several else Text
    declared = Annotated[kind, field_option(described.name)]
    return inspect.Parameter(described.name, inspect.Parameter.POSITIONAL_OR_KEYWORD, default=None, annotation=declared)


RulebookOption = Annotated[
    str,
    judging_option(
        "--rulebook",
        help="Rulebook: medic-nest, eccp, or a file of your own.",
        metavar="NAME_OR_FILE",
        autocompletion=completion.rulebooks,
    ),
]
CountriesOption = Annotated[
    Text,
    judging_option(
        "--countries",
        help="A country table of your own, instead of the one that comes with cxc.",
        metavar="FILE",
    ),
]
HistoryOption = Annotated[
    Texts,
    judging_option(
        "--history",
        help="A CSV file of the visits that took place. It can be given several times.",
        metavar="FILE",
    ),
]
HistoryDateFormatOption = Annotated[
    Text,
    judging_option(
        "--history-date-format",
        help="Form of the dates in the histories, if it is not that of --date-format.",
        metavar="FORM",
    ),
]
StageOption = Annotated[
    Stage,
    judging_option(
        "--stage",
        help="With payment, the papers count, too, and the verdict says what is due, missing or paid already.",
    ),
]
TodayOption = Annotated[
    Text,
    judging_option(
        "--today",
        help="The day of today, for --stage payment. Without it, the clock of the computer counts.",
        metavar="YYYY-MM-DD",
    ),
]
StrictOption = Annotated[
    bool,
    judging_option("--strict", help="Assume nothing: what is not stated is not known."),
]
ConfigOption = Annotated[
    Text,
    judging_option(
        "--config",
        help="Take options from this file. Without it, they are taken from cxc.yaml in this folder, if there is one.",
        metavar="FILE",
    ),
]
NoConfigOption = Annotated[bool, judging_option("--no-config", help="Take no options from cxc.yaml.")]
OutputOption = Annotated[
    Text,
    writing_option(
        "--output",
        "-o",
        help="Write the report to this file, not to the screen.",
        metavar="FILE",
    ),
]


def report_option(example: str) -> Any:
    """The declaration of `--report`, with an example of what it takes."""
    return writing_option(
        "--report",
        help=f"Write one more report, such as {example}. It can be given several times.",
        metavar="FORMAT=FILE",
        autocompletion=completion.reports,
    )


ReportOption = Annotated[Texts, report_option("html=trips.html")]
QuietOption = Annotated[bool, writing_option("--quiet", "-q", help="Print the first line alone.")]
ExitZeroOption = Annotated[
    bool,
    writing_option(
        "--exit-zero",
        help="End with exit status 0 also if a trip is not eligible or undecided.",
    ),
]
ColourOption = Annotated[
    Colour,
    writing_option("--color", help="When to colour. NO_COLOR and FORCE_COLOR count, too."),
]
DateFormatOption = Annotated[
    str,
    judging_option(
        "--date-format",
        help="Form in which the dates are written, such as DD.MM.YYYY.",
        metavar="FORM",
    ),
]
FormatOption = Annotated[
    Format,
    writing_option("--format", help="Format of the report. For xlsx, name a file with -o."),
]
TableFormatOption = Annotated[
    TableFormat,
    writing_option(
        "--format",
        help="Format of the report. For xlsx and parquet, name a file with -o; for parquet, install cxc[fast], too.",
    ),
]
ListFormatOption = Annotated[ListFormat, writing_option("--format", help="Format of the list.")]
# Of `estimate` and `plan`, where it is no verdict on a trip that is asked for.
VisitorCountryOption = Annotated[Text, field_option("visitor_country", heading=VISIT)]
_MOST_DIGITS = 4


def map_files(options: Texts) -> list[str]:
    """The files among what --map was given, which are read."""
    return [option for option in options or () if "=" not in option]


def whole_number(option: str, text: str) -> int:
    """A number of 1 or more that an option gives. Raises InputError."""
    from cxc.scheme.data_files import is_digits

    if not is_digits(text.strip(), most=_MOST_DIGITS) or int(text) < 1:
        raise InputError(f"--{option}: '{clean(text)}' is not a whole number of 1 or more")
    return int(text)


def day_of_payment(stage: Stage, today: str | None) -> "datetime.date | None":
    """The day on which payment is asked about, --today or the clock's; None before that stage. Raises InputError."""
    day = day_of_today(today) if today is not None or stage == "payment" else None
    return day if stage == "payment" else None


def day_of_today(text: str | None) -> "datetime.date":
    """The day that --today names, without it the clock's. Raises InputError."""
    import datetime

    from cxc.scheme.data_files import parse_date

    if text is None:
        return datetime.datetime.now().astimezone().date()
    day = parse_date(text.strip())
    if day is None:
        raise InputError(f"--today: '{clean(text)}' is not a day of the calendar; write it as YYYY-MM-DD")
    return day
