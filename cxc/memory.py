"""Remembering what was found out once, within bounds: memory must not grow with a table."""

from collections.abc import Callable
from typing import Final, Generic, TypeVar

Key = TypeVar("Key")
Value = TypeVar("Value")

MOST_REMEMBERED: Final = 20_000


class Memory(dict[Key, Value], Generic[Key, Value]):
    """What something comes to, found out at the first question. It forgets everything before it grows too large.

    >>> lengths = Memory(len)
    >>> lengths["Medvia"], list(lengths)
    (6, ['Medvia'])
    """

    def __init__(self, find: Callable[[Key], Value]) -> None:
        super().__init__()
        self._find = find

    def __missing__(self, key: Key) -> Value:
        value = self._find(key)
        if len(self) >= MOST_REMEMBERED:
            self.clear()
        self[key] = value
        return value
