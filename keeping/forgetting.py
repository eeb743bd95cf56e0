"""What was erased stays erased: in the list beside the backups, and in what is restored."""

import os
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

from sqlalchemy import Engine

from awards import erasure_lists, erasures, files
from awards.erasure_lists import Line
from models.session import forget_erased, reading, transaction

LIST = "erasures.jsonl"


def erase_again(
    engine: Engine, uploads: Path, lines: Iterable[Line], now: datetime
) -> tuple[int, bool]:
    """Erase what the lines name; how many that were, and whether the file is rid of the words."""
    count = 0
    for line in lines:
        with transaction(engine) as session:
            count += erasure_lists.carry_out(session, line, now)
    with reading(engine) as session:
        files.erase(erasures.tokens(session), uploads)
    return count, forget_erased(engine)


def merge(source: Path, target: Path) -> None:
    """Add to one list of erasures what another has more, and see it to the disk."""
    kept, more = _lines(target), _lines(source)
    added = [line for line in more if line not in kept]
    if not added:
        return
    part = target.with_suffix(".part")
    with part.open("w", encoding="utf-8") as file:
        file.writelines(f"{line}\n" for line in [*kept, *added])
        file.flush()
        os.fsync(file.fileno())
    part.rename(target)


def _lines(path: Path) -> dict[str, None]:
    text = path.read_text(encoding="utf-8") if path.exists() else ""
    return dict.fromkeys(text.splitlines())
