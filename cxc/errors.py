"""What can go wrong, as a tree.

    CxcError
    ├── DataError        a country table, a rulebook or another data file is wrong: file, line, what is allowed
    ├── UnknownCountry   a text that names no country, with the nearest names
    ├── SeveralCountries a name that two countries have in some language, with both
    ├── ListOfCountries  a text that names several countries, one beside the other
    ├── PartOfCountry    a text that names what belongs to a country, of which the scheme says nothing
    ├── UnknownPlace     a text that names no place, or more than one, and what to write instead
    ├── Unacceptable     a text that cannot be read as its field, and what the field accepts
    ├── UnreadableFile   a workbook or a Parquet file that is not read, and why
    ├── NotInstalled     what was asked for needs packages that are not here, and how to install them
    └── InputError       what the user gave cannot be read
        ├── TripError    a trip cannot be read: one problem or more, each with its field
        └── NotAReceipt  a document that is no saved verdict, or not one that this version reads

UnknownPlace, Unacceptable and UnreadableFile say no more than why: whoever knows the field or the file catches them and
names it, so they reach no user. A trip that is not eligible is no error: it is a verdict.
"""

from collections.abc import Callable, Sequence
from typing import NamedTuple


class CxcError(Exception):
    """The root of everything that the product raises on purpose. Its text is a sentence for a facilitator."""


class DataError(CxcError):
    """A data file is wrong at a place: `file`, `line` (from 1, 0 where the whole file is meant) and `message`."""

    def __init__(self, file: str, line: int, message: str) -> None:
        self.file, self.line, self.message = file, line, message
        super().__init__(f"{file}:{line}: {message}" if line else f"{file}: {message}")


class UnknownCountry(CxcError):
    """A text names no country. `look` takes its time and finds the names that come closest, best first, or none."""

    def __init__(self, text: str, look: Callable[[], tuple[str, ...]]) -> None:
        self.look = look
        super().__init__(f"{text!r} is not a known country")


class SeveralCountries(CxcError):
    """A text names more than one country, each `named` with its code."""

    def __init__(self, text: str, named: Sequence[str]) -> None:
        self.named = tuple(named)
        super().__init__(f"{text!r} stands for {' and for '.join(named)}; write the two-letter code")


class ListOfCountries(CxcError):
    """A text names several countries, one beside the other, such as RO/PT."""

    def __init__(self, text: str) -> None:
        super().__init__(f"{text!r} names several countries; write one of them")


class PartOfCountry(CxcError):
    """A text names what belongs to a country and has a code of its own, such as Réunion or Jersey."""

    def __init__(self, part: str, country: str) -> None:
        super().__init__(
            f"{part} has a code of its own, apart from {country}, and the scheme's pages do not say whether it takes "
            f"part; write {country} if the partnership says so"
        )


class UnknownPlace(CxcError):
    """A text names no place, or more than one. Says what to write, without naming the field or the text.

    `bare` says so without the places that come closest; looking for these, with `look`, takes its time.
    """

    def __init__(self, bare: str, look: Callable[[], str] | None = None) -> None:
        self.bare, self.look = bare, look
        super().__init__(bare)

    def __str__(self) -> str:
        return self.bare if self.look is None else self.look()


class Unacceptable(CxcError):
    """A text that a field does not accept; says what it accepts, without naming the field."""


class UnreadableFile(CxcError):
    """A workbook or a Parquet file that is not read; says why, without naming it."""


class NotInstalled(CxcError):
    """What was asked for needs the packages of the extra `fast`, and they are not here or too old.

    `wanted` is a sentence without its full stop, such as "trips.parquet is a Parquet file".
    """

    def __init__(self, wanted: str) -> None:
        super().__init__(f"{wanted}, which needs more packages; install them with: pip install polars narwhals")


class InputError(CxcError):
    """What the user gave cannot be read: an option, a file, a table."""


class Problem(NamedTuple):
    """One thing in a trip that cannot be read: the `field`, its `value` as given (None: none), and a sentence.

    `of_days` alone: what is stated was read, but its days or fields do not go together. Such a sentence holds nothing
    but days and names of fields, while any other may hold whatever somebody wrote.
    """

    field: str
    value: str | None
    message: str
    of_days: bool = False


class TripError(InputError):
    """A trip that cannot be read, with every problem found, in the order of the fields."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        self.problems = problems
        super().__init__(" ".join(problem.message for problem in problems))


class NotAReceipt(InputError):
    """A document is no saved verdict, or not one that this version reads; the text says why."""
