"""Moving running nominations to a newer version of their process: a dry run, then the asking."""

from types import SimpleNamespace

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from awards import access
from awards.listings import PAGE
from forms.operations import MigrationForm
from languages import gettext as _
from models.awards import Nomination
from models.operations import OperatorActKind
from models.process import ProcessDefinition
from views import acts, operating
from views.confirming import confirmed
from views.guards import allow
from views.parsing import Pages, page_number
from views.web import actor, now, reader, transaction
from views.wording import told
from workflows import deployments
from workflows import operations as workings
from workflows.errors import WorkflowError
from workflows.operations import Trial, Wish

migrations = Blueprint("migrations", __name__, url_prefix="/operations/migration")


@migrations.get("")
@allow(access.operates)
def show() -> ResponseReturnValue:
    """What moving each running nomination to a chosen version would change."""
    return _page(MigrationForm(formdata=None))


@migrations.post("")
@allow(access.operates)
@confirmed
def ask() -> ResponseReturnValue:
    """Ask a second administrator to move those that were chosen."""
    form, target = MigrationForm(), _target()
    if not form.validate() or target is None:
        return _page(form), 422
    chosen = set(form.instance.data)
    if form.whole.data:
        chosen = {instance.id for instance in workings.candidates(reader(), target)}
    try:
        with transaction() as session:
            asked = workings.ask_all(
                session,
                chosen,
                Wish(OperatorActKind.MIGRATE, definition=target.id),
                reason=form.reason.data,
                actor=actor(),
                now=now(),
                command_key=form.command_key.data,
            )
    except WorkflowError as error:
        form.form_errors.append(operating.sentence(error))
        return _page(form), 422
    if not asked:
        form.form_errors.append(_("Chọn ít nhất một hồ sơ chuyển được."))
        return _page(form), 422
    flash(
        _(
            "Đã đề nghị chuyển %(count)s hồ sơ. Một quản trị viên khác xác nhận thì mới thực hiện.",
            count=len(asked),
        ),
        "success",
    )
    return redirect(url_for("operations.index"), 303)


def _target() -> ProcessDefinition | None:
    """The version asked for, or the newest that anything could move to."""
    targets = workings.targets(reader(), after=1)
    asked = request.args.get("version", "")
    return next((row for row in targets if str(row.id) == asked), next(iter(targets), None))


def _page(form: MigrationForm) -> str:
    target, number = _target(), page_number()
    found = workings.candidates(reader(), target) if target else []
    part = found[(number - 1) * PAGE : number * PAGE]
    trials = workings.trials(reader(), target, part) if target else []
    nominations = acts.nominations_of([instance.id for instance in part])
    return render_template(
        "migrations/show.html",
        target=_version(target) if target else None,
        versions=[_version(row) for row in workings.targets(reader(), after=1)],
        rows=[
            _row(trial, nominations[trial.instance.id])
            for trial in trials
            if trial.instance.id in nominations
        ],
        chosen=form.instance.data or [],
        page=Pages(number, len(found)),
        form=form,
    )


def _version(row: ProcessDefinition) -> SimpleNamespace:
    name = told(deployments.parsed(reader(), row).name)
    text = _("%(name)s, phiên bản %(number)s", name=name, number=row.version)
    return SimpleNamespace(id=row.id, text=text, pair=(str(row.id), text))


def _row(trial: Trial, nomination: Nomination) -> dict[str, object]:
    waiting = workings.open_on(reader(), trial.instance.id) is not None
    obstacle = _("Đang có một đề nghị khác chờ quyết định.") if waiting else ""
    if trial.obstacle is not None:
        obstacle = operating.sentence(trial.obstacle)
    return {
        "id": trial.instance.id,
        "code": nomination.code,
        "nominee": nomination.nominee.name,
        "award": nomination.award.name,
        "step": operating.standing(trial.instance),
        "version": trial.instance.definition.version,
        "changes": operating.changes(trial),
        "obstacle": obstacle,
    }
