"""Papers on pages: who gets which, as PDF and as Word; meetings of Khối; their templates."""

import io

import docx
import pypdfium2
import pytest
from sqlalchemy import select

import awards.registry  # noqa: F401 - registers the kinds of papers
from awards.templates.registry import KINDS
from models.papers import Decision
from models.session import reading
from models.templates import PaperTemplate, TemplateFormat
from tests.client import form, heading, text
from tests.views.test_proposals import LEAD, engine, opened, signed
from tests.views.test_register import CLERK, issued, number_of

__all__ = ["engine"]
ADMIN, SECOND = "quantri.hethong", "quantri.quytrinh"
OWN_HEAD, NEAR_HEAD = "quang.tuphap", "hoa.yte"
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def pdf_words(answer):
    assert answer.mimetype == "application/pdf", answer.status
    with pypdfium2.PdfDocument(answer.get_data()) as pdf:
        pages = [" ".join(page.get_textpage().get_text_range().split()) for page in pdf]
    return " ".join(pages)


def docx_words(answer):
    assert answer.mimetype == WORD, answer.status
    document = docx.Document(io.BytesIO(answer.get_data()))
    cells = [c.text for t in document.tables for row in t.rows for c in row.cells]
    return " ".join([p.text for p in document.paragraphs] + cells)


def test_minutes_are_blank_until_the_meeting_is_recorded(browse):
    lead = browse(LEAD)
    page = opened(lead)
    where = page.request.path
    assert "……… , ngày" in pdf_words(lead.get(f"{where}/minutes")).replace("………,", "……… ,")

    meeting = lead.get(f"{where}/meeting")
    refused = form(meeting, f"{where}/meeting").send(lead)
    assert refused.status_code == 422
    present = next(n for n in form(meeting, f"{where}/meeting").fields if "present" in n)
    sent = form(meeting, f"{where}/meeting").send(
        lead,
        held_on="20/11/2026",
        began="8 giờ 00",
        place="Phòng họp số 2",
        chair="Vũ Văn Khải",
        secretary="Lê Thị Lan",
        **{present: "Ông Trần Văn Dự"},
    )
    assert sent.status_code == 303, text(sent)

    said = pdf_words(lead.get(f"{where}/minutes"))
    assert "8 giờ 00, ngày 20 tháng 11 năm 2026" in said
    assert "Ông Trần Văn Dự" in said
    assert "Vắng mặt" in said
    assert "Thành phần tham dự: 01/" in said
    assert "Lê Thị Lan" in docx_words(lead.get(f"{where}/minutes?as=docx"))
    assert "Họp ngày 20/11/2026" in text(lead.get(where))


def test_only_the_lead_records_and_only_a_block_meets(browse):
    lead, head, clerk = browse(LEAD), browse(OWN_HEAD), browse("nga.noivu")
    meets, never = opened(lead).request.path, opened(head).request.path

    assert head.get(f"{never}/meeting").status_code == 404
    assert head.get(f"{never}/minutes").status_code == 404
    assert head.get(f"{meets}/minutes").status_code == 404  # a draft is its office's alone
    assert clerk.get(f"{meets}/meeting").status_code == 404


def test_a_proposal_is_had_in_word_as_draft_and_as_signed(browse, engine):
    head = browse(OWN_HEAD)
    where = opened(head).request.path
    assert "Số: \u2003\u2003/TTr-STP" in docx_words(head.get(f"{where}/paper.docx"))

    signed(head, head.get(where))
    assert "Số: 01/TTr-STP" in docx_words(head.get(f"{where}/paper.docx"))
    assert browse(NEAR_HEAD).get(f"{where}/paper.docx").status_code == 404


def test_appraisal_sheet_is_for_the_provinces_offices(browse, cases):
    code = cases["approve_by_department"]["own"].code
    staff = browse("ha.noivu")
    said = pdf_words(staff.get(f"/nominations/{code}/appraisal"))

    assert "PHIẾU THẨM ĐỊNH" in said
    assert code in said
    assert "Tổng cộng" in said
    assert "Đề nghị khen thưởng." in said
    assert code in docx_words(staff.get(f"/nominations/{code}/appraisal?as=docx"))
    assert "Phiếu thẩm định:" in text(staff.get(f"/nominations/{code}"))
    assert browse(OWN_HEAD).get(f"/nominations/{code}/appraisal").status_code == 404
    early = cases["appraise"]["own"].code  # before it is appraised, a sheet to be filled in
    assert "Đề nghị: …" in pdf_words(staff.get(f"/nominations/{early}/appraisal"))


def test_a_unit_reads_its_own_notice_and_no_other(browse, engine):
    clerk, page = issued(browse)
    where = page.request.path
    assert "Thông báo kết quả cho từng đơn vị" in text(page)
    own, near = browse(OWN_HEAD), browse(NEAR_HEAD)

    said = pdf_words(own.get(f"{where}/notice?unit=SO-TP"))
    assert "Kính gửi: Sở Tư pháp" in said
    assert "I. ĐƯỢC KHEN THƯỞNG" in said
    assert "Sở Y tế" not in said
    assert "GIÁM ĐỐC" in said
    assert "Sở Tư pháp" in docx_words(own.get(f"{where}/notice?unit=SO-TP&as=docx"))
    assert near.get(f"{where}/notice?unit=SO-TP").status_code == 404
    assert clerk.get(f"{where}/notice?unit=NO-SUCH").status_code == 404
    with reading(engine) as session:
        decision = session.get_one(Decision, number_of(page))
        assert (decision.template_version, len(decision.template_sha256)) == (0, 64)


def test_a_season_tells_who_is_not_awarded_and_why(browse):
    own, clerk = browse(OWN_HEAD), browse(CLERK)
    listed = own.get("/nominations")
    assert "Thông báo kết quả" in text(listed)
    where = next(
        link for link in listed.get_data(as_text=True).split('"') if "/notice?" in link
    ).replace("&amp;", "&")

    said = pdf_words(own.get(where))
    assert "KHÔNG ĐƯỢC KHEN THƯỞNG" in said
    assert "Điểm Khối chấm thấp hơn mức suy tôn của Khối." in said
    assert "trường hợp đang được xem xét" in said
    assert browse(NEAR_HEAD).get(where).status_code == 404
    offices = clerk.get(where.partition("/notice")[0])
    assert "Sở Tư pháp" in text(offices)
    assert own.get(where.partition("/notice")[0]).status_code == 404


def test_a_decision_is_had_in_word(browse):
    clerk, page = issued(browse)

    assert "Điều 1. Tặng" in docx_words(clerk.get(f"{page.request.path}.docx"))
    assert browse(OWN_HEAD).get(f"{page.request.path}.docx").status_code == 404


def brought(admin, content, *, kind="result_notice", format_="typst", **fields):
    where = f"/paper-templates/{kind}"
    given = {"format_": format_, "valid_from": "01/11/2026", "note": "Đổi tên."} | fields
    if content is not None:
        given["file"] = (io.BytesIO(content), f"mau.{format_[:3]}")
    return form(admin.get(where), where).send(admin, **given)


def test_a_template_is_brought_looked_at_and_approved_by_another(browse, engine):
    admin, second = browse(ADMIN), browse(SECOND)
    ours = KINDS["result_notice"].built_in(TemplateFormat.TYPST).read_bytes()
    answer = brought(admin, ours.replace("THÔNG BÁO".encode(), "THÔNG TIN".encode()))
    assert answer.status_code == 303, text(answer)
    where = answer.location

    page = admin.get(where)
    assert heading(page) == "Phiên bản 1"
    assert "bạn là người tải mẫu này lên" in text(page)
    picture = admin.get(f"{where}/page.png?number=1")
    assert picture.get_data().startswith(b"\x89PNG")
    assert admin.get(f"{where}/page.png?number=9").status_code == 404
    assert "chờ duyệt" in text(second.get("/paper-templates"))

    approved = form(second.get(where), f"{where}/approve").send(second)
    assert "Đang dùng" in text(second.get(approved.location))
    with reading(engine) as session:
        row = session.scalars(select(PaperTemplate)).one()
        assert row.approved_by not in {None, row.uploaded_by}
    own = browse(OWN_HEAD)
    listed = own.get("/nominations").get_data(as_text=True)
    link = next(x for x in listed.split('"') if "/notice?" in x).replace("&amp;", "&")
    assert "THÔNG TIN" in pdf_words(own.get(link))


@pytest.mark.parametrize(
    ("format_", "content", "why"),
    [
        ("typst", b'#read("/etc/passwd")', "Mẫu này không dùng được"),
        ("docx", b"no zip", "không phải là tệp Word"),
    ],
)
def test_a_template_that_fails_is_not_kept(browse, engine, format_, content, why):
    answer = brought(browse(ADMIN), content, format_=format_)

    assert answer.status_code == 422
    assert why in text(answer)
    with reading(engine) as session:
        assert session.scalars(select(PaperTemplate)).all() == []


def test_going_back_to_the_built_in_template_needs_no_file(browse):
    admin, second = browse(ADMIN), browse(SECOND)
    assert brought(admin, None).status_code == 422
    answer = brought(admin, None, is_built_in="y", format_="docx")
    assert answer.status_code == 303, text(answer)

    page = second.get(answer.location)
    assert "mẫu của hệ thống" in text(page)
    assert "Kết quả xét khen thưởng" in text(page)  # the sample's words
    declined = form(page, f"{answer.location}/decline").send(second)
    assert "Đã bỏ" in text(second.get(declined.location))
    kind = admin.get("/paper-templates/result_notice")
    assert "Các từ dùng được trong mẫu" in text(kind)
    sample = admin.get("/paper-templates/result_notice/sample?as=docx")
    assert sample.get_data().startswith(b"PK")
    ours = admin.get("/paper-templates/result_notice/built-in").get_data(as_text=True)
    assert ours.startswith("// What a unit is told")
    assert second.get(f"{answer.location}/file").get_data().startswith(b"PK")
    assert admin.get("/paper-templates/no-such-kind").status_code == 404


def test_certificates_are_for_blanks_and_have_no_word_template(browse, engine):
    admin, where = browse(ADMIN), "/paper-templates/certificate"
    page = admin.get(where)
    assert "Bản Word" not in text(page)
    assert admin.get(f"{where}/sample?as=docx").status_code == 404
    assert admin.get(f"{where}/built-in?as=docx").status_code == 404
    assert len(pypdfium2.PdfDocument(admin.get(f"{where}/sample").get_data())) == 2

    word = KINDS["decision"].built_in(TemplateFormat.DOCX).read_bytes()
    assert brought(admin, word, kind="certificate", format_="docx").status_code == 422
    with reading(engine) as session:
        assert session.scalars(select(PaperTemplate)).all() == []
    ours = KINDS["certificate"].built_in(TemplateFormat.TYPST).read_bytes()
    answer = brought(admin, ours, kind="certificate")
    assert answer.status_code == 303, text(answer)
    picture = admin.get(f"{answer.location}/page.png?number=2")
    assert picture.get_data().startswith(b"\x89PNG")
