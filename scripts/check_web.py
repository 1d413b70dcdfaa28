"""Drive the page of scripts/make_page in a browser; run it by scripts/check_web.

PYTHONPATH=tests:web python scripts/check_web.py PAGE
"""

import base64
import contextlib
import datetime
import http.server
import io
import json
import os
import shutil
import sys
import tempfile
import threading
import time
import traceback
import urllib.request
import zipfile
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import websocket
from page_trips import PAYMENTS, RULEBOOKS, STORED, TODAY, TRIPS, Stated, options, workbook
from selenium import webdriver
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.wait import WebDriverWait

from cxc import cli

ROOT = Path(__file__).parent.parent
PICTURES = ROOT / ".page" / "pictures"
LARGEST = 12_000_000  # bytes of the page
SAYS_SO_WITHIN, READY_WITHIN = 0.5, 10.0  # seconds from opening the page, on two cores that have nothing else to do
PHONE, DESK = 390, 1200
SECTIONS = ("trip", "table", "estimate", "plan")
ROWS = 5_000

# Fills in a form as a person does: choices are chosen, dates are dates, and every control tells that it has changed.
FILL = """
const [prefix, trip] = arguments, form = document.querySelector(`#${prefix}-form`);
const told = (one, kind = "change") => one.dispatchEvent(new Event(kind, {bubbles: true}));
form.reset();
for (const [field, value] of Object.entries(trip)) {
  const one = document.getElementById(`${prefix}-${field}`), pair = one.closest(".pair");
  if (pair) {
    const choice = [...form.querySelectorAll("input[type=radio]")][[...form.querySelectorAll(".pair")].indexOf(pair)];
    if (!choice.checked) { choice.checked = true; told(choice); }
  }
  if (one.member) {
    one.member.value = value === "none" ? "none" : "yes";
    told(one.member);
    one.value = ["yes", "none"].includes(value) ? "" : value;
  } else if (one.localName === "fieldset") {
    for (const box of one.querySelectorAll("input")) box.checked = value.includes(box.value);
  } else {
    one.value = value;
    if (one.value !== value) throw new Error(`${field} does not take ${value}`);
  }
  told(one.localName === "fieldset" ? one.querySelector("input") : one, "input");
}
"""


class Page:
    """The page in a browser without a network; what it saves lands in `saved`."""

    def __init__(self, path: Path, *, width: int = DESK) -> None:
        self.path = path.resolve()
        self.saved = Path(tempfile.mkdtemp())
        chosen = webdriver.ChromeOptions()
        for argument in (
            "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
            f"--disable-component-update --disable-sync --window-size={width},900 --lang=en-US "
            f"--user-data-dir={tempfile.mkdtemp()}"
        ).split():
            chosen.add_argument(argument)
        # Names are not found; an address of this machine is, so that what goes out would be seen.
        chosen.add_argument("--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1")
        chosen.add_experimental_option(
            "prefs",
            {
                "download.default_directory": str(self.saved),
                "profile.default_content_setting_values.automatic_downloads": 1,
            },
        )
        chosen.set_capability("goog:loggingPrefs", {"browser": "ALL"})
        self.driver = webdriver.Chrome(options=chosen, service=Service(shutil.which("chromedriver")))

    def open(self) -> float:
        """Open it, and wait until it is ready; how many seconds that took."""
        begun = time.monotonic()
        self.driver.get(self.path.as_uri())
        self.until(lambda: self.text("#state") != "" and not self.text("#state").startswith("Loading"), 120)
        return time.monotonic() - begun

    def until(self, so: Callable[[], object], seconds: float = 60) -> None:
        WebDriverWait(self.driver, seconds, poll_frequency=0.02).until(lambda _: so())

    def find(self, selector: str) -> Any:
        return self.driver.find_element("css selector", selector)

    def text(self, selector: str) -> str:
        return str(self.find(selector).text)

    def run(self, script: str, *arguments: object) -> Any:
        return self.driver.execute_script(script, *arguments)

    def show(self, section: str) -> None:
        self.run("location.hash = arguments[0]", f"#{section}")
        self.until(lambda: self.find(f"#{section}").is_displayed())

    def fill(self, prefix: str, trip: Stated) -> None:
        """Fill in a form, and wait for the answer."""
        self.run(FILL, prefix, dict(trip))
        panel = "#verdict" if prefix == "trip" else f"#{prefix}-verdict"
        self.until(lambda: self.find(panel).get_attribute("aria-busy") is None)

    def choose(self, selector: str, value: str) -> None:
        self.find(f"{selector} option[value='{value}']").click()
        self.settled()

    def choose_file(self, path: Path) -> None:
        """Choose a table in place of the one before."""
        self.run("document.querySelector('#tables').value = ''")
        self.find("#tables").send_keys(str(path))

    def settled(self) -> None:
        self.until(
            lambda: not self.driver.find_elements("css selector", "[aria-busy]") and self.text("#state") == "Ready."
        )

    def saving(self, button: Any, name: str) -> bytes:
        """The file that a button saves."""
        assert button, f"nothing saves {name}"
        file = self.saved / name
        file.unlink(missing_ok=True)
        self.run("arguments[0].click()", button)
        self.until(file.exists)
        self.until(lambda: file.stat().st_size > 0)
        return file.read_bytes()

    def button(self, words: str) -> Any:
        return self.run(
            "return [...document.querySelectorAll('button')]"
            ".find(one => one.checkVisibility() && one.textContent.startsWith(arguments[0]))",
            words,
        )

    def complaints(self) -> list[str]:
        """What the console says since it was last asked."""
        return [entry["message"] for entry in self.driver.get_log("browser")]  # type: ignore[no-untyped-call]

    def in_worker(self, expression: str) -> Any:
        """What a script comes to in the thread of the program."""
        address = self.driver.capabilities["goog:chromeOptions"]["debuggerAddress"]
        with urllib.request.urlopen(f"http://{address}/json/version") as answer:
            browser = json.load(answer)["webSocketDebuggerUrl"]
        wire = websocket.create_connection(browser, suppress_origin=True)
        numbers = iter(range(1, 100))

        def ask(method: str, session: str | None = None, **more: object) -> Any:
            number = next(numbers)
            wire.send(
                json.dumps(
                    {"id": number, "method": method, "params": more, **({"sessionId": session} if session else {})}
                )
            )
            while (told := json.loads(wire.recv())).get("id") != number:
                pass
            assert "error" not in told, told
            return told["result"]

        with contextlib.closing(wire):
            (worker,) = [one for one in ask("Target.getTargets", filter=[{}])["targetInfos"] if one["type"] == "worker"]
            session = ask("Target.attachToTarget", targetId=worker["targetId"], flatten=True)["sessionId"]
            found = ask("Runtime.evaluate", session, expression=expression, awaitPromise=True, returnByValue=True)
        return found["result"].get("value", found)


def command(*arguments: str) -> str:
    """What a command prints."""
    said = io.StringIO()
    with contextlib.redirect_stdout(said), contextlib.redirect_stderr(io.StringIO()):
        cli.run([*arguments])
    return said.getvalue()


def written(*arguments: str) -> bytes:
    """What a command writes to a file."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "written")
        command(*arguments, "-o", str(file))
        return file.read_bytes()


def unpacked(workbook: bytes) -> dict[str, bytes]:
    """The parts of a workbook; each build of Python packs them in its own way."""
    with zipfile.ZipFile(io.BytesIO(workbook)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


# What is promised, one function each.


def opens(page: Page) -> None:
    """It says at once that it is loading, and is ready soon; nothing complains."""
    size = page.path.stat().st_size
    assert size <= LARGEST, size
    seconds = page.open()
    painted = page.run("return performance.getEntriesByName('first-contentful-paint')[0].startTime") / 1000
    print(
        f"  {size:,} bytes; first words after {painted:.2f} s, ready after {seconds:.1f} s; "
        f"load {os.getloadavg()[0]:.1f}"
    )
    if max(painted / SAYS_SO_WITHIN, seconds / READY_WITHIN) > 1:
        assert os.getloadavg()[0] > 3, "too slow, on a machine that has nothing else to do"
        print("  too slow, but the machine is busy with something else: try again")
    assert page.complaints() == []


def says_loading_first(page: Page) -> None:
    """Before the program is there, the page says so, and what is typed then is answered afterwards."""
    page.driver.get(page.path.as_uri())
    assert page.text("#state").startswith("Loading")
    page.run(FILL, "trip", dict(TRIPS[0]))
    page.until(lambda: page.text("#verdict").startswith("✔ Eligible: EUR 780.00 is payable"), 120)


def trips_are_those_of_check(page: Page) -> None:
    """Every trip under every rulebook, filled in by the form, to the byte; saved, too."""
    page.show("trip")
    times = []
    for rulebook in RULEBOOKS:
        page.choose("#rulebook", rulebook)
        for trip in TRIPS:
            begun = time.monotonic()
            page.fill("trip", trip)
            times.append(time.monotonic() - begun)
            said = command("check", "--no-ask", "--format", "json", "--rulebook", rulebook, *options(trip))
            assert page.find("#trip-json pre").get_property("textContent") == said, trip
            outcome = json.loads(said)["outcome"]
            assert outcome in page.find("#verdict").get_attribute("class"), trip
            assert page.text("#verdict").split(":")[0].lower().replace(" ", "-").endswith(outcome), trip
    assert page.saving(page.find("[data-save=json]"), "verdict.json").decode() == said
    page.run("document.querySelector('#trip-form [name=strict]').click()")
    page.settled()
    strict = command("check", "--no-ask", "--format", "json", "--strict", "--rulebook", rulebook, *options(trip))
    assert page.find("#trip-json pre").get_property("textContent") == strict
    page.choose("#rulebook", RULEBOOKS[0])
    print(
        f"  {len(times)} verdicts, half of them after {sorted(times)[len(times) // 2]:.2f} s; "
        "0.15 s of that is waiting for the next key"
    )
    assert page.complaints() == []


def payments_are_those_of_check(page: Page) -> None:
    """At the stage of payment, with the papers: to the byte; a visit that is paid is not called refused."""
    page.show("trip")
    at_payment(page)
    for trip in PAYMENTS:
        page.fill("trip", trip)
        said = command("check", "--no-ask", "--format", "json", "--stage", "payment", "--today", TODAY, *options(trip))
        assert page.find("#trip-json pre").get_property("textContent") == said, trip
        assert page.text("#verdict").startswith("– Already paid") == ("paid_on" in trip)
    page.show("estimate")
    assert not page.find("#stage").is_displayed()  # what a visit would bring is asked before it
    page.show("trip")
    page.choose("#stage", "proposal")
    assert not page.find("#payment-fields").is_displayed()
    page.fill("trip", TRIPS[0])
    assert page.text("#verdict").startswith("✔ Eligible")
    assert page.complaints() == []


def at_payment(page: Page) -> None:
    """Ask about payment, as on a day."""
    page.choose("#stage", "payment")
    assert page.find("#today").get_property("value") == str(datetime.date.today())  # noqa: DTZ011  # as the clock says
    page.run(
        "const day = document.querySelector('#today'); day.value = arguments[0];"
        "day.dispatchEvent(new Event('change', {bubbles: true}))",
        TODAY,
    )
    page.settled()


def wrong_is_said_at_the_field(page: Page) -> None:
    """No verdict while something cannot be read; the field says what."""
    page.fill("trip", {**TRIPS[0], "host_country": "Atlantis", "departure": "2023-05-10"})
    assert page.text("#verdict").startswith("No verdict yet.")
    assert "is not a known country" in page.text("#trip-host_country-fault")
    assert page.find("#trip-host_country").get_attribute("aria-invalid") == "true"
    assert page.text("#trip-departure-fault") != ""
    assert page.text("#trip-answer") == ""
    page.fill("trip", TRIPS[0])
    assert page.find("#trip-host_country").get_attribute("aria-invalid") is None
    page.run("document.querySelector('#trip-form button[type=reset]').click()")
    page.settled()
    assert page.text("#verdict").startswith("The verdict stands here")


def tables_are_those_of_validate(page: Page) -> None:
    """CSV and .xlsx, chosen and dropped, as CSV, report, JSON and workbook, to the byte; the report works."""
    page.show("table")
    with tempfile.TemporaryDirectory() as folder, contextlib.ExitStack() as stack:
        shutil.copy(STORED / "trips.csv", folder)
        workbook(Path(folder, "trips.xlsx"))
        stack.enter_context(contextlib.chdir(folder))
        for name in ("trips.csv", "trips.xlsx"):
            page.choose_file(Path(folder, name))
            page.until(lambda: page.driver.find_elements("css selector", "#table-answer iframe"), 120)
            page.settled()
            assert page.saving(page.button("Save the verdicts"), "trips-verdicts.csv") == written(
                "validate", name, "-q", "--format", "csv"
            )
            html = written("validate", name, "-q", "--format", "html")
            assert page.saving(page.button("Save the report"), "trips-verdicts.html") == html
            assert page.find("iframe").get_attribute("srcdoc").encode() == html
            page.button("Make the JSON").click()
            page.until(lambda: page.button("Save as JSON"))
            assert page.saving(page.button("Save as JSON"), "trips-verdicts.json") == written(
                "validate", name, "-q", "--format", "json"
            )
            page.button("Make the workbook").click()
            page.until(lambda: page.button("Save the workbook"))
            assert unpacked(page.saving(page.button("Save the workbook"), "trips-verdicts.xlsx")) == unpacked(
                written("validate", name, "-q", "--format", "xlsx")
            )
            page.run("document.querySelector('#table-answer').replaceChildren()")
    dropped = """
        const files = new DataTransfer();
        files.items.add(new File([arguments[0]], "dropped.csv"));
        const drop = new DragEvent("drop", {bubbles: true, cancelable: true, dataTransfer: files});
        document.querySelector("h1").dispatchEvent(drop);
    """
    page.show("trip")
    page.run(dropped, (STORED / "trips.csv").read_text(encoding="utf-8"))
    page.until(lambda: page.driver.find_elements("css selector", "#table-answer iframe"), 120)
    page.settled()
    page.driver.switch_to.frame(page.find("iframe"))
    page.find("tr.trip button").click()
    assert page.find("#d1").is_displayed()  # its script runs
    assert page.run("return getComputedStyle(document.querySelector('.counts')).display") == "flex"  # and its styles
    page.driver.switch_to.default_content()
    assert page.complaints() == []


def large_table(page: Page) -> None:
    """The verdicts of a large table are there at once; its report, which is heavy, where it is asked for."""
    row = "{},RO,PT,yes,2023-05-{:02},2023-06-01\n"
    rows = "".join(row.format(f"V{number} SRL", 1 + number % 24) for number in range(ROWS))
    with tempfile.TemporaryDirectory() as folder, contextlib.ExitStack() as stack:
        Path(folder, "large.csv").write_text(
            f"visitor,visitor_country,host_country,host_cluster,arrival,departure\n{rows}", encoding="utf-8"
        )
        stack.enter_context(contextlib.chdir(folder))
        page.show("table")
        begun = time.monotonic()
        page.choose_file(Path(folder, "large.csv"))
        page.until(lambda: page.text("#table-verdict").startswith(f"{ROWS} rows"), 300)
        page.settled()
        print(f"  {ROWS:,} rows: verdicts after {time.monotonic() - begun:.1f} s")
        assert not page.driver.find_elements("css selector", "iframe")
        assert page.saving(page.button("Save the verdicts"), "large-verdicts.csv") == written(
            "validate", "large.csv", "-q", "--format", "csv"
        )
        begun = time.monotonic()
        page.button("Make the report all the same").click()
        page.until(lambda: page.driver.find_elements("css selector", "iframe"), 300)
        print(f"  {ROWS:,} rows: report after {time.monotonic() - begun:.1f} s more")
        assert page.saving(page.button("Save the report"), "large-verdicts.html") == written(
            "validate", "large.csv", "-q", "--format", "html"
        )
        Path(folder, "x.parquet").write_bytes(b"PAR1....PAR1")
        page.choose_file(Path(folder, "x.parquet"))
        page.until(
            lambda: page.text("#table-verdict").startswith(
                "✘ This table cannot be checked.\nThis kind of table cannot be read here."
            )
        )


def estimates_and_plans(page: Page) -> None:
    """What they save is what the commands write; a stay goes into a calendar."""
    page.show("estimate")
    page.fill("estimate", {"host_country": "Austria", "arrival": "2023-05-14", "departure": "2023-05-18"})
    said = command(
        "estimate", "--to", "Austria", "--arrival", "2023-05-14", "--departure", "2023-05-18", "--format", "json"
    )
    assert page.text("#estimate-verdict").startswith("✔ Austria: EUR 450.00")
    assert page.saving(page.button("Save as JSON"), "estimate.json").decode() == said
    page.fill("estimate", {})
    assert page.saving(page.button("Save as CSV"), "estimate.csv").decode() == command("estimate", "--format", "csv")
    page.show("plan")
    page.fill("plan", {"host_country": "Portugal", "earliest": "2023-04-28", "latest": "2023-05-10"})
    asked = ["plan", "--to", "Portugal", "--earliest", "2023-04-28", "--latest", "2023-05-10"]
    assert page.text("#plan-verdict").startswith("✔ 45 stays meet the rules")
    assert page.saving(page.button("Save as JSON"), "plan.json").decode() == command(*asked, "--format", "json")
    with tempfile.TemporaryDirectory() as folder:
        command(*asked, "--pick", "2", "--ics", str(Path(folder, "visit.ics")))
        second = page.driver.find_elements("css selector", "#plan-answer li button")[1]
        assert page.saving(second, "visit.ics") == Path(folder, "visit.ics").read_bytes()
    page.show("table")
    assert page.saving(page.button("Save an empty table"), "trips.xlsx").startswith(b"PK")


class Listener(http.server.BaseHTTPRequestHandler):
    """Hears whatever is sent to this machine."""

    heard: list[str] = []  # noqa: RUF012  # shared by all, on purpose

    def do_GET(self) -> None:
        """Note what was asked for."""
        self.heard.append(self.path)
        self.send_response(200)
        self.send_header("Access-Control-Allow-Origin", "*")
        self.end_headers()

    do_POST = do_GET  # noqa: N815

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextlib.contextmanager
def listening() -> Iterator[str]:
    """A server on this machine that hears what goes out, and its address."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Listener)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()


def nothing_goes_out(page: Page) -> None:
    """A request that is tried from the page, from the report in it, or from the program's thread is refused."""
    tried = "fetch('{}').then(() => 'went out', error => 'refused: ' + error.name)"
    waited = "const done = arguments[0]; {}.then(done)"
    with listening() as address, tempfile.TemporaryDirectory() as folder:
        blank = Path(folder, "blank.html")
        blank.write_text("<!doctype html><title>without a policy</title>", encoding="utf-8")
        page.driver.get(blank.as_uri())
        assert page.driver.execute_async_script(waited.format(tried.format(f"{address}/control"))) == "went out"
        assert Listener.heard == ["/control"]  # what goes out is heard here
        page.open()
        page.show("table")
        page.choose_file(STORED / "trips.csv")
        page.until(lambda: page.driver.find_elements("css selector", "#table-answer iframe"), 120)
        assert page.complaints() == []
        assert page.driver.execute_async_script(waited.format(tried.format(f"{address}/page"))) == "refused: TypeError"
        assert page.in_worker(tried.format(f"{address}/worker")) == "refused: TypeError"
        assert page.in_worker("String(fetch)").startswith("function fetch() { [native code]")  # the policy, not we
        page.run(f"new Image().src = '{address}/image'; navigator.sendBeacon('{address}/beacon', 'x');")
        with contextlib.suppress(Exception):  # refused by an error of its own
            page.run(f"new WebSocket('{address.replace('http', 'ws')}/socket')")
        page.in_worker(f"(() => {{ try {{ importScripts('{address}/script') }} catch (e) {{ return e.message }} }})()")
        asked = f"x.onloadend = done; x.open('GET', '{address}/xhr'); x.send();"
        page.in_worker(f"new Promise(done => {{ const x = new XMLHttpRequest(); {asked} }})")
        page.driver.switch_to.frame(page.find("iframe"))
        assert (
            page.driver.execute_async_script(waited.format(tried.format(f"{address}/report"))) == "refused: TypeError"
        )
        page.driver.switch_to.default_content()
        refused = " ".join(line for line in page.complaints() if "Content Security Policy" in line)
        for name in ("page", "worker", "image", "beacon", "socket", "xhr"):  # what the report tries is not told
            assert f"{address.partition(':')[2]}/{name}" in refused, name
        assert Listener.heard == ["/control"], Listener.heard


def keyboard_alone(page: Page) -> None:
    """A verdict, its reason, and its file, without a mouse; the focus is always seen."""
    page.open()
    page.run("document.activeElement.blur()")

    def press(*keys: str) -> None:
        actions = ActionChains(page.driver)
        for key in keys:
            actions.send_keys(key)
        actions.perform()

    def tab_to(selector: str) -> None:
        for _ in range(120):
            press(Keys.TAB)
            if page.run("return document.activeElement.matches(arguments[0])", selector):
                break
        else:
            raise AssertionError(f"no way by Tab to {selector}")
        seen = "const style = getComputedStyle(document.activeElement); return [style.outlineStyle, style.outlineWidth]"
        assert page.run(seen) == ["solid", "3px"], selector

    tab_to("nav a[href='#trip']")
    tab_to("#trip-host_country")
    press("Portugal")
    tab_to("#trip-arrival")
    press(*"05142023")
    tab_to("#trip-departure")
    press(*"05202023")
    page.until(lambda: page.text("#trip-departure-understood").startswith("Saturday 20 May 2023: 5 days on site"))
    page.until(lambda: page.text("#verdict").startswith("? Undecided"))
    page.settled()  # what was typed last is answered, too: an answer that comes later takes the place of its buttons
    tab_to(".save button")  # "Fill in", of what is still open
    press(Keys.ENTER)
    assert page.run("return document.activeElement.id") == "trip-host_cluster-answer"
    press("y")
    page.until(lambda: page.text("#verdict").startswith("✔ Eligible: EUR 780.00 is payable"))
    tab_to("#trip-json summary")
    press(Keys.ENTER)
    tab_to("[data-save=json]")
    press(Keys.ENTER)
    page.until((page.saved / "verdict.json").exists)
    said = command("check", "--no-ask", "--format", "json", *options(TRIPS[0]))
    assert (page.saved / "verdict.json").read_text(encoding="utf-8") == said


def answer_is_seen(page: Page) -> None:
    """On a phone the answer is in view while something is typed, and covers no field that has the focus."""
    size = {"width": PHONE, "height": 700, "deviceScaleFactor": 1, "mobile": True}
    page.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
    seen = (
        "const box = document.querySelector(arguments[0]).getBoundingClientRect();"
        "return [box.top, box.bottom, innerHeight]"
    )
    free = (
        "const one = document.activeElement, box = one.getBoundingClientRect();"
        "return one.contains(document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2))"
    )
    for section, answer in (("trip", "#verdict"), ("estimate", "#estimate-verdict")):
        page.show(section)
        page.find(f"#{section}-host_country").send_keys("Spania")
        page.until(partial(_says_something, page, answer))
        page.settled()
        controls = page.driver.find_elements("css selector", f"#{section}-form :is(input, select)")
        for control in [one for one in controls if one.is_displayed()]:
            control.send_keys(Keys.NULL)  # brings it into view, as the Tab key does
            page.run("arguments[0].focus()", control)
            top, bottom, height = page.run(seen, answer)
            assert top >= 0, (section, control.get_attribute("name"), top)
            assert bottom <= height + 1, (section, control.get_attribute("name"), bottom, height)
            assert page.run(free), (section, control.get_attribute("name"))


def _says_something(page: Page, answer: str) -> bool:
    return page.text(answer).startswith(("✔", "?"))


def states(page: Page) -> Iterator[str]:
    """Every part of the page in every state that looks different, by a name."""
    page.open()
    page.show("trip")
    yield "trip-blank"
    for name, number in {"eligible": 0, "refused": 3, "undecided": 4, "full": 19}.items():
        page.fill("trip", TRIPS[number])
        if name == "full":
            page.run("for (const one of document.querySelectorAll('#trip details, footer details')) one.open = true")
        yield f"trip-{name}"
    page.fill("trip", {**TRIPS[0], "host_country": "Atlantis"})
    yield "trip-wrong"
    page.run("for (const one of document.querySelectorAll('details')) one.open = false")
    at_payment(page)
    for name, number in {"due": 0, "missing": 1, "paid": 3}.items():
        page.fill("trip", PAYMENTS[number])
        yield f"payment-{name}"
    page.choose("#stage", "proposal")
    page.show("table")
    yield "table-blank"
    page.choose_file(STORED / "trips.csv")
    page.until(lambda: page.driver.find_elements("css selector", "#table-answer iframe"), 120)
    page.settled()
    yield "table"
    page.choose_file(STORED / "trip.yaml")
    page.until(lambda: page.text("#table-verdict").startswith("✘"))
    yield "table-wrong"
    page.show("estimate")
    page.fill("estimate", {})
    yield "estimate-all"
    page.fill("estimate", {"host_country": "Austria"})
    yield "estimate-one"
    page.show("plan")
    yield "plan-blank"
    page.fill("plan", {"host_country": "Portugal", "earliest": "2023-04-28", "latest": "2023-05-10"})
    page.run("document.querySelector('#plan-answer details').open = true")
    page.until(lambda: len(page.driver.find_elements("css selector", "table.month th")) == 2 * 7)
    yield "plan"
    page.fill("plan", {"host_country": "Portugal", "earliest": "2023-05-01", "latest": "2023-05-03"})
    yield "plan-none"


def looks_right(page: Page) -> None:
    """In every state, on a phone and on a desk, light and dark: nothing wider than the screen, nothing against axe."""
    axe = (ROOT / "web" / "node_modules" / "axe-core" / "axe.min.js").read_text(encoding="utf-8")
    PICTURES.mkdir(parents=True, exist_ok=True)
    kept = 0
    for name in states(page):
        for width in (PHONE, DESK):
            size = {"width": width, "height": 844, "deviceScaleFactor": 1, "mobile": width == PHONE}
            page.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
            for scheme in ("light", "dark"):
                feature = {"name": "prefers-color-scheme", "value": scheme}
                page.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [feature]})
                wide = page.run("return document.documentElement.scrollWidth")
                assert wide <= width, f"{name}: {wide} of {width} px"
                page.run(axe)
                found = page.driver.execute_async_script("axe.run(document, {iframes: false}).then(arguments[0])")
                broken = [f"{one['id']}: {one['nodes'][0]['html'][:200]}" for one in found["violations"]]
                assert not broken, f"{name}, {width} px, {scheme}: {broken}"
                kept += len(found["passes"])
                picture(page, PICTURES / f"{name}-{width}-{scheme}.png", width)
    print(f"  axe: none broken, {kept} kept; pictures in {PICTURES}")
    assert page.complaints() == []


def picture(page: Page, file: Path, width: int) -> None:
    """The whole page as a picture."""
    height = page.run("return document.documentElement.scrollHeight")
    clip = {"x": 0, "y": 0, "width": width, "height": height, "scale": 1}
    shot = page.driver.execute_cdp_cmd("Page.captureScreenshot", {"captureBeyondViewport": True, "clip": clip})
    file.write_bytes(base64.b64decode(shot["data"]))


def damaged_says_so(page: Page) -> None:
    """A file that was cut off on its way says that it is not complete."""
    whole = page.path.read_bytes()
    with tempfile.TemporaryDirectory() as folder:
        cut = Path(folder, "cut.html")
        for share in (0.1, 0.5, 0.99):
            cut.write_bytes(whole[: int(len(whole) * share)])
            page.driver.get(cut.as_uri())
            page.until(lambda: "not complete" in page.text("#state"), 60)


CHECKS = (
    opens,
    says_loading_first,
    trips_are_those_of_check,
    payments_are_those_of_check,
    wrong_is_said_at_the_field,
    tables_are_those_of_validate,
    large_table,
    estimates_and_plans,
    nothing_goes_out,
    keyboard_alone,
    answer_is_seen,
    looks_right,
    damaged_says_so,
)


def main(path: str, *names: str) -> int:
    """Check it all, or what is named; how many promises are broken."""
    broken = 0
    for check in CHECKS:
        if names and check.__name__ not in names:
            continue
        page = Page(Path(path))
        print(f"{check.__name__}: {(check.__doc__ or '').splitlines()[0]}", flush=True)
        try:
            if check not in (opens, says_loading_first, nothing_goes_out, keyboard_alone, looks_right, damaged_says_so):
                page.open()
            check(page)
        except Exception as error:  # noqa: BLE001  # the others are checked, too
            broken += 1
            print(f"  BROKEN: {type(error).__name__}: {error}", flush=True)
            places = [f"{frame.name}:{frame.lineno}" for frame in traceback.extract_tb(error.__traceback__)]
            print(f"  at {' > '.join(place for place in places if 'selenium' not in place)}", flush=True)
            print(f"  the console says: {page.complaints()}"[:2000], flush=True)
        finally:
            page.driver.quit()
    print(f"{len(names or CHECKS) - broken} kept, {broken} broken")
    return broken


if __name__ == "__main__":
    sys.exit(1 if main(*sys.argv[1:]) else 0)
