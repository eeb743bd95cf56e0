"""Vietnamese text: one normal form, a folded form to search in, a key to sort by."""

import re
import unicodedata

from vn_collate import collate_key

_BLANKS = re.compile(r"\s+")
_WORD = re.compile(r"[^\W_]+")


def nfc(text: str) -> str:
    """The composed form, blanks at the ends taken off. Everything people type goes through it."""
    return unicodedata.normalize("NFC", text).strip()


def one_line(text: str) -> str:
    """As `nfc`, with every run of blanks and line breaks made one space."""
    return _BLANKS.sub(" ", nfc(text))


def fold(text: str) -> str:
    """Lower case without tone marks, hats and đ: “Đường” is found by “duong”."""
    plain = text.lower().replace("đ", "d")
    decomposed = unicodedata.normalize("NFD", plain)
    return _BLANKS.sub(" ", "".join(c for c in decomposed if not unicodedata.combining(c)))


def words(text: str) -> list[str]:
    """The words of a text in lower case, with their marks: “Số 12/QĐ” is `số`, `12`, `qđ`."""
    return _WORD.findall(nfc(text).lower())


def searchable(*texts: str) -> str:
    """What an index of words is given: each word without its marks, then as it is written."""
    whole = " ".join(texts)
    found = (" ".join(words(fold(whole))), " ".join(words(whole)))
    return " ".join(dict.fromkeys(found))


def name_key(name: str) -> bytes:
    """Orders people by given name, as Vietnamese lists do, on any database."""
    *others, given = name.split() or [""]
    return b"".join(bytes.fromhex(collate_key(word)) for word in (given, *others))
