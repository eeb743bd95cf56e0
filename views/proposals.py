"""Proposals (tờ trình): gather what waits, say what is proposed, sign, and follow what was sent."""

from flask import Blueprint, Response, abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from sqlalchemy.orm import Session

from awards import access, batches, interests
from awards.errors import NothingChosen
from awards.proposals import gathering, listing, papers, rights, signing
from awards.proposals.listing import Tab
from forms import many
from forms import proposals as forms
from forms.many import ChooseForm
from forms.proposals import OpenForm, SignForm
from forms.simple import ConfirmForm
from languages import gettext as _
from models.awards import Movement
from models.proposals import Proposal
from models.reads import ReadKind
from models.tasks import UserTask
from views import proposal_pages as pages
from views import reads
from views.downloads import inert
from views.guards import allow
from views.parsing import page_number, row_number
from views.web import actor, now, reader, start_job, transaction
from views.wording import sentence
from workflows import calendar
from workflows.errors import TaskChanged, WorkflowError

proposals = Blueprint("proposals", __name__, url_prefix="/proposals")


@proposals.get("")
@allow(access.follows_nominations)
def index() -> ResponseReturnValue:
    """What waits in proposals for the person, what is being prepared, what was signed."""
    wanted = request.args.get("tab", "")
    waits = access.works_on_tasks(actor())
    tab = Tab(wanted) if waits and wanted in set(Tab) else Tab.WAITING
    if not waits:
        tab = Tab.SIGNED
    return pages.index(tab, page_number())


@proposals.post("")
@allow(rights.works_with_proposals)
def open_() -> ResponseReturnValue:
    """Gather all that waits for a signature into a draft."""
    form = OpenForm()
    if not form.validate():
        return pages.index(Tab.DRAFTS, 1), 422
    if not form.queue.data:
        return redirect(url_for("proposals.index", tab=Tab.DRAFTS.value), 303)
    kind = dict((q, k) for k, q in rights.prepared_by(actor())).get(form.queue.data or "")  # noqa: C402 - reads better
    wanted = (form.movement.data or "").replace("\0", "")
    found = reader().scalars(select(Movement).where(Movement.code == wanted)).first()
    if kind is None or found is None:
        abort(404)
    try:
        with transaction() as session:
            proposal = gathering.open_(
                session,
                kind,
                form.queue.data,
                session.get_one(Movement, found.id),
                actor=actor(),
                command_key=form.command_key.data,
                now=now(),
            )
    except WorkflowError as error:
        flash(sentence(error), "warning")
        return redirect(url_for("proposals.index", tab=Tab.DRAFTS.value), 303)
    return _to(proposal.id)


@proposals.get("/<int:proposal_id>")
@allow(access.follows_nominations)
def show(proposal_id: int) -> ResponseReturnValue:
    """A draft with a form for every row; a signed one with how its nominations stand."""
    proposal = _seen(proposal_id)
    if proposal.signed_at is not None:
        return pages.signed(proposal)
    return pages.draft(proposal, None)


@proposals.post("/<int:proposal_id>")
@allow(rights.works_with_proposals)
def save(proposal_id: int) -> ResponseReturnValue:
    """Keep what is proposed of the rows of one page; then what the button asks for."""
    proposal = _draft(proposal_id)
    entries = listing.entries(reader(), proposal.id, page_number())
    form_key = pages.form_key(proposal)
    form = forms.rows(form_key, entries)
    if not form.validate():
        return pages.draft(proposal, form), 422
    try:
        with transaction() as session:
            rows = forms.read(form, form_key, entries)
            gathering.edit(session, proposal.id, rows, actor=actor())
            if dropped := row_number(request.form.get("leave_out", "")):
                gathering.leave_out(session, proposal.id, [dropped], actor=actor())
            if "hand_in" in request.form:
                gathering.submit(session, proposal.id, actor=actor(), now=now())
    except WorkflowError as error:
        return _changed(proposal_id, error)
    if "sign" in request.form:
        return redirect(url_for("proposals.sign", proposal_id=proposal_id), 303)
    flash(_said(), "success")
    return redirect(
        url_for("proposals.show", proposal_id=proposal_id, page=page_number()), 303
    )


@proposals.post("/<int:proposal_id>/add")
@allow(rights.works_with_proposals)
def add(proposal_id: int) -> ResponseReturnValue:
    """Put what has come to wait meanwhile into the draft."""
    return _change(proposal_id, _("Đã thêm các hồ sơ mới chờ."), gathering.add_waiting)


@proposals.post("/<int:proposal_id>/take-back")
@allow(rights.works_with_proposals)
def take_back(proposal_id: int) -> ResponseReturnValue:
    """Work on a draft again that was handed in."""
    return _change(proposal_id, _("Đã lấy lại dự thảo để sửa."), gathering.take_back)


@proposals.post("/<int:proposal_id>/discard")
@allow(rights.works_with_proposals)
def discard(proposal_id: int) -> ResponseReturnValue:
    """Do away with a draft."""
    _draft(proposal_id)
    if ConfirmForm().validate():
        try:
            with transaction() as session:
                gathering.discard(session, proposal_id, actor=actor())
        except WorkflowError as error:
            return _changed(proposal_id, error)
        flash(_("Đã bỏ dự thảo; các hồ sơ vẫn chờ như trước."), "success")
    return redirect(url_for("proposals.index", tab=Tab.DRAFTS.value), 303)


@proposals.get("/<int:proposal_id>/sign")
@allow(rights.works_with_proposals)
def sign(proposal_id: int) -> ResponseReturnValue:
    """All that the signature will do, looked at once more."""
    proposal = _to_sign(proposal_id)
    if (asked := _declared_first(proposal)) is not None:
        return asked
    return pages.check(proposal, SignForm(formdata=None))


@proposals.post("/<int:proposal_id>/sign")
@allow(rights.works_with_proposals)
def sign_now(proposal_id: int) -> ResponseReturnValue:
    """Number it, make the paper, and send on all that is in it."""
    form = SignForm()
    proposal = _seen(proposal_id)
    if not rights.signs(actor(), proposal):
        abort(404)
    if proposal.signed_at is not None:
        return _to(proposal_id)
    if (asked := _declared_first(proposal)) is not None:
        return asked
    found = pages.entered(proposal)
    seen = form.validate() and form.has_seen(one.entry for one in found)
    if not seen or any(one.error for one in found):
        return pages.check(proposal, form), 422
    try:
        total = _sign(proposal_id, found, form)
    except WorkflowError as error:
        form.form_errors.append(sentence(error))
        return pages.check(_to_sign(proposal_id), form), 409
    flash(_("Đã ký và gửi %(count)s hồ sơ.", count=total), "success")
    return _to(proposal_id)


@proposals.get("/<int:proposal_id>/paper.pdf")
@allow(access.follows_nominations)
def paper(proposal_id: int) -> ResponseReturnValue:
    """The paper: as it was signed, or as it would be now."""
    proposal = _seen(proposal_id)
    if proposal.signed_at is not None:
        content, name = proposal.paper, f"To trinh {proposal.symbol}.pdf"
    else:
        whole = listing.whole(reader(), proposal_id)
        assert whole is not None  # noqa: S101 - it was seen a line above
        today = calendar.today(now())
        try:
            made = papers.draft(reader(), whole, actor=actor(), day=today)
        except WorkflowError as error:  # a character the font lacks, a template that fails
            flash(sentence(error), "error")
            return _to(proposal_id)
        content, name = made.content, "Du thao to trinh.pdf"
    reads.record(ReadKind.FILE_DOWNLOADED, proposal=proposal_id)
    response = Response(content, mimetype="application/pdf")
    response.headers.set(
        "Content-Disposition", "attachment", filename=name.replace("/", "-")
    )
    return inert(response)


@proposals.get("/<int:proposal_id>/tasks")
@allow(rights.works_with_proposals)
def tasks(proposal_id: int) -> ResponseReturnValue:
    """What this proposal has brought the person: tick exceptions, act on the rest at once."""
    return pages.tasks(_seen(proposal_id), ChooseForm(formdata=None))


@proposals.post("/<int:proposal_id>/tasks")
@allow(rights.works_with_proposals)
def choose(proposal_id: int) -> ResponseReturnValue:
    """Freeze all but the exceptions as one list, to be answered once."""
    proposal, form = _seen(proposal_id), ChooseForm()
    waiting = listing.tasks_in(reader(), actor(), proposal.id)
    exceptions = {row_number(text) for text in request.form.getlist("except")}
    chosen = {t.id: t.revision for t, _n, _e in waiting if t.id not in exceptions}
    if not form.validate():
        return pages.tasks(proposal, form), 422
    if interests.among(reader(), actor(), list(chosen)):
        flash(_("Kê khai quan hệ trước, rồi chọn lại các việc."), "warning")
        return redirect(url_for("interests.index"), 303)
    try:
        with transaction() as session:
            batch = batches.freeze(
                session,
                chosen,
                actor=actor(),
                suits=many.suits,
                command_key=form.command_key.data or "",
                now=now(),
            )
    except NothingChosen as error:
        flash(sentence(error), "warning")
        return redirect(url_for("proposals.tasks", proposal_id=proposal_id), 303)
    return redirect(url_for("batches.show", batch_id=batch.id), 303)


def _sign(proposal_id: int, found: list[pages.Entered], form: SignForm) -> int:
    """A short list is sent here and now, a long one in the background."""
    contents = {one.nomination_id: one.form.content() for one in found}
    with transaction() as session:
        proposal = signing.sign(
            session,
            proposal_id,
            contents,
            form_version=found[0].form.version if found else 1,
            actor=actor(),
            command_key=form.command_key.data,
            now=now(),
        )
        assert proposal.batch_id is not None  # noqa: S101 - signing made it
        batch_id, more = proposal.batch_id, len(found) <= batches.IN_ONE_REQUEST
        is_short = more
        while more:
            more = batches.carry_out_some(session, batch_id, now=now())
    if not is_short:
        start_job("carry_out_batch", batch_id)
    return len(found)


def _change(proposal_id: int, said: str, operation: object) -> ResponseReturnValue:
    _draft(proposal_id)
    if ConfirmForm().validate():
        try:
            with transaction() as session:
                operation(session, proposal_id, actor=actor())  # type: ignore[operator] # one of gathering's
        except WorkflowError as error:
            return _changed(proposal_id, error)
        flash(said, "success")
    return _to(proposal_id)


def _changed(proposal_id: int, error: WorkflowError) -> ResponseReturnValue:
    """Somebody else was first: the draft may be gone."""
    flash(sentence(error), "warning")
    is_gone = isinstance(error, TaskChanged) and reader().get(Proposal, proposal_id) is None
    if is_gone:
        return redirect(url_for("proposals.index", tab=Tab.DRAFTS.value), 303)
    return _to(proposal_id)


def _said() -> str:
    if "hand_in" in request.form:
        return str(_("Đã trình ký."))
    if "leave_out" in request.form:
        return str(_("Đã bỏ hồ sơ ra khỏi dự thảo; hồ sơ vẫn chờ như trước."))
    return str(_("Đã lưu dự thảo."))


def _seen(proposal_id: int) -> Proposal:
    found = reader().get(Proposal, proposal_id)
    if found is None or not rights.may_see(actor(), found):
        abort(404)
    return found


def _draft(proposal_id: int) -> Proposal:
    """The proposal, if the person prepares it. Whether it is signed already operations say."""
    found = _seen(proposal_id)
    if not rights.prepares(actor(), found.kind, found.queue):
        abort(404)
    return found


def _to_sign(proposal_id: int) -> Proposal:
    found = _seen(proposal_id)
    if not signing.is_signed_by(actor(), found):
        abort(404)
    return found


def _declared_first(proposal: Proposal) -> ResponseReturnValue | None:
    session: Session = reader()
    tasks_: list[UserTask] = list(signing.open_tasks(session, proposal).values())
    if not interests.among(session, actor(), [task.id for task in tasks_]):
        return None
    flash(_("Kê khai quan hệ với các hồ sơ trong tờ trình trước, rồi ký."), "warning")
    return redirect(url_for("interests.index"), 303)


def _to(proposal_id: int) -> ResponseReturnValue:
    return redirect(url_for("proposals.show", proposal_id=proposal_id), 303)
