"""Our DOCX template of the list of payments: a page on its side, sums by group, three who sign."""

from docx.document import Document
from docx.enum.table import WD_ALIGN_VERTICAL, WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH as ALIGN
from docx.shared import Mm
from docx.table import Table, _Cell

from tools.docx_page import FLIPPED_WIDTH, blank, body, line, narrow, rule, tag
from tools.docx_parts import issuer
from tools.docx_tables import bare_table, drop_first, full_width, tag_row, unbroken_row

_COLUMNS = {  # as wide as in bonus_list.typ, in millimetres
    "STT": 12,
    "Họ và tên, tên tập thể": 55,
    "Chức vụ, đơn vị": 66,
    "Hệ số": 15,
    "Lương cơ sở (đồng)": 27,
    "Tiền thưởng (đồng)": 30,
    "Ký nhận, ghi chú": 45,
}
_ALIGN = [
    ALIGN.CENTER,
    ALIGN.LEFT,
    ALIGN.LEFT,
    ALIGN.CENTER,
    ALIGN.RIGHT,
    ALIGN.RIGHT,
    ALIGN.LEFT,
]
_SUM = 5  # a sum stands in the sixth column, what it is of in those before
_SIZE = 12


def bonus_list() -> Document:
    """A list of payments."""
    document = blank(is_flipped=True)
    _heading(document)
    line(document, "DANH SÁCH CHI THƯỞNG", bold=True, before=12, after=3)
    narrow(line(document, "{{ title }}", size=13, bold=True, after=3), 40)
    line(document, "({{ reference }})", size=13, italic=True)
    rule(document, FLIPPED_WIDTH, 50, after=8)
    body(document, "{{ rule }}")
    _payments(document)
    _closing(document)
    _signers(document)
    return document


def _heading(document: Document) -> None:
    half = FLIPPED_WIDTH // 2
    office, day = bare_table(document, (half, half)).add_row().cells
    issuer(office, half)
    line(day, "{{ date_line }}", size=13, italic=True)
    drop_first(day)


def _payments(document: Document) -> None:
    table = document.add_table(0, len(_COLUMNS), style="Table Grid")
    table.autofit = False
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    full_width(table)
    for column, width in zip(table.columns, _COLUMNS.values(), strict=True):
        column.width = Mm(width)
    head = table.add_row()
    for cell, name in zip(head.cells, _COLUMNS, strict=True):
        _write(cell, name, ALIGN.CENTER, bold=True)
    unbroken_row(head, is_head=True)
    tag_row(table, "{%tr for group in groups %}")
    _sum(table, "{{ group.heading }}", "{{ group.total }}")
    tag_row(table, "{%tr for row in group.rows %}")
    tag_row(table, "{%tr if row.note %}")
    _payment(table, is_revoked=True)
    tag_row(table, "{%tr else %}")
    _payment(table, is_revoked=False)
    tag_row(table, "{%tr endif %}")
    tag_row(table, "{%tr endfor %}")
    tag_row(table, "{%tr endfor %}")
    for cell in _sum(table, "TỔNG CỘNG", "{{ total }}"):
        cell.paragraphs[0].paragraph_format.keep_with_next = True
    line(document, "", size=6)


def _payment(table: Table, *, is_revoked: bool) -> None:
    """A revoked awardee stays on the list, struck out; the note says what is to be paid back."""
    row = table.add_row()
    for place, cell in enumerate(row.cells[:-1]):
        _write(cell, f"{{{{ row.cells[{place}] }}}}", _ALIGN[place], is_struck=is_revoked)
    _write(row.cells[-1], "{{ row.note }}", _ALIGN[-1], size=11, italic=True)
    unbroken_row(row, is_head=False)


def _sum(table: Table, of: str, amount: str) -> tuple[_Cell, ...]:
    row = table.add_row()
    cells = row.cells
    _write(cells[0].merge(cells[_SUM - 1]), of, ALIGN.LEFT, bold=True)
    _write(cells[_SUM], amount, ALIGN.RIGHT, bold=True)
    unbroken_row(row, is_head=False)
    return cells


def _write(
    cell: _Cell,
    words: str,
    align: ALIGN,
    *,
    size: int = _SIZE,
    bold: bool = False,
    italic: bool = False,
    is_struck: bool = False,
) -> None:
    said = line(
        cell, words, size=size, bold=bold, italic=italic, before=2, after=2, align=align
    )
    said.runs[0].font.strike = is_struck or None
    cell.vertical_alignment = WD_ALIGN_VERTICAL.CENTER
    while len(cell.paragraphs) > 1:
        drop_first(cell)


def _closing(document: Document) -> None:
    tag(document, "{%p if recovered %}")
    recovered = "Phải thu hồi: {{ recovered }} đồng. Còn phải chi: {{ due }} đồng."
    last = line(document, recovered, after=3, align=ALIGN.LEFT)
    last.paragraph_format.keep_with_next = True
    tag(document, "{%p endif %}")
    spoken = "Số tiền phải chi bằng chữ: {{ total_in_words }}./."
    last = line(document, spoken, italic=True, after=10, align=ALIGN.LEFT)
    last.paragraph_format.keep_with_next = True  # signatures are never alone on a page


def _signers(document: Document) -> None:
    third = FLIPPED_WIDTH // 3
    row = bare_table(document, (third, third, third)).add_row()
    for place, cell in enumerate(row.cells):
        line(cell, f"{{{{ signers[{place}] }}}}", size=13, bold=True)
        line(cell, "(Ký, ghi rõ họ tên)", size=12, italic=True, after=70)
        drop_first(cell)
    unbroken_row(row, is_head=False)
