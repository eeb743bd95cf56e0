"""Our DOCX templates: the page by Nghị định 30/2020/NĐ-CP, Phụ lục I, and its paragraphs.

What stands between braces is for docxtpl: `{%p %}` takes its paragraph away, `{%tr %}` its row,
`{%tc %}` its cell.
"""

from datetime import UTC, datetime

import docx
from docx.document import Document
from docx.enum.section import WD_ORIENT
from docx.enum.text import WD_ALIGN_PARAGRAPH as ALIGN
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.section import Section
from docx.shared import Mm, Pt
from docx.table import _Cell
from docx.text.paragraph import Paragraph

WIDTH = 163  # millimetres of text between the margins
FLIPPED_WIDTH = 250  # of a page on its side
FONT = "Times New Roman"
EPOCH = (2026, 1, 1, 0, 0, 0)


def blank(*, is_flipped: bool = False) -> Document:
    """A file of one section with its page numbers, upright or lying on its side."""
    document = docx.Document()
    about = document.core_properties
    about.author = about.comments = about.title = ""
    about.created = about.modified = datetime(*EPOCH, tzinfo=UTC)
    thumbnail = next(
        (
            key
            for key, rel in document.part.package.rels.items()
            if "thumbnail" in rel.reltype
        ),
        None,
    )
    if thumbnail:
        document.part.package.rels.pop(thumbnail)
    normal = document.styles["Normal"]
    normal.font.name, normal.font.size = FONT, Pt(14)
    fonts = normal.element.get_or_add_rPr().get_or_add_rFonts()
    for script in ("w:ascii", "w:hAnsi", "w:cs", "w:eastAsia"):
        fonts.set(qn(script), FONT)
    normal.paragraph_format.space_after = Pt(0)
    normal.paragraph_format.space_before = Pt(0)
    normal.paragraph_format.line_spacing = 1.0
    set_page(document.sections[0], is_flipped=is_flipped)
    _page_number(document.sections[0].header.paragraphs[0])
    return document


def set_page(section: Section, *, is_flipped: bool = False) -> None:
    section.page_width, section.page_height = Mm(210), Mm(297)
    if is_flipped:
        section.page_width, section.page_height = Mm(297), Mm(210)
        section.orientation = WD_ORIENT.LANDSCAPE
    section.top_margin = section.bottom_margin = Mm(20)
    section.left_margin, section.right_margin = Mm(30), Mm(17)
    section.header_distance = section.footer_distance = Mm(10)
    section.different_first_page_header_footer = True


def _page_number(paragraph: Paragraph) -> None:
    paragraph.alignment = ALIGN.CENTER
    run = paragraph.add_run()
    run.font.size = Pt(13)
    for kind, words in (("begin", ""), ("", "PAGE"), ("end", "")):
        part = OxmlElement("w:fldChar" if kind else "w:instrText")
        if kind:
            part.set(qn("w:fldCharType"), kind)
        else:
            part.text = words
        run._r.append(part)  # noqa: SLF001 - python-docx has no fields


def line(
    place: Document | _Cell,
    words: str,
    *,
    size: int = 14,
    bold: bool = False,
    italic: bool = False,
    before: int = 0,
    after: int = 0,
    align: ALIGN = ALIGN.CENTER,
) -> Paragraph:
    paragraph = place.add_paragraph()
    paragraph.alignment = align
    paragraph.paragraph_format.space_before = Pt(before)
    paragraph.paragraph_format.space_after = Pt(after)
    run = paragraph.add_run(words)
    run.font.size, run.bold, run.italic = Pt(size), bold, italic
    return paragraph


def narrow(paragraph: Paragraph, width: int) -> None:
    """Narrower by so many millimetres on both sides: long words break into evener lines."""
    layout = paragraph.paragraph_format
    layout.left_indent = layout.right_indent = Mm(width) if width else None


def body(document: Document, words: str, *, italic: bool = False) -> Paragraph:
    paragraph = line(document, words, italic=italic, after=6, align=ALIGN.JUSTIFY)
    paragraph.paragraph_format.first_line_indent = Mm(12.7)
    return paragraph


def part(document: Document, words: str) -> None:
    paragraph = line(document, words, bold=True, before=12, after=6, align=ALIGN.LEFT)
    paragraph.paragraph_format.keep_with_next = True


def tag(place: Document | _Cell, words: str) -> None:
    place.add_paragraph(words)


def each(document: Document, loop: str, words: str, *, italic: bool = False) -> None:
    tag(document, f"{{%p for {loop} %}}")
    body(document, words, italic=italic)
    tag(document, "{%p endfor %}")


def rule(place: Document | _Cell, width: int, length: int, after: int = 0) -> None:
    """A short line in the middle, as a border of an empty paragraph."""
    paragraph = place.add_paragraph()
    layout = paragraph.paragraph_format
    layout.left_indent = layout.right_indent = Mm((width - length) / 2)
    layout.space_before, layout.space_after = Pt(3), Pt(after)
    layout.line_spacing = Pt(4)
    border = OxmlElement("w:pBdr")
    top = OxmlElement("w:top")
    for name, value in (
        ("val", "single"),
        ("sz", "6"),
        ("space", "1"),
        ("color", "000000"),
    ):
        top.set(qn(f"w:{name}"), value)
    border.append(top)
    properties = paragraph._p.get_or_add_pPr()  # noqa: SLF001 - python-docx has no borders
    properties.insert_element_before(border, "w:shd", "w:spacing", "w:ind", "w:jc", "w:rPr")
