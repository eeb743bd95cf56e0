"""What the letter asks of the movement: every question with its answer, and one with its list."""

from datetime import date
from types import SimpleNamespace

from flask import Blueprint, abort, render_template, request, url_for
from flask.typing import ResponseReturnValue

from awards.names import UNIT_KINDS
from awards.quality import QUESTIONS, counts, scope
from awards.quality.asking import Asked, Behind, Figures, Line, Question, Where
from awards.quality.criteria import GROUPS
from awards.quality.scope import Scope
from awards.records import rights
from awards.records.kinds import BY_PATH
from forms.organisation import DayForm
from forms.simple import ExportForm
from models.organisation import UnitKind
from views import choices
from views.guards import allow
from views.parsing import asked
from views.record_pages import cell
from views.records import RECORDS
from views.web import now, reader
from views.wording import date_, number, told
from workflows import calendar

quality = Blueprint("quality", __name__, url_prefix="/quality")


@quality.get("")
@allow(rights.reads_quality)
def index() -> ResponseReturnValue:
    """All questions."""
    looked = _scope()
    made = Asked(reader(), looked, counts.collect(reader(), looked))
    return render_template(
        "quality/index.html",
        answers=[_answered(question, made) for question in QUESTIONS.values()],
        **_narrowed(looked),
    )


@quality.get("/<question_key>")
@allow(rights.reads_quality)
def question(question_key: str) -> ResponseReturnValue:
    """One question, with all that was counted for it."""
    if question_key not in QUESTIONS:
        abort(404)
    looked = _scope()
    made = Asked(reader(), looked, counts.collect(reader(), looked))
    answered = _answered(QUESTIONS[question_key], made)
    there = dict.fromkeys(line.group for line in answered.listing.lines if line.group)
    groups = sorted(there, key=_place)
    wanted = asked("group").get("group", "")
    answered.listing = _table(answered.listing, wanted if wanted in groups else "")
    return render_template(
        "quality/question.html",
        answer=answered,
        group=wanted,
        groups=[(group, _group_name(group)) for group in groups],
        **_narrowed(looked),
    )


def _scope() -> Scope:
    """What the address asks for: by default this year, every movement, today."""
    form = DayForm(formdata=request.args, meta={"csrf": False})
    day = form.on.data if form.validate() else None
    on: dict[str, str] = {"on": day.isoformat()} if day else {}
    today = calendar.today(now())
    return scope.read(reader(), asked("year", "movement") | on, today)


def _narrowed(looked: Scope) -> dict[str, object]:
    today = calendar.today(now())
    on = {"on": date_(looked.day)} if looked.day != today else {}
    return {
        "filters": looked.filters(**on),
        "year": str(looked.year),
        "years": [(str(y), str(y)) for y in range(today.year, scope.FIRST_YEAR - 1, -1)],
        "movement": looked.movement,
        "movements": choices.movements(),
        "day": looked.day,
        "is_today": looked.day == today,
        "export_form": ExportForm(formdata=None),
    }


def _answered(question_: Question, made: Asked) -> SimpleNamespace:
    answer = question_.answer(made)
    values = {
        name: number(value) if isinstance(value, int) else value
        for name, value in answer.values.items()
    }
    return SimpleNamespace(
        key=question_.key,
        title=told(question_.title),
        said=told(question_.said),
        sentence=told(answer.sentence, **values),
        chart=answer.chart,
        unit=told(answer.unit),
        is_stacked=answer.is_stacked,
        figures=_table(answer.figures),
        listing=answer.listing,
    )


def _table(figures: Figures, group: str = "") -> SimpleNamespace:
    """A table as it is read, or the part of it that belongs to a group."""
    return SimpleNamespace(
        heads=[SimpleNamespace(text=told(h.title), series=h.series) for h in figures.heads],
        lines=[_line(line) for line in figures.lines if group in ("", line.group)],
    )


def _line(line: Line) -> list[SimpleNamespace]:
    return [
        SimpleNamespace(
            text=cell(value),
            number=int(value) if isinstance(value, int) else None,
            url=_address(line.behind[n]) if n in line.behind and value else "",
        )
        for n, value in enumerate(line.cells)
    ]


def _address(behind: Behind) -> str:
    query = {name: value for name, value in behind.query.items() if value}
    match behind.where:
        case Where.QUESTION:
            on = date_(date.fromisoformat(query.pop("on")))
            key = query.pop("key")
            return url_for("quality.question", question_key=key, on=on, **query)  # type: ignore[arg-type] # texts alone
        case Where.BOARD:
            return url_for("board.show", **query)  # type: ignore[arg-type] # texts alone
        case Where.RECORD:
            name = _blueprint(query["path"])
            return url_for(f"{name}.show", record_id=int(query["record"]))
    name = _blueprint(query.pop("path"))
    return url_for(f"{name}.index", **query)  # type: ignore[arg-type] # texts alone


def _blueprint(path: str) -> str:
    return RECORDS[BY_PATH[path].key].name


def _place(group: str) -> int:
    """Kinds of units in their order; the others as they come."""
    return list(UnitKind).index(UnitKind(group)) if group in set(UnitKind) else 0


def _group_name(group: str) -> str:
    """A kind of unit, a kind of nominee, or a Khối, which is called by its name."""
    if group in set(UnitKind):
        return told(UNIT_KINDS[UnitKind(group)])
    return told(GROUPS.get(group, group))
