"""A server that wants for disk, or for a lock, and goes on when there is room again.

    python -m tests.trust.shortages disk URL FOLDER 200

Acts of one person through the pages: take a step, give it back. Prints what each was answered, how
things stood behind it, and whether there was room, one JSON line each.
"""

import json
import resource
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random

from flask import Flask
from sqlalchemy import event, make_url

from models.session import reading, transaction
from models.tasks import UserTask
from tests import factories
from tests.conftest import make_app
from views import web

WAIT = 50  # milliseconds for a lock, instead of thirty seconds
Room = Callable[[], object]


@contextmanager
def full_disk(path: Path) -> Iterator[None]:
    """No file may grow beyond what the database's log has now."""
    hard = resource.getrlimit(resource.RLIMIT_FSIZE)[1]
    log = path.with_name(path.name + "-wal")
    size = log.stat().st_size if log.exists() else 0
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (hard, hard))


@contextmanager
def held_lock(path: Path) -> Iterator[None]:
    """Somebody else writes, and does not come to an end."""
    # With the same library: two of them in one process do not see each other's locks.
    other = web.SQLITE_DRIVER.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    try:
        yield
    finally:
        other.execute("ROLLBACK")
        other.close()


SHORTAGES = {"disk": full_disk, "lock": held_lock}


def serve(app: Flask, path: Path, shortage: str, acts: int) -> Iterator[dict[str, object]]:
    """Act again and again, every other time in want."""
    app.config["WTF_CSRF_ENABLED"] = False
    client, random = app.test_client(), Random(7)
    with app.app_context():
        database = web.db.engine
        with transaction(database) as session:
            nomination = factories.begin(session, has_papers=False)
            task_id = factories.open_task(session, nomination).id
    login = {"login": "lan.tuphap", "password": "vinh-danh-lan.tuphap"}
    assert client.post("/login", data=login).status_code == 303
    verb = "claim"
    for _ in range(acts):
        in_want = random.random() < 0.5
        if in_want:
            with SHORTAGES[shortage](path):
                answer = client.post(f"/tasks/{task_id}/{verb}")
        else:
            answer = client.post(f"/tasks/{task_id}/{verb}")
        with reading(database) as session:
            state = session.get_one(UserTask, task_id).state
        yield {
            "verb": verb,
            "want": in_want,
            "code": answer.status_code,
            "state": state,
            "page": answer.text if answer.status_code >= 400 else "",
        }
        verb = "unclaim" if state == "claimed" else "claim"
    database.dispose()


def main() -> None:
    """Carry out what the command line asks for."""
    shortage, url, folder, acts = sys.argv[1:]
    app = make_app(url, Path(folder))
    path = Path(str(make_url(url).database))
    with app.app_context():

        @event.listens_for(web.db.engine, "connect")
        def wait_shortly(connection, _record) -> None:
            connection.execute(f"PRAGMA busy_timeout = {WAIT}")

    for told in serve(app, path, shortage, int(acts)):
        print(json.dumps(told))  # noqa: T201 - its answer


if __name__ == "__main__":
    main()
