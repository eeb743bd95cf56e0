"""Parts of our DOCX templates: the page, its paragraphs, tables that repeat their heads.

What stands between braces is for docxtpl: `{%p %}` takes its paragraph away, `{%tr %}` its row,
`{%tc %}` its cell.
"""

from datetime import UTC, datetime

import docx
from docx.document import Document
from docx.enum.section import WD_SECTION
from docx.enum.table import WD_ALIGN_VERTICAL, WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH as ALIGN
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.section import Section
from docx.shared import Mm, Pt
from docx.table import Table, _Cell, _Row
from docx.text.paragraph import Paragraph

WIDTH = 163  # millimetres of text between the margins
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


def _inset(paragraph: Paragraph, width: int) -> None:
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


def _rule(place: Document | _Cell, width: int, length: int, after: int = 0) -> None:
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


# --- parts that papers share ----------------------------------------------------------------


def heading(document: Document) -> None:
    left, right = 66, WIDTH - 66
    table = bare_table(document, (left, right))
    office, motto = table.add_row().cells
    issuer(office, left)
    line(motto, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", size=12, bold=True)
    line(motto, "Độc lập - Tự do - Hạnh phúc", size=13, bold=True)
    _rule(motto, right, 54)
    number, day = table.add_row().cells
    line(number, "{{ number_line }}", size=13, before=6)
    line(day, "{{ date_line }}", size=13, italic=True, before=6)
    for cell in (motto, number, day):
        _drop_first(cell)


def issuer(cell: _Cell, width: int) -> None:
    tag(cell, "{%p if parent %}")
    _inset(line(cell, "{{ parent }}", size=12), 6)
    tag(cell, "{%p endif %}")
    tag(cell, "{%p for line in lines %}")
    _inset(line(cell, "{{ line }}", size=12, bold=True), 6)
    tag(cell, "{%p endfor %}")
    _rule(cell, width, 22)
    _drop_first(cell)


def titled(document: Document, name: str) -> None:
    line(document, name, bold=True, before=14, after=3)
    line(document, "{{ subject }}", bold=True, after=3)
    _rule(document, WIDTH, 50, after=10)


def signature(document: Document, *, has_code: bool = False) -> None:
    line(document, "")
    table = bare_table(document, (WIDTH - 80, 80))
    left, right = table.add_row().cells
    recipients(left)
    if has_code:
        _code(left)
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


def _code(cell: _Cell) -> None:
    """What a phone reads to check the paper; `recipients` has ended with an empty line."""
    tag(cell, "{%p if code %}")
    line(cell, "{{ code }}", align=ALIGN.LEFT, after=3)
    line(cell, "Quét để kiểm tra hiệu lực của văn bản.", size=9, align=ALIGN.LEFT)
    tag(cell, "{%p endif %}")
    line(cell, "", size=6)  # a cell ends with a paragraph of its own


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


def annex(
    document: Document, title: str, reference: str = "reference", *, inset: int = 0
) -> None:
    section = document.add_section(WD_SECTION.NEW_PAGE)
    _page(section)
    start = OxmlElement("w:pgNumType")
    start.set(qn("w:start"), "1")
    properties = section._sectPr  # noqa: SLF001 - python-docx cannot count anew
    properties.insert_element_before(start, "w:cols", "w:titlePg", "w:docGrid")
    list_title(document, title, reference, inset=inset)


def list_title(
    document: Document,
    title: str,
    reference: str = "reference",
    *,
    is_new_page: bool = False,
    inset: int = 0,
) -> None:
    first = line(document, "DANH SÁCH", bold=True, after=3)
    first.paragraph_format.page_break_before = is_new_page or None
    titled_ = line(document, title, size=13, bold=True, after=3)
    _inset(titled_, inset)
    said = f"({{{{ {reference}|join('\\n') }}}})"
    line(document, said, size=13, italic=True, after=3)
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
    cells = ["{{ row[0] }}", "{%tc for cell in row[1:] %}", "{{ cell }}", "{%tc endfor %}"]
    head = [
        f"{{{{ {group}.columns[0] }}}}",
        f"{{%tc for column in {group}.columns[1:] %}}",
        "{{ column }}",
        "{%tc endfor %}",
    ]
    _grid(table, head, cells, f"{group}.rows")
    line(document, "", size=6)


def table(document: Document, columns: list[str], rows: str) -> None:
    table = document.add_table(0, len(columns), style="Table Grid")
    cells = [f"{{{{ row[{place}] }}}}" for place in range(len(columns))]
    _grid(table, columns, cells, rows)


def _grid(table: Table, head: list[str], cells: list[str], rows: str) -> None:
    """A head and a row for each of the `rows`, a sum in bold: it has no number of its own.

    How wide columns are is left to their words.
    """
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    full_width(table)
    table_row(table, head, is_head=True)
    tag_row(table, f"{{%tr for row in {rows} %}}")
    tag_row(table, "{%tr if row[0] %}")
    table_row(table, cells)
    tag_row(table, "{%tr else %}")
    table_row(table, cells, bold=True)
    tag_row(table, "{%tr endif %}")
    tag_row(table, "{%tr endfor %}")
    for cell in table._tbl.xpath("./w:tr/w:tc"):  # noqa: SLF001 - python-docx sets no such widths
        width = cell.get_or_add_tcPr().get_or_add_tcW()
        width.type, width.w = "auto", 0


def full_width(table: Table) -> None:
    """From margin to margin, with as little air beside the words as the Typst tables have."""
    margins = OxmlElement("w:tblCellMar")
    for side in ("left", "right"):
        margin = OxmlElement(f"w:{side}")
        margin.set(qn("w:w"), str(Mm(1.6).twips))
        margin.set(qn("w:type"), "dxa")
        margins.append(margin)
    properties = table._tbl.tblPr  # noqa: SLF001 - python-docx sets no margins
    properties.insert_element_before(margins, "w:tblLook")
    width = properties.first_child_found_in("w:tblW")
    width.set(qn("w:type"), "pct")
    width.set(qn("w:w"), "5000")


def table_row(
    table: Table, texts: list[str], *, is_head: bool = False, bold: bool = False
) -> None:
    made = table.add_row()
    for place, (cell, words) in enumerate(zip(made.cells, texts, strict=True)):
        align = ALIGN.CENTER if is_head or place == 0 else ALIGN.LEFT
        line(cell, words, size=13, bold=is_head or bold, before=2, after=2, align=align)
        _drop_first(cell)
        cell.vertical_alignment = WD_ALIGN_VERTICAL.CENTER
    _unbroken_row(made, is_head=is_head)


def tag_row(table: Table, words: str) -> None:
    table.add_row().cells[0].paragraphs[0].add_run(words)


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
