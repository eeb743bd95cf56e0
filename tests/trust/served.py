"""The site behind its real web server, on a copy of the province, for tests that send it bytes.

    python -m tests.trust.served DATABASE FOLDER PORT PATIENCE [bare]

`bare` leaves out what ends slow bodies, and the limit of a request: the deliberate break.
"""

import sys
from dataclasses import replace
from pathlib import Path

import serving
from tests.conftest import make_app
from views.web import db


def main(url: str, folder: str, port: str, patience: str, *broken: str) -> None:
    """Serve until somebody ends the process."""
    app = make_app(url, Path(folder))
    app.config["WTF_CSRF_ENABLED"] = False
    serving.PATIENCE = float(patience)
    if broken:
        app.config["MAX_CONTENT_LENGTH"] = None
        app.before_request_funcs[None] = []
        serving.Server.load = lambda server: server._app  # type: ignore[assignment, method-assign]
    with app.app_context():
        db.engine.dispose()
    settings = replace(app.config["SETTINGS"], port=int(port))
    server = serving.Server(app, settings)
    server.cfg.set("post_worker_init", lambda _worker: None)  # no background: it only reads
    server.cfg.set("graceful_timeout", 1)  # nobody waits for what a test has left hanging
    server.run()


if __name__ == "__main__":
    main(*sys.argv[1:])
