"""The languages of the pages: Vietnamese, in which they are written, and English.

Every word of a page comes through here, some four hundred times a page; what is asked each time
is one variable of the thread and one dictionary.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from gettext import NullTranslations, translation
from typing import Any

from babel import Locale
from babel.support import LazyProxy
from flask import Flask, request_started, request_tearing_down, session
from jinja2 import pass_eval_context
from jinja2.nodes import EvalContext
from markupsafe import Markup, escape

from settings import HERE

LANGUAGES = ("vi", "en")
_ASK = ""  # whoever reads has not been asked yet: a file has no words, and needs no session
_current: ContextVar[str] = ContextVar("language", default=LANGUAGES[0])


def init_app(app: Flask) -> None:
    """Speak the language that each reader has chosen, and give templates the words."""
    request_started.connect(_begin, app)
    request_tearing_down.connect(_forget, app)
    app.jinja_env.globals["_"] = _worded


def current() -> str:
    """The language that is spoken at present."""
    language = _current.get()
    if language == _ASK:
        chosen: str = session.get("language", LANGUAGES[0])
        language = chosen if chosen in LANGUAGES else LANGUAGES[0]
        _current.set(language)
    return language


@cache
def locale(language: str) -> Locale:
    """How numbers are written in this language."""
    return Locale.parse(language)


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Speak this language for a while."""
    token = _current.set(language)
    try:
        yield
    finally:
        _current.reset(token)


def gettext(message: str, **values: object) -> str:
    """A sentence in the current language, with its values put in."""
    text = _catalogue(current()).gettext(message)
    return text % values if values else text


def lazy_gettext(message: str, **values: object) -> Any:
    """A sentence for what is made before anybody has asked for a page."""
    return _Lazy(gettext, message, enable_cache=False, **values)


class _Lazy(LazyProxy):
    """Also to be kept in a session: as it reads at that moment."""

    def __html__(self) -> str:
        return escape(self.value)


@cache
def _catalogue(language: str) -> NullTranslations:
    return translation("messages", HERE / "translations", [language], fallback=True)


@pass_eval_context
def _worded(context: EvalContext, message: str, **values: object) -> str:
    """The same in templates, where %% is always a sign for % and values are escaped."""
    text = _catalogue(current()).gettext(message)
    if context.autoescape:
        text = Markup(text)  # noqa: S704 - from our own templates and catalogue
    return text % values if values or "%" in text else text


def _begin(_app: Flask, **_extra: object) -> None:
    _current.set(_ASK)


def _forget(_app: Flask, **_extra: object) -> None:
    _current.set(LANGUAGES[0])
