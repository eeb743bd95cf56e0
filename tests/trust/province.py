"""A server as in production on a database that is there already, for tests that crowd it.

    python -m tests.trust.province URL FOLDER PORT

Two deliberate breaks: with `--patient` everybody may wait for a password to be checked, and with
`--row-by-row` the inbox asks for its tasks one after the other.
"""

import argparse
from pathlib import Path
from threading import Semaphore
from typing import Any

from sqlalchemy import func, make_url, select

import app as application
from awards import inbox, passwords
from awards.listings import PAGE
from models.awards import Nomination
from models.tasks import UserTask
from serving import Server
from settings import Settings
from tests.conftest import SECRET
from views.web import db


def main(url: str, folder: Path, port: int) -> None:
    """Serve until ended."""
    settings = Settings(make_url(url), SECRET, port, folder, is_demo=True)
    made = application.create_app(settings)
    with made.app_context():
        db.engine.dispose()  # no connection crosses the fork
    Server(made, settings).run()


def _row_by_row(session: Any, actor: Any, tab: Any, filters: Any, now: Any) -> Any:
    """The inbox of a programmer in a hurry: all tasks, and for each of them its nomination."""
    del now
    waiting = select(UserTask.id).where(inbox._of(actor, tab))
    found = []
    for task_id in session.scalars(waiting).all():
        task = session.get(UserTask, task_id, populate_existing=True)
        session.scalars(
            select(Nomination).where(Nomination.instance_id == task.instance_id)
        )
        session.scalar(
            select(func.count())
            .select_from(UserTask)
            .where(UserTask.instance_id == task.instance_id)
        )
        row = session.execute(inbox._SHOWN.where(UserTask.id == task_id)).one()
        found.append(inbox.Item._make(row))
    start = (filters.page - 1) * PAGE
    return found[start : start + PAGE], len(found)


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("url")
    parser.add_argument("folder", type=Path)
    parser.add_argument("port", type=int)
    parser.add_argument("--patient", action="store_true")
    parser.add_argument("--row-by-row", action="store_true")
    given = parser.parse_args()
    if given.patient:
        passwords._ROOM = Semaphore(10_000)
    if given.row_by_row:
        inbox.items = _row_by_row
    main(given.url, given.folder, given.port)
