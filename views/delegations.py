"""Delegating a post's work for a time: who does it for whom, and until when."""

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from wtforms.fields.choices import SelectChoice

from awards import access, people
from awards import delegations as mandates
from awards.errors import BadDelegation
from forms.accounts import ROLES
from forms.delegations import DelegationForm
from forms.simple import ConfirmForm
from languages import gettext as _
from models.organisation import Delegation, Post
from views.confirming import confirmed
from views.guards import allow
from views.web import actor, now, reader, transaction
from views.wording import sentence
from workflows import calendar, commands
from workflows.errors import NotAllowed

delegations = Blueprint("delegations", __name__, url_prefix="/delegations")
LISTED = 200


@delegations.get("")
@allow(access.delegates)
def index() -> ResponseReturnValue:
    """What was delegated from, to and by the person; an administrator sees all."""
    found = mandates.concerning(reader(), actor(), limit=LISTED)
    names = people.named(reader(), {row.granted_by for row in found})
    return render_template(
        "delegations/index.html",
        rows=[_row(row, names) for row in found],
        posts=[
            (post, ROLES[post.role], post.person_id == actor().id)
            for post in mandates.offered(reader(), actor(), now())
        ],
        button=ConfirmForm(formdata=None),
    )


@delegations.get("/posts/<int:post_id>")
@allow(access.delegates)
def create(post_id: int) -> ResponseReturnValue:
    """The form for one post."""
    post = _post(post_id)
    today = calendar.today(now())
    return _page(post, _form(post, formdata=None, valid_from=today))


@delegations.post("/posts/<int:post_id>")
@allow(access.delegates)
@confirmed
def grant(post_id: int) -> ResponseReturnValue:
    """Let somebody do the post's work."""
    post = _post(post_id)
    form = _form(post)
    if not form.validate():
        return _page(post, form), 422
    try:
        with transaction() as session:
            key = form.command_key.data
            command = commands.take(
                session, key, kind="delegation", actor=actor(), now=now()
            )
            if command is not None:
                made = mandates.grant(session, form.mandate(post_id), by=actor(), now=now())
                command.subject_id = made.id
    except BadDelegation as error:
        form.form_errors.append(sentence(error))
        return _page(_post(post_id), form), 422
    flash(
        _("Đã ủy quyền. Người nhận thấy việc trong mục của mình từ ngày bắt đầu."),
        "success",
    )
    return redirect(url_for("delegations.index"), 303)


@delegations.post("/<int:delegation_id>/end")
@allow(access.delegates)
@confirmed
def end(delegation_id: int) -> ResponseReturnValue:
    """Take it back, or give it back, at once."""
    with transaction() as session:
        mandates.end(session, delegation_id, by=actor(), now=now())
    flash(_("Ủy quyền đã kết thúc; việc đang nhận theo ủy quyền trở về nhóm."), "success")
    return redirect(url_for("delegations.index"), 303)


def _post(post_id: int) -> Post:
    try:
        return mandates.find_post(reader(), post_id, actor=actor(), now=now())
    except NotAllowed:
        abort(404)


def _form(post: Post, **arguments: object) -> DelegationForm:
    form = DelegationForm(**arguments)
    found = mandates.colleagues(reader(), post, actor=actor(), now=now())
    today = calendar.today(now())
    form.delegate.choices = [
        SelectChoice(
            str(one.id), f"{one.name}, {people.actor_of(one, today).own.acting_as}"
        )
        for one in found
    ]
    return form


def _page(post: Post, form: DelegationForm) -> str:
    return render_template(
        "delegations/create.html", post=post, role=ROLES[post.role], form=form
    )


def _row(row: Delegation, names: dict[int, str]) -> dict[str, object]:
    today = calendar.today(now())
    is_over = row.ended_at is not None or row.valid_to < today
    return {
        "id": row.id,
        "post": row.post,
        "role": ROLES[row.post.role],
        "delegate": row.delegate.name,
        "valid_from": row.valid_from,
        "valid_to": row.valid_to,
        "legal_basis": row.legal_basis,
        "granted_by": names.get(row.granted_by, ""),
        "is_over": is_over,
        "ended_at": row.ended_at,
        "has_begun": row.valid_from <= today,
        "may_end": not is_over and mandates.may_end(actor(), row),
    }
