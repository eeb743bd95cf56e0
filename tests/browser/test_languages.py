"""In English nothing stays Vietnamese but what people entered, and the names of their world."""

import sqlite3
import unicodedata
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser import server

LIST = Path(__file__).parents[1] / "data" / "danh-sach-co-loi.xlsx"
DERIVED = {
    "process_definition",
    "history_event",
    "engine_state",
}  # names of steps, not data
OWN_NAME = {"Tiếng Việt"}  # a language is offered in itself

# Every text of the page, drawn, hidden or spoken.
TEXTS = """() => {
  const texts = [document.title];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const { data, parentElement } = walker.currentNode;
    if (!parentElement.closest("script, style, .diagram-canvas")) texts.push(data);
  }
  for (const name of ["aria-label", "title", "alt", "placeholder"]) {
    for (const element of document.querySelectorAll(`[${name}]`)) {
      texts.push(element.getAttribute(name));
    }
  }
  return texts.map((text) => text.trim()).filter(Boolean);
}"""
PAGES = (
    ("lan.tuphap", "/inbox?tab=mine"),
    ("tuan.noivu", "/inbox?tab=done"),
    ("nam.xaydung", "/nominations"),
    ("nam.xaydung", "/imports"),
    ("hoidong", "/board"),
    ("thanhtra", "/history?verify=1"),
    ("quantri.hethong", "/about"),
    ("nam.xaydung", "/nominations/HS-0000-00000"),
)
STEPS = (
    ("mai.hanhchinhcong", "prepare_nomination", "mine"),
    ("huyen.vangiang", "approve_by_unit", "groups"),
    ("khoitruong.k02", "review_by_block", "groups"),
    ("nga.noivu", "receive_by_department", "mine"),
    ("linh.noivu", "appraise", "mine"),
    ("ha.noivu", "approve_by_department", "mine"),
    ("vinh.vanphong", "check_by_office", "mine"),
    ("phochutich.ubnd", "decide_by_chairman", "mine"),
    ("oanh.vanthu", "issue_decision", "mine"),
)


@pytest.fixture
def in_english(sign_in):
    """`in_english("lan.tuphap")` is a page of this person, who has switched to English."""

    def switched(login):
        page = sign_in(login)
        page.locator("details.menu summary").click()
        page.get_by_role("button", name="English").click()
        expect(page.locator("html")).to_have_attribute("lang", "en")
        return page

    return switched


@pytest.fixture
def data(site, run_folder):
    """Every text that the database holds, the longest first."""
    found = set()
    source = f"file:{server.database(run_folder)}?mode=ro"
    with sqlite3.connect(source, uri=True) as connection:
        tables = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
        for (table,) in [row for row in tables if row[0] not in DERIVED]:
            for row in connection.execute(f"SELECT * FROM {table}"):  # noqa: S608 - own names
                found.update(value for value in row if isinstance(value, str))
    connection.close()
    return found


def test_pages(in_english, data):
    for login, path in PAGES:
        page = in_english(login)
        page.goto(path)
        print(login, path, [t for t in page.evaluate(TEXTS) if _is_vietnamese(t)][:5])


def _is_vietnamese(text):
    decomposed = unicodedata.normalize("NFD", text)
    return "đ" in text.lower() or any(unicodedata.combining(c) for c in decomposed)
