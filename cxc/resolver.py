"""Asks functions by the names of what they read, each once for each distinct combination of it.

A function says by its parameters what it reads: fields of a trip, what other functions answer, limits. Fields and
answers become numbered values, and rows lists of numbers. A function of one thing costs nothing for each row: it is
asked once for each distinct value. Rows are touched only where two things meet, to number the pairs that occur. What
holds the rows is asked for no more than that: to look numbers up, and to number combinations. So a trip is a table of
one row, and a table of any size is judged by the very functions that judge a trip.

What cannot be read is one value, number 0: whatever is asked about it is that value again, without asking.

>>> def total(price: int, pieces: int) -> int:
...     return price * pieces
>>> resolver = Resolver({"total": total}, {"price": 3})
>>> pieces = resolver.field("pieces")
>>> rows = ListedRows(resolver, {"pieces": [pieces.numbers[value] for value in (2, 5, 2)]}, 3)
>>> rows.values("total")
[6, 15, 6]
"""

from abc import ABC, abstractmethod
from array import array
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from functools import partial
from itertools import chain, compress, count, filterfalse, islice, product, repeat, starmap
from operator import itemgetter
from typing import Final, Generic, NamedTuple, TypeVar, overload

Value = TypeVar("Value")

UNREADABLE: Final = 0
MOST_NUMBERED: Final = 4_000_000  # values and combinations; a table of more distinct ones begins anew with a block


class Unreadable:
    """The value that stands for whatever cannot be read."""


NOTHING_READ: Final = Unreadable()


class Combinations(dict[tuple[int, ...], int]):
    """Numbers of combinations, given as they are first met."""

    def __init__(self) -> None:
        super().__init__()
        self.by_number: list[tuple[int, ...]] = []

    def __missing__(self, combination: tuple[int, ...]) -> int:
        number = self[combination] = len(self.by_number)
        self.by_number.append(combination)
        return number

    def of(self, combinations: Sequence[tuple[int, ...]]) -> Iterable[int]:
        """The numbers of several combinations, all of them different."""
        new = [*filterfalse(self.__contains__, combinations)]
        self.update(zip(new, count(len(self.by_number)), strict=False))
        self.by_number += new
        return map(self.__getitem__, combinations)


class Node:
    """Something with numbered values. `carrier` is the node whose number decides this one's."""

    carrier: "Node"
    values: list[object]

    @property
    def count(self) -> int:
        """How many numbers were given."""
        return len(self.values)


class _Numbers(dict[object, int]):
    """Numbers of values, given as they are first met. The values of one node are of one kind, beside None."""

    def __init__(self, values: list[object]) -> None:
        super().__init__({NOTHING_READ: UNREADABLE})
        self._values = values

    def __missing__(self, value: object) -> int:
        number = self[value] = len(self._values)
        self._values.append(value)
        return number


class _Numbered(Node):
    def __init__(self) -> None:
        self.carrier = self
        self.values = [NOTHING_READ]
        self.numbers = _Numbers(self.values)


class Field(_Numbered):
    """A field of a trip, whose values come with the rows."""


class Constant(Node):
    """A value that is the same in every row: a limit, or a field that a table has no column for."""

    def __init__(self, value: object) -> None:
        self.carrier, self.value = self, value
        self.values = [NOTHING_READ, value]


class Joint(Node):
    """Several nodes together: a number for each combination that occurs."""

    def __init__(self, inputs: tuple[Node, ...]) -> None:
        self.carrier, self.inputs, self.memory = self, inputs, Combinations()

    @property
    def count(self) -> int:
        return len(self.memory.by_number)


class Function(_Numbered):
    """What a function answers. `reads` are the nodes of its parameters; `inputs` those that change, and the carrier
    decides them all.

    Answers that are equal share a number, unless they are `distinct`: then those to equal combinations alone do.
    """

    def __init__(
        self, function: Callable[..., object], reads: Sequence[Node], carrier: Node | None, distinct: bool
    ) -> None:
        super().__init__()
        self._function, self._reads, self.inputs = function, reads, _changing(reads)
        self.distinct, self.carrier = distinct, carrier or self
        self.of: list[int] = []
        self._by_value: list[int] = []  # by the values of an only input
        self._answered = _Answered(self)

    def fill(self) -> list[int]:
        """The function's own number for each number of its carrier."""
        of, carrier = self.of, self.carrier
        begin, end = len(of), carrier.count
        if begin < end:
            if isinstance(carrier, Joint) and carrier.inputs == self.inputs:
                of += self._asked_all([*zip(*carrier.memory.by_number[begin:end], strict=True)])
            elif len(self.inputs) == 1:
                carried = _carried(self.inputs[0], carrier, begin, end)  # before: it may give new values
                of += picker(carried)(self._of_values())
            else:  # several numbers of the carrier may be one combination here
                columns = [_carried(node, carrier, begin, end) for node in self.inputs]
                of += map(self._answered.__getitem__, zip(*columns, strict=True))
        return of

    def _of_values(self) -> list[int]:
        """The numbers of the answers to all values of the only input."""
        answered, (node,) = self._by_value, self.inputs
        if not answered:
            answered.append(UNREADABLE)
        if len(answered) < node.count:
            answered += self._asked_all([range(len(answered), node.count)])
        return answered

    def _asked_all(self, columns: Sequence[Sequence[int]]) -> Iterable[int]:
        """The numbers of the answers to combinations that were never asked before."""
        unreadable = {at for column in columns if UNREADABLE in column for at in _unreadable(column)}
        if unreadable:
            readable = bytearray(b"\1") * len(columns[0])
            for at in unreadable:
                readable[at] = 0
            answered = [*self._asked_all([[*compress(column, readable)] for column in columns])]
            return _with_unreadable(answered, sorted(unreadable))
        answers = map(self._function, *self._given(columns))
        if not self.distinct:
            return map(self.numbers.__getitem__, answers)
        first = len(self.values)
        self.values += answers
        return range(first, len(self.values))

    def _given(self, columns: Iterable[Sequence[int]]) -> list[Iterable[object]]:
        """What the function is given for its parameters, by the numbers of those that change."""
        numbers = iter(columns)
        return [
            repeat(node.value) if isinstance(node, Constant) else map(node.values.__getitem__, next(numbers))
            for node in self._reads
        ]

    def asked(self, combination: tuple[int, ...]) -> int:
        """The number of the answer to a combination."""
        if UNREADABLE in combination:
            return UNREADABLE
        numbers = iter(combination)
        answer = self._function(*[
            node.value if isinstance(node, Constant) else node.values[next(numbers)] for node in self._reads
        ])  # fmt: skip
        if self.distinct:
            self.values.append(answer)
            return len(self.values) - 1
        return self.numbers[answer]


class _Answered(dict[tuple[int, ...], int]):
    """The numbers of a function's answers, asked as combinations are first met."""

    def __init__(self, function: Function) -> None:
        super().__init__()
        self._function = function

    def __missing__(self, combination: tuple[int, ...]) -> int:
        number = self[combination] = self._function.asked(combination)
        return number


class Each(Function):
    """What a function answers that is asked of every row: it is asked sooner than a combination is looked up."""

    def __init__(self, function: Callable[..., object], reads: Sequence[Node]) -> None:
        super().__init__(function, reads, None, distinct=False)

    def of_rows(self, columns: Sequence[Sequence[int]]) -> list[int]:
        """The numbers of the answers, row by row."""
        return [*self._asked_all(columns)]

    def of_all(self) -> list[int]:
        """The numbers of the answers to all combinations of values that were numbered, in order."""
        values = [[node.value] if isinstance(node, Constant) else node.values[1:] for node in self._reads]
        answers = map(self.numbers.__getitem__, starmap(self._function, product(*values)))
        found, (*others, last) = list[int](), [node.count for node in self.inputs]
        for combination in product(*map(range, others)):
            if UNREADABLE in combination:
                found += [UNREADABLE] * last
            else:
                found += [UNREADABLE, *islice(answers, last - 1)]
        return found


AnyFunction = TypeVar("AnyFunction", bound=Callable[..., object])


def asked_of_each(function: AnyFunction) -> AnyFunction:
    """A function that is quick, and reads what is seldom the same in two rows: it is asked of every row."""
    _QUICK.add(function)
    return function


_QUICK: Final[set[Callable[..., object]]] = set()


class Conditional(_Numbered):
    """What a node says of the rows of which a condition holds, and None of all others: it is asked of those alone."""

    def __init__(self, condition: Node, then: _Numbered) -> None:
        self.carrier, self.condition, self.then = self, condition, then
        self.values, self.numbers = then.values, then.numbers

    @property
    def holds(self) -> list[bool]:
        """Whether the condition holds, by the number of what it answers."""
        return [value is not NOTHING_READ and bool(value) for value in self.condition.values]


def _unreadable(column: Sequence[int]) -> list[int]:
    return [at for at, number in enumerate(column) if number == UNREADABLE]


def _with_unreadable(numbers: Sequence[int], places: Sequence[int]) -> list[int]:
    """Numbers with what cannot be read among them, at these places of the whole."""
    whole, begin = list[int](), 0
    for put, at in enumerate(places):
        whole += numbers[begin : at - put]
        whole.append(UNREADABLE)
        begin = at - put
    return [*whole, *numbers[begin:]]


def _carried(node: Node, carrier: Node, begin: int, end: int) -> Sequence[int]:
    """A node's numbers for some numbers of a carrier that decides them: its own, or a joint of it with others."""
    if node is carrier:
        return range(begin, end)
    if node.carrier is carrier:
        assert isinstance(node, Function)
        return node.fill()[begin:]
    assert isinstance(carrier, Joint)
    place = carrier.inputs.index(node.carrier)
    numbers = [*map(itemgetter(place), carrier.memory.by_number[begin:end])]
    return picker(numbers)(node.fill()) if isinstance(node, Function) else numbers


def picker(places: Sequence[int]) -> Callable[[Sequence[Value]], Sequence[Value]]:
    """What takes that which stands at some places of a sequence, sooner than one by one."""
    return itemgetter(*places) if len(places) > 1 else lambda of: [of[at] for at in places]


class Collected(NamedTuple):
    """What some nodes have to say, in the order of what is said: `take` gives it for an answer, or None for nothing.

    What nodes of one carrier say is put together first, so that few combinations are left to number.
    """

    of: tuple[str, ...]
    take: Callable[..., object]


class Where(NamedTuple):
    """What has one name, of the rows of which a condition holds; None of all others."""

    condition: str
    then: str


Definition = Callable[..., object] | Collected | Where


class Resolver:
    """Nodes by name, made as they are asked for: from `functions`, `constants`, and for every other name a field.

    `distinct` names the functions whose answers cannot be compared.
    """

    def __init__(
        self,
        functions: Mapping[str, Definition],
        constants: Mapping[str, object],
        distinct: Iterable[str] = (),
        *,
        base: "Resolver | None" = None,
    ) -> None:
        self.functions, self.constants, self._distinct = functions, dict(constants), frozenset(distinct)
        self._base = base
        self._nodes: dict[str, Node] = {}
        self._more: dict[Callable[..., object], Node] = {}
        self._joints: dict[tuple[int, ...], Joint] = base._joints if base else {}
        self._changed = frozenset(constants) if base else frozenset()
        self._touched: dict[str, bool] = {}
        self.other: dict[str, tuple[Resolver, str]] = {}  # names that stand for what another resolver has

    def under(self, constants: Mapping[str, object]) -> "Resolver":
        """What if these limits were others: a resolver that shares all that does not depend on them."""
        return Resolver(self.functions, constants, self._distinct, base=self)

    @property
    def numbered(self) -> int:
        """How many values and combinations were numbered."""
        return sum(node.count for node in self._nodes.values()) + sum(joint.count for joint in self._joints.values())

    def field(self, name: str) -> Field:
        """The node of a field."""
        node = self[name]
        assert isinstance(node, Field)
        return node

    def __getitem__(self, name: str) -> Node:
        node = self._nodes.get(name)
        if node is None:
            node = self._nodes[name] = self._made(name)
        return node

    def of(self, function: Callable[..., object]) -> Node:
        """The node of a function: one that has its name here, or is asked beside the others, such as one of a report.

        One that is asked later may read it by its name.
        """
        node = self._more.get(function)
        if node is None:
            name = getattr(function, "__name__", "")
            known = self.functions.get(name) is function
            node = self[name] if known else self.asking(function, [self[read] for read in reads(function)])
            self._more[function] = node
            self._nodes.setdefault(name, node)
        return node

    def beside_as(self, other: "Resolver") -> None:
        """Know those functions beside the others that another resolver knows, so that they may read one another."""
        for function in other._more:
            self.of(function)

    def _made(self, name: str) -> Node:
        if name in self.other:
            resolver, there = self.other[name]
            return resolver[there]
        if self._base is not None and not self.depends(name):
            return self._base[name]
        if name in self.constants:
            return Constant(self.constants[name])
        function = self.functions.get(name)
        if function is None:
            return Field()
        if isinstance(function, Collected):
            return self._collected(function)
        if isinstance(function, Where):
            return self._where(function)
        return self.asking(function, [self[read] for read in reads(function)], distinct=name in self._distinct)

    def depends(self, name: str) -> bool:
        """Whether what has a name depends on what is changed here."""
        found = self._touched.get(name)
        if found is None:
            found = self._touched[name] = name in self._changed or (
                name in self.functions
                and not (self._base is not None and name in self._base.constants)
                and any(map(self.depends, reads(self.functions[name])))
            )
        return found

    def asking(self, function: Callable[..., object], inputs: Sequence[Node], *, distinct: bool = False) -> Node:
        """The node of a function of other nodes. What never changes is asked once."""
        changing = _changing(inputs)
        if not changing:
            return Constant(function(*[node.value for node in inputs if isinstance(node, Constant)]))
        if function in _QUICK:
            return Each(function, inputs)
        return Function(function, inputs, self._carrier(changing), distinct)

    def _carrier(self, inputs: tuple[Node, ...]) -> Node:
        """What decides all inputs: a carrier of one of them that decides the others, or else a joint of them all."""
        carriers = dict.fromkeys(node.carrier for node in inputs)
        for carrier in carriers:
            if len(carriers) == 1 or (isinstance(carrier, Joint) and {*carriers} <= {carrier, *carrier.inputs}):
                return carrier
        key = tuple(map(id, inputs))
        joint = self._joints.get(key)
        if joint is None:
            joint = self._joints[key] = Joint(inputs)
        return joint

    def _where(self, asked: Where) -> Node:
        """The node of what is asked only where a condition holds."""
        condition, then = self[asked.condition], self[asked.then]
        if isinstance(condition, Constant):
            return then if condition.value else Constant(None)
        return Conditional(condition, then) if isinstance(then, _Numbered) else then

    def _collected(self, several: Collected) -> Node:
        """The node of what several others have to say."""
        nodes = {name: self[name] for name in several.of}
        carriers = dict.fromkeys(node.carrier for node in nodes.values())  # in order, so that each run groups alike
        groups: dict[Node, dict[str, Node]] = {}
        for name, node in nodes.items():
            wider = [joint for joint in carriers if isinstance(joint, Joint) and node.carrier in joint.inputs]
            groups.setdefault(wider[0] if wider else node.carrier, {})[name] = node
        said = [self.asking(partial(_said, [*group], several.take), [*group.values()]) for group in groups.values()]
        return self.asking(_together, said)


def _changing(nodes: Sequence[Node]) -> tuple[Node, ...]:
    """Those that are not the same in every row."""
    return tuple([node for node in nodes if not isinstance(node, Constant)])


def _said(names: Sequence[str], take: Callable[..., object], *answers: object) -> tuple[object, ...]:
    said = map(take, names, answers)
    return tuple([one for one in said if one is not None])


def _together(*said: tuple[object, ...]) -> tuple[object, ...]:
    return tuple(sorted({*chain.from_iterable(said)}))  # type: ignore[type-var]  # what is said has an order


def reads(function: Definition) -> tuple[str, ...]:
    """The names of what a function reads: its parameters."""
    if isinstance(function, Collected):
        return function.of
    if isinstance(function, Where):
        return function
    code = getattr(function, "__wrapped__", function).__code__
    names: tuple[str, ...] = code.co_varnames[: code.co_argcount]
    return names


Column = TypeVar("Column", covariant=True)


class Rows(ABC, Generic[Column]):
    """Rows under a resolver, given for each field as the numbers of its values, however a column of them is held."""

    def __init__(self, resolver: Resolver, fields: Mapping[str, Column]) -> None:
        self.resolver = resolver
        self._columns: dict[Node, Column] = {resolver[name]: numbers for name, numbers in fields.items()}

    @abstractmethod
    def column(self, node: Node) -> Column:
        """The number of a node in each row."""

    def node(self, asked: str | Callable[..., object]) -> Node:
        """The node of a name, or of a function."""
        return self.resolver[asked] if isinstance(asked, str) else self.resolver.of(asked)


class OneRow(Rows[int]):
    """A single row: its numbers are bare."""

    def column(self, node: Node) -> int:
        columns = self._columns
        found = columns.get(node)
        if found is None:
            if node.__class__ is Joint:
                assert isinstance(node, Joint)
                found = node.memory[tuple([self.column(part) for part in node.inputs])]
            elif node.__class__ is Each:
                assert isinstance(node, Each)
                found = node.asked(tuple([self.column(part) for part in node.inputs]))
            elif node.__class__ is Conditional:
                assert isinstance(node, Conditional)
                condition = self.column(node.condition)
                if condition == UNREADABLE:
                    found = UNREADABLE
                else:
                    found = self.column(node.then) if node.condition.values[condition] else node.numbers[None]
            else:
                assert isinstance(node, Function), f"{node} did not come with the rows"
                carried, of = self.column(node.carrier), node.of
                found = of[carried] if carried < len(of) else node.fill()[carried]
            columns[node] = found
        return found


class ManyRows(Rows[Column]):
    """Any number of rows that are asked together; `count` is how many there are."""

    count: int

    @abstractmethod
    def numbers(self, node: Node) -> Sequence[int]:
        """The number of a node in each row, in little room."""

    @abstractmethod
    def places(self, node: Node, number: int) -> list[int]:
        """The places of the rows in which a node has this number, such as that of what cannot be read."""

    @abstractmethod
    def make_unreadable(self, node: Node, places: Collection[int]) -> None:
        """Let a node be unreadable in some rows, before anything was asked that reads it."""

    @abstractmethod
    def counts(self, node: Node, leaving_out: Collection[int]) -> Mapping[int, int]:
        """How many rows have each number of a node, some rows left out; those that cannot be read may be among them."""


class ListedRows(ManyRows[Sequence[int]]):
    """Rows in lists of numbers, one for each column."""

    def __init__(self, resolver: Resolver, fields: Mapping[str, list[int]], count: int) -> None:
        super().__init__(resolver, fields)
        self.count = count
        self._pickings: dict[Node, Callable[[Sequence[int]], Sequence[int]]] = {}

    def column(self, node: Node) -> Sequence[int]:
        found = self._columns.get(node)
        if found is None:
            if isinstance(node, Joint):
                columns = [self.column(part) for part in node.inputs]
                found = tuple(map(node.memory.__getitem__, zip(*columns, strict=True)))  # which is picked by as it is
            elif isinstance(node, Constant):
                found = [1] * self.count
            elif isinstance(node, Each):
                found = node.of_rows([self.column(part) for part in node.inputs])
            elif isinstance(node, Conditional):
                found = self._where(node)
            else:
                assert isinstance(node, Function), f"{node} did not come with the rows"
                found = self._picked_by(node.carrier)(node.fill())
            self._columns[node] = found
        return found

    def _picked_by(self, carrier: Node) -> Callable[[Sequence[int]], Sequence[int]]:
        """What takes what stands in a sequence for the number of a node in each row. New numbers are given here."""
        picking = self._pickings.get(carrier)
        if picking is None:
            picking = self._pickings[carrier] = picker(self.column(carrier))
        return picking

    def numbers(self, node: Node) -> Sequence[int]:
        column, count = self.column(node), node.count
        return array("B" if count <= 1 << 8 else "H" if count <= 1 << 16 else "I", column)

    def places(self, node: Node, number: int) -> list[int]:
        column = self.column(node)
        return [place for place, one in enumerate(column) if one == number] if number in column else []

    def make_unreadable(self, node: Node, places: Collection[int]) -> None:
        column = self._columns[node]
        assert isinstance(column, list)  # of a field
        for place in places:
            column[place] = UNREADABLE

    def counts(self, node: Node, leaving_out: Collection[int]) -> Mapping[int, int]:
        column = self.column(node)
        if leaving_out:
            column = [number for place, number in enumerate(column) if place not in leaving_out]
        return Counter(column)

    def _where(self, node: Conditional) -> list[int]:
        condition = self.column(node.condition)
        holds = node.holds
        places = [place for place, number in enumerate(condition) if holds[number]]
        found = [UNREADABLE if number == UNREADABLE else node.numbers[None] for number in condition]
        for place, number in zip(places, PickedRows(self, places).column(node.then), strict=True):
            found[place] = number
        return found

    @overload
    def values(self, asked: Callable[..., Value]) -> Sequence[Value]: ...
    @overload
    def values(self, asked: str) -> Sequence[object]: ...
    def values(self, asked: str | Callable[..., object]) -> Sequence[object]:
        """The values of what is asked, row by row."""
        node = self.node(asked)
        return [*picker(self.column(node))(node.values)]


class PickedRows(ListedRows):
    """Some of the rows of others: what is known of these is not found out again."""

    def __init__(self, rows: ListedRows, places: Sequence[int]) -> None:
        super().__init__(rows.resolver, {}, len(places))
        self._rows, self._picked = rows, picker(places)

    def column(self, node: Node) -> Sequence[int]:
        if node not in self._columns and node in self._rows._columns:
            self._columns[node] = self._picked(self._rows._columns[node])
        return super().column(node)
