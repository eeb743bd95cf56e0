"""Papers measured: where ink stands on a page, in millimetres, and how large letters are."""

from collections.abc import Iterable
from typing import NamedTuple

import pypdfium2
from pypdfium2 import raw

MM = 72 / 25.4
A4 = (210, 297)


class Box(NamedTuple):
    """Ink, in millimetres from the page's top left corner."""

    left: float
    top: float
    right: float
    bottom: float

    @property
    def centre(self) -> float:
        """Halfway from left to right."""
        return (self.left + self.right) / 2

    @property
    def width(self) -> float:
        """From left to right."""
        return self.right - self.left


def words(page: pypdfium2.PdfPage) -> str:
    """The page's text on one line; wrapped lines joined by a space."""
    return " ".join(page.get_textpage().get_text_range().split())


def lines(page: pypdfium2.PdfPage) -> list[str]:
    text: str = page.get_textpage().get_text_range()
    return text.splitlines()


def box_of(page: pypdfium2.PdfPage, text: str, *, is_last: bool = False) -> Box:
    """Where the first occurrence of `text` stands, or the last one, by its letters."""
    textpage = page.get_textpage()
    start, count = _found(textpage, text, is_last=is_last)
    letters = [i for i in range(start, start + count) if not _is_space(textpage, i)]
    return _around(_box(page, textpage.get_charbox(i)) for i in letters)


def ink(page: pypdfium2.PdfPage) -> Box:
    """Where anything stands, page number aside."""
    boxes = (_box(page, item.get_bounds()) for item in page.get_objects())
    return _around(box for box in boxes if box.bottom > 20)


def size_of(page: pypdfium2.PdfPage, text: str, *, is_last: bool = False) -> float:
    """How large the letters of `text` are where it stands first, or last, in points."""
    textpage = page.get_textpage()
    start, _count = _found(textpage, text, is_last=is_last)
    return round(float(raw.FPDFText_GetFontSize(textpage, start)), 1)


def page_number(page: pypdfium2.PdfPage) -> str:
    """What stands in the top margin."""
    text: str = page.get_textpage().get_text_bounded(bottom=page.get_height() - 20 * MM)
    return text.strip()


def rules(page: pypdfium2.PdfPage) -> list[Box]:
    """The drawn lines, from the top."""
    paths = page.get_objects(filter=[raw.FPDF_PAGEOBJ_PATH])
    return sorted(
        (_box(page, path.get_bounds()) for path in paths), key=lambda box: box.top
    )


def _found(textpage: pypdfium2.PdfTextPage, text: str, *, is_last: bool) -> tuple[int, int]:
    search = textpage.search(text, match_case=True)
    start, count = search.get_next()
    while is_last and (following := search.get_next()):
        start, count = following
    return start, count


def _is_space(textpage: pypdfium2.PdfTextPage, index: int) -> bool:
    return str(textpage.get_text_range(index, 1)).isspace()


def _box(page: pypdfium2.PdfPage, bounds: tuple[float, float, float, float]) -> Box:
    left, bottom, right, top = bounds
    height = page.get_height()
    return Box(left / MM, (height - top) / MM, right / MM, (height - bottom) / MM)


def _around(boxes: Iterable[Box]) -> Box:
    lefts, tops, rights, bottoms = zip(*boxes, strict=True)
    return Box(min(lefts), min(tops), max(rights), max(bottoms))
