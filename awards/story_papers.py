"""A nomination's story on paper (A4, PDF): what happened, in order, and why it is where it is.

It tells its reader what the pages tell him: a unit and its Khối get the public story alone.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from awards import access, outside, reasons, timeline
from awards.papers import compile_paper
from awards.province import HUNG_YEN
from awards.reasons import Arrival
from awards.timeline import Moment
from models.awards import Nomination, Outcome
from workflows import calendar, deployments, history
from workflows.actors import Actor

TEMPLATE = "story.typ"
_GOOD, _BACK, _BAD = "good", "back", "bad"
_VEILED = "Hồ sơ đang ở các cơ quan của tỉnh; việc chuyển qua lại giữa các cơ quan không nêu ở đây."
_TONES = {
    Outcome.APPROVE: _GOOD,
    Outcome.RETURN: _BACK,
    Outcome.REFUSE: _BAD,
    Outcome.NOT_SELECTED: _BAD,
    Outcome.FAIL_VOTE: _BAD,
    Outcome.WITHDRAW: _BAD,
}


def pdf(
    session: Session,
    nomination: Nomination,
    *,
    actor: Actor,
    now: datetime,
    is_whole: bool = False,
) -> bytes:
    """The story for this reader; with `is_whole` lesser acts too, such as taking up a task.

    Raises UnprintableText.
    """
    return compile_paper(
        TEMPLATE, words(session, nomination, actor=actor, now=now, is_whole=is_whole)
    )


def words(
    session: Session,
    nomination: Nomination,
    *,
    actor: Actor,
    now: datetime,
    is_whole: bool = False,
) -> dict[str, Any]:
    """What the paper says."""
    events = history.of(session, nomination.instance_id)
    moments = timeline.of(session, nomination)
    if not access.sees_inside(actor):
        definition = deployments.definition_of(session, nomination.instance)
        moments = outside.told(moments, definition)
    arrivals = reasons.of(session, events)
    led = reasons.told(arrivals, moments)
    shown = moments if is_whole else timeline.milestones(moments)
    today = calendar.today(now)
    return {
        "subject": f"Diễn biến hồ sơ {nomination.code}",
        "authority": HUNG_YEN.name,
        "date": {"year": today.year, "month": today.month, "day": today.day},
        "facts": _facts(nomination),
        "here": [_here(a, led, moments) for a in arrivals if a.is_open and not a.is_end],
        "lines": [
            _line(moment, led.get(moment.sequence, ()), actor) for moment in reversed(shown)
        ],
        "printed": f"Bản in từ hệ thống lúc {_moment(now)}, {actor.name} ({actor.acting_as}) in.",
        "proof": (
            f"Lịch sử có {len(events)} sự kiện; mã băm của sự kiện cuối: "
            f"{nomination.instance.history_head}"
        ),
    }


def say(message: str, **values: object) -> str:
    """A marked sentence in Vietnamese, as papers speak."""
    return message % values if values else message


def _facts(nomination: Nomination) -> list[list[str]]:
    nominee = nomination.nominee
    told = {
        "Được đề nghị": f"{nominee.honorific} {nominee.name}".strip(),
        "Hình thức khen thưởng": nomination.award.name,
        "Phong trào": nomination.movement.name,
        "Đơn vị đề nghị": nomination.unit.name,
        "Khối thi đua": nomination.block.name if nomination.block else "",
        "Mã hồ sơ": nomination.code,
    }
    return [[label, text] for label, text in told.items() if text]


def _here(
    arrival: Arrival, led: Mapping[int, list[Arrival]], moments: Sequence[Moment]
) -> dict[str, Any]:
    known = [a for a in led.get(arrival.sequence, []) if a.since == arrival.since]
    if not known:
        return {
            "place": arrival.name,
            "since": "",
            "act": {"who": "", "post": "", "what": _VEILED},
            "why": [],
        }
    moment = next(m for m in moments if m.sequence == arrival.sequence)
    return {
        "place": arrival.name,
        "since": _moment(arrival.since),
        "act": _act(moment),
        "why": [*reasons.sentences(known[0], say), *_due(arrival)],
    }


def _line(moment: Moment, led: Sequence[Arrival], actor: Actor) -> dict[str, Any]:
    notes = []
    if moment.items:
        notes.append(f"Cần bổ sung: {'; '.join(moment.items)}.")
    if moment.answer_by:
        notes.append(f"Hạn bổ sung: {_day(moment.answer_by)}.")
    for arrival in led:
        if arrival.is_end:
            notes += reasons.sentences(arrival, say)
            continue
        notes.append(f"Chuyển tới bước “{arrival.name}”.")
        notes += reasons.sentences(arrival, say)
        if outside.may_know(actor, arrival.definition, arrival.element_id):
            notes += _due(arrival)
    tone = _TONES[Outcome(moment.outcome)] if moment.outcome in {*Outcome} else ""
    return {
        "at": _moment(moment.at),
        "act": _act(moment),
        "reason": moment.reason,
        "notes": notes,
        "tone": tone,
    }


def _act(moment: Moment) -> dict[str, str]:
    """Who did what; what happened by itself has nobody."""
    post = moment.acting_as
    if moment.on_behalf_of:
        post = f"{post}, thay {moment.on_behalf_of}"
    what = say(moment.message, **moment.values)
    return {"who": moment.who, "post": post, "what": what}


def _due(arrival: Arrival) -> list[str]:
    rule = reasons.rule(arrival, say)
    if not rule or arrival.due_at is None:
        return []
    return [f"Hạn {_day(calendar.today(arrival.due_at))}: {rule}."]


def _moment(at: datetime) -> str:
    return f"{at.astimezone(calendar.VIETNAM):%d/%m/%Y %H:%M}"


def _day(day: date) -> str:
    return f"{day:%d/%m}/{day.year}"
