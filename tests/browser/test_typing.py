"""Nothing typed is lost, and whoever likes the keyboard needs no mouse."""

import re

from playwright.sync_api import expect

from tests.browser import acts
from tests.browser.looking import problems

WORDS = "Rút ngắn thời gian chờ từ 25 phút xuống 11 phút."

# Of what has the focus: is there a ring, around it or around the row it opens?
HAS_RING = """() => {
  const here = document.activeElement;
  const style = getComputedStyle(here.matches(".row-link") ? here.closest("tr") : here);
  return style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
}"""
IN_FORM = "document.activeElement.closest('#step-form') !== null"
NAME = "document.activeElement.outerHTML.slice(0, 120)"


def test_what_was_typed_is_back_after_signing_in_again(visitors):
    page = visitors.window()
    visitors.use_form(page, "hoa.yte")  # a sign-in of its own, which it may end
    code = acts.begin(page, "Đặng Thị Ngọc Ước")
    acts.control(page, "achievements").press_sequentially(WORDS)
    expect(page.locator("#draft-state")).to_contain_text("đã lưu nháp")
    acts.fill(page, score__on_time="27")  # and is gone before that is saved by itself

    page.locator("details.menu summary").click()
    page.get_by_role("button", name="Đăng xuất").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Đăng nhập")
    visitors.use_form(page, "hoa.yte")
    acts.take(page, code, tab="mine")

    expect(acts.control(page, "achievements")).to_have_value(WORDS)
    expect(acts.control(page, "score__on_time")).to_have_value("27")


def test_second_person_is_told_who_was_first_and_keeps_the_text(sign_in):
    first, second = sign_in("tuan.noivu"), sign_in("linh.noivu")
    acts.pick(first, "appraise")
    second.goto(first.url)
    acts.appraise(second)
    acts.fill(second, opinion=WORDS)
    expect(second.locator("#draft-state")).to_contain_text("đã lưu nháp")
    acts.appraise(first)
    acts.sent(first)

    acts.send(second)

    taken = second.locator(".taken")
    expect(taken.get_by_role("heading")).to_have_text(
        re.compile(r"^Mai Anh Tuấn đã xử lý việc này lúc \d{2}/\d{2}/\d{4} \d{2}:\d{2}\b")
    )
    expect(taken.get_by_role("definition").filter(has_text=WORDS)).to_be_visible()
    expect(second.locator("#step-form")).to_have_count(0)
    assert problems(second) == []


def test_inbox_is_walked_with_the_keyboard(sign_in):
    page = sign_in("tuan.noivu", "/inbox?tab=groups")
    links = page.locator("#inbox-list .row-link")
    second = links.nth(1).get_attribute("href")

    for key, place in (("j", 0), ("j", 1), ("j", 2), ("k", 1)):
        page.keyboard.press(key)
        expect(links.nth(place)).to_be_focused()
    assert page.evaluate(HAS_RING)
    page.keyboard.press("?")
    expect(page.locator("dialog#keys")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("dialog#keys")).to_be_hidden()
    expect(links.nth(1)).to_be_focused()
    page.keyboard.press("Enter")

    page.wait_for_url(f"**{second}")


def test_skip_link_leads_to_the_content(sign_in):
    page = sign_in("tuan.noivu")

    page.keyboard.press("Tab")
    expect(page.locator(".skip-link")).to_be_focused()
    expect(page.locator(".skip-link")).to_be_in_viewport()
    page.keyboard.press("Enter")

    expect(page.locator("main")).to_be_focused()


def test_tab_reaches_the_form_and_shows_where_it_is(sign_in):
    page = sign_in("ha.noivu")
    acts.pick(page, "approve_by_department")
    without_ring = []

    for _ in range(60):
        page.keyboard.press("Tab")
        if not page.evaluate(HAS_RING):
            without_ring.append(page.evaluate(NAME))
        if page.evaluate(IN_FORM):
            break

    expect(acts.control(page, "outcome").first).to_be_focused()
    assert without_ring == []
