"""A served province, Chromium, and windows that tell when something left the machine."""

import asyncio
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from tests.browser import server
from tests.browser.windows import FLAGS, PATIENCE, PROGRAM, House, Visitors

HERE = Path(__file__).parent


@dataclass(frozen=True)
class Chromium:
    """The browser of a worker, and the event loop in which Playwright talks to it.

    Playwright's loop counts as running in this thread for good, and where one runs Flask calls
    no command of its own. So it counts only while a browser test is at work.
    """

    browser: Browser
    loop: asyncio.AbstractEventLoop

    @contextmanager
    def at_work(self) -> Iterator[None]:
        asyncio._set_running_loop(self.loop)
        try:
            yield
        finally:
            asyncio._set_running_loop(None)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def run_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that all workers of the test run share."""
    own = tmp_path_factory.getbasetemp()
    return own.parent if "PYTEST_XDIST_WORKER" in os.environ else own


@pytest.fixture(scope="session")
def site(run_folder: Path) -> str:
    """The address of the demo province."""
    in_worker = "PYTEST_XDIST_WORKER" in os.environ
    return server.shared(run_folder, owner=os.getppid() if in_worker else os.getpid())


@pytest.fixture(scope="session")
def chromium() -> Iterator[Chromium]:
    with sync_playwright() as playwright:
        expect.set_options(timeout=PATIENCE)
        browser = playwright.chromium.launch(executable_path=PROGRAM, args=FLAGS)
        chromium = Chromium(browser, asyncio.get_running_loop())
        asyncio._set_running_loop(None)
        yield chromium
        with chromium.at_work():
            browser.close()


@pytest.fixture(scope="session")
def house(site: str, chromium: Chromium) -> House:
    return House(chromium.browser, site)


@pytest.fixture
def visitors(chromium: Chromium, house: House) -> Iterator[Visitors]:
    """Opens windows; fails the test if a page complained or asked for anything outside."""
    with chromium.at_work():
        made = Visitors(house)
        yield made
        made.close()
    assert made.left == []
    assert made.complaints == []


@pytest.fixture
def sign_in(visitors: Visitors) -> Any:
    """`sign_in("lan.tuphap")` is a page of this person, in a new window."""
    return visitors.sign_in
