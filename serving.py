"""The web server: gunicorn with threads, and the background beside it."""

import os
import socket
import time
from contextlib import suppress
from threading import Timer
from typing import TYPE_CHECKING, Any

from flask import Flask
from gunicorn.app.base import BaseApplication
from gunicorn.http import wsgi
from gunicorn.http.errors import ParseException

import jobs
from settings import Settings
from views import errors

if TYPE_CHECKING:
    from _typeshed.wsgi import InputStream, StartResponse, WSGIApplication, WSGIEnvironment

THREADS = 8
PATIENCE = 30.0  # seconds that a request's body may take, and one more for
BYTES_A_SECOND = 20_000  # so many that came: 100 MB over a poor line are let in


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

    def load(self) -> "WSGIApplication":
        return Impatient(self._app)

    def _launch_jobs(self, worker: Any) -> None:
        del worker
        jobs.launch(self._app, self._settings)


class Impatient:
    """The application, for clients that send what they announced and do not keep a thread waiting.

    gunicorn's threads wait for a body as long as its client likes; eight slow ones would be the
    whole server.
    """

    def __init__(self, app: "WSGIApplication") -> None:
        self._app = app

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Any:
        if connection := environ.get("gunicorn.socket"):
            environ["wsgi.input"] = _Body(environ["wsgi.input"], connection)
        return self._app(environ, start_response)


class _Body:
    """A request's body that ends where its time is over."""

    def __init__(self, stream: "InputStream", connection: socket.socket) -> None:
        self._stream = stream
        self._connection = connection
        self._begun = time.monotonic()
        self._received = 0

    def read(self, size: int = -1) -> bytes:
        """Read as the stream does. When time is over nothing more comes from the client."""
        return self._in_time(self._stream.read, size)

    def readline(self, size: int = -1) -> bytes:
        """Read a line, under the same clock."""
        return self._in_time(self._stream.readline, size)

    def _in_time(self, read: Any, size: int) -> bytes:
        allowed = PATIENCE + self._received / BYTES_A_SECOND
        left = max(0.0, self._begun + allowed - time.monotonic())
        alarm = Timer(left, self._cut)
        alarm.start()
        try:
            got: bytes = read(size)
        finally:
            alarm.cancel()
        self._received += len(got)
        return got

    def _cut(self) -> None:
        with suppress(OSError):  # gone by itself
            self._connection.shutdown(socket.SHUT_RD)
