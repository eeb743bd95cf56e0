"""The overview on one sheet of paper: its words, which templates/documents/overview.typ only sets.

It is a report, not a document with a number, and it names no nominee.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from awards import papers
from awards.listings import Row
from awards.names import ROLES, STATUSES
from awards.number_words import figures
from awards.province import HUNG_YEN
from awards.survey import Stage, Survey
from awards.tables import nominations
from awards.tables.asking import Asked, narrowed
from awards.waiting import Holder
from workflows import calendar
from workflows.actors import Actor

_NAMES = {status.value: name for status, name in STATUSES.items()}
_HOLDERS, _WEEKS = 8, 10


def render(
    session: Session,
    found: Survey,
    filters: Mapping[str, str],
    *,
    actor: Actor,
    now: datetime,
) -> bytes:
    """The sheet as PDF. Raises UnprintableText."""
    asked = Asked(session, actor, filters, now)
    return papers.compile_paper("overview.typ", words(found, asked))


def words(found: Survey, asked: Asked) -> dict[str, Any]:
    """All that the paper says."""
    moment = asked.at.astimezone(calendar.VIETNAM)
    return {
        "subject": "Toàn cảnh hồ sơ khen thưởng",
        "authority": HUNG_YEN.department,
        "date": None,
        "made": f"Lập lúc {moment:%H:%M ngày %d/%m/%Y}, {asked.actor.name}",
        "narrowed": [f"{label}: {cell}" for label, cell in narrowed(asked).items()]
        or ["Mọi phong trào, mọi đơn vị"],
        "figures": [
            ["Đang chờ", figures(found.waiting)],
            ["Quá hạn", figures(found.late)],
            *([_NAMES[key.value], figures(count)] for key, count in found.ends.items()),
        ],
        "slowest": [_slow(one) for one in found.slowest],
        "stages": [_stage(one) for one in found.stages],
        "holders": [_holder(one) for one in found.holders[:_HOLDERS]],
        "weeks": [
            [f"{week.monday:%d/%m}", week.arrived, week.ended, week.waiting]
            for week in found.weeks[-_WEEKS:]
        ],
        "oldest": [_old(row, asked) for row in found.oldest],
        "behind": _behind(found.behind_since),
    }


def _slow(one: Stage) -> str:
    return (
        f"{one.name}: một nửa xong trong {one.median} ngày làm việc, 90% trong {one.most} ngày"
        + (f", được phép {one.allowed} ngày" if one.allowed is not None else "")
    )


def _stage(one: Stage) -> dict[str, Any]:
    return {
        "cells": [
            one.name,
            figures(one.waits.count),
            figures(one.waits.late),
            figures(one.waits.longest) if one.waits.count else "–",
            figures(one.passed),
            "–" if one.median is None else figures(one.median),
            "–" if one.most is None else figures(one.most),
            "–" if one.allowed is None else figures(one.allowed),
        ],
        "is_slow": one.is_slow,
        "bars": [one.median or 0, one.most or 0, one.allowed or 0],
    }


def _holder(one: Holder) -> list[Any]:
    role = ROLES[one.role] if one.role else ""
    return [", ".join(filter(None, [one.person or role, one.place])), one.count]


def _old(row: Row, asked: Asked) -> list[str]:
    started = calendar.today(row.nomination.instance.started_at)
    days = calendar.working_days_between(started, calendar.today(asked.at))
    return [
        row.nomination.code,
        row.nomination.unit.name,
        nominations.stage(asked.session, row),
        f"{started:%d/%m/%Y}",
        figures(days),
        f"{row.waited}/{row.allowed}" if row.allowed is not None else str(row.waited),
    ]


def _behind(since: datetime | None) -> str:
    if since is None:
        return ""
    moment = since.astimezone(calendar.VIETNAM)
    return f"Số ngày và số theo tuần tính đến {moment:%H:%M ngày %d/%m/%Y}."
