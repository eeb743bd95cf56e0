"""A database in which everybody has written the same: for pages that must show it as text."""

import json
import re
from contextlib import closing
from pathlib import Path
from typing import Any

from views import web

_WORDS = re.compile(
    r"\s|[^\x00-\x7f]"
)  # people's words have blanks or tone marks; codes have none
_NO_WORDS = re.compile(r"\d{4}-\d\d-\d\d |<\?xml")


def rewrite_everything(path: Path, text: str) -> int:
    """Put the text into every cell that holds people's words; how many cells that were."""
    count = 0
    with closing(web.SQLITE_DRIVER.connect(path)) as connection:
        run = connection.execute
        run("PRAGMA ignore_check_constraints = ON")
        named = run("SELECT type, name FROM sqlite_master WHERE sql IS NOT NULL").fetchall()
        for kind, name in named:
            if kind == "trigger":
                run(f"DROP TRIGGER {name}")
        for kind, name in named:
            if kind == "table" and "_words" not in name:  # those are an index of the others
                count += _rewrite_table(connection, name, text)
        connection.commit()
    return count


def _rewrite_table(connection: Any, table: str, text: str) -> int:
    columns = [row[1] for row in connection.execute(f"PRAGMA table_info({table})")]
    listed = ", ".join(f'"{column}"' for column in columns)
    rows = connection.execute(f"SELECT rowid, {listed} FROM {table}").fetchall()  # noqa: S608 - our own tables
    changes = [
        (column, rowid, new)
        for rowid, *cells in rows
        for column, cell in zip(columns, cells, strict=True)
        if (new := _rewritten(cell, f"{text} {rowid}")) != cell
    ]
    for column, rowid, new in changes:
        change = f'UPDATE {table} SET "{column}" = ? WHERE rowid = ?'  # noqa: S608 - our own tables
        connection.execute(change, (new, rowid))
    return len(changes)


def _rewritten(value: Any, text: str) -> Any:
    if isinstance(value, str) and value[:1] in ("{", "["):
        return json.dumps(_inside(json.loads(value), text), ensure_ascii=False)
    return _inside(value, text)


def _inside(value: Any, text: str) -> Any:
    if isinstance(value, dict):
        return {name: _inside(one, text) for name, one in value.items()}
    if isinstance(value, list):
        return [_inside(one, text) for one in value]
    is_written = (
        isinstance(value, str) and _WORDS.search(value) and not _NO_WORDS.match(value)
    )
    return text if is_written else value
