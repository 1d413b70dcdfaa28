"""The HTML page in a real headless Chromium, from a file, without a network."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from cxc import cli

DRIVER = shutil.which("chromedriver")
pytestmark = pytest.mark.skipif(DRIVER is None, reason="there is no chromedriver here; .ci/run installs it")

HEAD = "reference,visitor,visitor_id,visitor_country,host_country,host_cluster,arrival,departure"
ROWS = (
    "R1,Acme,RO1,RO,PT,yes,2023-05-14,2023-05-20",
    "R2,Beta <b>,RO2,RO,NO,yes,2023-05-14,2023-05-20",
    "R3,Gamma,RO3,RO,DE,,2023-05-14,2023-05-20",
    "R4,Delta,RO4,RO,Atlantis,yes,2023-05-14,2023-05-20",
    "R5,Epsilon,RO5,RO,AT,yes,2023-05-14,2023-05-18",
)


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """A browser that shows the page of a small table."""
    from selenium import webdriver
    from selenium.webdriver.chrome.service import Service

    folder = tmp_path_factory.mktemp("page")
    (folder / "trips.csv").write_text("\n".join((HEAD, *ROWS, "")), encoding="utf-8")
    assert (
        cli.run(["validate", str(folder / "trips.csv"), "-q", "--format", "html", "-o", str(folder / "page.html")]) == 2
    )
    options = webdriver.ChromeOptions()
    for argument in (
        "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
        f"--disable-component-update --disable-sync --user-data-dir={folder / 'profile'}"
    ).split():
        options.add_argument(argument)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    driver = webdriver.Chrome(options=options, service=Service(str(Path(str(DRIVER)))))
    try:
        driver.get((folder / "page.html").as_uri())
        yield driver
    finally:
        driver.quit()


@pytest.fixture
def page(browser: Any) -> Any:
    """The page as it is opened."""
    browser.refresh()
    return browser


def shown(page: Any) -> list[str]:
    """The references of the rows that are seen, in their order."""
    rows = page.find_elements("css selector", "tr.trip")
    return [row.find_elements("css selector", "td")[2].text[:2] for row in rows if row.is_displayed()]


def test_page_opens_without_a_complaint(page: Any) -> None:
    """No script fails, nothing is fetched, and a name that looks like markup is shown as it is."""
    assert page.title == "ClusterXchange trips"
    assert page.get_log("browser") == []
    assert "Beta <b>" in page.find_element("css selector", "#trips").text
    assert page.find_element("css selector", "#chart").text.splitlines()[1].startswith("PT 1 780.00")
    assert page.execute_script("return performance.getEntriesByType('resource').length") == 0


def test_filter_by_outcome_and_text(page: Any) -> None:
    """Both filters hold together, and the count is said."""
    assert shown(page)[:3] == ["R1", "R2", "R3"]
    page.find_element("css selector", "#outcome option[value=eligible]").click()
    assert shown(page) == ["R1", "R5"]
    page.find_element("css selector", "#text").send_keys("epsilon")
    assert shown(page) == ["R5"]
    assert page.find_element("css selector", "#shown").text == "1 of 5 rows"


def test_a_count_filters(page: Any) -> None:
    """A click on a count shows its rows, another one all again; a screen reader is told."""
    button = page.find_element("css selector", "[data-filter=undecided]")
    button.click()
    assert shown(page) == ["R3"]
    assert button.get_attribute("aria-pressed") == "true"
    button.click()
    assert len(shown(page)) == 5


def test_on_a_phone_rows_are_cards(browser: Any) -> None:
    """Nothing is wider than the screen."""
    size = {"width": 390, "height": 800, "deviceScaleFactor": 1, "mobile": True}
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
    try:
        browser.refresh()
        assert browser.execute_script("return document.documentElement.scrollWidth") == 390
        assert browser.execute_script("return getComputedStyle(document.querySelector('tr.trip')).display") == "block"
    finally:
        browser.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})
        browser.refresh()


def test_on_paper_rows_are_a_table(browser: Any) -> None:
    """A sheet of paper is as narrow as a phone in the eyes of a browser; what can only be clicked is left out."""
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "print"})
    size = {"width": 680, "height": 900, "deviceScaleFactor": 1, "mobile": False}
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
    try:
        browser.refresh()
        assert (
            browser.execute_script("return getComputedStyle(document.querySelector('tr.trip')).display") == "table-row"
        )
        assert not browser.find_element("css selector", ".controls").is_displayed()
    finally:
        browser.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})
        browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": ""})
        browser.refresh()


def test_sort_by_column(page: Any) -> None:
    """A click sorts, another one turns round; amounts as numbers; the heading says which way."""
    head = page.find_elements("css selector", "#trips th")[6]
    head.find_element("css selector", "button").click()
    assert shown(page)[-2:] == ["R5", "R1"]
    assert head.get_attribute("aria-sort") == "ascending"
    head.find_element("css selector", "button").click()
    assert shown(page)[:2] == ["R1", "R5"]


def test_row_opens_by_keyboard(page: Any) -> None:
    """A row opens to its findings, with the keyboard alone, and a screen reader is told."""
    button = page.find_element("css selector", "tr.trip button")
    detail = page.find_element("css selector", "#d1")
    assert not detail.is_displayed()
    button.send_keys("\ue007")  # Enter
    assert detail.is_displayed()
    assert "CXC402 host-membership, pass" in detail.text
    assert button.get_attribute("aria-expanded") == "true"
    button.send_keys(" ")
    assert not detail.is_displayed()
