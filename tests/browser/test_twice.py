"""The second factor and the password once more, as their owner meets them."""

import os
from datetime import UTC, datetime

import pyotp
import pytest
from playwright.sync_api import expect

from tests.browser import acts, server
from tests.browser.looking import problems
from tests.browser.windows import House, Visitors

CHAIRMAN = "chutich.ubnd"


@pytest.fixture
def strict(chromium, tmp_path):
    """Windows on a province that asks twice."""
    address = server.start(tmp_path, owner=os.getpid(), VINH_DANH_SECOND_FACTOR="on")
    with chromium.at_work():
        made = Visitors(House(chromium.browser, address))
        yield made
        made.close()
    assert made.left == []


def give_password(page):
    page.goto("/login")
    page.get_by_label("Tên đăng nhập").fill(CHAIRMAN)
    page.get_by_label("Mật khẩu").fill(f"vinh-danh-{CHAIRMAN}")
    page.locator("main").get_by_role("button", name="Đăng nhập").click()


def test_chairman_enrols_a_phone_and_decides(strict):
    page = strict.window()
    give_password(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("Đăng ký xác thực hai lớp")
    assert problems(page) == []
    page.get_by_text("Không quét được?").click()
    secret = page.locator("code").inner_text().replace(" ", "")
    page.get_by_label("Mã xác thực").fill("000000")
    page.get_by_role("button", name="Đăng ký").click()
    expect(page.locator("#error-summary")).to_be_focused()
    page.get_by_label("Mã xác thực").fill(pyotp.TOTP(secret).at(datetime.now(UTC)))
    page.get_by_role("button", name="Đăng ký").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Mã khôi phục")
    assert problems(page) == []
    recovery = page.locator("code").first.inner_text()
    page.get_by_role("link", name="Tôi đã cất các mã này").click()

    acts.pick(page, "decide_by_chairman")
    acts.choose(page, outcome="approve")
    acts.send(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("Xác nhận là bạn")
    assert problems(page) == []
    page.get_by_label("Mật khẩu của bạn").fill(f"vinh-danh-{CHAIRMAN}")
    page.get_by_role("button", name="Xác nhận").click()
    expect(page.locator(".note-success")).to_contain_text("Đã gửi")

    page.locator("details.menu summary").click()
    page.get_by_role("button", name="Đăng xuất").click()
    give_password(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("Mã xác thực")
    assert problems(page) == []
    page.get_by_label("Mã xác thực").fill(recovery)
    page.get_by_role("button", name="Tiếp tục").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Việc của tôi")
