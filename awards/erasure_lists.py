"""The list of erasures outside the database: what a restored backup has to forget once more.

One JSON line for each, written before the act. It names nominations by their codes; it is kept
with the backups and never restored from one.
"""

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy.orm import Session

from awards import erasures, nominations, people
from awards.erasures import Request
from workflows import calendar
from workflows.actors import Actor


@dataclass(frozen=True, slots=True)
class Line:
    code: str
    asked_by: int
    request: Request


def note(path: Path, code: str, request: Request, *, actor: Actor, now: datetime) -> None:
    """Add an erasure that is about to be carried out, and see it to the disk."""
    line = {
        "code": code,
        "at": now.isoformat(),
        "asked_by": actor.id,
        "legal_ground": request.legal_ground,
        "reason": request.reason,
    }
    with path.open("a", encoding="utf-8") as file:
        file.write(json.dumps(line, ensure_ascii=False) + "\n")
        file.flush()
        os.fsync(file.fileno())


def read(path: Path) -> Iterator[Line]:
    """The lines, oldest first; none where nothing was ever erased."""
    if not path.exists():
        return
    for text in path.read_text(encoding="utf-8").splitlines():
        line = json.loads(text)
        request = Request(line["legal_ground"], line["reason"])
        yield Line(line["code"], line["asked_by"], request)


def carry_out(session: Session, line: Line, now: datetime) -> bool:
    """Erase what the line names, in the name of who asked; False if it is gone, or was never here.

    Raises as `erasures.erase` does.
    """
    nomination = nominations.find(session, line.code)
    person = people.find(session, line.asked_by)
    if nomination is None or person is None or erasures.find(session, nomination):
        return False
    actor = people.actor_of(person, calendar.today(now))
    erasures.carry_out(session, nomination, line.request, actor=actor, now=now)
    return True
