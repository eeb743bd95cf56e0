"""A server as in production, on a database of its own, for the test that floods it.

    python -m tests.trust.flooded FOLDER PORT

With `--patient` everybody may wait for a password to be checked: the deliberate break.
"""

import argparse
from pathlib import Path
from threading import Semaphore

from sqlalchemy import make_url

import app as application
from awards import passwords
from serving import Server
from settings import Settings
from tests.conftest import SECRET
from views.web import db


def main(folder: Path, port: int, *, is_patient: bool) -> None:
    """Serve until ended."""
    if is_patient:
        passwords._ROOM = Semaphore(10_000)
    url = make_url(f"sqlite:///{folder / 'site.sqlite'}")
    settings = Settings(url, SECRET, port, folder, is_demo=True)
    made = application.create_app(settings)
    with made.app_context():
        db.engine.dispose()  # no connection crosses the fork
    Server(made, settings).run()


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("port", type=int)
    parser.add_argument("--patient", action="store_true")
    given = parser.parse_args()
    main(given.folder, given.port, is_patient=given.patient)
