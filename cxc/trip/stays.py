"""The stays of one visitor, and which of them overlap."""

import datetime

from cxc.trip.stay import Stay

MOST_OVERLAPS = 3  # that are told of one stay


class Stays:
    """The stays of one visitor, and which of them overlap; the time that one more takes does not grow with them.

    The calendar is halved again and again: a block is the whole of it, a half of a block, or at last a day. A stay is
    made of a few blocks that do not lie in one another. Two stays overlap where a block of the one is a block of the
    other, or lies in it.
    """

    def __init__(self) -> None:
        self._rows: list[int] = []
        # The first stays that are made of a block, and the first that are made of it or of a block in it.
        self._made_of: dict[int, list[int]] = {}
        self._touching: dict[int, list[int]] = {}

    def add(self, stay: Stay, row: int) -> list[int]:
        """Add the stay of a row. Gives the rows of the first ones that share a day on site with it, a few at most."""
        blocks = _blocks(stay)
        around = {block >> halvings for block in blocks for halvings in range(block.bit_length())}
        found = {number for block in blocks for number in self._touching.get(block, ())}
        found.update(number for block in around for number in self._made_of.get(block, ()))
        for kept, where in ((self._made_of, blocks), (self._touching, around)):
            for block in where:
                numbers = kept.setdefault(block, [])
                if len(numbers) < MOST_OVERLAPS:
                    numbers.append(len(self._rows))
        self._rows.append(row)
        return [self._rows[number] for number in sorted(found)[:MOST_OVERLAPS]]


def _blocks(stay: Stay) -> list[int]:
    """The blocks that a stay is made of. Block 1 is the calendar, and the halves of block n are 2n and 2n + 1."""
    low, high = _DAYS + stay.first.toordinal(), _DAYS + stay.last.toordinal() + 1
    blocks = []
    while low < high:
        if low & 1:
            blocks.append(low)
            low += 1
        if high & 1:
            high -= 1
            blocks.append(high)
        low, high = low >> 1, high >> 1
    return blocks


_DAYS = 1 << datetime.date.max.toordinal().bit_length()  # so many days, and as many blocks of one day
