"""The register of decisions: what waits to be numbered, what was, and what became of it."""

from flask import Blueprint, Response, abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from awards import access, amendments, batches, issuing, register
from awards import decisions as papers
from forms import decisions as forms
from forms.decisions import CancelNumberForm, IssueForm
from forms.simple import ConfirmForm
from languages import gettext as _
from models.organisation import Role
from models.papers import Decision, DecisionDraft, DecisionKind
from models.reads import ReadKind
from views import reads
from views import register_pages as pages
from views.confirming import confirmed
from views.guards import allow, public
from views.parsing import page_number, row_number
from views.web import actor, now, reader, start_job, transaction
from views.wording import sentence
from workflows.actors import Actor
from workflows.errors import NotAllowed, WorkflowError

_POLICY = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'"
decisions = Blueprint("decisions", __name__)


def issues(actor_: Actor) -> bool:
    """Who numbers decisions."""
    return actor_.has(Role.RECORDS_CLERK)


def decides(actor_: Actor) -> bool:
    """Who signs corrections and revocations."""
    return actor_.has(Role.CHAIRMAN)


def amends(actor_: Actor) -> bool:
    """Who prepares corrections and revocations, and who signs them."""
    return amendments.prepares(actor_) or decides(actor_)


@decisions.get("/decisions")
@allow(register.sees_register)
def index() -> ResponseReturnValue:
    """Every number that was taken; for the records clerk what waits for one as well."""
    return pages.index(page_number())


@decisions.get("/decisions/new/<key>")
@allow(issues)
def create(key: str) -> ResponseReturnValue:
    """What one decision would award, before a number is taken."""
    return pages.issue(_group(key), IssueForm(formdata=None))


@decisions.post("/decisions/new/<key>")
@allow(issues)
def issue(key: str) -> ResponseReturnValue:
    """Take one number for all that is ticked, and bring them to their end."""
    form = IssueForm()
    left_out = {row_number(text) for text in request.form.getlist("except")}
    if not form.validate():
        return pages.issue(_group(key), form), 422
    try:
        seen = [row_number(text) for text in (form.seen.data or "").split()]
        chosen = [id_ for id_ in seen if id_ and id_ not in left_out]
        decision_id, symbol = _issue(key, chosen, form.command_key.data)
    except WorkflowError as error:
        form.form_errors.append(sentence(error))
        return pages.issue(_group(key), form), 409
    flash(_("Đã ban hành Quyết định số %(symbol)s.", symbol=symbol), "success")
    return redirect(url_for("decisions.show", decision_id=decision_id), 303)


@decisions.get("/decisions/<int:decision_id>")
@allow(register.sees_register)
def show(decision_id: int) -> ResponseReturnValue:
    """A decision: whom it awards, how that stands today, what corrected or revoked it."""
    return pages.show(_found(decision_id), CancelNumberForm(formdata=None))


@decisions.get("/decisions/<int:decision_id>.pdf")
@allow(access.follows_nominations)
def paper(decision_id: int) -> ResponseReturnValue:
    """The paper, for whoever may see one of its nominations."""
    decision = reader().get(Decision, decision_id)
    if decision is None or not _may_read(decision):
        abort(404)
    reads.record(ReadKind.DECISION_OPENED, decision=decision.id)
    name = f"quyet-dinh-{decision.number:02}-{decision.year}"  # headers are ASCII: no Đ
    response = Response(papers.paper(reader(), decision_id), mimetype="application/pdf")
    response.headers.set("Content-Disposition", "inline", filename=f"{name}.pdf")
    response.headers["Content-Security-Policy"] = _POLICY
    return response


@decisions.get("/decisions/<int:decision_id>/correct")
@allow(amendments.prepares)
def correct(decision_id: int) -> ResponseReturnValue:
    """Which lines read wrongly, how they are to read, and why."""
    return _amend_page(decision_id, DecisionKind.CORRECTION)


@decisions.post("/decisions/<int:decision_id>/correct")
@allow(amendments.prepares)
def prepare_correction(decision_id: int) -> ResponseReturnValue:
    """Put a correction before the Chairman."""
    return _prepare(decision_id, DecisionKind.CORRECTION)


@decisions.get("/decisions/<int:decision_id>/revoke")
@allow(amendments.prepares)
def revoke(decision_id: int) -> ResponseReturnValue:
    """Whose award is to be revoked, and why."""
    return _amend_page(decision_id, DecisionKind.REVOCATION)


@decisions.post("/decisions/<int:decision_id>/revoke")
@allow(amendments.prepares)
def prepare_revocation(decision_id: int) -> ResponseReturnValue:
    """Put a revocation before the Chairman."""
    return _prepare(decision_id, DecisionKind.REVOCATION)


@decisions.post("/decisions/drafts/<int:draft_id>/sign")
@allow(decides)
@confirmed
def sign(draft_id: int) -> ResponseReturnValue:
    """The Chairman signs a correction or a revocation."""
    return _act(draft_id, amendments.sign, _("Đã ký. Văn thư sẽ cấp số."))


@decisions.post("/decisions/drafts/<int:draft_id>/decline")
@allow(amends)
def decline(draft_id: int) -> ResponseReturnValue:
    """The Chairman does not sign, or it is taken back."""
    return _act(draft_id, amendments.decline, _("Đã bỏ dự thảo này."))


@decisions.post("/decisions/drafts/<int:draft_id>/issue")
@allow(issues)
def issue_draft(draft_id: int) -> ResponseReturnValue:
    """Number what was signed."""
    return _act(draft_id, amendments.issue, _("Đã cấp số và ban hành."))


@decisions.post("/decisions/<int:decision_id>/cancel")
@allow(issues)
def cancel(decision_id: int) -> ResponseReturnValue:
    """Cancel a number; it stays in the register."""
    decision, form = _found(decision_id), CancelNumberForm()
    if not form.validate():
        return pages.show(decision, form), 422
    try:
        with transaction() as session:
            amendments.cancel(
                session, decision_id, reason=form.reason.data, actor=actor(), now=now()
            )
    except WorkflowError as error:
        form.form_errors.append(sentence(error))
        return pages.show(decision, form), 409
    flash(
        _("Đã hủy số %(symbol)s; số này không dùng lại.", symbol=decision.symbol), "success"
    )
    return redirect(url_for("decisions.show", decision_id=decision_id), 303)


@decisions.get("/check/<token>")
@public
def check(token: str) -> ResponseReturnValue:
    """For anybody with a paper in hand: number, date, hash, whether it holds; nothing else."""
    return pages.check(register.by_token(reader(), token))


def _amend_page(decision_id: int, kind: DecisionKind) -> str:
    decision = _found(decision_id)
    form = forms.amendment(kind, pages.still_awarded(decision), formdata=None)
    return pages.amend(decision, kind, form)


def _prepare(decision_id: int, kind: DecisionKind) -> ResponseReturnValue:
    decision = _found(decision_id)
    standing = pages.still_awarded(decision)
    form = forms.amendment(kind, standing)
    if not form.validate():
        return pages.amend(decision, kind, form), 422
    try:
        with transaction() as session:
            amendments.prepare(
                session,
                decision_id,
                kind,
                forms.picked(form, kind, list(standing)),
                reason=form.reason.data,
                actor=actor(),
                command_key=form.command_key.data,
                now=now(),
            )
    except WorkflowError as error:
        form.form_errors.append(sentence(error))
        return pages.amend(decision, kind, form), 422
    flash(_("Đã trình Chủ tịch ký."), "success")
    return redirect(url_for("decisions.index"), 303)


def _issue(key: str, ids: list[int], command_key: str) -> tuple[int, str]:
    """A short list is carried out here and now, a long one in the background."""
    with transaction() as session:
        decision = issuing.issue(
            session,
            key,
            ids,
            actor=actor(),
            command_key=command_key,
            now=now(),
        )
        issued = decision.id, decision.symbol
        batch = issuing.batch_of(session, command_key)
        is_short = batch.total <= batches.IN_ONE_REQUEST
        more = is_short
        while more:
            more = batches.carry_out_some(session, batch.id, now=now())
    if not is_short:
        start_job("carry_out_batch", batch.id)
    return issued


def _act(draft_id: int, operation: object, said: str) -> ResponseReturnValue:
    if reader().get(DecisionDraft, draft_id) is None:
        abort(404)
    if ConfirmForm().validate():
        try:
            with transaction() as session:
                operation(session, draft_id, actor=actor(), now=now())  # type: ignore[operator] # one of amendments'
        except NotAllowed:
            abort(404)
        except WorkflowError as error:
            flash(sentence(error), "warning")
        else:
            flash(said, "success")
    return redirect(url_for("decisions.index"), 303)


def _group(key: str) -> issuing.Group:
    found = issuing.group(reader(), actor(), key)
    if found is None:
        abort(404)
    return found


def _found(decision_id: int) -> Decision:
    found = register.find(reader(), decision_id)
    if found is None:
        abort(404)
    return found


def _may_read(decision: Decision) -> bool:
    """One of its nominations, or of those that it corrects or revokes, may be seen."""
    if register.sees_register(actor()):
        return True
    mine = Decision.id.in_(register.readable(actor()))
    found = select(Decision.id).where(Decision.id == decision.id, mine)
    return reader().scalar(found) is not None
