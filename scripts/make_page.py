"""Make the page of scripts/make_page, which see.

PYTHONPATH=web python scripts/make_page.py dist/cxc.html
"""

import base64
import gzip
import hashlib
import io
import json
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from html import escape
from pathlib import Path
from zipfile import ZIP_STORED, ZipFile, ZipInfo

import bridge

ROOT = Path(__file__).parent.parent
WEB = ROOT / "web"
PYODIDE = WEB / "node_modules" / "pyodide"
WHEELS = ROOT / ".page" / "wheels"
FOR_BROWSERS = ("pyemscripten_2026_0_wasm32", "314")  # of this Pyodide: what its compiled wheels are called
FOR_ANY_LINUX = ("manylinux2014_x86_64", "311")

# What our wheel needs in the page, with its licence. Versions and digests are those of requirements.lock.
PACKAGES = {
    "python-dateutil": "Apache-2.0 or BSD-3-Clause",
    "six": "MIT",
    "openpyxl": "MIT",
    "et-xmlfile": "MIT",
    "icalendar": "BSD-2-Clause",
    "tzdata": "Apache-2.0",
    "python-calamine": "MIT",
}
PURE_PARTS = {"pyyaml": "MIT"}  # no wheel for browsers: the Python of another one, which does without its compiled part
# Tests, types, compiled parts, and all time zones but the one in which calendar files are stamped.
LEFT_OUT = re.compile(
    r"(^|/)tests?/|\.pyi$|/py\.typed$|\.dist-info/|^yaml/_yaml|^_yaml/|\.tar\.gz$"
    r"|^tzdata/zones$|^tzdata/zoneinfo/(?!__init__\.py$|UTC$)"
)
LICENCE = re.compile(r"\.dist-info/(licenses/.*|LICEN[CS]E[^/]*)$")

OTHER_LICENCES = (
    ("Pyodide", "https://github.com/pyodide/pyodide", "MPL-2.0"),
    ("Python", "https://docs.python.org/3/license.html", "PSF-2.0"),
    ("Towns from GeoNames", "https://www.geonames.org", "CC BY 4.0"),
)


def locked(package: str) -> str:
    """The lines of requirements.lock that pin a package and its digests."""
    found = re.search(rf"^{package}==.*?(?=^[a-z])", (ROOT / "requirements.lock").read_text(), re.DOTALL | re.MULTILINE)
    if found is None:
        raise SystemExit(f"requirements.lock does not pin {package}")
    return found[0]


def version_of(package: str) -> str:
    """The version that is locked."""
    return re.split(r"[= ;\\\n]+", locked(package))[1]


def wheels(packages: Sequence[str], platform: tuple[str, str]) -> Iterator[ZipFile]:
    """The wheels of packages, fetched unless they are there, and refused where a digest is not locked."""
    WHEELS.mkdir(parents=True, exist_ok=True)
    pip = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check"]
    pip += ["--no-deps", "--require-hashes", "--only-binary", ":all:", "--dest", str(WHEELS)]
    pip += ["--platform", platform[0], "--python-version", platform[1], "--implementation", "cp"]
    with tempfile.NamedTemporaryFile("w", suffix=".txt") as wanted:
        wanted.write("".join(map(locked, packages)))
        wanted.flush()
        subprocess.run([*pip, "--abi", f"cp{platform[1]}", "--requirement", wanted.name], check=True)
    for package in packages:
        name = f"{package.replace('-', '_')}-{version_of(package)}-"
        (found,) = [
            path for path in WHEELS.iterdir() if path.name.lower().startswith(name) and fits(path.name, platform)
        ]
        yield ZipFile(found)


def fits(wheel: str, platform: tuple[str, str]) -> bool:
    """Whether a wheel, by its name, is for a platform, or for any."""
    return platform[0] in wheel or wheel.endswith("-none-any.whl")


def own_wheel(folder: str) -> ZipFile:
    """Our own wheel, built from what is checked out."""
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", folder],
        cwd=ROOT,
        check=True,
        capture_output=True,
    )
    (found,) = Path(folder).glob("*.whl")
    return ZipFile(found)


def program() -> tuple[bytes, dict[str, str]]:
    """An archive of all Python that is not Python's own: our wheel, what it needs, and the bridge to the page.

    Beside it the licences that come with these, by their names.
    """
    content: dict[str, bytes] = {}
    texts: dict[str, str] = {}
    with tempfile.TemporaryDirectory() as folder:
        for wheel in (own_wheel(folder), *wheels([*PACKAGES], FOR_BROWSERS), *wheels([*PURE_PARTS], FOR_ANY_LINUX)):
            names = wheel.namelist()
            content |= {name: wheel.read(name) for name in names if not LEFT_OUT.search(name)}
            texts |= {name: wheel.read(name).decode() for name in names if LICENCE.search(name)}
    return archived(content | {path.name: path.read_bytes() for path in WEB.glob("*.py")}), texts


def library() -> bytes:
    """Python's own library, as it comes with Pyodide."""
    archive = ZipFile(PYODIDE / "python_stdlib.zip")
    return archived({name: archive.read(name) for name in archive.namelist() if not name.endswith("/")})


def archived(content: dict[str, bytes]) -> bytes:
    """An archive of files by name. They are not packed in it, since the whole is packed once more, and better so."""
    archive = io.BytesIO()
    with ZipFile(archive, "w", ZIP_STORED) as made:
        for name in sorted(content):
            made.writestr(ZipInfo(name), content[name])
    return archive.getvalue()


def code() -> bytes:
    """The script of the worker: ours, Pyodide's loader, and its module as a function of a classic script."""
    module = (PYODIDE / "pyodide.asm.mjs").read_text(encoding="utf-8")
    for old, new, times in (
        ("export default _createPyodideModule;", "", 1),
        ("import.meta.url", "self.location.href", 3),
    ):
        if module.count(old) != times:
            raise SystemExit(
                f"pyodide.asm.mjs has {old!r} {module.count(old)} times, not {times}: read it before you go on"
            )
        module = module.replace(old, new)
    loader = (PYODIDE / "pyodide.js").read_text(encoding="utf-8").replace("//# sourceMappingURL=pyodide.js.map", "")
    lock = json.loads((PYODIDE / "pyodide-lock.json").read_text(encoding="utf-8"))
    locked_as = f"const LOCKED = {json.dumps(lock['info'])};"
    return "\n".join((locked_as, (WEB / "worker.js").read_text(encoding="utf-8"), loader, module)).encode()


def part(name: str, content: bytes) -> str:
    """A part of the page that no browser reads by itself."""
    packed = base64.b64encode(gzip.compress(content, 9, mtime=0)).decode()
    return f'<script type="text/plain" id="part-{name}">{packed}</script>'


def allowed(script: str) -> str:
    """How a policy names a script that may run."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()}'"


def policy(script: str) -> str:
    """What the page and its worker may do: run its own script and that of a report. They may fetch nothing."""
    report = (ROOT / "cxc" / "reports" / "page.html").read_text(encoding="utf-8")
    scripts = [script, *re.findall(r"<script>(.*?)</script>", report, re.DOTALL)]
    return "; ".join(
        (
            "default-src 'none'",
            "connect-src 'none'",
            f"script-src {' '.join(map(allowed, scripts))} 'wasm-unsafe-eval'",
            "worker-src blob:",
            "style-src 'unsafe-inline'",
            "img-src data:",
            "form-action 'none'",
            "base-uri 'none'",
        )
    )


def licences() -> str:
    """What is in the page besides the program, with its address and licence."""
    version = json.loads((PYODIDE / "package.json").read_text(encoding="utf-8"))["version"]
    listed = [("cxc", "", "MIT"), *OTHER_LICENCES]
    listed[1] = (f"Pyodide {version}", f"{OTHER_LICENCES[0][1]}/tree/{version}", OTHER_LICENCES[0][2])
    for package, licence in {**PACKAGES, **PURE_PARTS}.items():
        listed.append(
            (f"{package} {version_of(package)}", f"https://pypi.org/project/{package}/{version_of(package)}/", licence)
        )
    lines = []
    for name, address, licence in listed:
        named = f'<a href="{address}" target="_blank" rel="noopener noreferrer">{name}</a>' if address else name
        lines.append(f"<li>{named}, {licence}</li>")
    return "\n".join(lines)


def licence_texts(texts: dict[str, str]) -> str:
    """The licences that ask to be handed on with what they are of."""
    return "\n".join(
        f'<h3>{escape(name.partition(".dist-info/")[0])}</h3>\n<pre tabindex="0">{escape(text.strip())}</pre>'
        for name, text in texts.items()
    )


def page() -> str:
    """The whole page."""
    script = (WEB / "page.js").read_text(encoding="utf-8")
    about = json.dumps(bridge.about(), ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")
    archive, texts = program()
    parts = {
        "code": code(),
        "wasm": (PYODIDE / "pyodide.asm.wasm").read_bytes(),
        "library": library(),
        "program": archive,
    }
    holes = {
        "policy": escape(policy(script)),
        "style": (WEB / "page.css").read_text(encoding="utf-8").strip(),
        "licences": licences(),
        "texts": licence_texts(texts),
        "about": about,
        "script": script,
        "parts": "\n".join(part(name, content) for name, content in parts.items()),
    }
    template = (WEB / "page.html").read_text(encoding="utf-8")
    made = re.sub(r"@(\w+)@", lambda hole: holes.pop(hole[1]), template)
    if holes:
        raise SystemExit(f"page.html has no place for {', '.join(holes)}")
    return made


if __name__ == "__main__":
    target = Path(sys.argv[1])
    target.parent.mkdir(parents=True, exist_ok=True)
    content = page().encode()
    target.write_bytes(content)
    print(f"{target}: {len(content):,} bytes, SHA-256 {hashlib.sha256(content).hexdigest()}")
