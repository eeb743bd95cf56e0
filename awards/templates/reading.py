"""A made paper as pages show it: a PDF's pages as pictures, a Word file's words in their order."""

import io
from collections.abc import Sequence
from dataclasses import dataclass

import docx
from docx.table import Table

from awards import files

MAX_PAGES = 6
WIDTH, HEIGHT = 900, 1_300


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, or a table with its rows."""

    text: str = ""
    rows: Sequence[Sequence[str]] = ()


def pages(pdf: bytes) -> int:
    """How many of its pages are shown."""
    return min(files.page_count(pdf), MAX_PAGES)


def picture(pdf: bytes, number: int) -> bytes | None:
    """A page, counted from one, as PNG; None where there is no such page."""
    if not 1 <= number <= pages(pdf):
        return None
    return files.page_picture(pdf, number - 1, (WIDTH, HEIGHT))


def outline(word: bytes) -> list[Block]:
    """The paragraphs and tables of a Word file; empty paragraphs left out."""
    found = []
    for part in docx.Document(io.BytesIO(word)).iter_inner_content():
        if isinstance(part, Table):
            found.append(
                Block(rows=[[cell.text for cell in row.cells] for row in part.rows])
            )
        elif part.text.strip():
            found.append(Block(text=part.text))
    return found
