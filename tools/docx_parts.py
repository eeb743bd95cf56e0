"""Our DOCX templates: what papers share, head, title, signatures, the list that is attached."""

from docx.document import Document
from docx.enum.section import WD_SECTION
from docx.enum.text import WD_ALIGN_PARAGRAPH as ALIGN
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.table import _Cell

from tools.docx_page import WIDTH, line, narrow, rule, set_page, tag
from tools.docx_tables import bare_table, drop_first, unbroken


def heading(document: Document) -> None:
    left, right = 66, WIDTH - 66
    table = bare_table(document, (left, right))
    office, motto = table.add_row().cells
    issuer(office, left)
    line(motto, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", size=12, bold=True)
    line(motto, "Độc lập - Tự do - Hạnh phúc", size=13, bold=True)
    rule(motto, right, 54)
    number, day = table.add_row().cells
    line(number, "{{ number_line }}", size=13, before=6)
    line(day, "{{ date_line }}", size=13, italic=True, before=6)
    for cell in (motto, number, day):
        drop_first(cell)


def issuer(cell: _Cell, width: int) -> None:
    tag(cell, "{%p if parent %}")
    narrow(line(cell, "{{ parent }}", size=12), 6)
    tag(cell, "{%p endif %}")
    tag(cell, "{%p for line in lines %}")
    narrow(line(cell, "{{ line }}", size=12, bold=True), 6)
    tag(cell, "{%p endfor %}")
    rule(cell, width, 22)
    drop_first(cell)


def titled(document: Document, name: str) -> None:
    line(document, name, bold=True, before=14, after=3)
    line(document, "{{ subject }}", bold=True, after=3)
    rule(document, WIDTH, 50, after=10)


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
    drop_first(left)
    drop_first(right)
    unbroken(table)


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
        drop_first(cell)
    unbroken(table)


def annex(
    document: Document, title: str, reference: str = "reference", *, inset: int = 0
) -> None:
    section = document.add_section(WD_SECTION.NEW_PAGE)
    set_page(section)
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
    narrow(titled_, inset)
    said = f"({{{{ {reference}|join('\\n') }}}})"
    line(document, said, size=13, italic=True, after=3)
    rule(document, WIDTH, 50, after=4)
