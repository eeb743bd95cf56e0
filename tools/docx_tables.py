"""Our DOCX templates: tables that repeat their heads, tables without lines."""

from docx.document import Document
from docx.enum.table import WD_ALIGN_VERTICAL, WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH as ALIGN
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm
from docx.table import Table, _Cell, _Row

from tools.docx_page import line, tag


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
        drop_first(cell)
        cell.vertical_alignment = WD_ALIGN_VERTICAL.CENTER
    unbroken_row(made, is_head=is_head)


def tag_row(table: Table, words: str) -> None:
    table.add_row().cells[0].paragraphs[0].add_run(words)


def unbroken_row(row: _Row, *, is_head: bool) -> None:
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
        drop_first(cell)


def unbroken(table: Table) -> None:
    for row in table.rows:
        unbroken_row(row, is_head=False)


def drop_first(cell: _Cell) -> None:
    """A cell is made with an empty paragraph."""
    first = cell.paragraphs[0]._p  # noqa: SLF001 - python-docx removes nothing
    first.getparent().remove(first)
