"""What pages are made of: kept by browsers for a year, at addresses that change with the content.

Without this a browser asks for fifteen files on every page whether they are still the same.
"""

from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from flask import Flask, Response, current_app, request
from flask.sessions import SecureCookieSessionInterface, SessionMixin

_YEAR = 365 * 24 * 60 * 60
_DAY = 24 * 60 * 60


def init_app(app: Flask) -> None:
    """Give every address of a static file its version, and say how long each may be kept."""
    app.url_defaults(_add_version)
    app.after_request(_keep)
    app.session_interface = _Sessions()


class _Sessions(SecureCookieSessionInterface):
    """Files are the same for everybody: they change no session, and no cookie changes them.

    Flask-Login looks into the session on every request, for which Flask says `Vary: Cookie`; and
    the cookie is another one every minute.
    """

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        if request.endpoint != "static":
            super().save_session(app, session, response)


def _add_version(endpoint: str, values: dict[str, Any]) -> None:
    if endpoint == "static" and (version := _version(values["filename"])):
        values.setdefault("v", version)


def _keep(response: Response) -> Response:
    """Fonts, which style sheets ask for without a version, are kept for a day."""
    if request.endpoint == "static" and response.status_code in (200, 206, 304):
        cache = response.cache_control
        cache.no_cache = None
        cache.public = True
        cache.max_age = _DAY
        if request.args.get("v") == _version((request.view_args or {}).get("filename", "")):
            cache.max_age = _YEAR
            cache.immutable = True
    return response


def _version(filename: str) -> str | None:
    """Twelve digits of its content's SHA-256; None when there is no such file."""
    path = Path(current_app.static_folder or "", filename)
    try:
        found = path.stat()
    except (OSError, ValueError):  # no such file; no such name
        return None
    return _digest(path, found.st_mtime_ns, found.st_size)


@lru_cache(maxsize=256)
def _digest(path: Path, _modified: int, _size: int) -> str | None:
    return sha256(path.read_bytes()).hexdigest()[:12] if path.is_file() else None
