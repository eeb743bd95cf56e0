"""Attached files: always downloads, never shown as pages; a picture of page 1 beside the name."""

from flask import Blueprint, Response, abort, flash, redirect, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from awards import access, files
from awards.listings import open_task
from models.awards import Nomination
from models.papers import Attachment
from models.tasks import UserTask
from views.guards import allow
from views.web import actor, now, reader, transaction, uploads

attachments = Blueprint("attachments", __name__, url_prefix="/attachments")
_INERT = "sandbox; default-src 'none'"


@attachments.get("/<int:attachment_id>")
@allow(access.follows_nominations)
def download(attachment_id: int) -> ResponseReturnValue:
    """The file itself, under its own name and type, inert in any browser."""
    attachment = _seen(attachment_id)
    response = send_file(
        files.path_of(attachment.token, uploads()),
        mimetype=attachment.media_type,
        as_attachment=True,
        download_name=attachment.file_name,
    )
    return _inert(response)


@attachments.get("/<int:attachment_id>/preview.png")
@allow(access.follows_nominations)
def preview(attachment_id: int) -> ResponseReturnValue:
    """A picture of the first page."""
    png = files.preview(_seen(attachment_id), uploads())
    if png is None:
        abort(404)
    response = Response(png, mimetype="image/png")
    response.headers["Cache-Control"] = "private, max-age=3600"
    return _inert(response)


@attachments.post("/<int:attachment_id>/remove")
@allow(access.nominates)
def remove(attachment_id: int) -> ResponseReturnValue:
    """Take a file out of the dossier, while its unit prepares it."""
    attachment = _seen(attachment_id)
    nomination = reader().get_one(Nomination, attachment.nomination_id)
    task = _preparing(nomination)
    with transaction() as session:
        files.remove(
            session,
            nomination,
            session.get_one(Attachment, attachment_id),
            actor=actor(),
            now=now(),
        )
    flash(_("Đã gỡ tệp %(name)s.", name=attachment.file_name), "success")
    return redirect(url_for("tasks.show", task_id=task.id, _anchor="papers"), 303)


def _seen(attachment_id: int) -> Attachment:
    attachment = reader().get(Attachment, attachment_id)
    if attachment is None:
        abort(404)
    if not access.may_see(actor(), reader().get_one(Nomination, attachment.nomination_id)):
        abort(404)
    return attachment


def _preparing(nomination: Nomination) -> UserTask:
    """The nomination's first step, if it is open and the person's."""
    task, _holder = open_task(reader(), nomination)
    if (
        task is None
        or task.element_id != "prepare_nomination"
        or task.queue not in actor().queues
    ):
        abort(404)
    return task


def _inert(response: Response) -> Response:
    response.headers["Content-Security-Policy"] = _INERT
    response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    return response
