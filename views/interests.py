"""Declaring interests: who is to judge says who the nominee is, before the dossier is shown."""

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from awards import access
from awards import interests as declarations
from awards.listings import open_task
from awards.province import INTERESTS
from forms.simple import ConfirmForm
from languages import gettext as _
from models.awards import Nomination, NomineeKind
from models.interests import Relation
from views.guards import allow
from views.parsing import row_number
from views.web import actor, now, reader, transaction
from views.wording import told

interests = Blueprint("interests", __name__, url_prefix="/interests")


@interests.get("")
@allow(access.works_on_tasks)
def index() -> ResponseReturnValue:
    """Whom the person is to judge and has not declared on."""
    task = _task()
    found = declarations.undeclared(reader(), actor(), first=[task] if task else [])
    if not found:
        return redirect(_onward(task), 303)
    return render_template(
        "interests/index.html",
        rows=[_row(nomination) for nomination in found],
        relations=[(relation.value, told(text)) for relation, text in INTERESTS.items()],
        button=ConfirmForm(formdata=None),
        task=task,
    )


@interests.post("")
@allow(access.works_on_tasks)
def declare() -> ResponseReturnValue:
    """Keep the declaration, and go on to the task that asked for it."""
    task = _task()
    relations = _declared()
    if not relations:
        flash(_("Trang này đã cũ. Kê khai lại."), "warning")
        return redirect(url_for("interests.index", task=task), 303)
    with transaction() as session:
        declarations.declare(session, relations, actor=actor(), now=now())
    flash(_("Đã ghi kê khai cho %(count)s hồ sơ.", count=len(relations)), "success")
    return redirect(_onward(task), 303)


def declared_first(nomination: Nomination) -> None:
    """Ask for the declaration instead of showing a dossier that the person is to judge."""
    if not declarations.is_asked(reader(), actor(), nomination):
        return
    if request.headers.get("HX-Request"):
        abort(409)
    task, _holder = open_task(reader(), nomination)
    abort(redirect(url_for("interests.index", task=task.id if task else None), 303))


def _task() -> int | None:
    sent = request.form if request.method == "POST" else request.args
    return row_number(sent.get("task", ""))


def _onward(task: int | None) -> str:
    return url_for("tasks.show", task_id=task) if task else url_for("inbox.show")


def _declared() -> dict[int, Relation]:
    """What was sent, by nomination; what is no number or no relation is left out."""
    sent = {}
    for name, value in request.form.items():
        number = row_number(name.removeprefix("relation-"))
        if name.startswith("relation-") and number and value in set(Relation):
            sent[number] = Relation(value)
    return sent


def _row(nomination: Nomination) -> dict[str, object]:
    nominee = nomination.nominee
    is_namesake = nominee.kind == NomineeKind.INDIVIDUAL and nominee.name == actor().name
    return {
        "id": nomination.id,
        "nominee": nominee.name,
        "position": nominee.position,
        "unit": nomination.unit.name,
        "guess": (Relation.SELF if is_namesake else Relation.NONE).value,
    }
