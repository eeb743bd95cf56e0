"""The Chairman's decision on paper, measured against Nghị định 30/2020/NĐ-CP, Phụ lục I."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date

import pypdfium2
import pytest

from awards.papers import (
    Awardee,
    DecisionPaper,
    UnprintableText,
    compile_paper,
    decision_words,
)
from models.awards import NomineeKind
from tests.measuring import A4, MM, box_of, ink, lines, page_number, rules, words

COLLECTIVE = Awardee(
    kind=NomineeKind.COLLECTIVE, name="Phòng Hành chính tư pháp", unit="Sở Tư pháp"
)
INDIVIDUAL = Awardee(
    kind=NomineeKind.INDIVIDUAL,
    honorific="Bà",
    name="Nguyễn Thị Hường",
    position="Phó Trưởng phòng Hành chính tư pháp",
    unit="Sở Tư pháp",
)
HOUSEHOLD = Awardee(
    kind=NomineeKind.HOUSEHOLD, honorific="Ông", name="Bùi Văn Thẵng", unit="Xã Ái Quốc"
)
PAPER = DecisionPaper(
    issuer_lines=("ỦY BAN NHÂN DÂN", "TỈNH HƯNG YÊN"),
    authority="Chủ tịch Ủy ban nhân dân tỉnh Hưng Yên",
    place="Hưng Yên",
    number=7,
    suffix="QĐ-CTUBND",
    issued_on=date(2026, 11, 25),
    subject="Về việc tặng Bằng khen của Chủ tịch Ủy ban nhân dân tỉnh",
    legal_bases=(
        "Căn cứ Luật Tổ chức chính quyền địa phương;",
        (
            "Căn cứ Luật Thi đua, khen thưởng số 06/2022/QH15 "
            "(đã được sửa đổi, bổ sung bởi Luật số 06/2026/QH16)"
        ),
        "Căn cứ Nghị định số 152/2025/NĐ-CP ngày 14 tháng 6 năm 2025 của Chính phủ",
    ),
    proposed_by="Theo đề nghị của Giám đốc Sở Nội vụ",
    award="Bằng khen của Chủ tịch Ủy ban nhân dân tỉnh",
    achievement="đã có thành tích xuất sắc trong phong trào thi đua “Cán bộ, công chức, "
    "viên chức thi đua thực hiện văn hóa công sở” giai đoạn 2026 - 2030",
    bonus="Kèm theo Bằng khen, mỗi cá nhân được thưởng 3.800.000 đồng từ Quỹ thi đua, khen "
    "thưởng của tỉnh.",
    execution="Chánh Văn phòng Ủy ban nhân dân tỉnh, Giám đốc Sở Nội vụ, thủ trưởng các cơ "
    "quan, đơn vị có liên quan và các tập thể, cá nhân có tên tại Điều 1 chịu trách nhiệm "
    "thi hành Quyết định này",
    awardees=(COLLECTIVE, COLLECTIVE, INDIVIDUAL, INDIVIDUAL, HOUSEHOLD),
    signer_name="Đỗ Tiến Sỹ",
    is_deputy=False,
    recipients=("Sở Nội vụ",),
    drafter="NC",
)
SINGLE = replace(PAPER, awardees=(INDIVIDUAL,))
HUNDREDS = replace(
    PAPER,
    awardees=tuple(
        replace(INDIVIDUAL, name=f"Trần Nguyễn Hoàng Bảo Khánh Dương {i}")
        for i in range(300)
    ),
)


def render_decision(paper: DecisionPaper) -> bytes:
    return compile_paper("decision.typ", decision_words(paper), standard="a-2b")


def opened(paper: DecisionPaper) -> pypdfium2.PdfDocument:
    return pypdfium2.PdfDocument(render_decision(paper))


def test_vietnamese_letters_survive():
    marked = "".join(chr(code) for code in range(0x1EA0, 0x1EFA))  # Ạ to ỹ, all 90
    name = f"Đặng Quỹ Hẵng Cỡ Sử Địa {marked} ăâđêôơư ĂÂĐÊÔƠƯ"
    text = words(opened(replace(SINGLE, signer_name=name))[0])

    assert text.rpartition(" CHỦ TỊCH ")[2] == name


def test_decomposed_letters_are_composed():
    page = opened(replace(SINGLE, signer_name="Nguye\u0302\u0303n"))[0]

    assert lines(page)[-1].strip() == "Nguyễn"


def test_letters_the_font_lacks_are_named():
    with pytest.raises(UnprintableText) as caught:
        render_decision(replace(SINGLE, signer_name="Nguyễn 😀"))

    assert caught.value.values == {"character": "😀"}


def test_markup_in_data_stays_text():
    name = "#panic() *An* $x$ <b> @c"
    page = opened(replace(SINGLE, signer_name=name))[0]

    assert lines(page)[-1].strip() == name


def test_every_page_is_a4_upright():
    sizes = {
        tuple(round(side / MM, 1) for side in page.get_size()) for page in opened(HUNDREDS)
    }

    assert sizes == {A4}


def test_margins_of_a_text_page_are_those_of_the_decree():
    found = ink(opened(replace(PAPER, legal_bases=PAPER.legal_bases * 12))[0])

    assert 30 <= found.left <= 35
    assert 15 <= A4[0] - found.right <= 20
    assert 20 <= found.top <= 25
    assert 20 <= A4[1] - found.bottom <= 30  # the last line is where a paragraph lets it be


def test_no_page_of_a_long_list_leaves_the_margins():
    for page in opened(HUNDREDS):
        found = ink(page)
        assert 30 <= found.left <= 35
        assert 15 <= A4[0] - found.right <= 20
        assert 20 <= found.top <= 25
        assert found.bottom <= A4[1] - 20


def test_pages_are_numbered_from_the_second_in_the_top_margin():
    pages = opened(replace(SINGLE, legal_bases=PAPER.legal_bases * 15))
    place = box_of(pages[1], "2")

    assert [page_number(page) for page in pages] == ["", "2", "3", ""]
    assert place.centre == pytest.approx((31 + 194) / 2, abs=0.2)
    assert 5 < place.top < place.bottom < 20


def test_annex_counts_its_own_pages():
    pages = opened(replace(HUNDREDS, awardees=HUNDREDS.awardees[:40]))

    assert [page_number(page) for page in pages] == ["", "", "2", "3"]


def test_motto_stands_right_with_a_line_of_its_length():
    page = opened(PAPER)[0]
    state = box_of(page, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM")
    motto = box_of(page, "Độc lập - Tự do - Hạnh phúc")
    line = rules(page)[1]

    assert state.left > A4[0] / 2 - 10
    assert state.centre == pytest.approx(motto.centre, abs=0.2)
    assert state.bottom < motto.top
    assert (line.left, line.right) == pytest.approx((motto.left, motto.right), abs=0.5)
    assert 0 < line.top - motto.bottom < 2


def test_issuer_stands_left_with_a_short_line():
    page = opened(PAPER)[0]
    body, province = box_of(page, "ỦY BAN NHÂN DÂN"), box_of(page, "TỈNH HƯNG YÊN")
    line = rules(page)[0]

    assert body.right < A4[0] / 2
    assert body.top == pytest.approx(box_of(page, "CỘNG HÒA").top, abs=1)
    assert [province.centre, line.centre] == pytest.approx([body.centre] * 2, abs=0.3)
    assert 1 / 3 <= line.width / body.width <= 1 / 2


@pytest.mark.parametrize("ending", ["", " cho các tập thể, cá nhân có thành tích xuất sắc"])
def test_subject_has_a_short_line(ending):
    page = opened(replace(PAPER, subject=PAPER.subject + ending))[0]
    text = words(page).partition("QUYẾT ĐỊNH ")[2].partition(" CHỦ TỊCH ỦY")[0]
    subject, line = box_of(page, PAPER.subject), rules(page)[2]

    assert text == PAPER.subject + ending

    assert line.centre == pytest.approx(subject.centre, abs=0.3)
    assert 1 / 3 <= line.width / subject.width <= 1 / 2


@pytest.mark.parametrize(
    ("number", "printed"),
    [
        (7, "Số: 07/QĐ-CTUBND"),
        (10, "Số: 10/QĐ-CTUBND"),
        (1247, "Số: 1247/QĐ-CTUBND"),
        (None, "Số: /QĐ-CTUBND"),
    ],
)
def test_number_has_a_leading_zero_below_ten_and_a_draft_has_none(number, printed):
    assert printed in words(opened(replace(SINGLE, number=number))[0])


@pytest.mark.parametrize(
    ("issued_on", "printed"),
    [
        (date(2026, 2, 5), "Hưng Yên, ngày 05 tháng 02 năm 2026"),
        (date(2026, 1, 31), "Hưng Yên, ngày 31 tháng 01 năm 2026"),
        (date(2026, 3, 9), "Hưng Yên, ngày 09 tháng 3 năm 2026"),
        (date(2026, 11, 10), "Hưng Yên, ngày 10 tháng 11 năm 2026"),
        (None, "Hưng Yên, ngày tháng năm"),
    ],
)
def test_date_has_leading_zeros_where_the_decree_wants_them(issued_on, printed):
    assert printed in words(opened(replace(SINGLE, issued_on=issued_on))[0])


@pytest.mark.parametrize(
    ("is_deputy", "block"),
    [
        (False, "CHỦ TỊCH Đỗ Tiến Sỹ"),
        (True, "KT. CHỦ TỊCH PHÓ CHỦ TỊCH Đỗ Tiến Sỹ"),
    ],
)
def test_chairman_decides_himself_so_nobody_signs_on_behalf_of_the_committee(
    is_deputy, block
):
    text = words(opened(replace(SINGLE, is_deputy=is_deputy))[0])

    assert text.partition("Lưu: VT, NC. ")[2] == block
    assert "TM." not in text


def test_signature_stands_right_level_with_the_recipients():
    page = opened(SINGLE)[0]
    label, name = box_of(page, "Nơi nhận:"), box_of(page, SINGLE.signer_name)

    assert 30 <= label.left <= 32
    assert label.top == pytest.approx(box_of(page, "CHỦ TỊCH\r\nĐỗ").top, abs=1)
    assert name.left > A4[0] / 2
    assert name.top - label.bottom > 25  # room for the signature and the seal


def test_signature_never_stands_alone_on_its_page():
    for repeats in range(1, 14):
        last = words(
            list(opened(replace(SINGLE, legal_bases=PAPER.legal_bases * repeats)))[-2]
        )
        assert "Điều 3." in last
        assert SINGLE.signer_name in last


def test_decision_cites_its_grounds_then_decides():
    text = words(opened(PAPER)[0])
    cited = text.partition("CHỦ TỊCH ỦY BAN NHÂN DÂN TỈNH HƯNG YÊN ")[2]

    assert cited.partition(" Điều 1.")[0] == (
        "Căn cứ Luật Tổ chức chính quyền địa phương; "
        "Căn cứ Luật Thi đua, khen thưởng số 06/2022/QH15 (đã được sửa đổi, bổ sung bởi "
        "Luật số 06/2026/QH16); "
        "Căn cứ Nghị định số 152/2025/NĐ-CP ngày 14 tháng 6 năm 2025 của Chính phủ; "
        "Theo đề nghị của Giám đốc Sở Nội vụ. QUYẾT ĐỊNH:"
    )


def test_articles_and_recipients_end_as_the_decree_wants():
    text = words(opened(PAPER)[0])

    assert "khen thưởng của tỉnh. Điều 3." in text
    assert "thi hành Quyết định này./. " in text
    assert "- Như Điều 3; - Sở Nội vụ; - Lưu: VT, NC." in text


def test_article_one_counts_many_awardees():
    text = words(opened(PAPER)[0])

    assert text.partition("Điều 1. ")[2].partition(" đã có")[0] == (
        "Tặng Bằng khen của Chủ tịch Ủy ban nhân dân tỉnh "
        "cho 02 tập thể, 02 cá nhân và 01 hộ gia đình"
    )
    assert "2026 - 2030 (có danh sách kèm theo). Điều 2." in text


@pytest.mark.parametrize(
    ("awardee", "named"),
    [
        (
            INDIVIDUAL,
            "bà Nguyễn Thị Hường, Phó Trưởng phòng Hành chính tư pháp, Sở Tư pháp",
        ),
        (COLLECTIVE, "Phòng Hành chính tư pháp, Sở Tư pháp"),
        (HOUSEHOLD, "hộ gia đình ông Bùi Văn Thẵng, Xã Ái Quốc"),
    ],
)
def test_a_single_awardee_is_named_and_listed(awardee, named):
    pages = opened(replace(PAPER, awardees=(awardee,)))
    text = words(pages[0])

    assert len(pages) == 2
    assert f"tỉnh cho {named}, đã có thành tích" in text
    assert "(có danh sách kèm theo)" in text


def test_annex_lists_by_kind_and_refers_to_the_decision():
    assert words(opened(PAPER)[1]) == (
        "DANH SÁCH TẬP THỂ, CÁ NHÂN, HỘ GIA ĐÌNH "
        "ĐƯỢC TẶNG BẰNG KHEN CỦA CHỦ TỊCH ỦY BAN NHÂN DÂN TỈNH "
        "(Kèm theo Quyết định số 07/QĐ-CTUBND ngày 25 tháng 11 năm 2026 "
        "của Chủ tịch Ủy ban nhân dân tỉnh Hưng Yên) "
        "I. TẬP THỂ (02) STT Tên tập thể Đơn vị "
        "1 Phòng Hành chính tư pháp Sở Tư pháp "
        "2 Phòng Hành chính tư pháp Sở Tư pháp "
        "II. CÁ NHÂN (02) STT Họ và tên Chức vụ Đơn vị "
        "1 Bà Nguyễn Thị Hường Phó Trưởng phòng Hành chính tư pháp Sở Tư pháp "
        "2 Bà Nguyễn Thị Hường Phó Trưởng phòng Hành chính tư pháp Sở Tư pháp "
        "III. HỘ GIA ĐÌNH (01) STT Hộ gia đình Địa chỉ "
        "1 Hộ gia đình ông Bùi Văn Thẵng Xã Ái Quốc"
    )


def test_annex_numbers_only_the_groups_it_has():
    text = words(opened(replace(PAPER, awardees=(HOUSEHOLD, INDIVIDUAL)))[1])

    assert "I. CÁ NHÂN (01)" in text
    assert "II. HỘ GIA ĐÌNH (01)" in text


def test_long_list_repeats_its_head_and_keeps_everyone():
    annex = list(opened(HUNDREDS))[1:]
    text = " ".join(words(page) for page in annex)

    assert all("STT Họ và tên Chức vụ Đơn vị" in words(page) for page in annex)
    assert text.count("Bà Trần Nguyễn Hoàng Bảo Khánh Dương") == 300


def test_same_paper_gives_same_bytes():
    other = replace(PAPER, number=8)
    first = render_decision(PAPER)

    assert render_decision(other) != first
    assert render_decision(PAPER) == first


def test_a_draft_gives_same_bytes_too():
    draft = replace(PAPER, number=None, issued_on=None)

    assert render_decision(draft) == render_decision(draft)


def test_paper_is_archivable_and_carries_its_fonts():
    pdf = render_decision(PAPER)

    assert b"<pdfaid:part>2</pdfaid:part>" in pdf
    assert b"<pdfaid:conformance>B</pdfaid:conformance>" in pdf
    assert pdf.count(b"/FontFile") >= 3


def test_eight_threads_print_at_once():
    papers = [replace(SINGLE, number=number) for number in range(1, 17)]
    with ThreadPoolExecutor(8) as pool:
        printed = list(pool.map(render_decision, papers))

    assert printed == [render_decision(paper) for paper in papers]
