"""Attached files: always downloads, never shown as pages; a picture of page 1 beside the name."""

from flask import Blueprint, Response, abort, send_file
from flask.typing import ResponseReturnValue

from awards import access, files
from models.awards import Nomination
from models.papers import Attachment
from views.guards import allow
from views.interests import declared_first
from views.web import actor, reader, uploads

attachments = Blueprint("attachments", __name__, url_prefix="/attachments")
_INERT = "sandbox; default-src 'none'; frame-ancestors 'none'"


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
    response.headers["Cache-Control"] = "no-store"
    return inert(response)


@attachments.get("/<int:attachment_id>/preview.png")
@allow(access.follows_nominations)
def preview(attachment_id: int) -> ResponseReturnValue:
    """A picture of the first page."""
    png = files.preview(_seen(attachment_id), uploads())
    if png is None:
        abort(404)
    response = Response(png, mimetype="image/png")
    response.headers["Cache-Control"] = "private, max-age=3600"
    return inert(response)


def _seen(attachment_id: int) -> Attachment:
    attachment = reader().get(Attachment, attachment_id)
    if attachment is None:
        abort(404)
    nomination = reader().get_one(Nomination, attachment.nomination_id)
    if not access.may_see(actor(), nomination):
        abort(404)
    declared_first(nomination)
    return attachment


def inert(response: Response) -> Response:
    """Nothing in it runs, and no other site shows it."""
    response.headers["Content-Security-Policy"] = _INERT
    response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    return response
