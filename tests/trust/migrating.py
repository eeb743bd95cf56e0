"""Brings databases up to date in children that are killed where it is asked to.

    python -m tests.trust.migrating FOLDER

A line is `URL REVISION KILL_AT`, the answer the number of statements. A number below zero is the
deliberate break as well: every statement is committed at once.
"""

import sys
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, event

from tests.conftest import make_app
from tests.trust import mortals
from views import web


def upgrade(url: str, revision: str, kill_at: str) -> int:
    """Upgrade a database to a revision; gives how many statements it took."""
    app = make_app(url, Path(sys.argv[1]))
    with app.app_context():
        count = mortals.numbered(web.db.engine, abs(int(kill_at)))
        if int(kill_at) < 0:
            event.listen(web.db.engine, "begin", _commit_at_once)
        app.extensions["alembic"].upgrade(revision)
        web.db.engine.dispose()
    return count()


def _commit_at_once(connection: Connection) -> None:
    raw: Any = connection.connection.driver_connection
    raw.execute("COMMIT")  # SQLite's driver begins no transaction of its own


if __name__ == "__main__":
    mortals.serve(upgrade)
