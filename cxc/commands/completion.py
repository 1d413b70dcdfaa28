"""What the shell completes where Tab is pressed: words, each with what it means, that begin with what is typed.

Where nothing is given, the shell completes names of files. Nothing is loaded for it but what a command loads anyway:
who presses Tab does not want to wait.
"""

import re
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Final

import typer

Word = tuple[str, str]

_DATA: Final = Path(__file__).parent.parent / "data"
_COUNTRY: Final = r"(?m)^  ([A-Z]{2}):\n    name: (.+)$"
_PLAIN: Final = r"[\w./~+-]+"  # what no shell needs quotes for
_YAML: Final = (".yaml", ".yml")


def one_of(choices: Iterable[str]) -> Callable[[str], list[Word]]:
    """The completion of a value that is one of a few words."""
    words = [(choice, "") for choice in choices]
    return lambda incomplete: words


def countries(incomplete: str) -> list[Word]:
    """Countries: code with name, or the name once more than a code is typed."""
    text = (_DATA / "countries.yaml").read_text(encoding="utf-8")
    return _coded(re.findall(_COUNTRY, text), incomplete)


def rules(incomplete: str) -> list[Word]:
    """Rules: code with name, or the name once that is typed."""
    from cxc.rules import RULE_NAMES

    return _coded(RULE_NAMES.items(), incomplete)


def rulebooks(incomplete: str) -> list[Word]:
    """The rulebooks that come with cxc, and YAML files of the folder that is typed."""
    shipped = [(path.stem, "comes with cxc") for path in sorted((_DATA / "rulebooks").glob("*.yaml"))]
    folder, slash, begin = incomplete.rpartition("/")
    try:
        names = [path.name for path in sorted(Path(f"{folder}{slash}" or ".").iterdir()) if path.suffix in _YAML]
    except OSError:
        names = []
    shown = [name for name in names if name.startswith(begin) and name.startswith(".") <= begin.startswith(".")]
    files = [f"{folder}{slash}{name}" for name in shown]
    return [*shipped, *((file, "a file of your own") for file in files if re.fullmatch(_PLAIN, file))]


def reports(context: typer.Context, incomplete: str) -> list[Word]:
    """The formats of --report, which are those of --format, each with the sign before its file."""
    formats = next(option.type for option in context.command.params if option.name == "format")
    return [(f"{format}=", "") for format in getattr(formats, "choices", ())]


def _coded(names: Iterable[Word], incomplete: str) -> list[Word]:
    """Codes with their names; if none begins with what is typed, names with their codes. In small letters if typed so.

    >>> _coded([("PT", "Portugal"), ("XK", "North Land")], "p"), _coded([("XK", "North Land")], "No")
    ([('pt', 'Portugal')], [('North-Land', 'XK')])
    """
    for words in (names, [(name.replace(" ", "-"), code) for code, name in names]):
        typed = [(word.lower() if incomplete.islower() else word, meaning) for word, meaning in words]
        found = [(word, meaning) for word, meaning in typed if word.startswith(incomplete)]
        if found:
            return found
    return []
