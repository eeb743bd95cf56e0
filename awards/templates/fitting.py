"""Columns of Word tables as wide as their words want, where the template leaves that open.

Word does so by itself ("AutoFit contents": every cell of width `auto`); other programs make the
columns equal, and then "STT" takes three lines.
"""

from collections.abc import Sequence

from docx.document import Document
from docx.oxml.ns import qn
from docx.shared import Length, Mm, Pt
from docx.table import Table

_NUMBER = Mm(13)
_PADDING = Mm(4)
_SHORT, _MOST = Mm(36), Mm(90)
_SIZE = Pt(13)
_CAPITAL, _SPACE, _OTHER = 0.7, 0.25, 0.45  # of the size, in Times
_BOLD = 1.1


def fit(document: Document) -> None:
    """Set the widths of all columns that are open; what is set stays."""
    for table in document.tables:
        if _is_open(table):
            _set(table, _widths(_texts(table), _total(table)))


def _is_open(table: Table) -> bool:
    cells = table._tbl.xpath("./w:tr/w:tc")  # noqa: SLF001 - python-docx tells no kinds of widths
    return all(cell.xpath("./w:tcPr/w:tcW[@w:type='auto']") for cell in cells)


def _texts(table: Table) -> list[Sequence[str]]:
    rows = [[cell.text for cell in row.cells] for row in table.rows]
    return list(zip(*rows, strict=False))


def _total(table: Table) -> int:
    return sum(column.width or 0 for column in table.columns)


def _widths(columns: Sequence[Sequence[str]], total: int) -> list[int]:
    """The first column holds numbers; short ones get their due, the others share what is left."""
    wanted = [
        max(int(_wanted(head) * _BOLD), *map(_wanted, texts), 0)
        for head, *texts in columns[1:]
    ]
    due = [width if width <= _SHORT else 0 for width in wanted]
    shares = [min(width, _MOST) if width > _SHORT else 0 for width in wanted]
    if not any(shares):
        due, shares = shares, due
    share = (total - _NUMBER - sum(due)) / (sum(shares) or 1)
    return [
        _NUMBER,
        *(width or int(part * share) for width, part in zip(due, shares, strict=True)),
    ]


def _wanted(text: str) -> int:
    """What a text takes on one line."""
    capitals, spaces = sum(map(str.isupper, text)), text.count(" ")
    others = len(text) - capitals - spaces
    ems = _CAPITAL * capitals + _SPACE * spaces + _OTHER * others
    return int(_PADDING + _SIZE * ems)


def _set(table: Table, widths: Sequence[int]) -> None:
    for column, width in zip(table.columns, widths, strict=False):
        column.width = Length(width)
    for row in table._tbl.xpath("./w:tr"):  # noqa: SLF001 - cells of python-docx are slow in long tables
        for cell, width in zip(row.findall(qn("w:tc")), widths, strict=False):
            cell.width = Length(width)
