"""Vietnamese texts as people type them: one spelling to keep, one to compare."""

import re
import unicodedata
from datetime import date

from awards.lists.spreadsheets import Cell

CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f]")

_INVISIBLE = re.compile(
    "[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]"
)
_WORD = re.compile(r"\w+")
_TONES = "\u0300\u0301\u0303\u0309\u0323"


def shown(cell: Cell) -> str:
    """A cell as the spreadsheet shows it: 3 for 3.0, 15/10/1980 for a date."""
    match cell:
        case str():
            return cell
        case date():
            return f"{cell.day:02}/{cell.month:02}/{cell.year:04}"
        case float() if cell.is_integer():
            return f"{cell:.0f}"
    return str(cell)


def tidy(text: str) -> str:
    """NFC, without invisible marks, blanks collapsed within lines, blank lines dropped."""
    visible = _INVISIBLE.sub("", unicodedata.normalize("NFC", text))
    lines = (" ".join(line.split()) for line in visible.splitlines())
    return "\n".join(line for line in lines if line)


def fold(text: str) -> str:
    """The form in which names are compared.

    Letters and tones matter; case, blanks, punctuation, NFC or NFD, and where in the word
    the tone mark stands (hoà, hòa) do not.
    """
    composed = unicodedata.normalize("NFC", text).casefold()
    return " ".join(_tone_last(word) for word in _WORD.findall(composed))


def bare(text: str) -> str:
    """`fold`, and without tone marks, hats and hooks: what a hasty typist leaves."""
    marks = unicodedata.normalize("NFD", fold(text))
    return "".join(sign for sign in marks if not unicodedata.combining(sign)).replace(
        "đ", "d"
    )


def _tone_last(word: str) -> str:
    if word.isascii():
        return word
    signs = unicodedata.normalize("NFD", word)
    tones = "".join(sign for sign in signs if sign in _TONES)
    return "".join(sign for sign in signs if sign not in _TONES) + tones
