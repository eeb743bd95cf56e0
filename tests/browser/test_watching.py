"""The watch itself: it sees what left the machine, what complained, what is hard to use."""

import pytest
from playwright.sync_api import Error

from tests.browser.looking import problems

FORBIDDEN = "document.body.insertAdjacentHTML('beforeend', '<p style=color:red>')"
SPOIL = """() => {
  document.querySelector("#login").labels[0].remove();
  document.querySelector("main").style.width = "2000px";
}"""


def test_request_to_another_machine_is_noted_and_goes_nowhere(visitors):
    page = visitors.window()

    with pytest.raises(Error, match="ERR_NAME_NOT_RESOLVED"):
        page.goto("http://vinhdanh.example/")

    assert visitors.left == ["http://vinhdanh.example/"]
    visitors.left.clear()
    visitors.complaints.clear()


def test_what_the_policy_forbids_is_a_complaint(visitors):
    page = visitors.window()
    page.goto("/login")

    page.evaluate(FORBIDDEN)

    assert [text for text in visitors.complaints if "Content Security Policy" in text] != []
    visitors.complaints.clear()


def test_missing_label_and_sideways_scrolling_are_found(visitors):
    page = visitors.window()
    page.goto("/login")

    page.evaluate(SPOIL)

    found = problems(page)
    assert any("scrolls sideways" in problem for problem in found)
    assert any("label:" in problem for problem in found)
