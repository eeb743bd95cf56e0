"""The web server: gunicorn with threads, and the background beside it."""

import os
from typing import Any

from flask import Flask
from gunicorn.app.base import BaseApplication
from gunicorn.http import wsgi
from gunicorn.http.errors import ParseException

import jobs
from settings import Settings
from views import errors

THREADS = 8


class Server(BaseApplication):
    """gunicorn around an application that is built already, so that starting costs little.

    SQLite is served by one process, whose threads take turns writing; on PostgreSQL
    `WEB_CONCURRENCY` says how many.
    """

    def __init__(self, app: Flask, settings: Settings) -> None:
        app.register_error_handler(ParseException, errors.unreadable)
        self._app = app
        self._settings = settings
        super().__init__()

    def load_config(self) -> None:
        wsgi.SERVER = "vinh-danh"  # what serves is nobody's business
        workers = (
            1 if self._settings.is_sqlite else int(os.environ.get("WEB_CONCURRENCY", "2"))
        )
        options = {
            "bind": f"{os.environ.get('HOST', '127.0.0.1')}:{self._settings.port}",
            "workers": workers,
            "worker_class": "gthread",
            "threads": THREADS,
            "preload_app": True,
            "control_socket_disable": True,
            "loglevel": "warning",
            "post_worker_init": self._launch_jobs,
        }
        for name, value in options.items():
            self.cfg.set(name, value)

    def load(self) -> Flask:
        return self._app

    def _launch_jobs(self, worker: Any) -> None:
        del worker
        jobs.launch(self._app, self._settings)
