"""Country tables and rulebooks as files to check."""

from pathlib import Path

from cxc.errors import DataError
from cxc.scheme import data_files
from cxc.scheme.countries import load_countries
from cxc.scheme.loading import load_scheme
from cxc.scheme.rulebook import SCHEME_WIDE, load_rulebook
from cxc.text import clean


def check_file(file: str) -> str:
    """A sentence that says what a sound file holds. Raises DataError with file and line for any other."""
    path = Path(file)
    node = data_files.parse(data_files.decode(data_files.read(path), file), file)
    keys = set(node) if isinstance(node, data_files.Fields) else set()
    if "rulebook" in keys:
        # By its path, so that a file called like a shipped rulebook is the file.
        book = load_scheme(str(path if len(path.parts) > 1 else Path.cwd() / path)).rulebook
        base = f", extends {book.extends}" if book.extends else ""
        return f"{clean(file)}: sound; the rulebook {book.name}{base}"
    if "countries" in keys:
        table = load_countries(path, load_rulebook(SCHEME_WIDE).bounds)
        return f"{clean(file)}: sound; a table of {len(table.by_code)} countries"
    raise DataError(file, 0, "this is neither a rulebook (key 'rulebook') nor a country table (key 'countries')")
