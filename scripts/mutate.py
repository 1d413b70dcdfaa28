"""Mutation testing of the code that decides. Run by scripts/mutate."""

import os
import shutil
import sqlite3
import subprocess
import sys
import time
import tomllib
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final, NamedTuple

from cosmic_ray.work_db import WorkDB, use_db
from cosmic_ray.work_item import TestOutcome

ROOT = Path(__file__).parent.parent
PLACE = ROOT / ".mutate"
KEPT = ROOT / "scripts" / "kept_mutants.toml"
SECONDS: Final = 120  # for the tests of one mutant
VERDICTS: Final = (
    "tests/test_cases.py",
    "tests/test_stored.py",
    "tests/test_resolver.py",
    "tests/test_payment.py",
)
OF_VERDICTS: Final = (
    "tests/test_verdict.py",
    *VERDICTS,
    "tests/test_rulebooks.py -k payment",
    "tests/test_places.py",
    "tests/test_estimate.py -k 'not days_are_what'",
    "tests/test_advice.py -k 'not nearest_better'",
)
FILES: Final = ("tests/test_data.py", "tests/test_cases.py", "tests/test_stored.py", "tests/test_country_names.py")
# The modules that decide, those that matter most first, and the tests that are to notice: the quick ones first, since
# the first failure ends a run.
MODULES: Final = {
    "cxc/rules.py": ("cxc/rules.py", "tests/test_sentences.py", *VERDICTS),
    "cxc/facts.py": ("tests/test_facts.py", *VERDICTS),
    "cxc/trip/stay.py": ("cxc/trip/stay.py", "tests/test_stays.py", "tests/test_facts.py", *VERDICTS),
    "cxc/trip/stays.py": ("cxc/trip/stays.py", "tests/test_stays.py", "tests/test_stored.py"),
    "cxc/visits.py": (
        "cxc/visits.py",
        "tests/test_visits.py",
        "tests/test_the_trip_itself.py",
        "tests/test_cases.py",
        "tests/test_stored.py",
        "tests/test_batch.py -k visit",
    ),
    "cxc/conclusions.py": ("cxc/conclusions.py", *OF_VERDICTS),
    "cxc/verdict.py": ("cxc/verdict.py", *OF_VERDICTS),
    "cxc/scheme/countries.py": ("cxc/scheme/countries.py", *FILES, "tests/test_rulebooks.py"),
    "cxc/scheme/rulebook.py": (
        "cxc/scheme/rulebook.py",
        *FILES,
        "tests/test_rulebooks.py",
        "tests/test_out_of_bounds.py",
    ),
}
# What is left out: operators of types (`Country | None`) and of sets, arithmetic that no hand would slip into, and of
# the comparisons all but the negation and the neighbour (`<` becomes `>=` and `<=`).
LEFT_OUT: Final = (
    r"core/ReplaceBinaryOperator_(?!(Add_Sub|Sub_Add|Mul_Div|Div_Mul|FloorDiv_Div)$).*",
    r"core/ReplaceComparisonOperator_(?!(Is_IsNot|IsNot_Is|Eq_NotEq|NotEq_Eq|In_NotIn|NotIn_In)$)(Is|IsNot|Eq|NotEq|In|NotIn)_.*",
    r"core/ReplaceComparisonOperator_(Lt|LtE|Gt|GtE)_(Eq|NotEq|Is|IsNot|In|NotIn)",
    r"core/ReplaceComparisonOperator_(Lt_Gt|Gt_Lt|LtE_GtE|GtE_LtE)",
    r"core/ReplaceUnaryOperator_(?!Delete_Not$).*",
)
CONFIG: Final = """\
[cosmic-ray]
module-path = ["{module}"]
timeout = {seconds}.0
excluded-modules = []
test-command = "{ask}"
[cosmic-ray.distributor]
name = "local"
[cosmic-ray.filters.operators-filter]
exclude-operators = {left_out}
"""


class Mutant(NamedTuple):
    """A change that no test noticed: the file, the function, the lines as they were and as they became."""

    file: str
    inside: str
    was: str
    now: str


class Found(NamedTuple):
    """What came of a module."""

    killed: int
    survivors: list[Mutant]
    minutes: float


@contextmanager
def copy(module: str) -> Iterator[Path]:
    """A copy of the project in which a module is changed; the others have their compiled copies."""
    tree = PLACE / module.replace("/", "-").removesuffix(".py")
    shutil.rmtree(tree, ignore_errors=True)
    for name in ("cxc", "tests", "scripts", "docs", "pyproject.toml", "requirements.lock", "README.md", "SECURITY.md"):
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, tree / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, tree / name)
    python = ROOT / ".venv/bin/python"
    command = [str(python), "-m", "compileall", "-q", "--invalidation-mode", "unchecked-hash", "cxc", "tests"]
    subprocess.run(command, cwd=tree, check=True)
    for compiled in (tree / module).parent.glob(f"__pycache__/{Path(module).stem}.*"):
        compiled.unlink()
    yield tree
    shutil.rmtree(tree)


@contextmanager
def asked(tree: Path, tests: tuple[str, ...]) -> Iterator[str]:
    """The command that asks for the tests, while the process that runs them is there."""
    python, script, socket = ROOT / ".venv/bin/python", ROOT / "scripts/mutant_tests.py", tree / "ask"
    environment = {**os.environ, "PYTHONPATH": str(tree), "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    serving = [str(python), str(script), "serve", str(socket), str(SECONDS), *tests]
    with subprocess.Popen(serving, cwd=tree, env=environment) as server:
        try:
            while not socket.exists():
                assert server.poll() is None
                time.sleep(0.1)
            yield f"{python} -I -S {script} ask {socket}"
        finally:
            server.terminate()


def must_pass(ask: str, otherwise: str) -> None:
    """Stop where unchanged code fails, or nobody answers: then every mutant would seem to be noticed."""
    if subprocess.run(ask.split(), check=False).returncode:
        sys.exit(otherwise)


def mutate(module: str, again: bool) -> Found:
    """Change a module in every place, one by one; `again`, in those alone where no test noticed the last time."""
    start = time.monotonic()
    with copy(module) as tree, asked(tree, MODULES[module]) as ask:
        must_pass(ask, f"{module}: its tests fail before anything is changed: {' '.join(MODULES[module])}")
        config, session, then = tree / "mutate.toml", PLACE / f"{tree.name}.sqlite", PLACE / f"{tree.name}.py"
        config.write_text(CONFIG.format(module=module, seconds=SECONDS + 10, ask=ask, left_out=[*LEFT_OUT]))
        steps = [["cosmic-ray", "exec", str(config), str(session)]]
        if again:
            if not then.exists() or then.read_bytes() != (ROOT / module).read_bytes():
                sys.exit(f"{module} is not what it was the last time; leave --again out")
            forget_survivors(session)
        else:
            session.unlink(missing_ok=True)
            shutil.copy(ROOT / module, then)
            steps.insert(0, ["cr-filter-operators", str(session), str(config)])
            steps.insert(0, ["cosmic-ray", "init", str(config), str(session)])
        for tool, *given in steps:
            subprocess.run([str(Path(sys.executable).with_name(tool)), *given], cwd=tree, check=True)
        must_pass(ask, f"{module}: its tests fail when all is as it was again, so what was found does not count")
    return result(module, session, (time.monotonic() - start) / 60)


def forget_survivors(session: Path) -> None:
    """Let a session ask again about what no test noticed."""
    with sqlite3.connect(session) as database:
        database.execute("DELETE FROM work_results WHERE test_outcome = 'SURVIVED'")


def result(module: str, session: Path, minutes: float) -> Found:
    """What a session found."""
    with use_db(str(session), WorkDB.Mode.open) as database:
        places = {item.job_id: item.mutations[0].definition_name or "" for item in database.work_items}
        tried = [(job, one) for job, one in database.results if one.test_outcome is not None]
    survivors = []
    for job, one in tried:
        if one.test_outcome == TestOutcome.SURVIVED:
            lines = [line for line in (one.diff or "").splitlines() if not line.startswith(("---", "+++"))]
            was, now = ("\n".join(line[1:].strip() for line in lines if line[:1] == sign) for sign in "-+")
            survivors.append(Mutant(module, places[job], was, now))
    return Found(len(tried) - len(survivors), survivors, minutes)


def kept() -> dict[Mutant, str]:
    """The changes that no test has to notice, and why."""
    entries = tomllib.loads(KEPT.read_text(encoding="utf-8")).get("kept", [])
    return {Mutant(one["file"], one["inside"], one["was"], one["now"]): one["why"] for one in entries}


def report(module: str, found: Found, reasons: dict[Mutant, str]) -> bool:
    """Say what came of a module; whether all that was not noticed has a reason, and each reason is needed."""
    unexplained = Counter(one for one in found.survivors if not reasons.get(one))
    stale = [one for one in reasons if one.file == module and one not in found.survivors]
    count, left = found.killed + len(found.survivors), unexplained.total()
    print(
        f"{module}: {count} mutants, {found.killed} noticed ({found.killed / max(count, 1):.1%}), "
        f"{len(found.survivors) - left} kept with a reason, {left} without; {found.minutes:.0f} minutes"
    )
    for said, some in (("not noticed", unexplained), (f"noticed, or gone: take it out of {KEPT.name}", stale)):
        for one in some:
            print(f"  {said}: in {one.inside or 'the module'}\n    - {one.was}\n    + {one.now}")
    sys.stdout.flush()
    return not unexplained and not stale


def main() -> None:
    """Change every module that is asked for."""
    asked_for, reasons = [word for word in sys.argv[1:] if word != "--again"], kept()
    sound = [report(module, mutate(module, "--again" in sys.argv), reasons) for module in asked_for or MODULES]
    sys.exit(not all(sound))


if __name__ == "__main__":
    main()
