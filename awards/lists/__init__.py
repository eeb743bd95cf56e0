"""Reading a unit's spreadsheet of nominees: what is right, and what is wrong in which cell."""

from awards.lists.reading import NomineeList, read
from awards.lists.rows import Catalogue, CellError, NomineeRow
from awards.lists.spreadsheets import MAX_FILE_BYTES
from awards.lists.unreadable import UnreadableList

__all__ = [
    "MAX_FILE_BYTES",
    "Catalogue",
    "CellError",
    "NomineeList",
    "NomineeRow",
    "UnreadableList",
    "read",
]
