"""Pictures of every page, wide and on a phone, for whoever works on how they look.

    .venv/bin/python -m tests.browser.screenshots FOLDER [BEGINNING OF NAMES]

Serves a demo province of its own, so that nothing here touches yours, and ends it. A picture
is called by its page and width: `board-390.png`.
"""

import os
import sys
import tempfile
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import chain
from pathlib import Path

from playwright.sync_api import FilePayload, Page, sync_playwright

from awards.demo.catalogue import MOVEMENT
from awards.templates.places import FOLDER
from tests import signing
from tests.browser import acts, server
from tests.browser.windows import FLAGS, PHONE, PROGRAM, WIDE, House, Visitors

DATA = Path(__file__).parents[1] / "data"
Way = Callable[[Page], None]
PROVIDER = {  # nobody answers there; its button is on the pages
    "VINH_DANH_OIDC_ISSUER": "http://127.0.0.1:9",
    "VINH_DANH_OIDC_CLIENT_ID": "vinh-danh",
    "VINH_DANH_OIDC_CLIENT_SECRET": "none",
    "VINH_DANH_OIDC_NAME": "Cổng đăng nhập tỉnh",
}


def main(folder: Path, wanted: str = "") -> None:
    """Take every picture, or those whose names begin like this."""
    folder.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory(prefix="screenshots-") as site,
        sync_playwright() as driver,
    ):
        address = server.start(Path(site), owner=os.getpid(), **PROVIDER)
        browser = driver.chromium.launch(executable_path=PROGRAM, args=FLAGS)
        visitors = Visitors(House(browser, address))
        for name, login, way in pages():
            if not name.startswith(wanted):
                continue
            page = visitors.sign_in(login) if login else visitors.window()
            way(page)
            _take(page, folder / name)
            page.context.close()
        browser.close()


def _take(page: Page, name: Path) -> None:
    for screen in (WIDE, PHONE):
        page.set_viewport_size(screen)  # type: ignore[arg-type] # a dict is a size
        page.wait_for_load_state("networkidle")
        page.screenshot(path=f"{name}-{screen['width']}.png", full_page=True)


def pages() -> Iterator[tuple[str, str, Way]]:
    """Every page: its name, whose it is, and how to get there."""
    yield "sign-in", "", goes("/login")
    yield "sign-in-error", "", clicks("/login", "Đăng nhập")
    yield "sign-in-provider-silent", "", clicks("/login", "Đăng nhập bằng")
    yield "inbox-mine", "vinh.vanphong", goes("/inbox?tab=mine")
    yield "inbox-groups", "tuan.noivu", goes("/inbox?tab=groups")
    yield "inbox-done", "tuan.noivu", goes("/inbox?tab=done")
    yield "inbox-empty", "tuan.noivu", goes("/inbox?tab=mine&q=khong+co+ai")
    yield "inbox-keys", "tuan.noivu", clicks("/inbox?tab=groups", "Phím tắt")
    yield "menu", "tuan.noivu", opens_menu
    for login, step, tab in STEPS:
        yield f"step-{step}", login, opens_step(step, tab)
        yield f"step-{step}-errors", login, sends_nothing(step, tab)
    yield "step-receive-return", "nga.noivu", chooses("receive_by_department", "return")
    yield "step-appraise-return", "linh.noivu", chooses("appraise", "return")
    yield "step-returned", "duc.vangiang", opens_step("prepare_nomination", "mine")
    yield "step-taken", "tuan.noivu", is_late
    yield "check-answers", "phochutich.ubnd", refuses
    yield "inbox-ticked", "ha.noivu", ticks(2)
    yield "batch-prepare", "ha.noivu", prepares
    yield "batch-prepare-errors", "ha.noivu", asks()
    yield "batch-check", "ha.noivu", asks(outcome="refuse", reason=_DOUBT)
    yield "batch-none", "chutich.ubnd", goes("/batches")
    yield "batch-results", "ha.noivu", confirms
    yield "batches", "ha.noivu", goes("/batches")
    yield "nominations-notices", "lan.tuphap", goes("/nominations")
    yield "nominations-officer", "mai.hanhchinhcong", goes("/nominations")
    yield "create", "nam.xaydung", goes("/nominations/new")
    yield "create-errors", "nam.xaydung", clicks("/nominations/new", "Lập hồ sơ")
    for status in STATUSES:
        yield f"nomination-{status}", "hoidong", opens_first(f"/board?status={status}")
    yield "nomination-officer", "lan.tuphap", opens_first("/nominations?stage=appraise")
    yield "withdraw", "thuy.xaydung", withdraws
    yield from chain(board_pages(), search_pages(), movement_pages(), export_pages())
    yield "imports", "nga.noivu", goes("/imports")
    yield "import-faults", "nga.noivu", uploads("danh-sach-co-loi.xlsx")
    yield "import-preview", "nga.noivu", uploads("danh-sach-1500.xlsx")
    yield "import-done", "lan.tuphap", imports
    yield from history_pages()
    yield from operators_pages()
    yield "about", "quantri.hethong", goes("/about")
    yield from chain(account_pages(), proposal_pages())
    yield from chain(organisation_pages(), paper_pages())
    yield "processes", "quantri.quytrinh", goes("/processes")
    yield "process", "quantri.quytrinh", goes("/processes/1")
    yield "process-findings", "quantri.quytrinh", brings("data/bpmn/odd/miwg-b-1-0.bpmn")
    yield (
        "process-damaged",
        "quantri.quytrinh",
        brings("data/bpmn/modelers/camunda_modeler_with_lanes.bpmn"),
    )
    yield (
        "process-waiting",
        "quantri.quytrinh",
        brings("../bpmn/examples/movement_award_with_double_check.bpmn"),
    )
    yield "not-found", "lan.tuphap", goes("/nominations/HS-0000-00000")


_DOUBT = "Đang xác minh một phản ánh của công dân."


def history_pages() -> Iterator[tuple[str, str, Way]]:
    """What auditors look at."""
    yield "history", "thanhtra", goes("/history?verify=1")
    yield "history-one", "thanhtra", opens_first("/history")
    yield "checkpoints", "thanhtra", goes("/history/checkpoints")
    yield "checkpoints-wrong", "thanhtra", goes("/history/checkpoints?note=khong+phai")
    yield "consistency", "thanhtra", compares
    yield "proof", "thanhtra", proves
    yield "auditing-events", "thanhtra", goes("/history/events?kind=task_completed")
    yield "auditing-events-error", "thanhtra", goes("/history/events?since=31/02/2026")
    yield "auditing-patterns", "thanhtra", goes("/history/patterns")
    yield "auditing-readers", "thanhtra", goes("/history/readers")
    yield "auditing-samples", "thanhtra", draws
    yield "auditing-samples-all", "thanhtra", goes("/history/samples")


def compares(page: Page) -> None:
    page.goto("/history/checkpoints")
    size = page.locator("table .number").last.inner_text().replace(".", "")
    page.goto(f"/history/consistency?old={size}&new={size}")


def proves(page: Page) -> None:
    opens_first("/history")(page)
    page.get_by_role("link", name="Bằng chứng").first.click()


def account_pages() -> Iterator[tuple[str, str, Way]]:
    """Accounts: one's own, and those that an administrator keeps."""
    yield "messages", "lan.tuphap", is_told
    yield "messages-tasks", "tuan.noivu", goes("/messages")
    yield "account", "quantri.hethong", goes("/account")
    yield "account-address-error", "lan.tuphap", clicks("/account", "Ghi địa chỉ")
    yield "account-error", "quantri.hethong", clicks("/account", "Đổi mật khẩu")
    yield "people", "quantri.hethong", goes("/people")
    yield "person", "quantri.hethong", goes("/people/1")
    yield "person-link", "quantri.hethong", clicks("/people/1", "Cấp liên kết đặt mật khẩu")
    yield "person-slips", "quantri.hethong", ticks_people
    yield "identity", "lan.tuphap", corrects()
    yield "identity-errors", "lan.tuphap", corrects("Ghi số")
    yield "delegations", "ha.noivu", delegates
    yield (
        "delegation-new",
        "ha.noivu",
        goes_to_link("/delegations", "Ủy quyền Phó Giám đốc"),
    )
    yield "inbox-for-another", "linh.noivu", goes("/inbox?tab=groups")
    yield "interests", "vinh.vanphong", undeclared
    yield "link-over", "", goes("/password/none")
    yield "choose-password", "quantri.hethong", opens_link


def search_pages() -> Iterator[tuple[str, str, Way]]:
    """The search before a question, with answers, without, and by texts alone."""
    yield "search", "hoidong", goes("/search")
    yield "search-found", "hoidong", goes("/search?q=tu+phap")
    yield "search-none", "lan.tuphap", goes("/search?q=khong+co+ai")
    yield "search-texts", "hoidong", goes("/search?q=hai+long&entered=1")


def movement_pages() -> Iterator[tuple[str, str, Way]]:
    """What is kept of the movement, and what it says of the letter's questions."""
    yield "movement-quality", "hoidong", goes("/quality")
    yield "movement-question", "hoidong", goes("/quality/activity")
    yield "movement-question-group", "hoidong", goes("/quality/criteria?group=targets")
    yield "movement-registrations", "lan.tuphap", goes("/records/registrations")
    yield "movement-registration", "hoidong", opens_first("/records/registrations")
    yield "movement-registration-new", "lan.tuphap", goes("/records/registrations/new")
    yield "movement-own-awards", "hoidong", goes("/records/own-awards")
    yield "movement-own-award-edit", "lan.tuphap", goes("/records/own-awards/1/edit")
    yield "movement-communications", "khoitruong.k02", goes("/records/communications")
    yield "movement-inspections", "tuan.noivu", goes("/records/inspections")
    yield "movement-inspection", "tuan.noivu", goes("/records/inspections/2")
    yield (
        "movement-inspection-errors",
        "tuan.noivu",
        clicks("/records/inspections/new", "Ghi cuộc kiểm tra"),
    )
    yield "movement-evaluations", "hoidong", goes("/records/evaluations")
    yield "movement-evaluation", "khanh.yte", opens_first("/records/evaluations")


def export_pages() -> Iterator[tuple[str, str, Way]]:
    """Lists taken out: the buttons stand on the pages of the lists."""
    yield "exports-none", "hoidong", goes("/exports")
    yield "exports", "tuan.noivu", takes_out
    yield "export-ready", "tuan.noivu", goes("/exports/1")


def proposal_pages() -> Iterator[tuple[str, str, Way]]:
    """A unit's proposal, from what waits to what it has brought others; then the Khối's."""
    yield "proposals-none", "chutich.ubnd", goes("/proposals")
    yield "proposals-drafts", "duc.vangiang", goes("/proposals?tab=drafts")
    yield "proposals-draft", "duc.vangiang", clicks("/proposals?tab=drafts", "Lập tờ trình")
    yield "proposals-handed-in", "duc.vangiang", hands_in
    yield "proposals-waiting", "huyen.vangiang", goes("/proposals")
    yield "proposals-sign", "huyen.vangiang", goes_to_sign
    yield "proposals-signed", "huyen.vangiang", signs
    yield "proposals-list", "huyen.vangiang", goes("/proposals?tab=signed")
    yield "proposals-block", "khoitruong.k02", gathers_for_block
    yield "proposals-received", "khoitruong.k02", goes("/proposals")
    yield "proposals-tasks", "khoitruong.k02", opens_first("/proposals")
    yield "examples", "ha.noivu", goes("/examples")
    yield "examples-waiting", "ha.noivu", goes("/examples/2")
    yield "examples-discoveries", "mai.hanhchinhcong", goes("/discoveries")
    yield "examples-purposes", "lan.tuphap", goes("/purposes")
    yield "examples-purpose", "nam.xaydung", goes(f"/purposes/{MOVEMENT}")
    yield "decisions", "oanh.vanthu", goes("/decisions")
    yield (
        "decisions-new",
        "oanh.vanthu",
        opens_first("/decisions", "a[href*='/decisions/new/']"),
    )
    yield "decisions-correct", "tuan.noivu", goes("/decisions/1/correct")
    yield "decisions-revoke", "tuan.noivu", goes("/decisions/1/revoke")
    yield from signed_pages()


def signed_pages() -> Iterator[tuple[str, str, Way]]:
    """A decision signed elsewhere, taken out whole, and a new nomination from one it awarded."""
    yield "signed-none", "oanh.vanthu", goes("/signed-papers/decisions/1")
    yield "signed-refused", "oanh.vanthu", signed_elsewhere(signing.tampered)
    yield "signed-scan", "oanh.vanthu", signed_elsewhere(lambda _pdf: _SCAN)
    yield "signed-kept", "oanh.vanthu", signed_elsewhere(lambda pdf: pdf)
    yield "signed-decision", "oanh.vanthu", goes("/decisions/1")
    yield "signed-archive", "oanh.vanthu", packs
    yield "signed-copy", "lan.tuphap", copies()
    yield "signed-copied", "lan.tuphap", copies("Lập hồ sơ")


_SCAN = signing.sign(signing.blank())


def signed_elsewhere(change: Callable[[bytes], bytes]) -> Way:
    """Sign a decision's paper, do this to it, and bring it."""

    def way(page: Page) -> None:
        paper = page.request.get("/decisions/1.pdf").body()
        with ThreadPoolExecutor(1) as elsewhere:  # Playwright has this thread's event loop
            signed = elsewhere.submit(signing.sign, paper).result()
        file = FilePayload(
            name="ban-ky.pdf", mimeType="application/pdf", buffer=change(signed)
        )
        page.goto("/signed-papers/decisions/1")
        page.get_by_label("Tệp PDF đã ký số").set_input_files(file)
        page.get_by_role("button", name="Đưa bản").click()
        page.locator("h1").wait_for()

    return way


def packs(page: Page) -> None:
    """Ask for a decision whole, and wait for it."""
    page.goto("/decisions/1")
    page.get_by_role("button", name="Tải trọn bộ (ZIP)").click()
    page.get_by_role("link", name="Tải tệp về").wait_for()


def copies(button: str = "") -> Way:
    """Begin a nomination from an awarded one, and go on with this button."""

    def way(page: Page) -> None:
        page.goto("/nominations?status=awarded&movement=all")
        page.locator(".row-link").first.click()
        page.get_by_role("link", name="Lập hồ sơ mới từ hồ sơ này").click()
        if button:
            page.locator("main").get_by_role("button", name=button).click()
            page.locator("#step-form").wait_for()

    return way


def organisation_pages() -> Iterator[tuple[str, str, Way]]:
    """Units and Khối, what decisions make of them, and who leads."""
    yield "units", "quantri.hethong", goes("/units")
    yield "units-before", "quantri.hethong", goes("/units?on=01/01/2020")
    yield "units-search", "quantri.hethong", goes("/units?q=so+y")
    yield "unit", "quantri.hethong", goes("/units/SO-TP")
    yield "unit-new", "quantri.hethong", goes("/units/new")
    yield "unit-new-errors", "quantri.hethong", clicks("/units/new", "Ghi đơn vị mới")
    yield "unit-change", "quantri.hethong", goes("/units/changes/new")
    yield "unit-change-errors", "quantri.hethong", clicks("/units/changes/new", "Xem trước")
    yield "unit-change-check", "quantri.hethong", merges
    yield "roster-new", "quantri.hethong", goes("/rosters/new")
    yield (
        "personal-data",
        "quantri.hethong",
        clicks("/personal-data", "Xem những gì sẽ xóa"),
    )
    yield "retention", "quantri.hethong", clicks("/retention", "Giữ lại")
    yield "personal-data-check", "quantri.hethong", asks_to_erase
    yield "calendar", "quantri.hethong", goes("/calendar?year=2026")
    yield "legal-bases", "quantri.hethong", goes("/legal-bases")
    yield "bonus-rules", "quantri.hethong", goes("/bonus-rules")
    yield "certificate-places", "quantri.hethong", goes("/awards/1/certificate")
    yield "certificates", "oanh.vanthu", goes("/decisions/1/certificates")
    yield "movements", "quantri.hethong", goes("/movements")
    yield "movement-new", "quantri.hethong", clicks("/movements/new", "Ghi phong trào")
    yield "movement", "quantri.hethong", goes("/movements/1")
    yield "awards", "quantri.hethong", goes("/awards")
    yield "award-new", "quantri.hethong", goes("/awards/new")
    yield "blocks", "quantri.hethong", goes("/blocks")
    yield "block", "quantri.hethong", goes("/blocks/K01")
    yield "blocks-year", "quantri.hethong", goes("/blocks/years/new")


def asks_to_erase(page: Page) -> None:
    """What erasing a nomination that was withdrawn would do."""
    page.goto("/personal-data")
    page.locator("[name=erase_code]").fill("HS-2026-00001")
    page.get_by_label("Căn cứ pháp lý").fill("Điều 14 Luật số 91/2025/QH15")
    page.get_by_label("Lý do xóa").fill("Đơn đề nghị ngày 05/11/2026")
    page.get_by_role("button", name="Xem những gì sẽ xóa").click()


def merges(page: Page) -> None:
    """What two units of the province made one would bring."""
    page.goto("/units/changes/new?unit=SO-TP")
    page.get_by_label("Hợp nhất").check()
    page.get_by_role("checkbox", name="Sở Y tế").check()
    page.get_by_label("Tên đơn vị 1").fill("Sở Tư pháp và Y tế")
    page.locator("[name=code_0]").fill("SO-TPYT")
    page.get_by_label("Số quyết định").fill("12/QĐ-UBND")
    page.locator("main").get_by_role("button", name="Xem trước").click()


def draws(page: Page) -> None:
    """A sample of five, the first ticked off."""
    page.goto("/history/samples")
    page.get_by_label("Mục đích").fill("Kiểm tra thành phần hồ sơ đợt 1")
    page.get_by_label("Số hồ sơ").fill("5")
    page.get_by_label("Số gieo").fill("12-05-37")
    page.get_by_role("button", name="Bốc mẫu").click()
    page.get_by_label("Đã kiểm tra").first.check()
    page.get_by_label("Nhận xét").first.fill("Đủ giấy tờ; biên bản họp có chữ ký.")
    page.get_by_role("button", name="Ghi").first.click()


def takes_out(page: Page) -> None:
    """Two lists, to what one has taken out."""
    for name in ("Xuất Excel", "Xuất kết quả"):
        page.goto("/board")
        with page.expect_download():
            page.get_by_role("button", name=name).click()
    page.goto("/exports")


def goes_to_link(path: str, name: str) -> Way:
    """The page behind a link."""

    def go(page: Page) -> None:
        page.goto(path)
        page.get_by_role("link", name=name).first.click()

    return go


def undeclared(page: Page) -> None:
    """What the Office is asked once the department has sent nominations on."""
    page.goto("/interests")


def delegates(page: Page) -> None:
    """The department's head has a specialist stand in."""
    goes_to_link("/delegations", "Ủy quyền Phó Giám đốc")(page)
    page.get_by_label("Người được ủy quyền").select_option(index=0)
    day = page.get_by_label("Từ ngày").input_value()
    page.get_by_label("Đến hết ngày").fill(day)
    page.get_by_label("Căn cứ").fill("Giấy ủy quyền 5/GUQ-SNV")
    page.locator("main").get_by_role("button", name="Ủy quyền").click()


def opens_link(page: Page) -> None:
    """The page behind a link that was just handed out."""
    clicks("/people/1", "Cấp liên kết đặt mật khẩu")(page)
    page.goto(page.locator("code").inner_text())


def hands_in(page: Page) -> None:
    """Hand the draft in to be signed."""
    opens_first("/proposals?tab=drafts")(page)
    page.get_by_role("button", name="Trình ký").click()
    page.locator(".note-success").wait_for()


def goes_to_sign(page: Page) -> None:
    """Come to the page that asks for the signature."""
    opens_first("/proposals")(page)
    page.get_by_role("button", name="Tiếp tục đến ký").click()
    page.get_by_role("heading", name="Ký tờ trình").wait_for()


def signs(page: Page) -> None:
    """Sign, to the signed proposal."""
    goes_to_sign(page)
    page.get_by_role("button", name="Ký và gửi").click()
    page.locator(".note-success").wait_for()


def gathers_for_block(page: Page) -> None:
    """The Khối's draft asks for scores and votes."""
    page.goto("/interests")
    acts.declare(page)
    clicks("/proposals?tab=drafts", "Lập tờ trình")(page)


def paper_pages() -> Iterator[tuple[str, str, Way]]:
    """Papers to take away, the meeting behind the minutes, and how papers look."""
    season = f"/results/{MOVEMENT}"
    yield (
        "papers-notices",
        "nam.xaydung",
        clicks_summary("/nominations", "Thông báo kết quả"),
    )
    yield "papers-season", "oanh.vanthu", goes(season)
    yield (
        "papers-decision",
        "oanh.vanthu",
        clicks_summary("/decisions/1", "Thông báo kết quả"),
    )
    drafts = "/proposals?tab=drafts"
    yield "papers-draft", "khoitruong.k01", clicks(drafts, "Lập tờ trình")
    yield "papers-meeting", "khoitruong.k01", opens_meeting
    yield "papers-appraisal", "tuan.noivu", goes("/nominations/HS-2026-00001")
    kind = "/paper-templates/result_notice"
    yield "papers-templates", "quantri.hethong", goes("/paper-templates")
    yield "papers-kind", "quantri.hethong", clicks_summary(kind, "Tải lên mẫu mới")
    yield "papers-kind-errors", "quantri.hethong", brings_template("")
    yield "papers-version", "quantri.hethong", brings_template("notice.typ")
    yield "papers-waiting", "quantri.quytrinh", goes("/paper-templates")
    yield "papers-approve", "quantri.quytrinh", opens_waiting
    yield "papers-word", "quantri.hethong", brings_template("notice.docx")
    blank = brings_template("certificates.typ", "certificate")
    yield "papers-certificate", "quantri.hethong", blank
    yield (
        "papers-bonuses",
        "quantri.hethong",
        brings_template("bonus_list.typ", "bonus_list"),
    )


def clicks_summary(path: str, name: str) -> Way:
    """Opens a part of a page that is folded."""

    def way(page: Page) -> None:
        page.goto(path)
        page.locator("summary", has_text=name).click()

    return way


def opens_meeting(page: Page) -> None:
    """From the Khối's draft to what its minutes say."""
    page.goto("/proposals?tab=drafts")
    page.locator("#main .row-link").first.click()
    page.get_by_role("link", name="Ghi cuộc họp").click()


def opens_waiting(page: Page) -> None:
    """The version that waits for a second person."""
    page.goto("/paper-templates")
    page.get_by_role("link", name="Xem và duyệt").first.click()


def brings_template(name: str, kind: str = "result_notice") -> Way:
    """Our own template as a new version, or nothing at all."""

    def way(page: Page) -> None:
        clicks_summary(f"/paper-templates/{kind}", "Tải lên mẫu mới")(page)
        if name:
            page.locator("#file").set_input_files(FOLDER / name)
            format_ = "docx" if name.endswith("docx") else "typst"
            page.locator(f"input[name='format_'][value='{format_}']").check()
            page.locator("#valid_from").fill("01/11/2026")
            page.locator("#note").fill("Thêm dòng ghi chú về nơi nhận hiện vật.")
        page.get_by_role("button", name="Thử và gửi duyệt").click()

    return way


def operators_pages() -> Iterator[tuple[str, str, Way]]:
    """What the two administrators of the processes see, one after the other."""
    yield "operation-new", "quantri.quytrinh", intervenes()
    yield "operation-check", "quantri.quytrinh", intervenes(acts.suspend)
    yield "operations-asked", "quantri.quytrinh", intervenes(acts.suspend, sends)
    yield "operations-waiting", "hien.quytrinh", goes("/operations")
    yield "operations-done", "hien.quytrinh", clicks("/operations", "Xác nhận và thực hiện")
    yield "process-newer", "quantri.quytrinh", acts.deploy_again
    yield "migration", "hien.quytrinh", moves


STATUSES = (
    "waiting",
    "returned",
    "overdue",
    "awarded",
    "refused",
    "not_selected",
    "withdrawn",
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


def board_pages() -> Iterator[tuple[str, str, Way]]:
    """The board, its overview, and the filters kept under a name."""
    yield "board", "hoidong", goes("/board")
    yield "board-empty", "hoidong", goes("/board?q=khong+co+ai")
    yield "board-narrowed", "hoidong", goes("/board?waited=3&passed=approve_by_unit")
    yield "board-views-menu", "hoidong", opens_views
    yield "board-views", "hoidong", saves_view
    yield "overview", "hoidong", goes("/board/overview")
    yield "overview-step", "hoidong", goes("/board/overview?stage=appraise&block=K01")
    yield "overview-unit", "lan.tuphap", goes("/board/overview")


def opens_views(page: Page) -> None:
    """The menu of saved views, with the form that saves one."""
    page.goto("/board?stage=appraise")
    page.get_by_text("Chế độ xem", exact=True).click()


def saves_view(page: Page) -> None:
    """The list of saved views, with one."""
    page.goto("/board?stage=appraise&status=overdue")
    page.get_by_text("Chế độ xem", exact=True).click()
    page.get_by_label("Tên chế độ xem").fill("Thẩm định quá hạn")
    page.get_by_label("Dùng chung với").select_option("auditor")
    page.get_by_role("button", name="Lưu", exact=True).click()
    page.goto("/board/views")


def goes(path: str) -> Way:
    """Open a page."""

    def way(page: Page) -> None:
        page.goto(path)

    return way


def clicks(path: str, button: str) -> Way:
    """Open a page and press a button on it."""

    def way(page: Page) -> None:
        page.goto(path)
        page.locator("main").get_by_role("button", name=button).first.click()

    return way


def opens_first(path: str, link: str = ".row-link") -> Way:
    """Open the first of a list."""

    def way(page: Page) -> None:
        page.goto(path)
        page.locator(link).first.click()
        page.get_by_role("heading", level=1).wait_for()

    return way


def opens_step(step: str, tab: str) -> Way:
    """Open the first task that waits at a step."""
    return opens_first(f"/inbox?tab={tab}&step={step}")


def sends_nothing(step: str, tab: str) -> Way:
    """Send a step as it is, without an answer."""

    def way(page: Page) -> None:
        opens_step(step, tab)(page)
        acts.send(page)
        page.locator("#error-summary").wait_for()

    return way


def chooses(step: str, outcome: str) -> Way:
    """Choose an outcome that asks for more."""

    def way(page: Page) -> None:
        opens_step(step, "mine")(page)
        acts.choose(page, outcome=outcome)

    return way


def opens_menu(page: Page) -> None:
    """Unfold the person's menu."""
    page.goto("/inbox")
    page.locator("details.menu summary").click()


def is_told(page: Page) -> None:
    """Look again until the server has told people of what the demo brings: within a minute."""
    page.goto("/messages")
    while not page.locator(".message").count():
        page.wait_for_timeout(2_000)
        page.reload()


def is_late(page: Page) -> None:
    """Come back to a step that one has handed over long ago."""
    page.goto("/inbox?tab=done")
    page.locator(".row-link").first.click()


def refuses(page: Page) -> None:
    """Come to the page that asks once more."""
    chooses("decide_by_chairman", "refuse")(page)
    acts.fill(page, reason="Đang xác minh một phản ánh của công dân.")
    acts.send(page)


def ticks(count: int) -> Way:
    """Tick the first rows of the inbox."""

    def way(page: Page) -> None:
        page.goto("/inbox?tab=groups")
        for box in page.locator("#inbox-list .tick").all()[:count]:
            box.check()

    return way


def prepares(page: Page) -> None:
    """Come to the page that shows what was chosen."""
    ticks(3)(page)
    page.locator("#choose-some").click()
    page.locator("#step-form").wait_for()


def asks(**answers: str) -> Way:
    """Answer for all that was chosen; without an outcome, be told that it is missing."""

    def way(page: Page) -> None:
        prepares(page)
        if "outcome" in answers:
            acts.choose(page, outcome=answers["outcome"])
            acts.fill(page, reason=answers["reason"])
        page.get_by_role("button", name="Tiếp tục").click()
        page.locator(".answer-outcome, #error-summary").wait_for()

    return way


def confirms(page: Page) -> None:
    """Approve several at once, to the results."""
    prepares(page)
    acts.choose(page, outcome="approve")
    page.get_by_role("button", name="Tiếp tục").click()
    page.get_by_role("button", name="Xác nhận").click()
    page.locator(".note-success").wait_for()


def ticks_people(page: Page) -> None:
    """Hand out a slip each to three people."""
    page.goto("/people")
    for box in page.locator("[name=person]").all()[:3]:
        box.check()
    page.get_by_role("button", name="Cho người đã đánh dấu").click()


def corrects(button: str = "") -> Way:
    """Come to the page on which an identity number is put right, and send it empty."""

    def way(page: Page) -> None:
        code = opens_code(page, "/nominations?stage=prepare_nomination")
        page.goto(f"/nominations/{code}/identity/correction")
        if button:
            page.get_by_role("button", name=button).click()

    return way


def opens_code(page: Page, path: str) -> str:
    """The code of the first nomination of a list."""
    page.goto(path)
    address = page.locator("#main .row-link").first.get_attribute("href") or ""
    return address.rpartition("/")[2]


def withdraws(page: Page) -> None:
    """Come to the page that asks why."""
    opens_first("/nominations?stage=appraise")(page)
    page.get_by_role("link", name="Rút hồ sơ").click()


def intervenes(*steps: Way) -> Way:
    """Go as far with an operator's act as these steps lead."""

    def way(page: Page) -> None:
        acts.begin_intervention(page, "/board?stage=approve_by_department")
        for step in steps:
            step(page)

    return way


def sends(page: Page) -> None:
    """Ask for the act."""
    page.get_by_role("button", name="Gửi đề nghị").click()
    page.locator(".note-success").wait_for()


def moves(page: Page) -> None:
    """Confirm the newer version that the other brought, and come to its dry run."""
    page.goto("/processes")
    page.locator(".row-link").first.click()
    page.get_by_role("button", name="Xác nhận để nhận hồ sơ mới").click()
    page.get_by_role("link", name="Chuyển hồ sơ sang phiên bản này").click()
    page.locator("[name=instance]").first.wait_for()


def uploads(name: str) -> Way:
    """Upload a nominee list."""

    def way(page: Page) -> None:
        page.goto("/imports")
        page.get_by_label("Danh sách (.xlsx)").set_input_files(DATA / name)
        page.get_by_role("button", name="Tải lên và xem trước").click()
        page.locator(".preview").wait_for()

    return way


def brings(name: str) -> Way:
    """Upload a process."""

    def way(page: Page) -> None:
        page.goto("/processes")
        page.get_by_label("Tệp quy trình (.bpmn)").set_input_files(DATA.parent / name)
        page.get_by_role("button", name="Kiểm tra và triển khai").click()
        page.locator("h1").wait_for()

    return way


def imports(page: Page) -> None:
    """Import a list to its end."""
    uploads("danh-sach-de-nghi.xlsx")(page)
    page.get_by_role("button", name="Nhập 6 hồ sơ").click()
    page.locator(".note-success").wait_for()


if __name__ == "__main__":
    main(Path(sys.argv[1]), *sys.argv[2:])
