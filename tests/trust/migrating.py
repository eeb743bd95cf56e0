"""Brings databases up to date in children of one process, and kills them where it is asked to.

    python -m tests.trust.migrating FOLDER

Reads lines `URL REVISION KILL_AT` and answers each with the number of statements, or `killed`.
A child is killed before it sends its statement of that number; 0 lets it come to its end. A number
below zero is the deliberate break as well: every statement is committed at once.
"""

import os
import signal
import sys
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, event

from tests.conftest import make_app
from views import web


def upgrade(url: str, folder: Path, revision: str, kill_at: int) -> int:
    """Upgrade a database to a revision; gives how many statements it took."""
    app = make_app(url, folder)
    count = 0

    def before(*_: Any) -> None:
        nonlocal count
        count += 1
        if count == abs(kill_at):
            os.kill(os.getpid(), signal.SIGKILL)

    with app.app_context():
        event.listen(web.db.engine, "before_cursor_execute", before)
        event.listen(web.db.engine, "commit", before)
        if kill_at < 0:
            event.listen(web.db.engine, "begin", _commit_at_once)
        app.extensions["alembic"].upgrade(revision)
        web.db.engine.dispose()
    return count


def _commit_at_once(connection: Connection) -> None:
    raw: Any = connection.connection.driver_connection
    raw.execute("COMMIT")  # SQLite's driver begins no transaction of its own


def main() -> None:
    """Answer line by line."""
    folder = Path(sys.argv[1])
    for line in sys.stdin:
        url, revision, kill_at = line.split()
        reader, writer = os.pipe()
        child = os.fork()
        if not child:
            os.write(writer, str(upgrade(url, folder, revision, int(kill_at))).encode())
            os._exit(0)
        os.close(writer)
        _, status = os.waitpid(child, 0)
        answer = os.read(reader, 20).decode()
        os.close(reader)
        if os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL:
            answer = "killed"
        print(answer or "failed", flush=True)  # noqa: T201 - that is how it answers


if __name__ == "__main__":
    main()
