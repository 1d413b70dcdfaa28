"""`cxc.yaml`: options that a folder states once, so that nobody types them again and again.

It is read from the current folder alone, or named with --config. An option that is typed wins over it.
"""

import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final, NamedTuple

from cxc.errors import InputError
from cxc.scheme.data_files import Items, Section, Text, read, section_in
from cxc.text import clean, listed

NAME: Final = "cxc.yaml"


class Config(NamedTuple):
    """The `file` and the `values` of its options, by their names with underscores."""

    file: str
    values: Mapping[str, object]


def config(file: str | None) -> Config | None:
    """What a file states, without one that in the current folder, if there is one. Raises InputError, DataError."""
    if file is None and not os.path.lexists(NAME):
        return None
    path = Path(NAME if file is None else file)
    section = section_in(read(path), str(path))
    values = {key.replace("-", "_"): read(section, key, path.parent) for key, read in KEYS.items() if section.has(key)}
    section.close()
    return Config(str(path), values)


def _text(section: Section, key: str, folder: Path) -> object:
    return section.text(key)


def _file(section: Section, key: str, folder: Path) -> object:
    return str(folder / section.text(key))


def _files(section: Section, key: str, folder: Path) -> object:
    texts = section.texts(key) if isinstance(section.node(key), Items) else (section.text(key),)
    return [str(folder / text) for text in texts]


def _rulebook(section: Section, key: str, folder: Path) -> object:
    from cxc.scheme.rulebook import shipped

    text = section.text(key)
    return text if text in shipped() else str(folder / text)


def _columns(section: Section, key: str, folder: Path) -> object:
    """Headings of one's own: a mapping of them to fields, or a file of such."""
    if isinstance(section.node(key), Text):
        return [str(folder / section.text(key))]
    columns = section.section(key)
    return [f"{heading}={columns.text(heading)}" for heading in columns.names()]


def _yes_or_no(section: Section, key: str, folder: Path) -> object:
    return section.choice(key, _WORDS) in ("yes", "true")


_WORDS: Final = ("yes", "no", "true", "false")
KEYS: Final[Mapping[str, Callable[[Section, str, Path], object]]] = {
    "rulebook": _rulebook,
    "countries": _file,
    "history": _files,
    "budget": _text,
    "map": _columns,
    "date-format": _text,
    "history-date-format": _text,
    "strict": _yes_or_no,
}


def configured(given: dict[str, Any], typed: Callable[[str], bool]) -> str | None:
    """Put into what was `given` for the options of a command what the file states and was not `typed`.

    Gives the sentence that tells of it, None where there is no file; `given` then names the file under `config`.
    """
    if given["no_config"] and given["config"] is not None:
        raise InputError("--no-config and --config: give one of them, not both")
    found = None if given["no_config"] else config(given["config"])
    if found is None:
        return None
    given["config"] = found.file
    taken = [name for name in found.values if name in given and not typed(name)]
    given |= {name: found.values[name] for name in taken}
    options = listed([f"--{name.replace('_', '-')}" for name in taken], "and") if taken else "none"
    return f"Options from {clean(found.file)}: {options}."
