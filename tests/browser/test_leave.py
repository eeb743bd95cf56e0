"""A unit's head goes on leave for a week: the deputy clears the inbox, in the head's name."""

from playwright.sync_api import expect

from tests.browser import acts
from tests.browser.looking import problems

ADMIN, HEAD, OFFICER = "quantri.hethong", "khanh.yte", "hoa.yte"
ABSENT = "phong.phohien"  # in no other test: what he holds goes back to the queue
DEPUTY, PASSWORD = "tam.yte", "mot cau dai de nho ma kho doan"
DELEGATE = "Lưu Thanh Tâm, Phó Giám đốc Sở Y tế"
NOMINEES = ("Nguyễn Văn Nghỉ", "Nguyễn Văn Phép")
CLAIMED = (
    "Phòng Nghiệp vụ, Sở Y tế"  # the demo's head holds it: back to the queue with the leave
)


def hire(sign_in, visitors):
    """The deputy: an account, a post and a password, all from the administrator's pages."""
    admin = sign_in(ADMIN, "/people")
    admin.get_by_text("Thêm người dùng").click()
    admin.get_by_label("Danh xưng").fill("Bà")
    admin.get_by_label("Họ và tên").fill("Lưu Thanh Tâm")
    admin.get_by_label("Tên đăng nhập", exact=True).fill(DEPUTY)
    admin.get_by_role("button", name="Tạo tài khoản").click()
    admin.get_by_text("Giao chức vụ").first.click()
    admin.get_by_label("Vai trò").select_option("unit_officer")
    admin.get_by_label("Chức danh").fill("Phó Giám đốc")
    admin.locator("main [name=unit]").select_option("SO-YT")
    admin.get_by_role("button", name="Giao chức vụ").click()
    admin.get_by_role("button", name="Cấp liên kết đặt mật khẩu").click()
    page = visitors.window()
    page.goto(admin.locator("code").inner_text())
    for field in page.locator("main input[type=password]").all():
        field.fill(PASSWORD)
    page.locator("main").get_by_role("button", name="Đặt mật khẩu").click()
    page.get_by_label("Tên đăng nhập").fill(DEPUTY)
    page.get_by_label("Mật khẩu").fill(PASSWORD)
    page.locator("main").get_by_role("button", name="Đăng nhập").click()
    page.locator("details.menu").wait_for()
    return page


def delegate(page, title, basis):
    """From a list of posts: a week of one of them to the deputy."""
    page.get_by_role("link", name=f"Ủy quyền {title}").first.click()
    page.get_by_role("button", name="Ủy quyền").click()
    expect(page.locator("#error-summary")).to_be_focused()
    assert problems(page) == []
    page.get_by_label("Người được ủy quyền").select_option(label=DELEGATE)
    page.get_by_label("Đến hết ngày").fill(acts.in_days(6))
    page.get_by_label("Căn cứ").fill(basis)
    page.get_by_role("button", name="Ủy quyền").click()
    page.locator(".note-success").wait_for()


def nominate(sign_in):
    page = sign_in(OFFICER)
    for name in NOMINEES:
        code = acts.begin(page, name)
        acts.prepare(page)
        acts.sent(page)
    return code


def clear(page):
    """Everything that waits for the head's answer, at once: other tests may leave more there."""
    page.goto("/inbox?tab=groups&step=approve_by_unit")
    rows = page.locator("#inbox-list tbody tr")
    for name in (*NOMINEES, CLAIMED):
        expect(rows.filter(has_text=name)).to_have_count(1)
    for row in rows.all():
        expect(row).to_contain_text("làm thay Bùi Quốc Khánh")
    page.get_by_label("Chọn mọi việc ở trang này").check()
    page.locator("#choose-some").click()
    acts.declare(page)
    acts.choose(page, outcome="approve")
    page.get_by_role("button", name="Tiếp tục").click()
    page.get_by_role("button", name="Xác nhận").click()
    page.locator(".note-success").wait_for()
    page.goto("/inbox?tab=groups&step=approve_by_unit")
    for name in (*NOMINEES, CLAIMED):
        expect(rows.filter(has_text=name)).to_have_count(0)


def test_head_is_away_for_a_week_and_the_deputy_clears_the_inbox(sign_in, visitors):
    deputy = hire(sign_in, visitors)
    code = nominate(sign_in)
    head = sign_in(HEAD, "/delegations")
    delegate(head, "Giám đốc", "Giấy ủy quyền 5/GUQ-SYT")

    deputy.goto("/inbox")
    expect(deputy.locator("main")).to_contain_text("Bạn đang làm thay: Bùi Quốc Khánh")
    clear(deputy)
    head.goto(f"/nominations/{code}")
    expect(head.locator("#timeline")).to_contain_text(
        "Lưu Thanh Tâm, Giám đốc Sở Y tế, thay Bùi Quốc Khánh duyệt"
    )

    deputy.goto("/delegations")
    deputy.get_by_role("button", name="Kết thúc ngay").click()
    deputy.goto("/inbox")
    expect(deputy.locator("main")).not_to_contain_text("Bạn đang làm thay")


def test_administrator_delegates_for_somebody_who_is_absent(sign_in):
    admin = sign_in(ADMIN, f"/people?q={ABSENT}")
    admin.locator(".row-link").click()
    admin.get_by_role("link", name="Ủy quyền").click()
    admin.get_by_label("Người được ủy quyền").select_option(index=0)
    admin.get_by_label("Đến hết ngày").fill(acts.in_days(6))
    admin.get_by_label("Căn cứ").fill("Thông báo 9/TB-UBND")
    admin.get_by_role("button", name="Ủy quyền").click()

    row = admin.locator("tbody tr").filter(has_text="Thông báo 9/TB-UBND")
    expect(row).to_contain_text("Hà Trọng Nghĩa lập")
    expect(row).to_contain_text("đang có hiệu lực")
    row.get_by_role("button", name="Kết thúc ngay").click()
    expect(row).to_contain_text("kết thúc")
