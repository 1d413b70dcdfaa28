"""The conversation of `cxc check`, driven in a real terminal."""

import calendar
import datetime
import io
import json
import os
import re
import shlex
import subprocess
import sys
from collections.abc import Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import pexpect
import pytest
from commands import Run, unmeasured

from cxc.ask.month_page import WIDTH, two_months
from cxc.ask.prompts import Answers
from cxc.ask.questions import QUESTIONS
from cxc.ask.terminal import line_asker
from cxc.scheme.loading import load_scheme
from cxc.trip.reader import Trip, TripReader
from cxc.vocabulary import ORGANISATION_TYPES

CXC = Path(sys.executable).parent / "cxc"
EDITOR, DUMB = "xterm-256color", "dumb"

# The question, a wrong answer, what is said about it, a right answer, and how it is echoed.
DIALOGUE = [
    ("Host country", "Portgual", "did you mean Portugal (PT)", "Portugal", "Portugal (PT)"),
    ("Day of arrival", "14.05.2023", "Do you mean Sunday 14 May 2023?", "2023-05-14", "Sunday 14 May 2023"),
    (
        "Day of departure",
        "2023-05-13",
        "'2023-05-13' is before arrival, '2023-05-14'",
        "2023-05-20",
        "Saturday 20 May 2023: 5 days on site, 5 of them working days",
    ),
    ("Type of the host", "17", "'17' is not a known type of organisation", "4", "technology-centre"),
    (
        "Is the host a member of a cluster?",
        "tbc",
        "does not say whether the organisation is a member of a cluster",
        "O'Porto Health",
        "member of O'Porto Health",
    ),
    ("Country of the visitor", "Atlantis", "is not a known country", "españa", "Spain (ES)"),
    ("Type of the visitor", "univercity", "did you mean university", "SME", "sme"),
    ("Is the visitor a member of a cluster?", "?", "does not say", "yes", "member of a cluster that is not named"),
    ("Distance between visitor and host", "far", "is not a distance in km", "1850", "1850 km"),
]
QUESTION_WORDS = [line[0] for line in DIALOGUE]
AT_THE_END = "Enter, a number, or save and a name:"


class Conversation:
    """`cxc check` in a terminal of its own; its standard output may go to a file."""

    def __init__(
        self,
        *arguments: str,
        out: Path | None = None,
        term: str = EDITOR,
        size: tuple[int, int] = (24, 200),
        env: Mapping[str, str] | None = None,
        program: Sequence[str] = (str(CXC), "check"),
        interrupted: bool = False,
    ) -> None:
        command = shlex.join([*program, *arguments]) + (f" > {shlex.quote(str(out))}" if out else "")
        self.child = pexpect.spawn(
            "/bin/sh",
            ["-c", f"exec {command}"],
            encoding="utf-8",
            codec_errors="replace",
            timeout=120,  # of a hang: a busy machine may take long
            dimensions=size,
            env={
                **(unmeasured() if interrupted else os.environ),
                "TERM": term,
                "LANG": "C.UTF-8",
                "NO_COLOR": "",
                **(env or {}),
            },
        )
        self.child.delaybeforesend = None
        self.seen = ""

    def expect(self, text: str) -> None:
        self.child.expect_exact(text)
        self.seen += self.child.before + self.child.after

    def answer(self, question: str, text: str, *says: str) -> None:
        """Wait for a question, answer it, and wait for what is said about the answer."""
        self.expect(question)
        self.child.send(text + "\r")
        for phrase in says:
            self.expect(phrase)

    def end(self) -> int:
        """Wait for the end; the exit status."""
        self.child.expect(pexpect.EOF)
        self.seen += self.child.before
        status = self.child.wait()
        self.child.ptyproc.delayafterclose = 0  # it has ended already
        self.child.close()
        assert "Traceback" not in self.seen
        assert isinstance(status, int)
        return status

    @property
    def command(self) -> list[str]:
        """The command line that was printed last, without its first word."""
        first, *arguments = shlex.split(re.findall(r"\ncxc check[^\r\n]*", self.seen)[-1])
        assert first == "cxc"
        return arguments


def plain(seen: str) -> str:
    """What a terminal showed, without the codes that move the cursor."""
    return re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", seen)


def output_of(arguments: Sequence[str]) -> tuple[int, str]:
    """Status and standard output of a command that is given no terminal."""
    result = subprocess.run([CXC, *arguments], capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL)
    assert result.stderr == ""
    return result.returncode, result.stdout


@pytest.mark.parametrize("term", [EDITOR, DUMB])
def test_whole_conversation_with_a_wrong_answer_at_each_step(tmp_path: Path, term: str) -> None:
    """Every wrong answer is explained and asked again; the printed command gives the same verdict, byte for byte."""
    out = tmp_path / "verdict.json"
    talk = Conversation("--format", "json", "--strict", out=out, term=term)
    for question, wrong, complaint, right, echo in DIALOGUE:
        talk.answer(question, wrong, complaint)
        if complaint.startswith("Do you mean"):
            talk.answer("(yes / no)", "no", "is not a date of the form YYYY-MM-DD")
        talk.answer(question, right, echo)
    talk.answer(AT_THE_END, "")
    status = talk.end()

    assert talk.command == [
        *("check", "--format", "json", "--strict", "--to", "PT", "--arrival", "2023-05-14"),
        *("--departure", "2023-05-20", "--host-type", "technology-centre", "--host-cluster", "O'Porto Health"),
        *("--from", "ES", "--visitor-type", "sme", "--visitor-cluster", "yes", "--distance-km", "1850"),
    ]
    assert (status, out.read_text(encoding="utf-8")) == output_of(talk.command)
    assert json.loads(out.read_text(encoding="utf-8"))["trip"]["host_cluster"] == "O'Porto Health"
    assert ("May 2023 " in talk.seen) == (term == EDITOR)
    assert ("\x1b" in talk.seen) == (term == EDITOR)


def test_back_from_each_step() -> None:
    """Back shows the former answer, Enter keeps it; before the first question there is nothing."""
    talk = Conversation()
    talk.answer(QUESTION_WORDS[0], "<", "This is the first question.")
    kept = ["PT", "2023-05-14", "2023-05-20", "technology-centre", "O'Porto Health", "ES", "sme", "yes", "1850"]
    for place, (question, _, _, right, echo) in enumerate(DIALOGUE):
        if place:
            talk.answer(question, "<", f"So far: {kept[place - 1]} (Enter: keep it; -: leave open)")
            talk.answer(QUESTION_WORDS[place - 1], "", DIALOGUE[place - 1][4])
        talk.answer(question, right, echo)
    talk.answer(AT_THE_END, "")
    talk.expect("Eligible: EUR 780.00 is payable")

    assert talk.end() == 0


def test_back_to_change_what_follows() -> None:
    """Questions that no longer apply are left out with their answers; a departure that no longer fits is refused."""
    talk = Conversation()
    talk.answer("Host country", "PT", "Portugal (PT)")
    talk.answer("Day of arrival", "2023-05-14", "Sunday")
    talk.answer("Day of departure", "2023-05-18", "3 days on site")
    talk.answer("Type of the host", "sme", "  sme")
    talk.answer("Is the host a member of a cluster?", "none", "not a member of a cluster")
    talk.answer("Country of the visitor", "<")
    talk.answer("Is the host a member of a cluster?", "<")
    talk.answer("Type of the host", "2", "cluster-organisation")
    talk.answer("Country of the visitor", "<", "So far: cluster-organisation")
    talk.answer("Type of the host", "<", "So far: 2023-05-18")
    talk.answer("Day of departure", "<", "So far: 2023-05-14")
    talk.answer("Day of arrival", "2023-05-19", "Friday 19 May 2023")
    talk.answer("Day of departure", "", "'2023-05-18' is before arrival, '2023-05-19'")
    talk.answer("Day of departure", "-", "left open, and so is the arrival")
    talk.answer("Type of the host", "", "  cluster-organisation")
    talk.answer("Country of the visitor", "", "left open")
    talk.answer("Type of the visitor", "cluster organisation", "  cluster-organisation")
    talk.answer(AT_THE_END, "")
    talk.expect("To settle it, state: --arrival, --departure")

    assert talk.end() == 3
    assert talk.command == [
        *("check", "--to", "PT", "--host-type", "cluster-organisation"),
        *("--visitor-type", "cluster-organisation", "--no-ask"),
    ]


@pytest.mark.parametrize(
    ("term", "stop", "place"),
    [(EDITOR, "cancel\r", 0), (EDITOR, "\x03", 2), (DUMB, "CANCEL\r", 2), (DUMB, "\x03", 0)],
)
def test_cancel(tmp_path: Path, term: str, stop: str, place: int) -> None:
    """The word and Ctrl-C end it: status 130, one line, and nothing is checked or written."""
    out = tmp_path / "verdict.txt"
    talk = Conversation(out=out, term=term, interrupted=True)
    for question, _, _, right, echo in DIALOGUE[:place]:
        talk.answer(question, right, echo)
    talk.expect(QUESTION_WORDS[place])
    talk.child.send(stop)
    talk.expect("cxc: stopped\r\n")

    assert talk.end() == 130
    assert plain(talk.seen).splitlines()[-1] == "cxc: stopped"
    assert out.read_bytes() == b""


class Interrupted(io.BytesIO):
    """A keyboard at which somebody presses Ctrl-C."""

    def readline(self, _: int | None = -1, /) -> bytes:
        raise KeyboardInterrupt


def test_ctrl_c_at_a_plain_line(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """What is said about it does not stand behind the question."""
    monkeypatch.setenv("TERM", "dumb")
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(Interrupted()))
    with pytest.raises(KeyboardInterrupt):
        line_asker()("Host country: ", lambda _: [])

    assert capsys.readouterr().err == "Host country: \n"


@pytest.mark.parametrize(
    ("place", "moment"),
    [
        ("asyncio.events", "new_event_loop"),
        ("prompt_toolkit.input.vt100.Vt100Input", "raw_mode"),
        ("prompt_toolkit.application.application", "store_typeahead"),
        ("prompt_toolkit.application.Application", "cancel_and_wait_for_background_tasks"),
        ("asyncio.base_events.BaseEventLoop", "shutdown_asyncgens"),
    ],
)
def test_ctrl_c_at_an_awkward_moment(place: str, moment: str) -> None:
    """Ctrl-C while the line editor begins or ends stops as well, and shows nothing of its insides."""
    script = f"""
import pkgutil, signal, sys
from cxc.cli import run

place = pkgutil.resolve_name("{place}")
begun = place.{moment}

def interrupted(*arguments):
    place.{moment} = begun
    signal.raise_signal(signal.SIGINT)
    return begun(*arguments)

place.{moment} = interrupted
sys.exit(run(["check"]))
"""
    talk = Conversation(program=[sys.executable, "-c", script])
    talk.child.send("PT\r")
    talk.expect("cxc: stopped")

    assert talk.end() == 130
    assert "Day of arrival" not in talk.seen


@pytest.mark.parametrize("term", [EDITOR, DUMB])
def test_end_of_the_input(term: str) -> None:
    """Ctrl-D leaves this question and the rest open; half a pair of dates is left out."""
    talk = Conversation(term=term)
    talk.answer("Host country", "PT", "Portugal (PT)")
    talk.answer("Day of arrival", "2023-05-14", "Sunday")
    talk.expect("Day of departure")
    talk.child.send("\x04")
    talk.expect("The rest is left open.")
    talk.expect("Undecided")

    assert talk.end() == 3
    assert talk.command == ["check", "--to", "PT", "--no-ask"]


def test_everything_left_open() -> None:
    """Enter at each question: an undecided verdict; without an arrival no departure is asked for, nor a distance."""
    talk = Conversation("--rulebook", "eccp")
    for question in QUESTION_WORDS:
        if question not in ("Day of departure", "Distance between visitor and host"):
            talk.answer(question, "", "left open")
    talk.answer(AT_THE_END, "")
    talk.expect("Undecided")

    assert talk.end() == 3
    assert talk.command == ["check", "--rulebook", "eccp", "--no-ask"]
    assert output_of(talk.command)[0] == 3


@pytest.mark.parametrize(
    ("rulebook", "departure", "asked"),
    [("medic-nest", "2023-05-20", True), ("medic-nest", "2023-05-18", False),
     ("eccp", "2023-05-19", False), ("eccp", "2023-05-20", True)],
)  # fmt: skip
def test_distance_where_it_can_change_the_sum(rulebook: str, departure: str, asked: bool) -> None:
    """A short stay is halved already, so nobody has to measure."""
    scheme = load_scheme(rulebook)
    trip = TripReader(scheme.countries).read({"host_country": "PT", "arrival": "2023-05-14", "departure": departure})

    assert QUESTIONS[-1].manner.applies(trip, scheme) == asked


def test_distance_of_a_stay_whose_holidays_are_not_known() -> None:
    """Where working days are not known, the full sum may be in play."""
    scheme = load_scheme("eccp")
    dates = {"arrival": "2099-05-10", "departure": "2099-05-20"}
    trip = TripReader(scheme.countries).read({"host_country": "PT", **dates})

    assert QUESTIONS[-1].manner.applies(trip, scheme)


def test_dates_in_another_form() -> None:
    """Dates are asked for, echoed and printed in the form that --date-format names."""
    talk = Conversation("--date-format", "D.M.YYYY", "-q")
    talk.answer("Host country", "PT", "Portugal (PT)")
    talk.expect("Write D.M.YYYY, such as 14.5.2023")
    talk.answer("Day of arrival", "2023-05-14", "Do you mean Sunday 14 May 2023?")
    talk.answer("(yes / no)", "no", "not a date of the form D.M.YYYY, such as 14.5.2023")
    talk.answer("Day of arrival", "14.05.2023", "Sunday 14 May 2023")
    talk.answer("Day of departure", "18.5.2023", "3 days on site")
    talk.answer("Type of the host", "", "left open")
    talk.answer("Is the host a member of a cluster?", "true", "member of a cluster that is not named")
    talk.answer("Country of the visitor", "\x04", "The rest is left open")

    assert talk.end() == 0
    assert talk.command == [
        *("check", "--date-format", "D.M.YYYY", "-q", "--to", "PT"),
        *("--arrival", "14.5.2023", "--departure", "18.5.2023", "--host-cluster", "yes"),
    ]
    assert output_of(talk.command) == (0, "✔ Eligible: EUR 390.00 is payable\n")


def test_completion() -> None:
    """Tab completes names in English and in a country's own languages, codes, the world's countries, and types."""
    talk = Conversation()
    talk.expect("Host country")
    talk.child.send("po\t")
    talk.expect("Poland (PL)   Polska (PL)   Portugal (PT)")
    for typed, completed in {
        "Deu": "Deutschland",
        "ελλ": "Ελλάδα",
        "uk": "United Kingdom (GB)",
        "pt": "Portugal",
        "Japa": "Japan",
    }.items():
        talk.child.send(f"\x01\x0b{typed}\t")
        talk.expect(completed)
    talk.child.send("\x01\x0b\t")
    talk.expect("Albania (AL)")
    talk.child.send("\x01\x0bportugal\r")
    talk.expect("Portugal (PT)")
    talk.expect("Day of arrival")
    talk.child.send("2023-05-14\t\r")
    talk.expect("Sunday 14 May 2023")
    talk.answer("Day of departure", "2023-05-20", "Saturday")
    talk.expect("Type of the host")
    talk.child.send("tech\t")
    talk.expect("technology-")
    talk.child.send("\t")
    talk.expect("technology-park")
    talk.child.send("\x01\x0bfab\t\r")
    talk.expect("  fab-lab")
    talk.child.send("cancel\r")

    assert talk.end() == 130


def test_line_editing() -> None:
    """Arrow keys move in the line and bring earlier answers back."""
    talk = Conversation("--to", "PT", "--host-cluster", "yes")
    talk.answer("Day of arrival", "203-05-14\x1b[H\x1b[C\x1b[C\x1b[C\x1b[D2", "'2023-05-14'"[1:-1])
    talk.expect("Sunday 14 May 2023")
    talk.expect("Day of departure")
    talk.child.send("\x1b[A\x7f\x7f20\r")
    talk.expect("Saturday 20 May 2023: 5 days on site")
    talk.expect("Eligible: EUR 780.00")

    assert talk.end() == 0
    assert talk.command[-4:] == ["--arrival", "2023-05-14", "--departure", "2023-05-20"]
    assert "Type of the host" not in talk.seen


def test_only_what_is_missing_is_asked() -> None:
    """With some facts stated, the core facts that are missing are asked for, and no other."""
    talk = Conversation("--first-day", "2023-05-15", "--last-day", "2023-05-17")
    talk.expect("Some facts that every verdict needs are missing.")
    talk.answer("Host country", "Portugal", "Portugal (PT)")
    talk.answer("Is the host a member of a cluster?", "<", "So far: PT")
    talk.answer("Host country", "-", "left open")
    talk.answer("Is the host a member of a cluster?", "", "left open")
    talk.expect("Undecided")

    assert talk.end() == 3
    assert talk.command == ["check", "--first-day", "2023-05-15", "--last-day", "2023-05-17", "--no-ask"]


def test_arrival_that_is_missing_beside_a_departure() -> None:
    """A departure that is stated asks for its arrival, which cannot be later."""
    talk = Conversation("--to", "PT", "--departure", "2023-05-20", "--host-cluster", "yes")
    talk.answer("Day of arrival", "2023-05-21", "'2023-05-20' is before arrival, '2023-05-21'")
    talk.answer("Day of arrival", "2023-05-14", "Sunday 14 May 2023")
    talk.expect("Eligible: EUR 780.00")

    assert talk.end() == 0


def test_calendar_at_the_turn_of_the_year() -> None:
    """Beside the departure stand the month of arrival and the next, with the holidays of both years."""
    talk = Conversation("--to", "PT", "--host-cluster", "yes")
    talk.answer(
        "Day of arrival",
        "2023-12-14",
        "December 2023",
        "January 2024",
        "  1*  2   3   4   5   6   7",
        " 25*",
        "in Portugal",
    )
    talk.answer("Day of departure", "cancel")

    assert talk.end() == 130


def test_trip_file_is_asked_about(tmp_path: Path) -> None:
    """What a file leaves open is asked for, and the command names the file again, behind -- too."""
    path = tmp_path / "trip.yaml"
    path.write_text("host_country: PT\nhost_cluster: yes\narrival: 2023-05-14\n")
    talk = Conversation("-q", "--", str(path))
    talk.answer("Day of departure", "2023-05-20", "Saturday 20 May 2023")
    talk.expect("Eligible: EUR 780.00")

    assert talk.end() == 0
    assert talk.command == ["check", "-q", "--departure", "2023-05-20", "--", str(path)]
    assert output_of(talk.command) == (0, "✔ Eligible: EUR 780.00 is payable\n")


@pytest.mark.parametrize("more", [[], ["--host-cluster", "Medvia"]])
def test_no_question_about_a_cluster_that_is_one(more: list[str]) -> None:
    """A cluster organisation that hosts is not asked for its cluster."""
    dates = ["--arrival", "2023-05-14", "--departure", "2023-05-20"]
    talk = Conversation(*dates, "--host-type", "cluster-organisation", *more, term=DUMB)
    talk.answer("Host country", "PT")
    talk.expect("Eligible: EUR 780.00")

    assert talk.end() == 0


@pytest.mark.parametrize("arrival", ["", "2023-05-14"])
def test_dates_left_open(arrival: str) -> None:
    """Without an arrival no departure is asked for, and an arrival without a departure leaves both open."""
    talk = Conversation("--to", "PT", "--host-cluster", "yes", term=DUMB)
    talk.answer("Day of arrival", arrival)
    if arrival:
        talk.answer("Day of departure", "")
    talk.expect("To settle it, state: --arrival, --departure")

    assert talk.end() == 3
    assert ("Day of departure" in talk.seen) == bool(arrival)
    assert talk.command == ["check", "--to", "PT", "--host-cluster", "yes", "--no-ask"]


@pytest.mark.parametrize("arguments", [
    ["--no-ask"],
    ["--to", "PT", "--arrival", "2023-05-14", "--departure", "2023-05-20", "--host-cluster", "yes"],
])  # fmt: skip
def test_nothing_is_asked(arguments: list[str]) -> None:
    """With --no-ask, or where the core is stated, there is no question and no command."""
    talk = Conversation(*arguments)
    talk.expect("decided" if arguments == ["--no-ask"] else "Eligible")
    talk.end()

    assert "Enter" not in talk.seen
    assert "cxc check" not in talk.seen


@pytest.mark.parametrize(
    ("stated", "says"),
    [
        (["--to", "Portgual"], "host_country: 'Portgual' is not a known country; did you mean Portugal"),
        (["--arrival", "2023-05-20", "--departure", "2023-05-14"], "departure: '2023-05-14' is before arrival"),
        (["--first-day", "2023-05-20"], "last_day: needed together with first_day"),
    ],
)
def test_what_is_wrong_already_is_said_first(stated: list[str], says: str) -> None:
    """Nobody answers questions about a trip that is refused in the end."""
    talk = Conversation(*stated)
    talk.expect(says)

    assert talk.end() == 2
    assert "Enter" not in talk.seen


@pytest.mark.parametrize("size", [(24, 80), (24, 40), (0, 0)])
def test_size_of_the_terminal(size: tuple[int, int]) -> None:
    """Nothing is cut by the edge; where there is no room for two months or two columns they are left out, or one."""
    talk = Conversation(size=size)
    for question, text in [("Host country", "PT"), ("Day of arrival", "2023-05-14"), ("Day of departure", "2023-05-20"),
                           ("Type of the host", "17"), ("training-provider\r\n", "cancel")]:  # fmt: skip
        talk.answer(question, text)
    talk.expect("stopped")
    talk.end()
    printed = [line for line in plain(talk.seen).splitlines() if "Enter:" not in line]

    assert max(map(len, printed)) <= (size[1] or 80)
    assert ("June 2023" in talk.seen) == (size[1] != 40)
    assert ("  1 sme                              9 " in talk.seen) == (size[1] != 40)


def test_terminal_that_knows_few_letters() -> None:
    """In a terminal without UTF-8 names are shown as well as they can be, and bytes that are no text do no harm."""
    for term in (EDITOR, DUMB):
        talk = Conversation(term=term, env={"PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"})
        talk.answer("Host country", "CI", "Ivoire (CI)")
        talk.expect("Day of arrival")
        os.write(talk.child.child_fd, b"\xff\xc3(\r")
        talk.expect("is not a date of the form")
        talk.child.send("cancel\r")
        assert talk.end() == 130


def test_nothing_of_it_is_loaded_where_nothing_is_asked() -> None:
    """A verdict in a pipe loads no module of the conversation."""
    code = "import sys; from cxc.cli import run; run(['check', '--to', 'PT']); print(*sys.modules, file=sys.stderr)"
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    asking = {
        "cxc.ask.prompts",
        "cxc.ask.questions",
        "cxc.ask.terminal",
        "cxc.ask.month_page",
        "prompt_toolkit",
        "calendar",
        "shlex",
    }

    assert asking & set(result.stderr.split()) == set()


@pytest.mark.parametrize("name", ["O'Neill & Sons", "-Dash", "--To", '$(true) `true` \\ "X"', "Życie; #1", "A\u00a0B"])
def test_command_line_with_awkward_names(run: Run, name: str) -> None:
    """Whatever a cluster is called, the shell hands it back, and it is read as it was."""
    line = Answers({"host_country": "PT", "host_cluster": name}, open=True).command_line(["check", "--format", "json"])
    words = subprocess.run(["/bin/sh", "-c", f"printf '%s\\0' {line}"], capture_output=True, check=True).stdout
    result = run(*words.decode().split("\0")[1:-1])

    assert result.status == 3
    assert json.loads(result.out)["trip"]["host_cluster"] == " ".join(name.split())


def echo(field: str, **facts: Any) -> str:
    """How the value of a field is echoed, beside other facts."""
    trip = TripReader(load_scheme().countries).read_some(facts)
    question = next(question for question in QUESTIONS if question.field == field)
    return question.manner.echoed(getattr(trip, field), trip)


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({"departure": "2023-05-14"}, "Sunday 14 May 2023: no days on site"),
        ({"departure": "2023-05-15", "host_country": "PT"}, "Monday 15 May 2023: no days on site"),
        ({"departure": "2023-05-16"}, "Tuesday 16 May 2023: 1 day on site"),
        ({"departure": "2023-05-16", "host_country": "PT"}, "Tuesday 16 May 2023: 1 day on site, a working day"),
        ({"arrival": "2023-05-19", "departure": "2023-05-22", "host_country": "PT"},
         "Monday 22 May 2023: 2 days on site, none of them a working day"),
        ({"arrival": "2023-05-19", "departure": "2023-05-23", "host_country": "PT"},
         "Tuesday 23 May 2023: 3 days on site, 1 of them a working day"),
        ({"arrival": "2023-04-30", "departure": "2023-05-02", "host_country": "PT"},
         "Tuesday 2 May 2023: 1 day on site, no working day"),
        ({"departure": "2023-05-20", "host_country": "AT"},
         "Saturday 20 May 2023: 5 days on site, 4 of them working days"),
        ({"departure": "2023-05-20", "host_country": "US"},
         "Saturday 20 May 2023: 5 days on site; the public holidays there are not known"),
    ],
)  # fmt: skip
def test_echo_of_a_departure(facts: Mapping[str, str], expected: str) -> None:
    """The weekday, the days between, and the working days among them where the host country is known."""
    assert echo("departure", **{"arrival": "2023-05-14", **facts}) == expected


def test_questions_fill_fields_of_a_trip() -> None:
    """Each question fills another field, and the core ones are the facts that every verdict needs."""
    fields = [question.field for question in QUESTIONS]

    assert len(set(fields)) == len(fields)
    assert set(fields) <= set(Trip._fields)
    assert [q.field for q in QUESTIONS if q.core] == ["host_country", "arrival", "departure", "host_cluster"]


def test_two_months() -> None:
    """Whatever the day: its month and the next stand side by side, each with all its days, the day once in brackets."""
    for number in range(366 + 365):
        day = datetime.date(2023, 1, 1) + datetime.timedelta(number)
        lines = two_months(day, {day + datetime.timedelta(1)})
        first, second = [line[:28] for line in lines[2:]], [line[28:] for line in lines[2:]]
        following = (day.year, day.month + 1) if day.month < 12 else (day.year + 1, 1)
        for page, (year, month) in ((first, (day.year, day.month)), (second, following)):
            days = [int(word) for word in re.findall(r"\d+", " ".join(page))]
            assert days == list(range(1, calendar.monthrange(year, month)[1] + 1))
        text = "\n".join(lines)
        assert max(map(len, lines)) <= WIDTH
        assert re.findall(r"\[ ?(\d+)\]", text) == [str(day.day)]
        assert re.findall(r"(\d+)\*", text) == [str((day + datetime.timedelta(1)).day)]
        column = lines[1].index(f"{day:%a}"[:2])
        row = next(line for line in lines[2:] if "[" in line[:28])
        assert row[column - 1 : column + 3].strip() == f"[{day.day:>2}]"


def test_numbers_of_types_are_read(run: Run) -> None:
    """Every number of the list stands for the type beside it, and no other number for any."""
    from cxc.ask.prompts import _chosen

    read = [_chosen("host_type", str(number)) for number in range(len(ORGANISATION_TYPES) + 2)]
    assert read == ["0", *ORGANISATION_TYPES, str(len(ORGANISATION_TYPES) + 1)]
    assert _chosen("distance_km", "3") == "3"
    assert Decimal(_chosen("distance_km", "3")) == 3


def test_a_date_in_another_form_is_confirmed() -> None:
    """Never guessed: the day is echoed with its month in words. Yes may be said in another language."""
    talk = Conversation("--to", "PT", "--host-cluster", "yes", term=DUMB)
    talk.answer("Day of arrival", "4.5.2023", "Do you mean Thursday 4 May 2023? (yes / no): ")
    talk.answer("", "no", "'4.5.2023' is not a date of the form YYYY-MM-DD")
    talk.answer("Day of arrival", "14 May 2023", "Do you mean Sunday 14 May 2023? (yes / no): ")
    talk.answer("", "da", "  Sunday 14 May 2023")
    talk.answer("Day of departure", "20/05/2023", "Do you mean Saturday 20 May 2023?")
    talk.answer("(yes / no): ", "Y", "5 days on site")
    talk.expect("Eligible: EUR 780.00")

    assert talk.end() == 0
    assert talk.command[-4:] == ["--arrival", "2023-05-14", "--departure", "2023-05-20"]


@pytest.mark.parametrize("term", [EDITOR, DUMB])
def test_another_answer_where_a_date_is_confirmed(term: str) -> None:
    """What says neither yes nor no is an answer to the question itself, a date as well as a word that works everywhere."""
    talk = Conversation("--to", "PT", "--host-cluster", "yes", term=term)
    talk.answer("Day of arrival", "15.5.2023", "Do you mean Monday 15 May 2023? (yes / no):")
    talk.answer("", "<", "This is the first question.")
    talk.answer("Day of arrival", "15.5.2023", "Do you mean Monday 15 May 2023? (yes / no):")
    talk.answer("", "2023-05-14", "  Sunday 14 May 2023")
    talk.answer("Day of departure", "19 May 2023", "Do you mean Friday 19 May 2023? (yes / no):")
    talk.answer("", "21/5/2023", "Do you mean Sunday 21 May 2023? (yes / no):")
    talk.answer("", "<", "So far: 2023-05-14")
    talk.answer("Day of arrival", "15.5.2023", "Do you mean Monday 15 May 2023? (yes / no):")
    talk.answer("", "-", "left open")
    talk.expect("To settle it, state: --arrival, --departure")

    assert talk.end() == 3
    assert "is not a date" not in talk.seen
    assert talk.command == ["check", "--to", "PT", "--host-cluster", "yes", "--no-ask"]


@pytest.mark.parametrize("text", ["", "yse", "what?", "ne", "-", "5/15/2023"])
def test_nothing_but_no_says_no(text: str) -> None:
    """Where a text says neither yes nor no, and is no date either, it is asked again what was meant."""
    talk = Conversation("--to", "PT", "--host-cluster", "yes", term=DUMB)
    talk.answer("Day of arrival", "14.5.2023", "Do you mean Sunday 14 May 2023? (yes / no): ")
    talk.answer("", text, "Write yes or no, or another date.")
    talk.answer("Do you mean Sunday 14 May 2023? (yes / no): ", "N", "'14.5.2023' is not a date of the form YYYY-MM-DD")
    talk.answer("Day of arrival", "14.5.2023", "Do you mean Sunday 14 May 2023? (yes / no): ")
    talk.answer("", "yes", "  Sunday 14 May 2023")
    talk.answer("Day of departure", "cancel", "cxc: stopped")

    assert talk.end() == 130


@pytest.mark.parametrize("term", [EDITOR, DUMB])
def test_cancel_where_a_date_is_confirmed(term: str) -> None:
    """The word stops there, too."""
    talk = Conversation("--to", "PT", term=term)
    talk.answer("Day of arrival", "14.5.2023", "(yes / no):")
    talk.answer("", "Cancel", "cxc: stopped")

    assert talk.end() == 130


def test_no_option_is_named_where_none_can_be_given() -> None:
    """An answer that is no date is told how to write one; a date behind an option, still, which option helps."""
    talk = Conversation("--to", "PT", "--host-cluster", "yes", size=(24, 80), term=DUMB)
    talk.answer("Day of arrival", "5/15/2027", "'5/15/2027' is not a date of the form YYYY-MM-DD, such as 2023-05-14;")
    talk.answer("Day of arrival", "cancel")
    assert talk.end() == 130
    assert "write it like that" in " ".join(plain(talk.seen).split())
    assert "--date-format" not in talk.seen

    talk = Conversation("--to", "PT", "--arrival", "5/15/2027", size=(24, 200), term=DUMB)
    talk.expect("if all dates are written in another way, use the option --date-format")
    assert talk.end() == 2


def test_too_few_days_are_said_at_once() -> None:
    """With what would mend it; the answer can be changed."""
    talk = Conversation("--to", "PT", "--host-cluster", "yes", term=DUMB)
    talk.answer("Day of arrival", "2023-05-14", "Sunday")
    talk.answer("Day of departure", "2023-05-16", "The stay has 1 day on site. At least 3 are needed")
    talk.expect("Leaving on Thursday 18 May 2023 instead of Tuesday 16 May 2023 makes the stay long enough.")
    talk.expect("Write < to go back and change the dates.")
    talk.expect("Not eligible")

    assert talk.end() == 1


def test_two_towns_stand_for_the_distance() -> None:
    """Each in its country; a town that is not known is asked again. How far along it is stands before each question."""
    talk = Conversation(term=DUMB)
    for question, text in zip(
        QUESTION_WORDS, ("AT", "2023-05-14", "2023-05-20", "", "yes", "SK", "", ""), strict=False
    ):
        talk.answer(question, text)
    talk.expect("9/9  Distance between visitor and host")
    talk.answer("", "Bratislava", "For towns write both, the visitor's first, such as Iași; Lisboa.")
    talk.answer("Distance between visitor and host", "Bratislava; Xyzzy", "'Xyzzy' ")
    talk.answer(
        "Distance between visitor and host", "Bratislava; Wien", "55 km in a straight line, from Bratislava to Wien"
    )
    talk.answer(AT_THE_END, "")
    talk.expect("Halved for a near host")

    assert talk.end() == 0
    assert talk.command[-4:] == ["--visitor-place", "Bratislava", "--host-place", "Wien"]
    assert "1/9  Host country" in talk.seen
    assert "2/9  Day of arrival" in talk.seen


def test_an_answer_is_changed_at_the_end_and_the_trip_saved(tmp_path: Path) -> None:
    """What is behind it is asked again and kept with Enter. The file gives the same verdict; none is written over."""
    saved = tmp_path / "visit.yaml"
    talk = Conversation(term=DUMB)
    for question, text in zip(QUESTION_WORDS, ("PT", "2023-05-14", "2023-05-18", "", "yes", "", "", ""), strict=False):
        talk.answer(question, text)
    talk.expect(" 3  Day of departure: 2023-05-18")
    talk.answer(AT_THE_END, "3", "So far: 2023-05-18")
    talk.answer("Day of departure", "2023-05-20", "5 days on site")
    for question in ("Type of the host", "Is the host a member", "Country of the visitor", "Type of the visitor"):
        talk.answer(question, "")
    talk.answer("Is the visitor a member", "")
    talk.answer("Distance between", "")
    talk.answer(AT_THE_END, f"save {saved.with_suffix('')}", "Written: ")
    talk.answer(AT_THE_END, f"save {saved}", "Write another name.")
    talk.answer(AT_THE_END, f"save {tmp_path}/none/x", "there is no such folder.")
    talk.answer(AT_THE_END, "what?", "is none of these")
    talk.answer(AT_THE_END, "<", "9/9  Distance between")
    talk.child.send("\r")
    talk.answer(AT_THE_END, "")
    talk.expect("Eligible: EUR 780.00")

    assert talk.end() == 0
    assert output_of(["check", str(saved), "--no-ask", "-q"]) == (0, "✔ Eligible: EUR 780.00 is payable\n")


WHOLE = ("2023-05-14", "2023-05-20")
ON_THE_WAY = ("", "yes", "", "", "")  # type and cluster of the host, and all about the visitor


@pytest.mark.parametrize(
    ("lines", "shown", "stated"),
    [
        (["2023-05-14", "", *ON_THE_WAY], ["left open", "left open"], []),
        (["", *ON_THE_WAY], ["left open"], []),
        ([*WHOLE, *ON_THE_WAY, ""], WHOLE, WHOLE),
        ([*WHOLE, *ON_THE_WAY, "", "3", "-", *[""] * 5], ["left open", "left open"], []),
        ([*WHOLE, *ON_THE_WAY, "", "2", "-", *[""] * 5], ["left open"], []),
        (["2023-05-14", "", *ON_THE_WAY, "3", "2023-05-20", *[""] * 6], WHOLE, WHOLE),
        (["2023-05-14", "", *ON_THE_WAY, "2", "", *[""] * 5], ["left open"], []),
        (["2023-05-14", "", *ON_THE_WAY, "2", "2023-05-14", "", *[""] * 5], ["left open", "left open"], []),
        (["2023-05-14", "", *ON_THE_WAY, "1", "PT", "2023-05-14", "2023-05-20", *[""] * 6], WHOLE, WHOLE),
        (["2023-05-14", "", "<", "2023-05-20", *ON_THE_WAY, ""], WHOLE, WHOLE),
        (["2023-05-14", "", "<", "<", "", "2023-05-20", *ON_THE_WAY, ""], WHOLE, WHOLE),
        (["2023-05-14", "", *ON_THE_WAY, "3", "<", "", "2023-05-20", *[""] * 6], WHOLE, WHOLE),
    ],
)
def test_list_file_and_command_say_the_same(
    tmp_path: Path, lines: Sequence[str], shown: Sequence[str], stated: Sequence[str]
) -> None:
    """What is left open is open in the list of answers, in the saved file and in the command: one verdict, one status.

    Also where it was left open later, or answered then.
    """
    out, saved = tmp_path / "verdict.json", tmp_path / "trip.yaml"
    talk = Conversation("--format", "json", out=out, term=DUMB)
    talk.expect("Host country")
    talk.child.send("".join(f"{line}\r" for line in ("PT", *lines, f"save {saved}", "")))
    status = talk.end()
    last_list = plain(talk.seen).rpartition(" 1  Host country")[2]

    assert re.findall(r"\d  Day of \w+: (.*?)\r?\n", last_list) == list(shown)
    assert re.findall(r'"(?:arrival|departure)": "(.*)"', saved.read_text()) == list(stated)
    assert ("be asked for what is open" in plain(talk.seen)) == (not stated)
    verdict = status, out.read_text(encoding="utf-8")
    assert verdict == output_of(talk.command)
    assert verdict == output_of(["check", "--format", "json", str(saved)])
    assert status == (0 if stated else 3)


def test_command_of_a_saved_trip(tmp_path: Path) -> None:
    """It has the options of the conversation: they count for the verdict, and dates are written in the form of one."""
    saved, told, out = tmp_path / "my trip.yaml", tmp_path / "nothing.json", tmp_path / "verdict.json"
    told.write_text("{}")
    options = ["--rulebook", "eccp", "--strict", "--date-format", "D.M.YYYY", "--format", "json"]
    talk = Conversation(*options, "--", str(told), out=out, size=(24, 60), term=DUMB)
    for question, text in zip(QUESTION_WORDS, ("PT", "14.5.2023", "18.5.2023", "", "yes", *[""] * 3), strict=False):
        talk.answer(question, text)
    talk.answer(AT_THE_END, f"save {saved}", "To check it again:\r\n")
    talk.answer(AT_THE_END, "")
    status = talk.end()
    (command,) = re.findall(r"\n  cxc (check[^\r\n]*)", plain(talk.seen))

    assert shlex.split(command) == ["check", *options, str(saved), "--"]
    assert output_of(shlex.split(command)) == (status, out.read_text(encoding="utf-8")) == output_of(talk.command)


def test_file_of_a_trip_that_is_changed_afterwards(tmp_path: Path) -> None:
    """It is said that the file has the answers of before. A name that begins with - is no option of the command."""
    talk = Conversation(program=("env", "-C", str(tmp_path), str(CXC), "check", "-q"), term=DUMB)
    for question, text in zip(QUESTION_WORDS, ("PT", "2023-05-14", "2023-05-18", "", "yes", *[""] * 3), strict=False):
        talk.answer(question, text)
    talk.answer(AT_THE_END, "save -my trip", "cxc check -q './-my trip.yaml'")
    talk.answer(AT_THE_END, "<", "-my trip.yaml keeps the answers as they were. Save again under another name.")
    talk.answer("Is the visitor a member of a cluster?", "none")
    talk.answer(AT_THE_END, "1", "So far: PT")
    talk.answer("Host country", "cancel", "cxc: stopped")

    assert talk.end() == 130
    assert talk.seen.count("keeps the answers") == 1
    assert output_of(["check", "-q", str(tmp_path / "-my trip.yaml")])[0] == 0


@pytest.mark.parametrize(
    ("stated", "asked", "other"),
    [(("--arrival", "2023-05-14"), "Day of departure", "arrival"),
     (("--departure", "2023-05-20"), "Day of arrival", "departure")],
)  # fmt: skip
def test_a_date_whose_other_one_is_stated(stated: tuple[str, str], asked: str, other: str) -> None:
    """It cannot be left open: the trip would be refused in the end, and what an option states is not open."""
    talk = Conversation("--to", "PT", *stated, term=DUMB)
    day = "2023-05-20" if other == "arrival" else "2023-05-14"
    talk.answer(f"{asked} (needed with {other}): ", "", f"needed together with {other}, which is stated")
    talk.answer(asked, "-", "is not a date of the form")
    talk.answer(asked, day)
    talk.answer("Is the host a member of a cluster?", "<", f"So far: {day} (Enter: keep it)\r\n")
    talk.answer(asked, "-", f"needed together with {other}, which is stated")
    talk.answer(asked, "")
    talk.answer("Is the host a member of a cluster?", "yes")
    talk.expect("Eligible: EUR 780.00")

    assert talk.end() == 0
    assert "left open" not in talk.seen


def test_cancel_at_the_end() -> None:
    """Nothing is checked."""
    talk = Conversation(term=DUMB)
    for question, text in zip(QUESTION_WORDS, ("PT", "2023-05-14", "2023-05-18", "", "yes", "", "", ""), strict=False):
        talk.answer(question, text)
    talk.answer(AT_THE_END, "cancel", "cxc: stopped")

    assert talk.end() == 130
