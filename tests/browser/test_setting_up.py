"""A new province, from an empty database to a nomination that waits at its Khối.

Done by somebody who has the first administrator's link and the pages, as in production.
"""

import io
import os
import secrets
import subprocess
import sys
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pyotp
import pytest
import xlsxwriter
from playwright.sync_api import Locator, Page, expect

from tests.browser import acts, server
from tests.browser.looking import problems
from tests.browser.windows import House, Visitors

SETTINGS = {
    "VINH_DANH_MODE": "production",
    "VINH_DANH_HOSTS": "127.0.0.1",
    "SECRET_KEY": secrets.token_hex(32),
}
PASSWORD = "mot cau dai de nho ma kho doan"  # noqa: S105 - tests have nothing to hide
UNITS = (
    ("Mã đơn vị", "Tên đơn vị", "Loại đơn vị", "Khối"),
    ("XA-VG", "UBND xã Văn Giang", "Xã", "K01"),
    ("XA-YM", "UBND xã Yên Mỹ", "Xã", "K01"),
)
PEOPLE = (
    ("Tên đăng nhập", "Họ và tên", "Vai trò", "Chức danh", "Mã đơn vị", "Nơi làm việc"),
    ("lan.vg", "Trần Thị Lan", "Chuyên viên của đơn vị", "Công chức", "XA-VG", ""),
    ("huy.vg", "Lê Văn Huy", "Thủ trưởng đơn vị", "Chủ tịch", "XA-VG", ""),
    ("yen.ym", "Phạm Thị Yến", "Thủ trưởng đơn vị", "Chủ tịch", "XA-YM", ""),
    ("nga.nv", "Vũ Thị Nga", "Văn thư Sở Nội vụ", "Văn thư", "", "Sở Nội vụ"),
    ("tu.nv", "Đỗ Anh Tú", "Chuyên viên Sở Nội vụ", "Chuyên viên", "", "Sở Nội vụ"),
    ("ha.nv", "Trần Thu Hà", "Lãnh đạo Sở Nội vụ", "Giám đốc", "", "Sở Nội vụ"),
    ("vinh", "Ngô Vinh", "Chuyên viên Văn phòng UBND tỉnh", "Chuyên viên", "", "Văn phòng"),
    ("chu", "Phạm Chu", "Chủ tịch, Phó Chủ tịch UBND tỉnh", "Chủ tịch", "", "UBND tỉnh"),
    ("oanh", "Bùi Thị Oanh", "Văn thư ban hành quyết định", "Văn thư", "", "Văn phòng"),
    ("quy", "Hoàng Quý", "Quản trị quy trình", "Chuyên viên", "", "Sở Nội vụ"),
)


@dataclass
class Hand:
    """Counts what somebody clicks and types, to say how long it takes a person."""

    clicks: int = 0
    letters: int = 0

    def click(self, target: Locator) -> None:
        self.clicks += 1
        target.click()

    def fill(self, target: Locator, text: str) -> None:
        self.clicks += 1
        self.letters += len(text)
        target.fill(text)

    @property
    def minutes(self) -> float:
        """Three seconds to find and click a thing, a third of a second for each letter."""
        return (self.clicks * 3 + self.letters / 3) / 60


@pytest.fixture
def province(chromium, tmp_path):
    """Windows on an empty installation, and the link of its first administrator."""
    address = server.start(tmp_path, owner=os.getpid(), **SETTINGS)
    command = [sys.executable, "-m", "flask", "--app", "app", "create-admin", "an", "An"]
    surroundings = os.environ | SETTINGS | {"INSTANCE_FOLDER": str(tmp_path / "site")}
    surroundings.pop("DATABASE_URL", None)
    made = subprocess.run(
        command,
        cwd=server.ROOT,
        env=surroundings,
        check=True,
        capture_output=True,
        text=True,
    )
    with chromium.at_work():
        visitors = Visitors(House(chromium.browser, address))
        yield visitors, made.stdout.strip()
        visitors.close()
    assert visitors.left == []
    assert visitors.complaints == []


def enter(page: Page, hand: Hand, link: str, login: str) -> None:
    """Choose a password by a link, sign in, and enrol a phone where the post asks for one."""
    page.goto("/password/" + link.rsplit("/", 1)[-1])
    for field in page.locator("main input[type=password]").all():
        hand.fill(field, PASSWORD)
    hand.click(page.locator("main").get_by_role("button", name="Đặt mật khẩu"))
    hand.fill(page.get_by_label("Tên đăng nhập"), login)
    hand.fill(page.get_by_label("Mật khẩu"), PASSWORD)
    hand.click(page.locator("main").get_by_role("button", name="Đăng nhập"))
    page.locator("details.menu, .enrol").first.wait_for()
    if page.locator(".enrol").count():
        page.get_by_text("Không quét được?").click()
        secret = page.locator("code").inner_text().replace(" ", "")
        hand.fill(
            page.get_by_label("Mã xác thực"), pyotp.TOTP(secret).at(datetime.now(UTC))
        )
        hand.click(page.get_by_role("button", name="Đăng ký"))
        hand.click(page.get_by_role("link", name="Tôi đã cất các mã này"))


def go(page: Page, hand: Hand, part: str) -> None:
    """From the list of what lacks to the page of one part."""
    hand.click(page.locator(".header-nav").get_by_text("Người dùng"))
    hand.click(page.locator(".set-up").get_by_role("link", name=part, exact=True))


def confirm(page: Page, hand: Hand) -> None:
    """The password once more, where it is asked for."""
    asked = page.get_by_label("Mật khẩu của bạn")
    page.locator(".note-success").or_(asked).wait_for()
    if asked.count():
        hand.fill(asked, PASSWORD)
        hand.click(page.get_by_role("button", name="Xác nhận"))
        page.locator(".note-success").wait_for()


def roster() -> Any:
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True}) as book:
        for name, rows in (("Đơn vị", UNITS), ("Người dùng", PEOPLE)):
            sheet = book.add_worksheet(name)
            for n, row in enumerate(rows):
                sheet.write_row(n, 0, row)
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    return {"name": "tinh.xlsx", "mimeType": kind, "buffer": content.getvalue()}


def link_for(admin: Page, hand: Hand, login: str) -> str:
    hand.click(admin.locator(".header-nav").get_by_text("Người dùng"))
    hand.fill(admin.get_by_label("Tìm theo tên hoặc tên đăng nhập"), login)
    hand.click(admin.get_by_role("button", name="Tìm"))
    hand.click(admin.locator(".row-link"))
    hand.click(admin.get_by_role("button", name="Cấp liên kết đặt mật khẩu"))
    return admin.locator("code").inner_text()


def found_blocks_units_people(admin: Page, hand: Hand) -> None:
    go(admin, hand, "Khối thi đua")
    hand.click(admin.get_by_text("Thêm Khối"))
    hand.fill(admin.get_by_label("Tên Khối"), "Khối thi đua các xã phía Bắc")
    hand.fill(admin.get_by_label("Mã Khối"), "K01")
    hand.click(admin.get_by_role("button", name="Ghi Khối mới"))
    go(admin, hand, "Đơn vị")
    admin.get_by_label("Danh sách (.xlsx)").set_input_files(roster())
    hand.click(admin.get_by_role("button", name="Xem trước"))
    assert problems(admin) == []
    hand.click(admin.get_by_role("button", name="Ghi 12 dòng"))
    confirm(admin, hand)
    go(admin, hand, "Khối trưởng năm nay")
    admin.get_by_label("Khối trưởng của Khối thi đua các xã phía Bắc").first.select_option(
        "XA-YM"
    )
    admin.get_by_label("Phó Khối trưởng của").select_option("XA-VG")
    hand.fill(admin.get_by_label("Số quyết định"), "12/QĐ-UBND")
    hand.click(admin.get_by_role("button", name="Mở năm thi đua"))
    confirm(admin, hand)


def set_up_season(admin: Page, hand: Hand) -> None:
    go(admin, hand, "Hình thức khen thưởng")
    hand.click(admin.get_by_role("link", name="Thêm hình thức").first)
    hand.fill(admin.get_by_label("Tên hình thức khen thưởng"), "Bằng khen của Chủ tịch")
    hand.fill(admin.get_by_label("Mã", exact=True), "BK-CT")
    hand.fill(admin.locator("[name=paper_0_name]"), "Báo cáo thành tích")
    hand.click(admin.get_by_role("button", name="Ghi hình thức"))
    go(admin, hand, "Phong trào")
    hand.click(admin.get_by_role("link", name="Thêm phong trào").first)
    hand.fill(admin.get_by_label("Tên phong trào"), "Cải cách hành chính")
    hand.fill(admin.get_by_label("Mã phong trào"), "CCHC")
    hand.fill(admin.get_by_label("Văn bản phát động"), "Kế hoạch 12/KH-UBND")
    for word in ("Phong trào", "Nhận đề nghị"):
        hand.fill(admin.get_by_label(f"{word} từ ngày"), acts.in_days(-30))
        hand.fill(admin.get_by_label(f"{word} đến ngày"), acts.in_days(30))
    hand.fill(admin.locator("[name=individual_0_name]"), "Hồ sơ đúng hạn")
    hand.fill(admin.locator("[name=individual_0_points]"), "100")
    hand.click(admin.get_by_role("button", name="Ghi phong trào"))
    go(admin, hand, "Căn cứ pháp lý")
    hand.click(admin.get_by_text("Thêm căn cứ"))
    hand.fill(
        admin.get_by_label("Căn cứ", exact=True), "Luật Thi đua, khen thưởng năm 2022"
    )
    hand.fill(admin.get_by_label("Từ ngày"), "01/01/2024")
    hand.click(admin.get_by_role("button", name="Ghi căn cứ"))


def test_empty_database_to_a_nomination_at_its_block_within_ten_minutes(province):
    visitors, link = province
    hand, admin = Hand(), visitors.window()
    enter(admin, hand, link, "an")
    expect(admin.locator(".set-up")).to_contain_text("xong 0 trong 8 phần")
    assert problems(admin) == []
    found_blocks_units_people(admin, hand)

    keeper = visitors.window()
    enter(keeper, hand, link_for(admin, hand, "quy"), "quy")
    hand.click(keeper.locator(".header-nav").get_by_text("Quy trình"))
    assert problems(keeper) == []
    hand.click(keeper.get_by_role("button", name="Triển khai quy trình có sẵn"))
    expect(keeper.locator(".page-head")).to_contain_text("chờ người thứ hai xác nhận")
    go(admin, hand, "Quy trình")
    hand.click(admin.locator(".row-link"))
    hand.click(admin.get_by_role("button", name="Xác nhận để nhận hồ sơ mới"))
    set_up_season(admin, hand)
    hand.click(admin.locator(".header-nav").get_by_text("Người dùng"))
    expect(admin.locator(".set-up")).to_have_count(0)

    officer, head = visitors.window(), visitors.window()
    enter(officer, hand, link_for(admin, hand, "lan.vg"), "lan.vg")
    enter(head, hand, link_for(admin, hand, "huy.vg"), "huy.vg")
    assert hand.minutes < 10
    code = nominate(officer)
    acts.take(head, code)
    acts.approve(head)
    acts.sent(head)
    officer.goto(f"/nominations/{code}")
    expect(officer.locator(".stepper .is-current")).to_contain_text("Khối suy tôn")


def nominate(officer: Page) -> str:
    """The least that a nomination of the new award needs."""
    code = acts.begin(officer, "Nguyễn Văn Thử")
    acts.fill(
        officer,
        birth_date="15/10/1980",
        position="Công chức Bộ phận Một cửa",
        achievements="Giải quyết đúng hạn mọi hồ sơ.",
    )
    officer.locator("#step-form [name^=score__]").fill("90")
    officer.locator("#step-form [name^=evidence__]").fill("Báo cáo một cửa")
    acts.approve(officer)
    acts.sent(officer)
    return code
