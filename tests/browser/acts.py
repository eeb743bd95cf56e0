"""What people do on the pages, step by step, as a hand and a mouse would."""

import io
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pypdfium2
from playwright.sync_api import Locator, Page, expect

from awards.demo import accounts
from workflows import calendar

PAPERS = ("to_trinh", "bao_cao", "bien_ban")  # those that a dossier cannot do without
CRITERIA = ("on_time", "complaints", "citizens", "discipline", "initiative", "workplace")


def begin(page: Page, name: str) -> str:
    """Set up a nomination, which leads to its first step. Gives its code."""
    page.goto("/nominations/new")
    page.get_by_label("Cá nhân", exact=True).check()
    page.get_by_label("Danh xưng").fill("Bà")
    page.get_by_label("Tên cá nhân, tập thể, hộ gia đình").fill(name)
    page.locator("main").get_by_role("button", name="Lập hồ sơ").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Lập hồ sơ đề nghị")
    return page.locator(".trail a").last.inner_text()


def take(page: Page, code: str, tab: str = "groups") -> None:
    """Find the nomination's step in the inbox and open it."""
    page.goto(f"/inbox?tab={tab}&q={code}")
    row = page.locator("#inbox-list tbody tr")
    expect(row).to_have_count(1)
    row.get_by_role("link").click()
    declare(page)
    page.locator("#step-form").wait_for()


def declare(page: Page) -> None:
    """Declare no interest, where the page asks for it."""
    page.locator("#step-form, [action='/interests']").first.wait_for()
    if page.locator("[action='/interests']").count():
        page.get_by_role("button", name="Xác nhận kê khai").click()


def pick(page: Page, step: str, place: int = 0) -> tuple[str, str]:
    """Open one of the demo's own nominations that wait at a step, the most urgent first.

    Gives its code and its unit. Sở Tư pháp is left to the journey.
    """
    page.goto(f"/inbox?tab=groups&step={step}")
    row = page.locator("#inbox-list tbody tr").filter(has_not_text="Sở Tư pháp").nth(place)
    code = row.locator(".row-code").inner_text()
    unit = row.locator("td[data-label='Đơn vị']").inner_text()
    row.get_by_role("link").click()
    page.locator("#step-form").wait_for()
    return code, unit


def login_of(role: str, unit: str) -> str:
    """Who serves a unit in a role."""
    return next(a["login"] for a in accounts() if (a["role"], a["unit"]) == (role, unit))


def control(page: Page, name: str) -> Locator:
    """A control of the step's form, by its name."""
    return page.locator(f'#step-form [name="{name}"]')


def fill(page: Page, **fields: str) -> None:
    """Type into fields, by their names."""
    for name, text in fields.items():
        control(page, name).fill(text)


def choose(page: Page, **fields: str) -> None:
    """Choose in radio groups, by their names and values."""
    for name, value in fields.items():
        page.locator(f'#step-form [name="{name}"][value="{value}"]').check()


def attach(page: Page, item: str, file_name: str) -> None:
    """Put a small real PDF into an upload field."""
    document, content = pypdfium2.PdfDocument.new(), io.BytesIO()
    document.new_page(595, 842).close()
    document.save(content)
    document.close()
    file: Any = {
        "name": file_name,
        "mimeType": "application/pdf",
        "buffer": content.getvalue(),
    }
    control(page, f"file__{item}").set_input_files([file])


def in_days(days: int) -> str:
    """A day from today, as people write it."""
    day = calendar.today(datetime.now(UTC)) + timedelta(days=days)
    return day.strftime("%d/%m/%Y")


def send(page: Page) -> None:
    """Send the step, whatever comes of it."""
    page.locator("#step-form").get_by_role("button", name="Hoàn thành").click()


def sent(page: Page) -> None:
    """Send the step; it was taken, and the inbox says so."""
    send(page)
    expect(page.locator(".note-success")).to_contain_text("Đã gửi")


def prepare(page: Page) -> None:
    """The officer's part: achievements, scores with evidence, three papers."""
    fill(
        page,
        birth_date="15/10/1980",
        position="Chuyên viên Bộ phận Một cửa",
        achievements="Giải quyết đúng hạn 99,2% hồ sơ.\nKhông có phản ánh đúng.",
        **{f"score__{name}": "5" for name in CRITERIA},
        **{f"evidence__{name}": "Báo cáo một cửa các năm 2019 - 2025" for name in CRITERIA},
    )
    control(page, "is_serving_public").check()
    for item in PAPERS:
        attach(page, item, f"{item}.pdf")
    choose(page, outcome="approve")


def approve(page: Page) -> None:
    """A step that asks for nothing but the answer."""
    choose(page, outcome="approve")


def select_by_block(page: Page) -> None:
    """The Khối's score and ballot."""
    fill(page, score="92", votes_for="11", votes_total="12", opinion="Thành tích nổi trội.")
    choose(page, outcome="approve")


def receive(page: Page) -> None:
    """The clerk has seen every paper."""
    choose(page, **{f"item__{name}": "present" for name in PAPERS}, outcome="approve")


def appraise(page: Page) -> None:
    """The specialist finds every criterion met."""
    for group in page.locator("#step-form .row-block").all():
        group.locator("[value='met']").check()
    fill(page, opinion="Đủ điều kiện.")
    choose(page, outcome="approve")


def check_form_and_law(page: Page) -> None:
    """The Office ticks both."""
    control(page, "is_form_right").check()
    control(page, "is_law_right").check()
    choose(page, outcome="approve")


# Who answers, with what, after the officer of Sở Tư pháp has prepared the nomination.
WAY: tuple[tuple[str, Callable[[Page], None]], ...] = (
    ("quang.tuphap", approve),
    ("khoitruong.k01", select_by_block),
    ("nga.noivu", receive),
    ("tuan.noivu", appraise),
    ("ha.noivu", approve),
    ("vinh.vanphong", check_form_and_law),
    ("chutich.ubnd", approve),
    ("oanh.vanthu", approve),
)


def begin_intervention(page: Page, where: str) -> None:
    """Open the form for an operator's act on the first nomination of a list."""
    page.goto(where)
    page.locator(".row-link").first.click()
    page.get_by_role("link", name="Can thiệp").click()
    page.get_by_role("heading", level=1, name="Can thiệp").wait_for()


def suspend(page: Page) -> None:
    """Choose to suspend, and look at what that would do."""
    page.get_by_label("Tạm dừng hồ sơ").check()
    page.get_by_label("Lý do").fill("Đang xác minh một phản ánh của công dân.")
    page.get_by_role("button", name="Xem trước").click()
    page.get_by_role("button", name="Gửi đề nghị").wait_for()


def deploy_again(page: Page) -> None:
    """Bring a newer version of the process: the same, but for a line at its end."""
    xml = (Path(__file__).parents[2] / "bpmn" / "movement_award.bpmn").read_bytes()
    file = {"name": "new.bpmn", "mimeType": "application/xml", "buffer": xml + b"\n"}
    page.goto("/processes")
    page.get_by_label("Tệp quy trình (.bpmn)").set_input_files(file)  # type: ignore[arg-type] # a dict is a file
    page.get_by_role("button", name="Kiểm tra và triển khai").click()
    page.get_by_text("một quản trị viên khác xác nhận").wait_for()
