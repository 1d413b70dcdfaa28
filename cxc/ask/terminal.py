"""One line of an answer in a terminal: asked on standard error, so that standard output may go to a file.

With prompt_toolkit the arrow keys edit it, earlier answers come back, and Tab completes. A terminal that calls itself
dumb reads it plainly.
"""

import os
import signal
import sys
from collections.abc import Callable, Iterable
from typing import NamedTuple


class Word(NamedTuple):
    """A word that completes what was typed so far, and how it is listed among others."""

    text: str
    listed_as: str


Offers = Callable[[str], Iterable[Word]]
AskLine = Callable[[str, Offers], str]  # raises EOFError at the end of the input, KeyboardInterrupt at Ctrl-C

_DUMB = ("dumb", "unknown")
_USUAL_WIDTH = 80


def is_dumb() -> bool:
    """Whether the terminal can only print one line after the other."""
    return os.environ.get("TERM", "").lower() in _DUMB


def width() -> int:
    """Columns of the terminal; the usual number where it does not tell."""
    return os.get_terminal_size(sys.stderr.fileno()).columns or _USUAL_WIDTH


def line_asker() -> AskLine:
    """What asks for a line in this terminal."""
    return _plain_line if is_dumb() else _edited_lines()


def _plain_line(prompt: str, _offers: Offers) -> str:
    print(prompt, end="", file=sys.stderr, flush=True)
    try:
        line = sys.stdin.buffer.readline()
    except KeyboardInterrupt:
        print(file=sys.stderr)
        raise
    if not line:
        print(file=sys.stderr)
        raise EOFError
    return line.decode(sys.stdin.encoding, "replace")


def _edited_lines() -> AskLine:
    # Some terminals do not answer where the cursor is; it need not be known for one line.
    os.environ.setdefault("PROMPT_TOOLKIT_NO_CPR", "1")
    from prompt_toolkit import PromptSession
    from prompt_toolkit.completion import CompleteEvent, Completer, Completion
    from prompt_toolkit.document import Document
    from prompt_toolkit.input import create_input
    from prompt_toolkit.output import create_output
    from prompt_toolkit.shortcuts import CompleteStyle

    class Words(Completer):
        def __init__(self, offers: Offers) -> None:
            self._offers = offers

        def get_completions(self, document: Document, _: CompleteEvent) -> Iterable[Completion]:
            typed = document.text_before_cursor
            for word in self._offers(typed):
                yield Completion(word.text, start_position=-len(typed), display=word.listed_as)

    session: PromptSession[str] = PromptSession(
        input=create_input(sys.stdin),
        output=create_output(sys.stderr),
        complete_style=CompleteStyle.READLINE_LIKE,  # a list printed once, which a screen reader reads as it stands
        enable_suspend=True,
    )

    def stop() -> None:
        if session.app.future is not None and not session.app.future.done():
            session.app.exit(exception=KeyboardInterrupt)

    def ask_line(prompt: str, offers: Offers) -> str:
        # Ctrl-C is a key while the line is edited. A moment before or after it is a signal, which must not strike in
        # the middle of asyncio: it is kept until it does no harm.
        pressed: list[int] = []

        def interrupt(number: int, _: object) -> None:
            pressed.append(number)
            if session.app.loop is not None:
                session.app.loop.call_soon_threadsafe(stop)

        former = signal.signal(signal.SIGINT, interrupt)
        try:
            line = session.prompt(
                prompt, completer=Words(offers), handle_sigint=False, pre_run=lambda: stop() if pressed else None
            )
        finally:
            signal.signal(signal.SIGINT, former)
        if pressed:
            raise KeyboardInterrupt
        return line

    return ask_line
