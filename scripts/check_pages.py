"""Make pages to be judged, and let axe-core judge them in a browser; run it by scripts/check_pages.

python scripts/check_pages.py make FOLDER          # tests/ must be on the path
python scripts/check_pages.py axe FOLDER AXE.JS
"""

import shutil
import sys
from pathlib import Path

from cxc import cli

TRIP = ["check", "--no-ask", "--to", "PT", "--arrival", "2023-05-14", "--departure", "2023-05-20"]
PHONE = 390  # px
GOOD = ["A1", "Acme", "RO1", "RO", "Lab", "PT", "yes", "2023-05-14", "2023-05-20", ""]


def make(folder: Path) -> None:
    """Pages of `validate`: hostile cells, one good row, no good row, two files; of `check`: one trip; of `verify`."""
    import hostile

    folder.mkdir(parents=True)
    everything = str(hostile.write(folder / "hostile.csv"))
    good = str(hostile.write(folder / "good.csv", [GOOD]))
    bad = str(hostile.write(folder / "unreadable.csv", [[*GOOD[:5], "Atlantis", *GOOD[6:]]]))
    receipts = str(folder / "receipts.jsonl")
    cli.run(["validate", "-q", everything, good, "--format", "jsonl", "-o", receipts])
    due = ["--stage", "payment", "--today", "2023-07-01", "--host-cluster", "yes"]
    cell = hostile.CELLS[1]
    for name, arguments in {
        "hostile": ["validate", "-q", everything],
        "good": ["validate", "-q", good],
        "unreadable": ["validate", "-q", bad],
        "two-files": ["validate", "-q", everything, good],
        "redacted": ["validate", "-q", "--redact", everything],
        "eligible": [*TRIP, "--host-cluster", "yes", "--visitor", cell],
        "refused": [*TRIP, "--host-cluster", "none", "--visitor", cell],
        "undecided": [*TRIP, "--reference", cell],
        "dossier": [*TRIP, *due, "--visitor", cell],
        "same": ["verify", receipts],
        "what-if": ["verify", receipts, "--rulebook", "eccp"],
    }.items():
        cli.run([*arguments, "--format", "html", "-o", str(folder / f"{name}.html")])


def axe(folder: Path, script: Path) -> int:
    """How many rules of accessibility the pages break, light and dark, all rows opened; and how many are too wide."""
    from selenium import webdriver
    from selenium.webdriver.chrome.service import Service

    options = webdriver.ChromeOptions()
    for argument in (
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        f"--user-data-dir={(folder / 'profile').resolve()}",
    ):
        options.add_argument(argument)
    broken = 0
    driver = webdriver.Chrome(options=options, service=Service(shutil.which("chromedriver")))
    driver.set_script_timeout(300)  # seconds: the largest page has a thousand findings
    try:
        for page in sorted(folder.glob("*.html")):
            for scheme in ("light", "dark"):
                feature = {"name": "prefers-color-scheme", "value": scheme}
                driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [feature]})
                driver.get(page.resolve().as_uri())
                driver.execute_script("document.querySelectorAll('tr.trip button').forEach(button => button.click())")
                driver.execute_script(script.read_text(encoding="utf-8"))
                found = driver.execute_async_script("axe.run().then(arguments[0])")
                print(f"{page.name}, {scheme}: axe: {len(found['violations'])} broken, {len(found['passes'])} kept")
                for rule in found["violations"]:
                    broken += 1
                    print(f"  {rule['id']}: {rule['help']}; first at {rule['nodes'][0]['html'][:200]}")
            size = {"width": PHONE, "height": 844, "deviceScaleFactor": 1, "mobile": True}
            driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
            wide = driver.execute_script("return document.documentElement.scrollWidth")
            driver.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})
            if wide > PHONE:
                broken += 1
                print(f"  {page.name} is {wide} px wide on a phone of {PHONE}")
    finally:
        driver.quit()
    return broken


if __name__ == "__main__":
    if sys.argv[1] == "make":
        make(Path(sys.argv[2]))
    else:
        sys.exit(1 if axe(Path(sys.argv[2]), Path(sys.argv[3])) else 0)
