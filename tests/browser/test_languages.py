"""In English, what scripts draw is English too; tests/views looks at all that is sent."""

from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests import languages
from tests.browser import server

LIST = Path(__file__).parents[1] / "data" / "danh-sach-co-loi.xlsx"

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
        known = languages.entered(server.database(run_folder))
        return languages.left_over(page.evaluate(TEXTS), known)

    return found


def test_nomination_with_its_diagram(in_english, left_over):
    page = in_english("hoidong")
    page.goto("/board?status=awarded")
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
