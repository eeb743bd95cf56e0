"""In English nothing stays Vietnamese but what people entered, and the names of their world."""

import json
import sqlite3
import unicodedata
from contextlib import closing
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
AS_THEY_ARE = {  # in every language
    "Tiếng Việt",  # a language is offered in itself
    "Về việc tặng",  # how a decision will be printed
}

# Every text of the page, drawn, hidden or spoken.
TEXTS = """() => {
  const texts = [document.title];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const { data, parentElement } = walker.currentNode;
    if (!parentElement.closest("script, style")) texts.push(data);
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
def left_over(site, run_folder):
    """`left_over(page)` is what a page says in Vietnamese that is not data."""

    def found(page):
        entered = _entered(server.database(run_folder))
        texts = [_without(entered, _flat(text)) for text in page.evaluate(TEXTS)]
        return [text for text in texts if _is_vietnamese(text)]

    return found


@pytest.mark.parametrize(("login", "path"), PAGES, ids=[path for _, path in PAGES])
def test_page(in_english, left_over, login, path):
    page = in_english(login)
    page.goto(path)
    assert left_over(page) == []


@pytest.mark.parametrize(
    ("login", "step", "tab"), STEPS, ids=[step for _, step, _ in STEPS]
)
def test_step_with_its_errors(in_english, left_over, login, step, tab):
    page = in_english(login)
    page.goto(f"/inbox?tab={tab}&step={step}")
    page.locator("#inbox-list .row-link").first.click()
    page.locator("#step-form .btn-primary").click()
    expect(page.locator("#error-summary")).to_be_focused()
    assert left_over(page) == []


@pytest.mark.parametrize("status", ["returned", "awarded", "refused"])
def test_nomination(in_english, left_over, status):
    page = in_english("hoidong")
    page.goto(f"/board?status={status}")
    page.locator(".row-link").first.click()
    expect(page.locator(".diagram .djs-element").first).to_be_attached()
    assert left_over(page) == []


def test_import_with_faults(in_english, left_over):
    page = in_english("nga.noivu")
    page.goto("/imports")
    page.locator("[name='file']").set_input_files(LIST)
    page.locator("main form .btn-primary").click()
    expect(page.locator("table.rows-plain tbody tr")).to_have_count(7)
    assert left_over(page) == []


def test_sign_in(visitors, left_over):
    page = visitors.window()
    page.goto("/login")
    page.get_by_role("button", name="English").click()
    page.locator("main .btn-primary").click()
    expect(page.locator("#error-summary")).to_be_focused()
    assert left_over(page) == []


def _entered(database):
    """Every text that the database holds, the longest first."""
    found = set(AS_THEY_ARE)
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as connection:
        names = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
        for (table,) in [row for row in names if row[0] not in DERIVED]:
            for row in connection.execute(f"SELECT * FROM {table}"):  # noqa: S608 - own names
                found.update(text for cell in row for text in _strings(cell))
    flat = {_flat(line) for text in found for line in (text, *text.splitlines())}
    return sorted(filter(_is_vietnamese, flat), key=len, reverse=True)


def _strings(value):
    """The texts in a cell, also in one that holds JSON. Faults of a list are told by us."""
    if isinstance(value, str) and value.startswith(("{", "[")):
        value = json.loads(value)
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for item in value:
            yield from _strings(item)
    elif isinstance(value, dict):
        for key, item in value.items():
            if key != "message":
                yield from _strings(item)


def _without(entered, text):
    if _is_vietnamese(text):
        for known in entered:
            text = text.replace(known, "")
    return text


def _flat(text):
    return " ".join(unicodedata.normalize("NFC", text).split())


def _is_vietnamese(text):
    decomposed = unicodedata.normalize("NFD", text)
    return "đ" in text.lower() or any(unicodedata.combining(c) for c in decomposed)
