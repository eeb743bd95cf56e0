"""How dates, numbers and names read on a page, and what every page is given."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from babel.numbers import format_decimal
from flask import Flask, current_app, g

import languages
from awards import access, register
from awards.records import rights
from languages import gettext as _
from views import badges
from views.web import now
from workflows import calendar
from workflows.actors import Actor
from workflows.errors import WorkflowError

_MAY: dict[str, Callable[[Actor], bool]] = {
    "inbox": access.works_on_tasks,
    "nominations": access.keeps_nominations,
    "board": access.follows_nominations,
    "audit": access.audits,
    "imports": access.imports_lists,
    "processes": access.keeps_processes,
    "create": access.nominates,
    "register": register.sees_register,
    "operate": access.operates,
    "accounts": access.keeps_accounts,
    "organisation": access.keeps_organisation,
    "personal_data": access.answers_for_data,
    "delegate": access.delegates,
    "records": rights.reads_records,
    "quality": rights.reads_quality,
}
_KILO = 1024


class Reader:
    """The signed-in person as pages see one."""

    def __init__(self, actor: Actor) -> None:
        self.name = actor.name
        self.acting_as = actor.acting_as
        self._actor = actor

    def may(self, name: str) -> bool:
        """Whether the person may open the pages of this name."""
        return _MAY[name](self._actor)


def init_app(app: Flask) -> None:
    """Give templates the filters and the words that every page has."""
    for function in (date_, moment, number, due, ago, size):
        app.add_template_filter(function, function.__name__.rstrip("_"))
    app.context_processor(_words)


def sentence(error: WorkflowError) -> str:
    """What went wrong, in the reader's language."""
    return told(error.message, **error.values)


def told(message: str, **values: object) -> str:
    """A sentence that was marked with `N_`, in the reader's language, its values put in."""
    return str(_(message, **values)) if message else ""


def date_(value: date | datetime | None) -> str:
    """23/11/2026, the day in Vietnam."""
    if value is None:
        return ""
    day = calendar.today(value) if isinstance(value, datetime) else value
    return day.strftime("%d/%m/%Y")


def moment(value: datetime) -> str:
    """23/11/2026 10:32, the time in Vietnam."""
    return value.astimezone(calendar.VIETNAM).strftime("%d/%m/%Y %H:%M")


def number(value: Any) -> str:
    """A number as it is written here: 1.250."""
    return format_decimal(value, locale=languages.locale(languages.current()))


def due(value: datetime | None) -> str:
    """How many working days are left, or by how many it is late."""
    if value is None:
        return ""
    days = calendar.working_days_between(calendar.today(now()), calendar.today(value))
    if value < now():
        return str(_("trễ %(days)s ngày làm việc", days=max(1, -days)))
    if calendar.today(value) == calendar.today(now()):
        return str(_("hạn hôm nay"))
    return str(_("còn %(days)s ngày làm việc", days=days))


def ago(value: datetime) -> str:
    """How long ago, in calendar days."""
    days = (calendar.today(now()) - calendar.today(value)).days
    if days <= 0:
        return str(_("hôm nay"))
    return str(_("hôm qua")) if days == 1 else str(_("%(days)s ngày trước", days=days))


def acting_as(post: str, on_behalf_of: str) -> str:
    """The post somebody acted in, and whose it is where that was somebody else."""
    if not on_behalf_of:
        return post
    return str(_("%(post)s, thay %(name)s", post=post, name=on_behalf_of))


def size(value: int) -> str:
    """A file's size."""
    if value < _KILO * _KILO:
        return f"{max(1, round(value / _KILO))} KB"
    return f"{number(round(value / _KILO / _KILO, 1))} MB"


def _words() -> dict[str, object]:
    actor: Actor | None = g.get("actor")
    return {
        "actor": Reader(actor) if actor else None,
        **badges.counts(actor),
        "language": languages.current(),
        "is_demo": current_app.config["SETTINGS"].is_demo,
    }
