"""Requests that another site has made a browser send are refused before anything is looked at."""

from urllib.parse import urlsplit

from flask import request
from flask_wtf.csrf import CSRFError

SAFE = {"GET", "HEAD", "OPTIONS"}
_FOREIGN = {"cross-site", "same-site"}


def refuse() -> None:
    """Raise CSRFError for a changing request that says it comes from elsewhere.

    On top of the token: a browser says so itself, in `Sec-Fetch-Site` or at least in `Origin`.
    """
    if request.method in SAFE:
        return
    site = request.headers.get("Sec-Fetch-Site")
    origin = request.headers.get("Origin")
    is_ours = origin is None or _host(origin) == request.host
    if site in _FOREIGN or (site is None and not is_ours):
        message = "sent by another site"
        raise CSRFError(message)


def _host(origin: str) -> str | None:
    try:
        return urlsplit(origin).netloc
    except ValueError:  # no address at all
        return None
