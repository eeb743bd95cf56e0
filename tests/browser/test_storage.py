"""S10 of trust.md: after a session nothing of it is left in the browser's own storage."""

from playwright.sync_api import expect

from tests.browser import acts

KEPT = """async () => ({
  local: Object.entries(localStorage),
  session: Object.values(sessionStorage).join(),
  databases: (await indexedDB.databases()).length,
  caches: (await caches.keys()).length,
  cookies: document.cookie,
})"""


def test_nothing_of_a_session_is_left_in_the_browser(visitors):
    page = visitors.window()
    visitors.use_form(page, "lan.tuphap")
    acts.begin(page, "Nguyễn Thị Để Lại")
    page.goto("/inbox")
    page.locator("#filter-q").fill("Để Lại")
    expect(page.locator("#inbox-list tbody tr")).not_to_have_count(0)
    page.locator("details.menu summary").click()
    page.get_by_role("button", name="Đăng xuất").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Đăng nhập")

    kept = page.evaluate(KEPT)

    assert (kept["local"], kept["databases"], kept["caches"], kept["cookies"]) == (
        [],
        0,
        0,
        "",
    )
    assert "Để Lại" not in kept["session"]


def test_what_is_kept_is_found(visitors):
    page = visitors.window()
    page.goto("/login")
    page.evaluate("localStorage.setItem('a', 'b')")

    assert page.evaluate(KEPT)["local"] == [["a", "b"]]
