"""How large the sheets of a workbook become in memory, measured before they are read."""

import re
from collections.abc import Mapping
from xml.parsers import expat

from awards.lists import unreadable

MAX_CELLS = 2_000_000
MAX_CHARACTERS = 50_000_000
MAX_ELEMENTS = 1_500_000

_SHARED_STRINGS = "xl/sharedstrings.xml"
_REFERENCE = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6})", re.IGNORECASE)
_INDEX_DIGITS = 10


def measure(parts: Mapping[str, bytes]) -> None:
    """Walk the XML parts (lower-case name → content), keeping nothing.

    Raises `UnreadableList` when a part is not well-formed or has a DOCTYPE, when a sheet's
    values span more than `MAX_CELLS` from A1 on, when all texts together, each shared one
    counted wherever a cell shows it, pass `MAX_CHARACTERS`, and when all parts together
    have more than `MAX_ELEMENTS`, which take a second to walk.
    """
    meter = _Meter()
    try:
        for name in sorted(parts, key=lambda name: name != _SHARED_STRINGS):
            meter.read(parts[name], has_strings=name == _SHARED_STRINGS)
    except (expat.ExpatError, ValueError, IndexError) as error:
        raise unreadable.damaged() from error


def column_letter(number: int) -> str:
    """The spreadsheet's own name of a column: 1 is A, 27 is AA."""
    before, last = divmod(number - 1, 26)
    return (column_letter(before) if before else "") + chr(ord("A") + last)


class _Meter:
    """Counts at least what calamine will make of the parts, whatever they look like.

    calamine puts a cell where its reference says or else after the one before, and lets a
    row begin inside a row or a cell; here positions only grow, and such rows are refused.
    """

    def __init__(self) -> None:
        self.shared: list[int] = []  # the length of each shared string
        self.characters = 0
        self.elements = 0

    def read(self, part: bytes, *, has_strings: bool) -> None:
        self.has_strings = has_strings
        self.open: list[str] = []  # of row, c and si
        self.row, self.column, self.cell_row = 1, 0, 1
        self.rows = self.columns = 0
        self.is_shared, self.index = False, ""
        parser = expat.ParserCreate("utf-8")
        parser.buffer_text = True
        parser.StartDoctypeDeclHandler = self._doctype
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._text
        parser.Parse(part, True)  # noqa: FBT003 - expat takes no keywords

    def _doctype(self, *_declaration: object) -> None:
        raise unreadable.damaged()

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self.elements += 1
        if self.elements > MAX_ELEMENTS:
            raise unreadable.too_large_inside()
        match name.rpartition(":")[2]:
            case "row":
                self._open("row")
                self.row = max(self.row, int(attributes.get("r", 1)))
            case "c":
                self._open("c")
                self._place(attributes.get("r", ""))
                self.is_shared = attributes.get("t") == "s"
            case "v" | "is":
                self.index = ""
                self._grow()
            case "si" if self.has_strings:
                self._open("si")
                self.shared.append(0)

    def _open(self, name: str) -> None:
        if name in self.open or "c" in self.open:
            raise unreadable.damaged()
        self.open.append(name)

    def _end(self, name: str) -> None:
        match name.rpartition(":")[2]:
            case "row":
                self.open.pop()
                self.row, self.column = self.row + 1, 0
            case "c":
                self.open.pop()
            case "si" if self.has_strings:
                self.open.pop()
            case "v" if self.is_shared:
                self._count(self.shared[int(self.index)])

    def _text(self, text: str) -> None:
        self._count(len(text))
        if "si" in self.open:
            self.shared[-1] += len(text)
        elif self.is_shared and len(self.index) < _INDEX_DIGITS:
            self.index += text

    def _place(self, reference: str) -> None:
        found = _REFERENCE.fullmatch(reference)
        if reference and not found:
            raise unreadable.damaged()
        column, row = (_column_number(found[1]), int(found[2])) if found else (0, 0)
        self.column, self.cell_row = max(self.column + 1, column), max(self.row, row)

    def _grow(self) -> None:
        self.rows = max(self.rows, self.cell_row)
        self.columns = max(self.columns, self.column)
        if self.rows * self.columns > MAX_CELLS:
            raise unreadable.stretched_to(f"{column_letter(self.columns)}{self.rows}")

    def _count(self, characters: int) -> None:
        self.characters += characters
        if self.characters > MAX_CHARACTERS:
            raise unreadable.too_large_inside()


def _column_number(letters: str) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - ord("A") + 1
    return number
