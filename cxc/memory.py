"""Remembering what was found out once, within bounds: memory must not grow with a table."""

from collections.abc import Callable
from typing import Final, Generic, TypeVar

Key = TypeVar("Key")
Value = TypeVar("Value")

MOST_REMEMBERED: Final = 20_000


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
