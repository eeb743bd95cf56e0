"""What a page in English still says in Vietnamese, apart from what people entered."""

import json
import sqlite3
import unicodedata
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

DERIVED = {
    "process_definition",
    "history_event",
    "engine_state",
}  # names of steps, not data
AS_THEY_ARE = {  # in every language
    "Tiếng Việt",  # a language is offered in itself
    "Về việc tặng",  # how a decision will be printed
}


def left_over(texts: list[str], known: list[str]) -> list[str]:
    """The texts of a page that are Vietnamese and no data; `known` is what `entered` gave."""
    flat = [_without(known, _flat(text)) for text in texts]
    return [text for text in flat if _is_vietnamese(text)]


def entered(database: Path) -> list[str]:
    """Every Vietnamese text that a SQLite database holds, the longest first."""
    found = set(AS_THEY_ARE)
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as connection:
        names = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
        for (table,) in [row for row in names if row[0] not in DERIVED]:
            for row in connection.execute(f"SELECT * FROM {table}"):  # noqa: S608 - own names
                found.update(text for cell in row for text in _strings(cell))
    flat = {_flat(line) for text in found for line in (text, *text.splitlines())}
    return sorted(filter(_is_vietnamese, flat), key=len, reverse=True)


def _strings(value: object) -> Iterator[str]:
    """The texts in a cell, also in one that holds JSON. Faults of a list are told by us."""
    if isinstance(value, str) and value.startswith(("{", "[")):
        value = json.loads(value)
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for item in value:
            yield from _strings(item)
    elif isinstance(value, dict):
        for key, item in value.items():
            if key != "message":
                yield from _strings(item)


def _without(known: list[str], text: str) -> str:
    if _is_vietnamese(text):
        for entry in known:
            text = text.replace(entry, "")
    return text


def _flat(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).split())


def _is_vietnamese(text: str) -> bool:
    decomposed = unicodedata.normalize("NFD", text)
    return "đ" in text.lower() or any(unicodedata.combining(c) for c in decomposed)
