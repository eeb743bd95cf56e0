"""Browsers: what to call them in a list, and which have signed in to an account before."""

import re
import secrets
from typing import TypeAlias

from flask import Response, current_app, request
from itsdangerous import BadSignature, URLSafeSerializer

from settings import Settings

Names: TypeAlias = tuple[tuple[str, str], ...]
_LASTS = 365 * 24 * 3600  # seconds
_BROWSERS: Names = (
    ("Edg", "Edge"),
    ("OPR", "Opera"),
    ("coc_coc", "Coc Coc"),
    ("Firefox", "Firefox"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
_SYSTEMS: Names = (
    ("Windows", "Windows"),
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Mac OS", "macOS"),
    ("Linux", "Linux"),
)


def described() -> str:
    """The browser and its system by name, as its owner would call it."""
    agent = request.user_agent.string
    found = [
        next((name for mark, name in names if re.search(rf"\b{mark}", agent)), "")
        for names in (_BROWSERS, _SYSTEMS)
    ]
    return ", ".join(name for name in found if name)


def known_as(login: str) -> str:
    """The mark of a browser that has signed in to this account before, or empty."""
    try:
        account, mark = _serializer().loads(request.cookies.get(_cookie(), ""))
    except (BadSignature, TypeError, ValueError):
        return ""
    return str(mark) if account == login.strip().lower() else ""


def remember(response: Response, login: str) -> None:
    """Let the browser be known to this account for a year."""
    settings: Settings = current_app.config["SETTINGS"]
    response.set_cookie(
        _cookie(),
        _serializer().dumps([login, known_as(login) or secrets.token_hex(16)]),
        max_age=_LASTS,
        secure=not settings.is_plain,
        httponly=True,
        samesite="Lax",
    )


def _cookie() -> str:
    settings: Settings = current_app.config["SETTINGS"]
    return settings.cookie("device")


def _serializer() -> URLSafeSerializer:
    return URLSafeSerializer(current_app.config["SIGNING_KEYS"], salt="device")
