"""Country tables and rulebooks as files to check, and the data that is shipped."""

import os
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import takewhile
from pathlib import Path
from typing import NamedTuple

from cxc.errors import DataError
from cxc.scheme import data_files
from cxc.scheme.countries import DATA, load_countries
from cxc.scheme.data_files import Fields, Node, Text
from cxc.scheme.loading import Scheme, load_scheme
from cxc.scheme.rulebook import SCHEME_WIDE, Rulebook, load_rulebook
from cxc.scheme.stated import StatedValue, value_of_table, values_in
from cxc.text import clean


class SoundFile(NamedTuple):
    """A data file without a fault: its name, what it holds in a few words, its values, and the files that were read.

    `notices` are what its author may not have meant, each with its place.
    """

    name: str
    holds: str
    values: Sequence[StatedValue]
    files: tuple[Path, ...]
    notices: tuple[str, ...] = ()


def check_file(file: str) -> list[SoundFile]:
    """A country table, or a rulebook with the CSV of amounts beside it. Raises DataError with file and line."""
    path = Path(file)
    node = data_files.parse(data_files.decode(data_files.read(path), file), file)
    stated = node if isinstance(node, Fields) else Fields()
    if "rulebook" in stated:
        # As a path, so that a file called like a shipped rulebook is the file.
        scheme = load_scheme(os.path.join(os.curdir, file))
        book = scheme.rulebook
        base = f", extends {book.extends}" if book.extends else ""
        holds, values = f"the rulebook {book.name}{base}", tuple(values_in(stated, book.reduced_to_percent))
        checked = SoundFile(clean(file), holds, values, book.files, tuple(_never_paid(scheme)))
        return [checked, *_amounts_beside(path, stated.get("lump_sums"), book)]
    if "countries" in stated:
        table = load_countries(path, load_rulebook(SCHEME_WIDE).bounds)
        number = len(table.by_code)
        holds = f"a table of {number} {'country' if number == 1 else 'countries'}"
        return [SoundFile(clean(file), holds, tuple(values_in(stated, table.origin.percent)), (path,))]
    raise DataError(file, 0, "this is neither a rulebook (key 'rulebook') nor a country table (key 'countries')")


def _never_paid(scheme: Scheme) -> Iterable[str]:
    """The lump sums of a rulebook for countries that take no part. With another country table they may be meant."""
    book = scheme.rulebook
    for code in book.lump_sums:
        country = scheme.countries.by_code[code]
        if country.status == "not-participating":
            yield (
                f"{book.amounts_at[code]}: with the country table that comes with cxc, this lump sum is never paid: "
                f"{country.name} ({code}) takes no part in {book.scheme.programme}"
            )


def _amounts_beside(path: Path, lump_sums: Node | None, book: Rulebook) -> Iterable[SoundFile]:
    """The CSV of amounts that a sound rulebook names as its lump sums, as a file of its own."""
    if isinstance(lump_sums, Text):
        from cxc.scheme.amounts_csv import rows_of

        beside = path.parent / clean(lump_sums)
        rows = rows_of(data_files.read(beside), beside)
        values = [value for code, row in rows for value in values_in(row.fields, book.reduced_to_percent, (code,))]
        yield SoundFile(clean(str(beside)), f"the lump sums of the rulebook {book.name}", tuple(values), (beside,))


def shipped_files() -> list[SoundFile]:
    """Every data file that comes with the product."""
    paths = (DATA / "countries.yaml", *sorted(DATA.glob("rulebooks/*.yaml")))
    written = [file for path in paths for file in check_file(str(path))]
    named = [file._replace(name=file.files[-1].relative_to(DATA).as_posix()) for file in written]
    return [*named, *(_made(path.name, [path]) for path in sorted(DATA.glob("*.csv"))), *_folders()]


def _folders() -> Iterable[SoundFile]:
    """The folders of tables of one kind, a table for each country."""
    for folder in sorted({path.parent for path in DATA.glob("*/*.tsv")}):
        yield _made(f"{folder.name}/", sorted(folder.glob("*.tsv")))


def _made(name: str, paths: Sequence[Path]) -> SoundFile:
    """Tables of one kind that a script made: one value for all that were made of the same on the same day."""
    headings = [_heading(path) for path in paths]
    alike = Counter(map(value_of_table, headings))
    if len(paths) == 1:
        return SoundFile(name, " ".join(re.split(r"[.,:]\s", headings[0])[0].split()), tuple(alike), tuple(paths))
    values = [value._replace(name=f"{number} tables") for value, number in alike.items()]
    return SoundFile(name, "a table for each country", values, tuple(paths))


def _heading(path: Path) -> str:
    """The lines of comment with which a table begins, without their signs."""
    lines = takewhile(lambda line: line.startswith("#"), path.read_text(encoding="utf-8").splitlines())
    return "".join(f"{line.removeprefix('#').strip()}\n" for line in lines)
