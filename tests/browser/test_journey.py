"""A nomination's whole way, and every way back or out of it, by hand in a real browser."""

import pypdfium2
from playwright.sync_api import expect

from tests.browser import acts

NOMINEE = "Nguyễn Thị Ánh Tuyết"


def test_nomination_travels_from_its_unit_to_the_decision(visitors):
    page = visitors.window()
    visitors.use_form(page, "lan.tuphap")
    code = acts.begin(page, NOMINEE)
    acts.prepare(page)
    acts.sent(page)
    for login, answer in acts.WAY:
        page = visitors.window()
        visitors.use_form(page, login)
        acts.take(page, code)
        answer(page)
        acts.sent(page)

    page.goto(f"/nominations/{code}")
    expect(page.locator(".public-status")).to_contain_text("Được khen thưởng.")
    expect(page.locator(".stepper .is-done")).to_have_count(9)
    expect(page.locator(".diagram .djs-element.is-done").first).to_be_visible()
    acted = page.locator("#timeline li.is-approve p:has(.act)").all_inner_texts()
    assert acted == [
        "Kiều Thị Oanh, Văn thư Văn phòng UBND tỉnh cấp số, ban hành quyết định",
        "Nguyễn Hữu Bình, Chủ tịch UBND tỉnh Hưng Yên quyết định khen thưởng",
        "Chu Quang Vinh, Chuyên viên Văn phòng UBND tỉnh kiểm tra, trình Chủ tịch UBND tỉnh",
        "Trần Thu Hà, Phó Giám đốc Sở Nội vụ phê duyệt, trình Văn phòng UBND tỉnh",
        "Mai Anh Tuấn, Chuyên viên Sở Nội vụ thẩm định, đề nghị khen",
        "Nguyễn Thúy Nga, Văn thư Sở Nội vụ tiếp nhận hồ sơ để thẩm định",
        "Vương Đình Huy, Khối trưởng Khối các sở, ngành suy tôn, chuyển hồ sơ tới Sở Nội vụ",
        "Đỗ Minh Quang, Giám đốc Sở Tư pháp duyệt, gửi hồ sơ tới Khối thi đua",
        "Trần Thị Lan, Chuyên viên Sở Tư pháp trình hồ sơ lên thủ trưởng đơn vị",
    ]
    _expect_decision(page)


def _expect_decision(page):
    """The PDF opens; number, name and subject are printed with their tone marks."""
    number = page.locator("#decision-title").inner_text().removeprefix("Quyết định số ")
    assert number.endswith("/QĐ-CTUBND")
    link = page.get_by_role("link", name="Xem quyết định (PDF)")
    answer = page.context.request.get(link.get_attribute("href"))
    assert answer.headers["content-type"] == "application/pdf"
    printed = _text(answer.body())
    assert f"Số: {number}" in printed
    assert NOMINEE in printed
    assert "Về việc tặng Bằng khen của Chủ tịch UBND tỉnh" in printed


def _text(content):
    with pypdfium2.PdfDocument(content) as document:
        pages = [page.get_textpage().get_text_range() for page in document]
    return " ".join(" ".join(pages).split())


def test_return_names_what_is_missing_and_comes_back_with_the_changes(sign_in):
    clerk = sign_in("nga.noivu")
    code, unit = acts.pick(clerk, "receive_by_department")
    for item in (*acts.PAPERS, "sang_kien"):
        acts.choose(clerk, **{f"item__{item}": "present"})
    acts.choose(clerk, item__to_trinh="missing", outcome="return")
    deadline = acts.in_days(7)
    acts.fill(
        clerk,
        note__to_trinh="chưa có chữ ký",
        supplement_by=deadline,
        reason="Đề nghị bổ sung sớm.",
    )
    acts.sent(clerk)

    officer = sign_in(acts.login_of("unit_officer", unit))
    acts.take(officer, code)
    request = officer.locator(".return-request")
    expect(request.get_by_role("listitem")).to_have_text(
        "Tờ trình của đơn vị: chưa có chữ ký"
    )
    expect(request).to_contain_text(deadline)
    expect(request).to_contain_text("Đề nghị bổ sung sớm.")
    before = acts.control(officer, "achievements").input_value()
    assert before != ""
    assert acts.control(officer, "score__on_time").input_value() != ""
    acts.fill(officer, achievements="Đã ký lại tờ trình, thêm số liệu năm 2025.")
    acts.attach(officer, "to_trinh", "ký lại.pdf")
    acts.fill(officer, answer__0="Tờ trình đã có chữ ký, nộp lại.")
    acts.approve(officer)
    acts.sent(officer)

    head = sign_in(acts.login_of("unit_head", unit))
    acts.take(head, code)
    changes = head.locator("#changes")
    expect(changes.locator("tbody th")).to_have_text(["Tóm tắt thành tích", "Giấy tờ"])
    expect(changes.locator("del").first).to_contain_text(before.splitlines()[0])
    expect(changes.locator("ins").first).to_contain_text("Đã ký lại tờ trình")
    expect(changes.locator("ins").last).to_contain_text("ký lại.pdf")


def test_head_withdraws_during_appraisal(sign_in):
    code, unit = acts.pick(sign_in("tuan.noivu"), "appraise", place=1)
    head = sign_in(acts.login_of("unit_head", unit))
    head.goto(f"/nominations/{code}")
    head.get_by_role("link", name="Rút hồ sơ").click()
    button = head.locator("main").get_by_role("button", name="Rút hồ sơ")

    button.click()
    expect(head.locator("#error-summary li")).to_have_text(
        ["Lý do rút hồ sơ: Ghi rõ lý do."]
    )
    head.get_by_label("Lý do rút hồ sơ").fill("Đề nghị vào đợt sau.")
    button.click()

    expect(head.locator(".note-success")).to_have_text(f"Đã rút hồ sơ {code}.")
    expect(head.locator(".public-status")).to_contain_text("Đơn vị đã rút hồ sơ.")
    expect(head.locator("#timeline")).to_contain_text("Đề nghị vào đợt sau.")
    expect(head.get_by_role("link", name="Rút hồ sơ")).to_have_count(0)


def test_block_does_not_select_after_checking_its_answers(sign_in):
    lead = sign_in("khoitruong.k02")
    code, _unit = acts.pick(lead, "review_by_block")
    acts.fill(lead, score="48", votes_for="3", votes_total="12")
    acts.choose(lead, outcome="not_selected")
    acts.fill(lead, reason="Điểm thấp hơn mức suy tôn.")

    acts.send(lead)
    expect(lead.get_by_role("heading", level=1)).to_have_text("Kiểm tra trước khi gửi")
    expect(lead.locator(".answer-outcome")).to_have_text("Không suy tôn")
    expect(lead.locator(".answers")).to_contain_text("Điểm thấp hơn mức suy tôn.")
    lead.get_by_role("button", name="Quay lại sửa").click()
    expect(acts.control(lead, "score")).to_have_value("48")
    expect(acts.control(lead, "reason")).to_have_value("Điểm thấp hơn mức suy tôn.")
    acts.send(lead)
    lead.get_by_role("button", name="Xác nhận").click()

    expect(lead.locator(".note-success")).to_contain_text(code)
    lead.goto(f"/nominations/{code}")
    expect(lead.locator(".public-status")).to_contain_text(
        "Không được Khối thi đua suy tôn."
    )


def test_refusal_of_the_chairman_is_told_to_the_unit(sign_in):
    chairman = sign_in("chutich.ubnd")
    code, unit = acts.pick(chairman, "decide_by_chairman")
    acts.choose(chairman, outcome="refuse")
    acts.fill(chairman, reason="Đang xác minh một phản ánh của công dân.")
    acts.send(chairman)
    chairman.get_by_role("button", name="Xác nhận").click()
    expect(chairman.locator(".note-success")).to_contain_text(code)

    officer = sign_in(acts.login_of("unit_officer", unit))
    officer.goto("/nominations")
    notice = officer.locator(".notice").filter(has_text=code)
    expect(notice).to_contain_text("Đang xác minh một phản ánh của công dân.")
    notice.get_by_role("button", name="Đã đọc").click()
    expect(notice).to_have_count(0)
    expect(officer.get_by_role("heading", level=1)).to_be_visible()
