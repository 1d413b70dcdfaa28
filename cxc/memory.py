"""Remembering what was found out once, within bounds: memory must not grow with a table."""

from collections.abc import Callable
from typing import Final, Generic, TypeVar

Key = TypeVar("Key")
Value = TypeVar("Value")

MOST_REMEMBERED: Final = 20_000
MOST_SOUGHT: Final = 100
LONGEST_SOUGHT: Final = 200  # letters


class Bounded(dict[Key, Value], Generic[Key, Value]):
    """What was found out. It forgets everything before it grows too large."""

    def keep(self, key: Key, value: Value) -> Value:
        """Remember a value, and give it back."""
        if len(self) >= MOST_REMEMBERED:
            self.clear()
        self[key] = value
        return value


class Memory(Bounded[Key, Value]):
    """What something comes to, found out at the first question.

    >>> lengths = Memory(len)
    >>> lengths["Medvia"], list(lengths)
    (6, ['Medvia'])
    """

    def __init__(self, find: Callable[[Key], Value]) -> None:
        super().__init__()
        self._find = find

    def __missing__(self, key: Key) -> Value:
        return self.keep(key, self._find(key))


class Sought(dict[str, Value], Generic[Value]):
    """What comes closest to texts that cannot be read. It is looked for once for each, and for so many of them alone.

    Looking takes a thousand times as long as reading: a table full of slips would take hours.
    """

    def near(self, text: str, look: Callable[[], Value]) -> Value | None:
        """What comes closest to a text; None for a very long one, and once so many were looked for."""
        if text not in self and len(self) < MOST_SOUGHT and len(text) <= LONGEST_SOUGHT:
            self[text] = look()
        return self.get(text)
