"""Notices to units: read and put away."""

from flask import Blueprint, redirect, url_for
from flask.typing import ResponseReturnValue

from awards import access
from awards import notices as operations
from views.guards import allow
from views.web import actor, now, transaction

notices = Blueprint("notices", __name__, url_prefix="/notices")


@notices.post("/<int:notice_id>/read")
@allow(access.keeps_nominations)
def read(notice_id: int) -> ResponseReturnValue:
    """Note that the unit has read it."""
    with transaction() as session:
        operations.mark_read(session, notice_id, actor=actor(), now=now())
    return redirect(url_for("nominations.index"), 303)
