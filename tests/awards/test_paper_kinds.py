"""Every kind of paper, as PDF and as Word, measured against Nghị định 30/2020/NĐ-CP, Phụ lục I."""

import io
import zipfile
from dataclasses import replace
from functools import cache

import docx
import pypdfium2
import pytest
import segno
from docx.oxml.ns import qn
from docx.shared import Mm
from PIL import Image

import awards.registry  # noqa: F401 - registers the kinds of papers
from awards import signatures
from awards.templates import choosing, making, qr, trying
from awards.templates.registry import FOLDER, KINDS
from models.organisation import UnitKind
from models.templates import TemplateFormat
from tests.measuring import A4, MM, box_of, ink, page_number, size_of, words
from tools import make_docx_templates

TITLES = {
    "decision": "QUYẾT ĐỊNH",
    "correction": "QUYẾT ĐỊNH",
    "revocation": "QUYẾT ĐỊNH",
    "unit_proposal": "TỜ TRÌNH",
    "block_proposal": "TỜ TRÌNH",
    "department_proposal": "TỜ TRÌNH",
    "block_minutes": "BIÊN BẢN",
    "appraisal": "PHIẾU THẨM ĐỊNH",
    "result_notice": "THÔNG BÁO",
}
OFFICIAL = sorted(TITLES)
each_kind = pytest.mark.parametrize("key", OFFICIAL)


@cache
def sample(key):
    return KINDS[key].sample()


@cache
def paper(key):
    template = choosing.built_in(KINDS[key], TemplateFormat.TYPST)
    return pypdfium2.PdfDocument(making.render(template, sample(key), standard="a-2b"))


@cache
def word_file(key):
    template = choosing.built_in(KINDS[key], TemplateFormat.DOCX)
    return making.render(template, sample(key))


def everything(word):
    """All words of a Word file, tables included."""
    document = docx.Document(io.BytesIO(word))
    tables = [c.text for t in document.tables for row in t.rows for c in row.cells]
    return " ".join(" ".join([p.text for p in document.paragraphs] + tables).split())


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
def test_a_sample_has_exactly_the_words_that_are_documented(kind):
    assert set(kind.sample()) == set(kind.words)


@each_kind
def test_no_page_leaves_the_margins(key):
    for page in paper(key):
        found = ink(page)
        assert tuple(round(side / MM) for side in page.get_size()) == A4
        assert (
            30 <= found.left <= 35 or found.left > 35
        )  # a short page may begin further in
        assert found.left >= 30
        assert A4[0] - found.right >= 15
        assert 20 <= found.top <= 25
        assert found.bottom <= A4[1] - 20


@each_kind
def test_head_and_title_have_the_places_and_sizes_of_the_decree(key):
    page = paper(key)[0]
    state, motto = box_of(page, "CỘNG HÒA XÃ HỘI"), box_of(page, "Độc lập - Tự do")
    title = box_of(page, TITLES[key])

    assert state.left > A4[0] / 2 - 10
    assert state.bottom < motto.top
    assert title.top > motto.bottom
    assert title.centre == pytest.approx((31 + 194) / 2, abs=0.5)
    assert 12 <= size_of(page, "CỘNG HÒA XÃ HỘI") <= 13
    assert 13 <= size_of(page, "Độc lập - Tự do") <= 14
    assert 12 <= size_of(page, sample(key)["lines"][0].split()[0]) <= 13
    assert 13 <= size_of(page, TITLES[key]) <= 14
    if sample(key)["number_line"]:
        assert size_of(page, "Số:") == 13
    if sample(key)["date_line"]:
        assert 13 <= size_of(page, "ngày 05 tháng 02") <= 14


@each_kind
def test_page_numbers_are_hidden_on_the_first_page_and_count_from_there(key):
    numbers = [page_number(page) for page in paper(key)]

    assert numbers[0] == ""
    assert all(number in {"", "2", "3"} for number in numbers)


@each_kind
def test_signature_stands_right_with_its_name_below(key):
    pages = list(paper(key))
    found = sample(key)
    signers = found.get("signers") or [
        {"titles": found["signer_titles"], "name": found["signer_name"]}
    ]
    last = signers[-1]
    page = next(p for p in pages if last["titles"][-1] in words(p))
    title = box_of(page, last["titles"][-1], is_last=True)

    assert title.left > A4[0] / 2 - 10
    assert 13 <= size_of(page, last["titles"][-1], is_last=True) <= 14
    if last["name"]:
        name = box_of(page, last["name"])
        assert name.top - title.bottom > 20  # room for the signature and the seal
        assert name.centre == pytest.approx(title.centre, abs=1)
    if "recipients" in found:
        assert size_of(page, "Nơi nhận:") == 12
        assert size_of(page, f"- {found['recipients'][0]}") == 11


def test_tables_that_break_over_pages_repeat_their_heads():
    for key, head in {
        "block_minutes": "STT Tên, đơn vị Điểm Số phiếu Kết quả",
        "result_notice": "STT Tên Kết quả Lý do",
    }.items():
        assert head in words(paper(key)[1]), key


@pytest.mark.parametrize(
    ("title", "how", "block"),
    [
        ("Chủ tịch", {}, ["CHỦ TỊCH"]),
        ("Phó Chủ tịch", {"is_deputy": True}, ["KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH"]),
        (
            "Phó Chủ tịch Thường trực",
            {"is_deputy": True},
            ["KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH THƯỜNG TRỰC"],
        ),
        (
            "Chủ tịch",
            {"committee": "Ủy ban nhân dân"},
            ["TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH"],
        ),
        (
            "Phó Chủ tịch",
            {"committee": "Ủy ban nhân dân", "is_deputy": True},
            ["TM. ỦY BAN NHÂN DÂN", "KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH"],
        ),
        (
            "Giám đốc",
            {"instead": "Trưởng phòng Tổng hợp"},
            ["TUQ. GIÁM ĐỐC", "TRƯỞNG PHÒNG TỔNG HỢP"],
        ),
        (
            "Chủ tịch",
            {"by_order": "Phó Chánh Văn phòng", "is_deputy": True},
            ["TL. CHỦ TỊCH", "KT. CHÁNH VĂN PHÒNG", "PHÓ CHÁNH VĂN PHÒNG"],
        ),
    ],
)
def test_signature_block_says_who_signs_and_as_what(title, how, block):
    assert signatures.titles(title, **how) == block


def test_a_committee_heads_its_papers_with_its_place():
    office = signatures.unit("UBND xã Ái Quốc", UnitKind.COMMUNE, "Ủy ban nhân dân tỉnh")

    assert (office.parent, office.lines) == ("", ("ỦY BAN NHÂN DÂN", "XÃ ÁI QUỐC"))


@each_kind
def test_word_file_says_what_the_pdf_says(key):
    found = sample(key)
    said = everything(word_file(key))

    assert TITLES[key] in said
    assert found["subject"] in said
    for group in found.get("groups", []):
        assert " ".join(group["rows"][-1][1:]) in said
    assert "{" not in said


@pytest.mark.parametrize("key", [*OFFICIAL, "bonus_list"])
def test_word_file_keeps_the_margins_and_hides_the_first_page_number(key):
    document = docx.Document(io.BytesIO(word_file(key)))
    size = A4[::-1] if key == "bonus_list" else A4

    for section in document.sections:
        assert [round(s.mm) for s in (section.page_width, section.page_height)] == [*size]
        assert 20 <= round(section.top_margin.mm, 1) <= 25
        assert 20 <= round(section.bottom_margin.mm, 1) <= 25
        assert 30 <= round(section.left_margin.mm, 1) <= 35
        assert 15 <= round(section.right_margin.mm, 1) <= 20
        assert section.different_first_page_header_footer
    assert "PAGE" in document.sections[0].header._element.xml
    assert document.styles["Normal"].font.name == "Times New Roman"
    lists = [t for t in document.tables if t.style and t.style.name == "Table Grid"]
    assert lists
    assert all("w:tblHeader" in table.rows[0]._tr.xml for table in lists)


PICTURE = ".//{http://schemas.openxmlformats.org/drawingml/2006/main}blip"


def pictures(word):
    """The pictures in a Word file's lines, and how wide each is in millimetres."""
    document = docx.Document(io.BytesIO(word))
    cells = [c for t in document.tables for row in t.rows for c in row.cells]
    shown = [b for c in cells for b in c._tc.findall(PICTURE)]
    found = [b.get(qn("r:embed")) for b in shown]
    wide = [i.get("cx") for c in cells for i in c._tc.xpath(".//wp:inline/wp:extent")]
    blobs = [document.part.related_parts[id_].image.blob for id_ in found]
    return [(blob, round(int(cx) / Mm(1))) for blob, cx in zip(blobs, wide, strict=True)]


def test_a_decisions_word_file_carries_its_code():
    (shown,) = pictures(word_file("decision"))

    assert shown == (qr.png(sample("decision")["check_at"]), 18)
    assert "Quét để kiểm tra hiệu lực" in everything(word_file("decision"))
    assert pictures(word_file("correction")) == []  # made up without an address
    assert "Quét để kiểm tra" not in everything(word_file("correction"))


def test_the_code_leads_to_the_paper_whoever_wrote_the_template():
    uploaded = KINDS["decision"].built_in(TemplateFormat.DOCX).read_bytes()
    there = {"check_at": "https://vinhdanh.example/check/0123456789"}

    word = trying.run(TemplateFormat.DOCX, uploaded, sample("decision") | there)

    ((shown, _width),) = pictures(word)
    with Image.open(io.BytesIO(shown)) as picture:
        dots = picture.convert("1").resize([side // 8 for side in picture.size])
    rows = [
        bytes(dots.getpixel((x, y)) == 0 for x in range(dots.width))
        for y in range(dots.height)
    ]
    assert [bytes(row) for row in segno.make(there["check_at"], error="m").matrix] == rows


def test_tables_of_a_word_file_give_words_the_room_they_want():
    document = docx.Document(io.BytesIO(word_file("appraisal")))
    (table,) = [t for t in document.tables if t.style and t.style.name == "Table Grid"]
    wide = [round(column.width.mm) for column in table.columns]
    last = [run.bold for c in table.rows[-1].cells for p in c.paragraphs for run in p.runs]

    assert wide[0] == 13  # STT on one line
    assert wide[1] > 30 > max(wide[2:])
    assert 161 <= sum(wide) <= 164
    assert all(last)  # the sum
    assert not any(r.bold for r in table.rows[1].cells[1].paragraphs[0].runs)


def test_markup_in_words_stays_text_in_word():
    said = sample("decision") | {"signer_name": "<w:b/> & {{ lines }} {% x %}"}
    template = choosing.built_in(KINDS["decision"], TemplateFormat.DOCX)

    assert said["signer_name"] in everything(making.render(template, said))


def test_a_paper_carries_what_it_was_made_with():
    template = choosing.built_in(KINDS["appraisal"], TemplateFormat.TYPST)
    marked = docx.Document(io.BytesIO(word_file("appraisal"))).core_properties.keywords

    assert paper("appraisal").get_metadata_value("Keywords") == template.mark
    assert (
        marked
        == replace(template, format=TemplateFormat.DOCX, sha256=marked.split()[-1]).mark
    )


def test_our_word_templates_are_what_the_script_makes():
    for name in make_docx_templates.MAKERS:
        kept = (FOLDER / f"{name}.docx").read_bytes()
        assert parts(make_docx_templates.content(name)) == parts(kept), name


def parts(word):
    with zipfile.ZipFile(io.BytesIO(word)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}
