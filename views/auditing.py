"""For auditors: events of all nominations, patterns worth a look, and who read what."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date, timedelta
from typing import Any

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from wtforms.fields.choices import SelectChoice

from awards import access, nominations, people
from awards.auditing import events as auditing
from awards.auditing import patterns as searches
from awards.auditing import readers as who_read
from awards.auditing.events import Row
from awards.auditing.patterns import MOST, MOST_DAYS, PATTERNS, Finding, Pattern, Span
from awards.timeline import names
from forms.auditing import KINDS, EventForm, ReaderForm, SpanForm
from forms.base import Form
from forms.simple import ExportForm
from languages import gettext as _
from models.reads import ReadEvent
from views import choices, event_words, reads
from views.guards import allow
from views.parsing import row_number
from views.web import now, reader
from views.wording import date_, told
from workflows import calendar, deployments

auditing_pages = Blueprint("auditing", __name__, url_prefix="/history")
_SHOWN = 20
"""Findings of each pattern on the page of all patterns."""
_DAYS = 30
"""How far back patterns are looked for unless asked otherwise."""


@auditing_pages.get("/events")
@allow(access.audits)
def events() -> ResponseReturnValue:
    """Every event, narrowed by person, unit, kind, time and nomination; newest first."""
    form = _event_form()
    wanted = _wanted(form)
    after = auditing.cursor(request.args.get("after", ""))
    rows, onward = auditing.page(reader(), auditing.filters(wanted), after)
    _looked("events", wanted, [row.nomination.code for row in rows])
    return render_template(
        "auditing/events.html",
        form=form,
        rows=_event_rows(rows),
        filters=_sent(form),
        onward=str(onward) if onward else "",
        is_first=after is None,
        export_form=ExportForm(formdata=None),
    )


@auditing_pages.get("/patterns")
@allow(access.audits)
def patterns() -> ResponseReturnValue:
    """What might be a sign of something in these days, pattern by pattern."""
    form = SpanForm(formdata=request.args, meta={"csrf": False})
    span = _span(form)
    only = PATTERNS.get(request.args.get("pattern", ""))
    wanted = [only] if only else list(PATTERNS.values())
    limit = MOST if only else _SHOWN
    found = {one.key: searches.found(reader(), one, span, limit + 1) for one in wanted}
    if not form.errors:  # as it was narrowed
        form = SpanForm(formdata=None, data=asdict(span), meta={"csrf": False})
    return render_template(
        "auditing/patterns.html",
        form=form,
        filters={"since": date_(span.since), "until": date_(span.until)},
        patterns=[
            _pattern(one, found[one.key], limit)
            for one in sorted(wanted, key=lambda one: not found[one.key])
        ],
        only=only is not None,
        most_days=MOST_DAYS,
    )


@auditing_pages.get("/readers")
@allow(access.audits)
def readers() -> ResponseReturnValue:
    """Who read which dossier, by person or by nomination; the latest first."""
    form = ReaderForm(formdata=request.args, meta={"csrf": False})
    wanted = _wanted(form)
    before = row_number(request.args.get("before", "")) or None
    rows, onward = who_read.page(
        reader(),
        person=wanted.get("person", ""),
        code=wanted.get("code", ""),
        since=auditing.day(wanted.get("since")),
        until=auditing.day(wanted.get("until")),
        before=before,
    )
    _looked("readers", wanted, [row.chain for row in rows])
    return render_template(
        "auditing/readers.html",
        form=form,
        rows=_read_rows(rows),
        filters=_sent(form),
        onward=onward,
        is_first=before is None,
    )


def asked_for() -> dict[str, str]:
    """What the address narrows events by, in the shape an export keeps."""
    return _wanted(_event_form())


def _event_form() -> EventForm:
    form = EventForm(formdata=request.args, meta={"csrf": False})
    kinds = sorted((told(name), kind) for kind, name in KINDS.items())
    form.unit.choices = _offered(_("Mọi đơn vị"), choices.units())
    form.kind.choices = _offered(_("Mọi sự kiện"), [(kind, name) for name, kind in kinds])
    return form


def _offered(everything: str, pairs: Sequence[tuple[str, str]]) -> list[SelectChoice]:
    return [SelectChoice(value, text) for value, text in [("", everything), *pairs]]


def _wanted(form: Form) -> dict[str, str]:
    """What makes sense of what is asked for; dates as ISO."""
    form.validate()
    found = {}
    for field in form:
        if field.data and not field.errors and field.name != "csrf_token":
            is_day = isinstance(field.data, date)
            found[field.name] = field.data.isoformat() if is_day else str(field.data)
    return found


def _sent(form: Form) -> dict[str, str]:
    """What is asked for, as it stands in addresses of further pages."""
    return {
        field.name: date_(field.data) if isinstance(field.data, date) else str(field.data)
        for field in form
        if field.data and field.name != "csrf_token"
    }


def _span(form: SpanForm) -> Span:
    """The days asked for, by default the last thirty; no more than a quarter of a year."""
    wanted, today = _wanted(form), calendar.today(now())
    until = auditing.day(wanted.get("until")) or today
    since = auditing.day(wanted.get("since")) or until - timedelta(days=_DAYS - 1)
    return Span(max(since, until - timedelta(days=MOST_DAYS - 1)), until)


def _looked(place: str, wanted: Mapping[str, str], codes: Sequence[str]) -> None:
    """Looking for a person or a dossier is a read that others may learn of."""
    words = wanted.get("person", "") + wanted.get("code", "")
    shown = list(dict.fromkeys(codes))
    reads.searched(place, words, shown, len(shown))


def _event_rows(rows: Sequence[Row]) -> list[dict[str, object]]:
    who, posts = names(reader(), [row.event for row in rows])
    return [
        event_words.event(
            row.event,
            who,
            posts,
            deployments.definition_of(reader(), row.nomination.instance),
            None,
        )
        | {
            "code": row.nomination.code,
            "nominee": row.nomination.nominee.name,
            "unit": row.nomination.unit.name,
        }
        for row in rows
    ]


def _pattern(one: Pattern, found: Sequence[Finding], limit: int) -> dict[str, Any]:
    shown = found[:limit]
    rows = _event_rows([Row(finding.event, finding.nomination) for finding in shown])
    return {
        "key": one.key,
        "name": told(one.name),
        "finds": told(one.finds),
        "proves_not": told(one.proves_not),
        "count": len(shown),
        "has_more": len(found) > limit,
        "rows": [
            row | {"note": told(finding.note, **finding.values)}
            for row, finding in zip(rows, shown, strict=True)
        ],
    }


def _read_rows(rows: Sequence[ReadEvent]) -> list[dict[str, object]]:
    who = people.named(reader(), {row.actor_id for row in rows})
    dossiers = nominations.named(reader(), {row.chain for row in rows})
    return [
        {
            "at": row.at,
            "who": who.get(row.actor_id, ""),
            "kind": event_words.read(row.kind),
            "code": row.chain if row.chain in dossiers else "",
            "nominee": dossiers.get(row.chain, ""),
            "hash": row.hash,
        }
        for row in rows
    ]
