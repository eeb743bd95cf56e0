"""Attached files: always downloads, never shown as pages; a picture of page 1 beside the name."""

from flask import Blueprint, Response, abort, send_file
from flask.typing import ResponseReturnValue

from awards import access, files
from awards.errors import FileWithheld
from models.awards import Nomination
from models.papers import Attachment
from models.reads import ReadKind
from views import reads
from views.downloads import inert
from views.guards import allow
from views.interests import declared_first
from views.web import actor, reader, uploads

attachments = Blueprint("attachments", __name__, url_prefix="/attachments")


@attachments.get("/<int:attachment_id>")
@allow(access.follows_nominations)
def download(attachment_id: int) -> ResponseReturnValue:
    """The file itself, under its own name and type, inert in any browser."""
    attachment, nomination = _seen(attachment_id)
    if attachment.is_erased:
        abort(404)
    reads.record(ReadKind.FILE_DOWNLOADED, nomination, attachment=attachment.id)
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
    """A picture of the first page, as it stands on the dossier's pages."""
    attachment, nomination = _seen(attachment_id)
    png = None if attachment.is_erased else files.preview(attachment, uploads())
    if png is None:
        abort(404)
    reads.record(ReadKind.DOSSIER_OPENED, nomination)
    response = Response(png, mimetype="image/png")
    response.headers["Cache-Control"] = "no-store"
    return inert(response)


def _seen(attachment_id: int) -> tuple[Attachment, Nomination]:
    attachment = reader().get(Attachment, attachment_id)
    if attachment is None:
        abort(404)
    nomination = reader().get_one(Nomination, attachment.nomination_id)
    if not access.may_see(actor(), nomination):
        abort(404)
    declared_first(nomination)
    if not attachment.is_clean:
        raise FileWithheld
    return attachment, nomination
