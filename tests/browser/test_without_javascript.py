"""Every step is an ordinary form: it works where no script runs."""

from playwright.sync_api import expect

from tests.browser import acts

OPINION = "Đồng ý, thành tích rõ ràng."


def test_three_people_work_without_scripts(sign_in):
    officer = sign_in("duc.vangiang", java_script_enabled=False)
    code = acts.begin(officer, "Trần Bảo Ngọc")
    _save_a_draft_with_a_file(officer)
    _be_told_of_errors(officer)
    acts.prepare(officer)
    acts.sent(officer)

    head = sign_in("huyen.vangiang", java_script_enabled=False)
    acts.take(head, code)
    acts.approve(head)
    acts.fill(head, opinion=OPINION)
    acts.sent(head)

    lead = sign_in("khoitruong.k02", java_script_enabled=False)
    acts.take(lead, code)
    expect(lead.locator("#findings")).to_contain_text(OPINION)
    acts.select_by_block(lead)
    acts.sent(lead)

    lead.goto(f"/nominations/{code}")
    expect(lead.locator(".public-status")).to_contain_text("Đang chờ Sở Nội vụ tiếp nhận")
    expect(lead.locator(".stepper .is-current")).to_contain_text("Tiếp nhận")


def _save_a_draft_with_a_file(page):
    acts.fill(page, position="Công chức Tư pháp - Hộ tịch")
    acts.attach(page, "to_trinh", "tờ trình.pdf")
    page.get_by_role("button", name="Lưu nháp").click()
    expect(page.locator(".note-success")).to_have_text("Đã lưu nháp.")
    expect(page.locator("#step-form .paper-name")).to_have_text("tờ trình.pdf")
    expect(acts.control(page, "position")).to_have_value("Công chức Tư pháp - Hộ tịch")


def _be_told_of_errors(page):
    acts.fill(page, birth_date="31/02/1980", achievements="Giữ lại lời này.")
    acts.send(page)
    expect(page.locator("#error-summary li")).to_have_count(2)
    expect(page.locator("#birth_date-error")).to_contain_text("Không phải ngày có thật.")
    expect(page.locator("#outcome-error")).to_have_text("Chọn kết quả xử lý.")
    expect(acts.control(page, "birth_date")).to_have_value("31/02/1980")
    expect(acts.control(page, "achievements")).to_have_value("Giữ lại lời này.")
    page.get_by_role("link", name="Ngày sinh").click()
    assert page.url.endswith("#birth_date")


def test_filters_work_without_scripts(sign_in):
    page = sign_in("hoidong", "/board", java_script_enabled=False)
    page.get_by_label("Tình trạng").select_option(label="Được khen")
    page.get_by_role("button", name="Lọc").click()

    page.wait_for_url("**status=awarded**")
    found = page.locator("td[data-label='Tình trạng']").all_inner_texts()
    assert set(found) == {"Được khen"}
