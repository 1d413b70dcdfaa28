"""Where things live: data flows down, a module imports from the rows above its own, and nothing heavy at the start."""

import ast
import builtins
from collections.abc import Iterator
from pathlib import Path

import pytest

import cxc

ROOT = Path(cxc.__file__).parent
# From what knows least to what knows most. Rooms of one row know nothing of each other.
ROWS = (
    ("errors", "text", "vocabulary", "resolver", "canonical"),
    ("rules",),
    ("scheme",),
    ("trip",),
    ("facts", "visits"),
    ("conclusions",),
    ("verdict",),
    ("tables", "advice"),
    ("ask", "receipts"),
    ("reports",),
    ("commands", "__init__"),
    ("cli",),
    ("__main__",),
)
ROW = {room: row for row, rooms in enumerate(ROWS) for room in rooms}
HEAVY = {
    "babel",
    "dateutil",
    "holidays",
    "icalendar",
    "narwhals",
    "openpyxl",
    "pandas",
    "polars",
    "prompt_toolkit",
    "pyarrow",
    "pyspark",
    "python_calamine",
    "rich",
    "typer",
    "yaml",
}
# What a module may load when it is imported: the YAML of the scheme is needed by all, the command line by its commands,
# and Polars by the modules that hold large tables.
NEEDED = {
    "scheme/data_files.py": {"yaml"},
    "tables/polars_rows.py": {"polars"},
    "tables/polars_visits.py": {"polars"},
    "cli.py": {"typer"},
    "commands": {"typer"},
}
MODULES = {
    path.relative_to(ROOT).as_posix(): ast.parse(path.read_text(encoding="utf-8")) for path in ROOT.rglob("*.py")
}


def room_of(module: str) -> str:
    return module.split("/", 1)[0].removesuffix(".py")


def imported(tree: ast.AST) -> Iterator[str]:
    """The names of the modules that a node imports, dotted."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "an import says where from"
            yield from (f"{node.module}.{name.name}" for name in node.names)


# What only a type checker sees: a rule is a function of values whose types stand further up, and it imports none of them.
TYPES_ALONE = {"rules.py": {"scheme"}}


def rooms_imported(tree: ast.AST) -> set[str]:
    return {name.split(".")[1] for name in imported(tree) if name.startswith("cxc.")} - {"__version__"}


def at_once(body: list[ast.stmt]) -> Iterator[ast.stmt]:
    """What runs when the module is imported: all but functions, and what only a type checker sees."""
    for statement in body:
        if isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef)):
            continue
        if isinstance(statement, ast.If) and "TYPE_CHECKING" in ast.unparse(statement.test):
            continue
        inner = [child for child in ast.iter_child_nodes(statement) if isinstance(child, ast.stmt)]
        yield from at_once(inner) if inner else [statement]


def test_each_module_has_a_room() -> None:
    assert {room_of(module) for module in MODULES} <= set(ROW)


@pytest.mark.parametrize("module", sorted(MODULES))
def test_a_module_imports_from_the_rows_above_its_own(module: str) -> None:
    room, at_start = room_of(module), ast.Module([*at_once(MODULES[module].body)], [])
    found = rooms_imported(MODULES[module]) - (TYPES_ALONE.get(module, set()) - rooms_imported(at_start))
    lower = {other for other in found if other != room and ROW[other] >= ROW[room]}
    assert not lower, f"{module} imports from {lower}"


@pytest.mark.parametrize("module", sorted(MODULES))
def test_nothing_heavy_is_imported_before_it_is_needed(module: str) -> None:
    found = {name.split(".")[0] for statement in at_once(MODULES[module].body) for name in imported(statement)}
    assert found & HEAVY <= NEEDED.get(module, NEEDED.get(room_of(module), set()))


# What holds values whose types it knows, or the functions that they come from. Nothing there may be anything.
CORE = (
    *("errors.py", "text.py", "vocabulary.py", "canonical.py", "resolver.py", "rules.py", "facts.py", "visits.py"),
    *("conclusions.py", "verdict.py", "scheme/", "trip/"),
    *("tables/kept.py", "tables/judged.py", "tables/batch.py", "tables/first_reading.py", "tables/summary.py"),
    *("tables/sources.py", "tables/polars_rows.py", "tables/polars_visits.py", "tables/large_tables.py"),
)
UNTYPED = {"scheme/data_files.py"}  # events of PyYAML


@pytest.mark.parametrize("module", sorted(module for module in MODULES if module.startswith(CORE)))
def test_the_core_says_of_each_value_what_it_is(module: str) -> None:
    """mypy's `disallow_any_explicit` would refuse `Callable[..., X]`, too, and functions are asked by name here."""
    names = {
        *imported(MODULES[module]),
        *(ast.unparse(node) for node in ast.walk(MODULES[module]) if isinstance(node, ast.Attribute)),
    }
    assert ("typing.Any" in names) == (module in UNTYPED)


def test_whatever_is_raised_on_purpose_has_one_root() -> None:
    """And who catches by it catches all; a signal is no error."""
    roots = {
        f"{module}: {node.name}"
        for module, tree in MODULES.items()
        for node in ast.walk(tree)
        if isinstance(node, ast.ClassDef)
        for base in map(ast.unparse, node.bases)
        if isinstance(kind := getattr(builtins, base, None), type) and issubclass(kind, BaseException)
    }
    assert roots == {"errors.py: CxcError", "reports/output.py: Stopped"}


def test_a_room_itself_imports_nothing() -> None:
    doors = [module for module in MODULES if module.endswith("/__init__.py")]
    assert {"scheme", "trip", "tables", "advice", "ask", "reports"} <= {room_of(door) for door in doors}
    assert {module: [*imported(MODULES[module])] for module in doors} == {door: [] for door in doors}


def test_the_conversation_knows_no_rules_and_rules_know_no_files() -> None:
    for module, tree in MODULES.items():
        if room_of(module) == "ask":
            assert "rules" not in rooms_imported(tree), module
    assert {"open", "io", "pathlib", "os"} & {name.split(".")[0] for name in imported(MODULES["rules.py"])} == set()
