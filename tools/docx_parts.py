"""Parts of our DOCX templates: the page, its paragraphs, tables that repeat their heads.

What stands between braces is for docxtpl: `{%p %}` takes its paragraph away, `{%tr %}` its row,
`{%tc %}` its cell.
"""

from datetime import UTC, datetime

import docx
from docx.document import Document
from docx.enum.section import WD_SECTION
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH as ALIGN
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.section import Section
from docx.shared import Mm, Pt
from docx.table import Table, _Cell, _Row
from docx.text.paragraph import Paragraph

WIDTH = 160  # millimetres of text between the margins
FONT = "Times New Roman"
EPOCH = (2026, 1, 1, 0, 0, 0)


# --- the page -------------------------------------------------------------------------------


def blank() -> Document:
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
    _page(document.sections[0])
    _page_number(document.sections[0].header.paragraphs[0])
    return document


def _page(section: Section) -> None:
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin = section.bottom_margin = Mm(20)
    section.left_margin, section.right_margin = Mm(30), Mm(20)
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


# --- paragraphs -----------------------------------------------------------------------------


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


def _rule(place: Document | _Cell, width: int, length: int, after: int = 0) -> None:
    """A short line in the middle, as a border of an empty paragraph."""
    paragraph = place.add_paragraph()
    layout = paragraph.paragraph_format
    layout.left_indent = layout.right_indent = Mm((width - length) / 2)
    layout.space_after, layout.line_spacing = Pt(after), Pt(4)
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


# --- parts that papers share ----------------------------------------------------------------


def heading(document: Document) -> None:
    left, right = 66, WIDTH - 66
    table = bare_table(document, (left, right))
    issuer, motto = table.add_row().cells
    tag(issuer, "{%p if parent %}")
    line(issuer, "{{ parent }}", size=12)
    tag(issuer, "{%p endif %}")
    tag(issuer, "{%p for line in lines %}")
    line(issuer, "{{ line }}", size=12, bold=True)
    tag(issuer, "{%p endfor %}")
    _rule(issuer, left, 22)
    line(motto, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", size=12, bold=True)
    line(motto, "Độc lập - Tự do - Hạnh phúc", size=13, bold=True)
    _rule(motto, right, 54)
    number, day = table.add_row().cells
    line(number, "{{ number_line }}", size=13, before=6)
    line(day, "{{ date_line }}", size=13, italic=True, before=6)
    for cell in (issuer, motto, number, day):
        _drop_first(cell)


def titled(document: Document, name: str) -> None:
    line(document, name, bold=True, before=14, after=3)
    line(document, "{{ subject }}", bold=True, after=3)
    _rule(document, WIDTH, 50, after=10)


def signature(document: Document) -> None:
    line(document, "")
    table = bare_table(document, (WIDTH - 80, 80))
    left, right = table.add_row().cells
    recipients(left)
    tag(right, "{%p for title in signer_titles %}")
    line(right, "{{ title }}", bold=True)
    tag(right, "{%p endfor %}")
    line(right, "{{ signer_name }}", bold=True, before=80)
    _drop_first(left)
    _drop_first(right)
    _unbroken(table)


def recipients(place: Document | _Cell) -> None:
    line(place, "Nơi nhận:", size=12, bold=True, italic=True, align=ALIGN.LEFT)
    tag(place, "{%p for recipient in recipients %}")
    line(place, "- {{ recipient }}", size=11, align=ALIGN.LEFT)
    tag(place, "{%p endfor %}")
    if isinstance(place, _Cell):
        line(place, "", size=11)  # a cell ends with a paragraph of its own


def signers(document: Document) -> None:
    line(document, "")
    table = bare_table(document, (WIDTH // 2, WIDTH // 2))
    for cell, place in zip(table.add_row().cells, (0, 1), strict=True):
        tag(cell, f"{{%p for title in signers[{place}].titles %}}")
        line(cell, "{{ title }}", bold=True)
        tag(cell, "{%p endfor %}")
        line(cell, f"{{{{ signers[{place}].name }}}}", bold=True, before=74, after=10)
        _drop_first(cell)
    _unbroken(table)


def annex(document: Document, title: str, reference: str = "reference") -> None:
    section = document.add_section(WD_SECTION.NEW_PAGE)
    _page(section)
    start = OxmlElement("w:pgNumType")
    start.set(qn("w:start"), "1")
    properties = section._sectPr  # noqa: SLF001 - python-docx cannot count anew
    properties.insert_element_before(start, "w:cols", "w:titlePg", "w:docGrid")
    line(document, "DANH SÁCH", bold=True, after=3)
    line(document, title, size=13, bold=True, after=3)
    line(document, f"({{{{ {reference}|join(' ') }}}})", size=13, italic=True, after=3)
    _rule(document, WIDTH, 50, after=4)


# --- tables ---------------------------------------------------------------------------------


def tables(document: Document, groups: str = "groups") -> None:
    tag(document, f"{{%p for group in {groups} %}}")
    one_table(document, "group")
    tag(document, "{%p endfor %}")


def one_table(document: Document, group: str) -> None:
    tag(document, f"{{%p if {group}.heading %}}")
    heading = line(
        document,
        f"{{{{ {group}.heading }}}}",
        size=13,
        bold=True,
        before=12,
        after=6,
        align=ALIGN.LEFT,
    )
    heading.paragraph_format.keep_with_next = True
    tag(document, "{%p endif %}")
    table = document.add_table(0, 4, style="Table Grid")
    head = [
        f"{{{{ {group}.columns[0] }}}}",
        f"{{%tc for column in {group}.columns[1:] %}}",
        "{{ column }}",
        "{%tc endfor %}",
    ]
    cells = ["{{ row[0] }}", "{%tc for cell in row[1:] %}", "{{ cell }}", "{%tc endfor %}"]
    _grid(table, head, cells, f"{group}.rows")
    line(document, "", size=6)


def table(document: Document, columns: list[str], rows: str) -> None:
    table = document.add_table(0, len(columns), style="Table Grid")
    cells = [f"{{{{ row[{place}] }}}}" for place in range(len(columns))]
    _grid(table, columns, cells, rows)


def _grid(table: Table, head: list[str], cells: list[str], rows: str) -> None:
    blank = [""] * (len(cells) - 1)
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    width = table._tbl.tblPr.first_child_found_in("w:tblW")  # noqa: SLF001 - python-docx sets no widths
    width.set(qn("w:type"), "pct")
    width.set(qn("w:w"), "5000")
    for texts in (
        head,
        [f"{{%tr for row in {rows} %}}", *blank],
        cells,
        ["{%tr endfor %}", *blank],
    ):
        made = table.add_row()
        is_head = texts is head
        for place, (cell, words) in enumerate(zip(made.cells, texts, strict=True)):
            align = ALIGN.CENTER if is_head or place == 0 else ALIGN.LEFT
            line(cell, words, size=13, bold=is_head, before=2, after=2, align=align)
            _drop_first(cell)
            cell.width = Mm(12 if place == 0 else (WIDTH - 12) / max(1, len(cells) - 1))
        _unbroken_row(made, is_head=is_head)
    table.columns[0].width = Mm(12)


def _unbroken_row(row: _Row, *, is_head: bool) -> None:
    properties = row._tr.get_or_add_trPr()  # noqa: SLF001 - python-docx repeats no heads
    properties.append(OxmlElement("w:cantSplit"))
    if is_head:
        properties.append(OxmlElement("w:tblHeader"))


def bare_table(document: Document, widths: tuple[int, int]) -> Table:
    table = document.add_table(0, len(widths))
    table.autofit = False
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Mm(width)
    return table


def row(table: Table, *texts: str) -> None:
    for cell, words in zip(table.add_row().cells, texts, strict=True):
        line(cell, words, after=3, align=ALIGN.LEFT)
        _drop_first(cell)


def _unbroken(table: Table) -> None:
    for row in table.rows:
        _unbroken_row(row, is_head=False)


def _drop_first(cell: _Cell) -> None:
    """A cell is made with an empty paragraph."""
    first = cell.paragraphs[0]._p  # noqa: SLF001 - python-docx removes nothing
    first.getparent().remove(first)
