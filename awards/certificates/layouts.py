"""Where an award's pre-printed blank takes which words, in whole millimetres.

A text's place is that of its first line's baseline, as one measures it on a blank with a ruler:
from the left edge of the page to the text's box, from the top edge to the line the letters stand
on. Of a name of two lines it is the second's.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass

from sqlalchemy.orm import Session

from awards.errors import BadChange
from models.certificates import CertificateLayout, PageSize
from workflows.words import N_

PAGES = {PageSize.A3: (420, 297), PageSize.A4: (297, 210)}
"""The sizes of blanks, landscape: width and height."""

BLOCKS = {
    "name": N_("Tên được khen"),
    "post": N_("Chức vụ, đơn vị"),
    "achievement": N_("Thành tích"),
    "place_date": N_("Địa danh, ngày tháng"),
    "signer_titles": N_("Chức vụ người ký"),
    "signer_name": N_("Họ tên người ký"),
    "decision": N_("Số quyết định"),
    "book": N_("Số vào sổ"),
}
MAX_SHIFT, SMALLEST, LARGEST = 30, 6, 72


@dataclass(frozen=True, slots=True)
class Block:
    """A text's place in millimetres and its size in points; of size 0 it is not printed."""

    x: int
    y: int
    width: int
    size: int


@dataclass(frozen=True, slots=True)
class Layout:
    """All places on a page; the shift moves them together, for a printer that pulls paper askew."""

    page: PageSize
    shift_x: int
    shift_y: int
    blocks: Mapping[str, Block]


STANDARD = {
    PageSize.A3: Layout(
        PageSize.A3,
        0,
        0,
        {
            "name": Block(50, 146, 320, 36),
            "post": Block(60, 163, 300, 22),
            "achievement": Block(60, 181, 300, 22),
            "place_date": Block(230, 214, 150, 17),
            "signer_titles": Block(230, 225, 150, 19),
            "signer_name": Block(230, 272, 150, 20),
            "decision": Block(45, 258, 150, 14),
            "book": Block(45, 267, 150, 14),
        },
    ),
    PageSize.A4: Layout(
        PageSize.A4,
        0,
        0,
        {
            "name": Block(35, 103, 227, 26),
            "post": Block(42, 115, 213, 16),
            "achievement": Block(42, 128, 213, 16),
            "place_date": Block(163, 151, 106, 13),
            "signer_titles": Block(163, 159, 106, 14),
            "signer_name": Block(163, 193, 106, 14),
            "decision": Block(32, 182, 106, 11),
            "book": Block(32, 189, 106, 11),
        },
    ),
}
"""Where to begin, before anybody has laid a test page over the blank."""


def of_award(session: Session, award_id: int) -> Layout:
    """The places on an award's blank; those of an A3 blank until they are set."""
    row = session.get(CertificateLayout, award_id)
    if row is None:
        return STANDARD[PageSize.A3]
    kept: Mapping[str, dict[str, int]] = row.blocks  # type: ignore[assignment] # our own JSON
    blocks = {name: Block(**kept[name]) for name in BLOCKS}
    return Layout(row.page, row.shift_x, row.shift_y, blocks)


def keep(session: Session, award_id: int, layout: Layout) -> None:
    """Set the places on an award's blank. Raises BadChange for a text beyond the page."""
    _check(layout)
    row = session.get(CertificateLayout, award_id, with_for_update=True)
    row = row or CertificateLayout(award_id=award_id)
    row.page, row.shift_x, row.shift_y = layout.page, layout.shift_x, layout.shift_y
    row.blocks = {name: asdict(block) for name, block in layout.blocks.items()}
    session.add(row)
    session.flush()


def _check(layout: Layout) -> None:
    width, height = PAGES[layout.page]
    for name, block in layout.blocks.items():
        left, top = block.x + layout.shift_x, block.y + layout.shift_y
        inside = left >= 0 and left + block.width <= width and 0 <= top <= height
        if block.size and not inside:
            raise BadChange(N_("“%(block)s” ra ngoài trang giấy."), block=BLOCKS[name])
