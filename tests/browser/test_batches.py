"""Several tasks at once, as a reviewer does it: by keys and mouse, and without scripts."""

from playwright.sync_api import expect

from tests.browser import acts
from tests.browser.looking import problems

MINE, GROUPS = "/inbox?tab=mine", "/inbox?tab=groups"


def codes(page):
    return page.locator("#inbox-list .row-code").all_inner_texts()


def test_three_are_chosen_checked_and_done(sign_in):
    page = sign_in("vinh.vanphong", MINE)
    chosen = codes(page)[-3:]  # the first is another test's
    button = page.locator("#choose-some")
    expect(button).to_be_disabled()
    for _ in chosen:  # k goes up a row, from the last one, and x ticks it
        page.keyboard.press("k")
        page.keyboard.press("x")
    expect(button).to_have_text("Xử lý 3 mục đã chọn")
    assert problems(page) == []

    button.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Xử lý 3 việc cùng lúc")
    acts.choose(page, outcome="approve")
    page.get_by_role("button", name="Tiếp tục").click()
    expect(page.locator("#error-summary")).to_be_focused()
    assert problems(page) == []
    for name in ("is_form_right", "is_law_right"):
        acts.control(page, name).check()
    acts.fill(page, opinion="Hồ sơ đúng thể thức.")
    page.get_by_role("button", name="Tiếp tục").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Kiểm tra trước khi gửi")
    assert problems(page) == []
    page.get_by_role("button", name="Xác nhận cho 3 hồ sơ").click()

    expect(page.locator(".note-success")).to_contain_text("Đã xử lý 3 hồ sơ.")
    assert sorted(page.locator(".row-code").all_inner_texts()) == sorted(chosen)
    assert problems(page) == []
    results = page.url
    page.goto(MINE)
    assert set(codes(page)) & set(chosen) == set()
    page.goto("/batches")
    assert problems(page) == []
    page.goto(results)
    page.locator(".row-link").first.click()
    expect(page.locator(".timeline")).to_contain_text("kiểm tra, trình Chủ tịch UBND tỉnh")


def test_whole_page_is_ticked_by_one_box(sign_in):
    page = sign_in("ha.noivu", GROUPS)
    everything = page.get_by_label("Chọn mọi việc ở trang này")
    everything.check()
    count = len(codes(page))
    expect(page.locator("#choose-some")).to_have_text(f"Xử lý {count} mục đã chọn")

    page.locator("#inbox-list .tick").first.uncheck()

    assert everything.evaluate("box => box.indeterminate") == (count > 1)
    page.goto("/batches")
    assert problems(page) == []


def test_many_are_chosen_without_scripts(sign_in):
    page = sign_in("vinh.vanphong", GROUPS, java_script_enabled=False)
    chosen = codes(page)[0]
    page.locator("#inbox-list .tick").first.check()
    page.get_by_role("button", name="Xử lý các mục đã chọn").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Xử lý 1 việc cùng lúc")
    acts.choose(page, outcome="return")
    acts.fill(page, reason="Bổ sung số liệu.")
    page.get_by_role("button", name="Tiếp tục").click()
    page.get_by_role("button", name="Xác nhận").click()

    expect(page.locator(".note-success")).to_contain_text("Đã xử lý 1 hồ sơ.")
    expect(page.locator(".row-code")).to_have_text(chosen)
