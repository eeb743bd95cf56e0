"""Issued decisions as PDF."""

from flask import Blueprint, Response, abort
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from awards import access
from awards import decisions as register
from models.papers import Decision, DecisionEntry
from models.reads import ReadKind
from views import reads
from views.guards import allow
from views.web import actor, reader

_POLICY = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'"
decisions = Blueprint("decisions", __name__, url_prefix="/decisions")


@decisions.get("/<int:decision_id>.pdf")
@allow(access.follows_nominations)
def paper(decision_id: int) -> ResponseReturnValue:
    """The paper, for whoever may see one of its nominations."""
    seen = select(Decision).join(Decision.entries).join(DecisionEntry.nomination)
    seen = seen.where(Decision.id == decision_id, access.visible_to(actor()))
    if (decision := reader().scalars(seen.limit(1)).first()) is None:
        abort(404)
    reads.record(ReadKind.DECISION_OPENED, decision=decision.id)
    name = f"quyet-dinh-{decision.number:02}-{decision.year}"  # headers are ASCII: no Đ
    response = Response(register.paper(reader(), decision_id), mimetype="application/pdf")
    response.headers.set("Content-Disposition", "inline", filename=f"{name}.pdf")
    response.headers["Content-Security-Policy"] = _POLICY
    return response
