"""axe-core finds nothing, and nothing scrolls sideways, on every page of the journey."""

from pathlib import Path

import pytest
from playwright.sync_api import expect

from awards.demo.catalogue import MOVEMENT
from tests.browser import acts
from tests.browser.looking import problems

DATA = Path(__file__).parents[1] / "data"

# Who has which step waiting, and in which tab.
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
PAGES = (
    ("lan.tuphap", "/inbox?tab=mine"),
    ("tuan.noivu", "/inbox?tab=groups"),
    ("tuan.noivu", "/inbox?tab=done"),
    ("khoitruong.k01", "/inbox?q=không+có+ai"),
    ("nam.xaydung", "/nominations"),
    ("hoidong", "/board"),
    ("hoidong", "/search"),
    ("hoidong", "/search?q=tu+phap"),
    ("hoidong", "/search?q=hai+long&entered=1"),
    ("hoidong", "/board?waited=1&passed=approve_by_unit"),
    ("hoidong", "/board/overview"),
    ("hoidong", "/board/views"),
    ("thanhtra", "/history?verify=1"),
    ("thanhtra", "/history/checkpoints?note=x"),
    ("thanhtra", "/history/consistency?old=1&new=2"),
    ("quantri.hethong", "/about"),
    ("quantri.hethong", "/people"),
    ("quantri.hethong", "/people/1"),
    ("quantri.hethong", "/account"),
    ("quantri.hethong", "/exports"),
    ("tuan.noivu", "/messages"),
    ("ha.noivu", "/delegations"),
    ("lan.tuphap", "/proposals?tab=drafts"),
    ("oanh.vanthu", "/decisions"),
    ("oanh.vanthu", "/decisions/1"),
    ("tuan.noivu", "/decisions/1/correct"),
    ("tuan.noivu", "/decisions/1/revoke"),
    ("oanh.vanthu", "/signed-papers/decisions/1"),
    ("quantri.hethong", "/units"),
    ("quantri.hethong", "/units?on=01/01/2020"),
    ("quantri.hethong", "/units?q=so+y"),
    ("quantri.hethong", "/units/new"),
    ("quantri.hethong", "/units/changes/new"),
    ("quantri.hethong", "/units/SO-TP"),
    ("quantri.hethong", "/rosters/new"),
    ("quantri.hethong", "/calendar"),
    ("quantri.hethong", "/personal-data"),
    ("quantri.hethong", "/retention"),
    ("quantri.hethong", "/legal-bases"),
    ("quantri.hethong", "/bonus-rules"),
    ("quantri.hethong", "/awards/1/certificate"),
    ("oanh.vanthu", "/decisions/1/certificates"),
    ("quantri.hethong", "/movements"),
    ("quantri.hethong", "/movements/new"),
    ("quantri.hethong", "/movements/1"),
    ("quantri.hethong", "/awards"),
    ("quantri.hethong", "/awards/new"),
    ("quantri.hethong", "/awards/1"),
    ("quantri.hethong", "/blocks"),
    ("quantri.hethong", "/blocks/K01"),
    ("quantri.hethong", "/blocks/years/new"),
    ("quantri.hethong", "/paper-templates"),
    ("quantri.hethong", "/paper-templates/decision"),
    ("quantri.hethong", "/paper-templates/certificate"),
    ("oanh.vanthu", f"/results/{MOVEMENT}"),
    ("ha.noivu", "/examples"),
    ("ha.noivu", "/examples/2"),
    ("lan.tuphap", "/discoveries"),
    ("lan.tuphap", "/purposes"),
    ("nam.xaydung", f"/purposes/{MOVEMENT}"),
    ("quantri.quytrinh", "/processes"),
    ("quantri.quytrinh", "/processes/1"),
    ("nam.xaydung", "/imports"),
    ("hoidong", "/quality"),
    ("hoidong", "/quality/activity"),
    ("hoidong", "/records/own-awards"),
    ("lan.tuphap", "/records/registrations/new"),
    ("tuan.noivu", "/records/inspections/2"),
    ("tuan.noivu", "/records/inspections/2/edit"),
    ("khanh.yte", "/records/evaluations"),
    ("hien.quytrinh", "/operations"),
    ("hien.quytrinh", "/operations/migration"),
    ("thanhtra", "/history/events?since=31/02/2026"),
    ("thanhtra", "/history/patterns"),
    ("thanhtra", "/history/readers"),
    ("thanhtra", "/history/samples"),
    ("nam.xaydung", "/nominations/HS-0000-00000"),
)


@pytest.mark.parametrize(
    ("login", "step", "tab"), STEPS, ids=[step for _, step, _ in STEPS]
)
def test_step_with_its_errors(sign_in, login, step, tab):
    page = sign_in(login, f"/inbox?tab={tab}&step={step}")
    page.locator("#inbox-list .row-link").first.click()
    acts.send(page)
    expect(page.locator("#error-summary")).to_be_focused()
    assert problems(page) == []


@pytest.mark.parametrize(("login", "path"), PAGES, ids=[path for _, path in PAGES])
def test_page(sign_in, login, path):
    page = sign_in(login, path)
    assert problems(page) == []


def test_sign_in(visitors):
    page = visitors.window()
    page.goto("/login")
    page.locator("main").get_by_role("button", name="Đăng nhập").click()
    expect(page.locator("#error-summary")).to_be_focused()
    assert problems(page) == []


def test_choosing_a_password_by_link(sign_in, visitors):
    admin = sign_in("quantri.hethong", "/people/1")
    admin.get_by_role("button", name="Cấp liên kết đặt mật khẩu").click()
    link = admin.locator("code").inner_text()
    page = visitors.window()
    page.goto(link)
    page.locator("main").get_by_role("button", name="Đặt mật khẩu").click()
    expect(page.locator("#error-summary")).to_be_focused()
    assert problems(page) == []
    page.goto("/password/none")
    assert problems(page) == []


def test_slips_and_a_corrected_number(sign_in):
    admin = sign_in("quantri.hethong", "/people")
    admin.locator("[name=person]").first.check()
    admin.get_by_role("button", name="Cho người đã đánh dấu").click()
    expect(admin.locator(".slip")).to_have_count(1)
    assert problems(admin) == []
    page = sign_in("lan.tuphap", "/nominations?stage=prepare_nomination")
    page.locator("#main .row-link").first.click()
    page.get_by_role("link", name="số định danh").click()
    assert problems(page) == []
    page.get_by_role("button", name="Ghi số").click()
    expect(page.locator("#error-summary")).to_be_focused()
    assert problems(page) == []


def test_declaring_interests(sign_in):
    page = undeclared(sign_in)
    assert problems(page) == []
    page.get_by_label("Quan hệ của tôi với Lê Thị Kê").select_option("relative")
    page.get_by_role("button", name="Xác nhận kê khai").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(
        "Khối thi đua bình xét, suy tôn"
    )
    assert problems(page) == []


def undeclared(sign_in):
    """The declaration that a Khối's lead is asked for by a new nomination."""
    officer = sign_in("lan.tuphap", "/inbox")
    code = acts.begin(officer, "Lê Thị Kê")
    acts.prepare(officer)
    acts.sent(officer)
    head = sign_in("quang.tuphap", "/inbox")
    acts.take(head, code)
    acts.choose(head, outcome="approve")
    acts.sent(head)
    lead = sign_in("khoitruong.k01", f"/inbox?tab=groups&q={code}")
    lead.locator("#inbox-list .row-link").first.click()
    expect(lead.get_by_role("heading", level=1)).to_have_text("Kê khai quan hệ")
    return lead


def test_create(sign_in):
    page = sign_in("nam.xaydung", "/nominations/new")
    page.locator("main").get_by_role("button", name="Lập hồ sơ").click()
    expect(page.locator("#error-summary")).to_be_focused()
    assert problems(page) == []


@pytest.mark.parametrize("status", ["returned", "awarded"])
def test_nomination(sign_in, status):
    page = sign_in("hoidong", f"/board?status={status}")
    page.locator(".row-link").first.click()
    expect(page.locator(".diagram .djs-element").first).to_be_attached()
    for part in page.locator("main details").all():
        part.locator("summary").click()
    assert problems(page) == []


def test_withdraw(sign_in):
    page = sign_in("thuy.xaydung", "/nominations?stage=appraise")
    page.locator(".row-link").first.click()
    page.get_by_role("link", name="Rút hồ sơ").click()
    page.locator("main").get_by_role("button", name="Rút hồ sơ").click()
    expect(page.locator("#error-summary")).to_be_focused()
    assert problems(page) == []


def test_check_answers(sign_in):
    page = sign_in("phochutich.ubnd", "/inbox?tab=mine&step=decide_by_chairman")
    page.locator("#inbox-list .row-link").last.click()
    acts.choose(page, outcome="refuse")
    acts.fill(page, reason="Đang xác minh một phản ánh của công dân.")
    acts.send(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("Kiểm tra trước khi gửi")
    assert problems(page) == []


def test_import_preview(sign_in):
    page = sign_in("nga.noivu", "/imports")
    page.get_by_label("Danh sách (.xlsx)").set_input_files(DATA / "danh-sach-co-loi.xlsx")
    page.get_by_role("button", name="Tải lên và xem trước").click()
    expect(page.locator(".page-head .status")).to_have_text("Chờ xác nhận")
    assert problems(page) == []


def test_history(sign_in):
    page = sign_in("thanhtra", "/history")
    page.locator(".row-link").last.click()  # the newest may not be sealed yet
    page.get_by_role("link", name="Kiểm tra lại").click()
    expect(page.locator(".result")).to_contain_text("Nguyên vẹn.")
    page.locator("details.hash summary").first.click()
    assert problems(page) == []
    page.get_by_role("link", name="Bằng chứng").first.click()
    expect(page.locator(".result")).to_contain_text("Đã chứng minh.")
    assert problems(page) == []


def test_sample(sign_in):
    page = sign_in("thanhtra", "/history/samples")
    page.get_by_label("Mục đích").fill("Kiểm tra")
    page.get_by_label("Số hồ sơ").fill("2")
    page.get_by_role("button", name="Bốc mẫu").click()
    expect(page.get_by_role("status")).to_contain_text("ra đúng những hồ sơ này")
    assert problems(page) == []


def test_menu(sign_in):
    page = sign_in("lan.tuphap")
    page.locator("details.menu summary").click()
    expect(page.get_by_role("button", name="Đăng xuất")).to_be_visible()
    assert problems(page) == []


def test_findings_of_a_process(sign_in):
    page = sign_in("quantri.quytrinh", "/processes")
    page.get_by_label("Tệp quy trình (.bpmn)").set_input_files(
        DATA / "bpmn" / "odd" / "miwg-b-1-0.bpmn"
    )
    page.get_by_role("button", name="Kiểm tra và triển khai").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("chỗ cần sửa")
    assert problems(page) == []


def test_operators_act(sign_in):
    page = sign_in("quantri.quytrinh")
    acts.begin_intervention(page, "/board?stage=check_by_office")
    page.get_by_role("button", name="Xem trước").click()
    expect(page.locator("#error-summary")).to_be_focused()
    page.get_by_label("Đưa về bước trước").check()
    expect(page.get_by_label("Đưa về bước", exact=True)).to_be_visible()
    assert problems(page) == []
    acts.suspend(page)
    assert problems(page) == []
    page.get_by_role("button", name="Gửi đề nghị").click()
    expect(page.locator(".act")).to_contain_text("người khác quyết định")
    other = sign_in("hien.quytrinh", "/operations")
    expect(other.get_by_role("button", name="Xác nhận và thực hiện")).to_be_visible()
    assert problems(other) == []
    other.get_by_role("button", name="Từ chối").click()
    expect(other.locator(".note-success")).to_be_visible()
    assert problems(other) == []


def test_dry_run_of_a_newer_version(sign_in):
    page = sign_in("quantri.quytrinh")
    acts.deploy_again(page)
    other = sign_in("hien.quytrinh", page.url)
    other.get_by_role("button", name="Xác nhận để nhận hồ sơ mới").click()
    other.get_by_role("link", name="Chuyển hồ sơ sang phiên bản này").click()
    expect(other.get_by_role("checkbox").first).to_be_visible()
    assert problems(other) == []
