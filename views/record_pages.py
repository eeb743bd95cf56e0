"""What the pages of records show: a list's cells, a record's facts, what became of it."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from types import SimpleNamespace
from typing import Any

from sqlalchemy import select

from awards.names import NOMINEE_KINDS
from awards.records import reading, rights
from awards.records.kinds import ACTS, CHANNELS, OWN_AWARD_FORMS, Kind, Record, state
from forms.records import FORMS, RecordForm
from forms.simple import ConfirmForm
from languages import gettext as _
from models.awards import Movement
from models.records import RecordVersion
from views.web import actor, reader
from views.wording import date_, number, told

_WORDS: dict[str, Mapping[Any, str]] = {
    "channel": CHANNELS,
    "form": OWN_AWARD_FORMS,
    "kind": NOMINEE_KINDS,
}
_PLAIN = {"year"}  # a number that is no quantity
Content = Mapping[str, Any]


def row(record: Record, kind: Kind, today: date) -> SimpleNamespace:
    """A record in a list."""
    first, *others = kind.columns
    return SimpleNamespace(
        id=record.id,
        name=first.shows(record),
        cells=[(told(column.title), cell(column.shows(record))) for column in others],
        state=told(state(record, today)),
    )


def cell(value: object) -> str:
    """A value as it is read: 23/11/2026, 1.250, a word in the reader's language."""
    match value:
        case None | "":
            return "–"
        case bool():
            return str(_("Có")) if value else str(_("Không"))
        case date():
            return date_(value)
        case int():
            return number(value)
    return told(str(value))


def shown(record: Record, kind: Kind, today: date) -> SimpleNamespace:
    """One record whole, with its versions and what each of them changed."""
    form = FORMS[kind.key](formdata=None)
    versions = reading.versions(reader(), kind.key, record.id)
    names = _movements()
    content: Content = versions[0].content
    who = actor()
    return SimpleNamespace(
        id=record.id,
        revision=record.revision,
        unit=record.unit,
        state=told(state(record, today)),
        is_void=record.voided_at is not None,
        facts=[(form[name].label.text, _said(name, content, names)) for name in form.parts],
        lines=_lines(record, kind, form),
        versions=[
            _version(one, versions[n + 1 :], form, names) for n, one in enumerate(versions)
        ],
        may_keep=record.voided_at is None and rights.may_keep(who, kind.key, record.unit),
        button=ConfirmForm(formdata=None),
    )


def _lines(record: Record, kind: Kind, form: RecordForm) -> SimpleNamespace | None:
    if not kind.lines:
        return None
    first = form.rows()[0]
    names = [*form.lines, *(("remedy", "closed_on") if "due_on" in form.lines else ())]
    labels = {name: field.label.text for name, field in first.items()}
    labels |= {"remedy": _("Đã khắc phục"), "closed_on": _("Ngày khắc phục")}
    return SimpleNamespace(
        heads=[labels[name] for name in names],
        rows=[
            SimpleNamespace(
                id=line.id,
                cells=[(labels[name], cell(getattr(line, name))) for name in names],
                is_open=getattr(line, "closed_on", line) is None,
            )
            for line in getattr(record, kind.lines)
        ],
    )


def _version(
    one: RecordVersion,
    earlier: Sequence[RecordVersion],
    form: RecordForm,
    names: Mapping[int, str],
) -> SimpleNamespace:
    before: Content = earlier[0].content if earlier else {}
    return SimpleNamespace(
        number=one.version,
        act=told(ACTS[one.act]),
        who=one.actor.name,
        acting_as=one.acting_as,
        at=one.at,
        reason=one.reason,
        changes=_changes(before, one.content, form, names) if earlier else [],
    )


def _changes(
    before: Content, after: Content, form: RecordForm, names: Mapping[int, str]
) -> list[SimpleNamespace]:
    found = [
        (
            form[name].label.text,
            _said(name, before, names),
            _said(name, after, names),
        )
        for name in form.parts
    ]
    for key in ("targets", "findings"):
        if key in after:
            title = _("Mục tiêu") if key == "targets" else _("Kiến nghị")
            found += _line_changes(title, before[key], after[key])
    return [
        SimpleNamespace(what=what, before=old, after=new)
        for what, old, new in found
        if old != new
    ]


def _said(name: str, content: Content, movements: Mapping[int, str]) -> str:
    """A value of a version, as it is read."""
    if name == "movement":
        return movements.get(content["movement_id"], "")
    value = content[name]
    if value is None or value == "":
        return ""
    if name in _WORDS:
        return told(_WORDS[name][value])
    if isinstance(value, str) and name.endswith("_on"):
        return date_(date.fromisoformat(value))
    return str(value) if name in _PLAIN or isinstance(value, str) else cell(value)


def _line_changes(
    title: str, before: Sequence[Content], after: Sequence[Content]
) -> Iterator[tuple[str, str, str]]:
    """Every line that was in either, by its place."""
    old, new = ({line["position"]: line for line in lines} for lines in (before, after))
    for place in sorted({*old, *new}):
        yield (
            f"{title} {place + 1}",
            _line_said(old.get(place, {})),
            _line_said(new.get(place, {})),
        )


def _line_said(line: Content) -> str:
    return " · ".join(
        date_(date.fromisoformat(value)) if name.endswith("_on") else str(value)
        for name, value in line.items()
        if name != "position" and value not in (None, "")
    )


def _movements() -> dict[int, str]:
    rows = reader().execute(select(Movement.id, Movement.name))
    return {id_: name for id_, name in rows}  # noqa: C416 - rows, not pairs
