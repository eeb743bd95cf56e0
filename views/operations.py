"""For the administrators of the processes: incidents, and acts that two of them answer for."""

from flask import (
    Blueprint,
    abort,
    current_app,
    flash,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue

from awards import access, safekeeping
from awards import nominations as cases
from awards.messages import outbox
from forms.operations import ActsForm, OperationForm, RetryForm
from forms.simple import ConfirmForm
from languages import gettext as _
from models.awards import Nomination
from models.operations import Incident
from models.process import InstanceStatus
from models.safekeeping import SafekeepingKind
from settings import Settings
from views import acts, confirming, offers, operating
from views import dossier as parts
from views.confirming import confirmed
from views.guards import allow
from views.web import actor, now, reader, transaction
from workflows import incidents
from workflows import operations as workings
from workflows.errors import WorkflowError
from workflows.operations.deciding import Decided

operations = Blueprint("operations", __name__)


@operations.get("/operations")
@allow(access.operates)
def index() -> ResponseReturnValue:
    """What has failed, what waits for a second administrator, what was decided lately."""
    waiting, decided = workings.waiting(reader()), workings.decided(reader())
    failed = incidents.open_ones(reader())
    known = acts.gather([*waiting, *decided], failed)
    settings: Settings = current_app.config["SETTINGS"]
    kept = safekeeping.standing(reader(), every=settings.backup_every, now=now())
    return render_template(
        "operations/index.html",
        incidents=[acts.incident(one, known) for one in failed],
        waiting=acts.batches(waiting, known),
        decided=[acts.decided(act, known) for act in decided],
        form=ActsForm(formdata=None),
        retry_form=RetryForm(formdata=None),
        safekeeping=kept,
        has_failed=kept.drill and kept.drill.kind == SafekeepingKind.DRILL_FAILED,
        mails=outbox.given_up(reader()),
        button=ConfirmForm(formdata=None),
    )


@operations.post("/operations/mails/<int:mail_id>/retry")
@allow(access.operates)
def retry_mail(mail_id: int) -> ResponseReturnValue:
    """Send a mail after all that was given up."""
    with transaction() as session:
        is_waiting = outbox.try_again(session, mail_id, now())
    if is_waiting:
        flash(_("Thư sẽ được gửi lại trong vòng một phút."), "success")
    else:
        flash(_("Thư này không còn chờ, hoặc người nhận không còn địa chỉ."), "warning")
    return redirect(url_for("operations.index"), 303)


@operations.post("/operations/retry")
@allow(access.operates)
def retry() -> ResponseReturnValue:
    """Run a failed step once more."""
    form = RetryForm()
    chosen = form.incident.data if form.validate() else []
    found = reader().get(Incident, chosen[0]) if chosen else None
    if found is None:
        flash(_("Chọn sự cố cần thử lại."), "warning")
        return redirect(url_for("operations.index"), 303)
    try:
        with transaction() as session:
            incident = incidents.retry(
                session,
                found.id,
                actor=actor(),
                post=workings.post_of(actor()),
                now=now(),
            )
            is_over = incident.resolved_at is not None
    except WorkflowError as error:
        flash(operating.sentence(error), "error")
        return redirect(url_for("operations.index"), 303)
    if is_over:
        flash(_("Đã chạy lại bước tự động; hồ sơ đi tiếp."), "success")
    else:
        flash(_("Đã thử lại nhưng vẫn lỗi. Xem thông báo mới bên dưới."), "warning")
    return redirect(url_for("operations.index"), 303)


@operations.post("/operations/confirm")
@allow(access.operates)
@confirmed
def confirm() -> ResponseReturnValue:
    """Carry out what another administrator asked for."""
    return _decide(workings.confirm_all, _("Đã thực hiện: %(count)s."))


@operations.post("/operations/decline")
@allow(access.operates)
@confirmed
def decline() -> ResponseReturnValue:
    """Turn it down."""
    return _decide(workings.decline_all, _("Đã từ chối: %(count)s."))


@operations.get("/nominations/<code>/operations/new")
@allow(access.operates)
def create(code: str) -> ResponseReturnValue:
    """Choose what to do about one nomination."""
    nomination = _seen(code)
    return _create_page(nomination, offers.form(reader(), nomination, is_new=True))


@operations.post("/nominations/<code>/operations/new")
@allow(access.operates)
def ask(code: str) -> ResponseReturnValue:
    """Show what it would change; once that is confirmed, ask a second administrator."""
    nomination = _seen(code)
    form = offers.form(reader(), nomination)
    if "revise" in request.form:
        return _create_page(nomination, form)
    if not form.validate():
        return _create_page(nomination, form), 422
    try:
        if not form.confirmed.data:
            return _check_page(nomination, form)
        if (asked := confirming.ask()) is not None:
            return asked
        with transaction() as session:
            workings.ask(
                session,
                nomination.instance_id,
                form.wish(),
                reason=form.reason.data,
                actor=actor(),
                now=now(),
                command_key=form.command_key.data,
            )
    except WorkflowError as error:
        form.form_errors.append(operating.sentence(error))
        return _create_page(_seen(code), form), 422
    flash(
        _("Đã gửi đề nghị. Một quản trị viên khác xác nhận thì mới thực hiện."), "success"
    )
    return redirect(url_for("operations.index"), 303)


def _decide(verb: acts.Verb, done: str) -> ResponseReturnValue:
    form = ActsForm()
    if not form.validate() or not form.act.data:
        flash(_("Chọn đề nghị cần quyết định."), "warning")
        return redirect(url_for("operations.index"), 303)
    try:
        with transaction() as session:
            found: Decided = verb(
                session,
                form.act.data,
                actor=actor(),
                now=now(),
                command_key=form.command_key.data,
            )
            refused = [
                (act.instance.business_key, operating.sentence(error))
                for act, error in found.refused
            ]
    except WorkflowError as error:
        flash(operating.sentence(error), "error")
        return redirect(url_for("operations.index"), 303)
    if found.done:
        flash(done % {"count": len(found.done)}, "success")
    for code, why in refused:
        flash(_("Hồ sơ %(code)s giữ nguyên. %(why)s", code=code, why=why), "error")
    return redirect(url_for("operations.index"), 303)


def _seen(code: str) -> Nomination:
    nomination = cases.find(reader(), code)
    if nomination is None or not access.may_see(actor(), nomination):
        abort(404)
    return nomination


def _create_page(nomination: Nomination, form: OperationForm) -> str:
    return render_template(
        "operations/create.html",
        nomination=parts.head(nomination),
        standing=operating.standing(nomination.instance),
        version=nomination.instance.definition.version,
        waiting=workings.open_on(reader(), nomination.instance_id) is not None,
        is_ended=nomination.instance.status == InstanceStatus.ENDED,
        is_suspended=nomination.instance.suspended_at is not None,
        form=form,
    )


def _check_page(nomination: Nomination, form: OperationForm) -> str:
    plan = workings.plan(reader(), nomination.instance, form.wish(), now=now())
    names = offers.holders(reader(), nomination.instance_id)
    return render_template(
        "operations/check.html",
        nomination=parts.head(nomination),
        kind=offers.kind(form),
        effects=operating.effects(plan, nomination.instance, names),
        reason=form.reason.data,
        fields=confirming.sent(without="confirmed"),
    )
