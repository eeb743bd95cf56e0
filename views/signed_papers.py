"""Signed files of proposals and decisions: what their signatures say, and bringing a newer one."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO, cast

from flask import (
    Blueprint,
    abort,
    current_app,
    flash,
    redirect,
    render_template,
    send_file,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from awards import access, contents, files, register
from awards.errors import NotCompared
from awards.files import StoredFile
from awards.signed import keeping
from awards.signed.keeping import Paper, Report
from awards.signed.reading import Doubt, Trust
from forms.simple import SignedPaperForm
from models.papers import Decision
from models.proposals import Proposal
from models.signed_papers import SignedPaper
from views.downloads import inert
from views.guards import allow
from views.web import actor, now, reader, transaction, uploads
from views.wording import sentence, told
from workflows.errors import WorkflowError
from workflows.words import N_

signed_papers = Blueprint("signed_papers", __name__, url_prefix="/signed-papers")
_DOUBTS = {
    Doubt.NONE: "",
    Doubt.UNKNOWN_ISSUER: N_("chứng thư số không do nơi được tin cấp"),
    Doubt.OUT_OF_TIME: N_("chứng thư số đã hết hạn hoặc chưa có hiệu lực"),
    Doubt.REVOKED: N_("chứng thư số đã bị thu hồi"),
    Doubt.TIMESTAMP: N_("dấu thời gian không tin cậy"),
    Doubt.OTHER: N_("không xác minh được chứng thư số"),
}


@signed_papers.get("/proposals/<int:proposal_id>")
@allow(access.follows_nominations)
def of_proposal(proposal_id: int) -> ResponseReturnValue:
    """Every version of a proposal's signed file."""
    return _page(_seen(reader().get(Proposal, proposal_id)), SignedPaperForm(formdata=None))


@signed_papers.post("/proposals/<int:proposal_id>")
@allow(access.follows_nominations)
def add_to_proposal(proposal_id: int) -> ResponseReturnValue:
    """Bring the file that was signed for a proposal."""
    return _add(_seen(reader().get(Proposal, proposal_id)))


@signed_papers.get("/decisions/<int:decision_id>")
@allow(access.follows_nominations)
def of_decision(decision_id: int) -> ResponseReturnValue:
    """Every version of a decision's signed file."""
    return _page(_seen(reader().get(Decision, decision_id)), SignedPaperForm(formdata=None))


@signed_papers.post("/decisions/<int:decision_id>")
@allow(access.follows_nominations)
def add_to_decision(decision_id: int) -> ResponseReturnValue:
    """Bring the file that was signed for a decision."""
    return _add(_seen(reader().get(Decision, decision_id)))


@signed_papers.get("/<int:signed_paper_id>.pdf")
@allow(access.follows_nominations)
def download(signed_paper_id: int) -> ResponseReturnValue:
    """A version as it came, to be kept and never shown as a page."""
    row = reader().get(SignedPaper, signed_paper_id)
    if row is None or not keeping.may_see(
        reader(), actor(), keeping.paper_of(reader(), row)
    ):
        abort(404)
    response = send_file(
        files.path_of(row.token, uploads()),
        mimetype=contents.MEDIA_TYPES["pdf"],
        as_attachment=True,
        download_name=row.file_name,
    )
    response.headers["Cache-Control"] = "no-store"
    return inert(response)


def card(paper: Paper) -> dict[str, object]:
    """What a paper's own page says of its signed file: the newest version, and the way to all."""
    found = keeping.of(reader(), paper)
    return {
        "address": _address(paper),
        "newest": _version(found[0]) if found else None,
        "may_add": keeping.may_add(actor(), paper),
    }


def address_of(decision: Decision) -> str:
    """Where a decision's signed file is shown, if anybody has brought one."""
    return _address(decision) if keeping.of(reader(), decision) else ""


def newest_sha256(paper: Paper) -> str:
    """The hash of the newest signed file, or nothing."""
    found = keeping.of(reader(), paper)
    return found[0].sha256 if found else ""


def _add(paper: Paper) -> ResponseReturnValue:
    form = SignedPaperForm()
    if not keeping.may_add(actor(), paper):
        abort(404)
    if not form.validate():
        return _page(paper, form), 422
    try:
        _keep(paper, form)
    except WorkflowError as error:
        asked = form.confirmed if isinstance(error, NotCompared) else form.file
        asked.errors = [sentence(error)]
        return _page(paper, form, asks=isinstance(error, NotCompared)), 422
    flash(_("Đã lưu bản ký và ghi vào lịch sử của từng hồ sơ."), "success")
    return redirect(_address(paper), 303)


def _keep(paper: Paper, form: SignedPaperForm) -> None:
    """Store and examine it before the transaction; take its bytes back if it is not kept."""
    sent = form.file.data
    stored = files.store(cast("BinaryIO", sent.stream), sent.filename or "", uploads())
    try:
        report = keeping.examine(
            stored,
            paper,
            uploads(),
            roots=_roots(),
            is_confirmed=form.confirmed.data,
            now=now(),
        )
        kept = _kept(paper, stored, report)
    except BaseException:
        files.discard(stored, uploads())
        raise
    if kept != stored.token:  # the very same file was there
        files.discard(stored, uploads())


def _kept(paper: Paper, stored: StoredFile, report: Report) -> str:
    with transaction() as session:
        own = (
            session.get_one(Decision, paper.id)
            if isinstance(paper, Decision)
            else session.get_one(Proposal, paper.id)
        )
        row = keeping.add(session, own, stored, report, actor=actor(), now=now())
        return row.token


def _page(paper: Paper, form: SignedPaperForm, *, asks: bool = False) -> str:
    versions = [_version(row) for row in keeping.of(reader(), paper)]
    is_decision = isinstance(paper, Decision)
    return render_template(
        "signed_papers/show.html",
        paper={
            "symbol": paper.symbol,
            "is_decision": is_decision,
            "address": _address(paper),
            "back": _own_page(paper),
        },
        versions=versions,
        may_add=keeping.may_add(actor(), paper),
        asks=asks,
        checks_trust=_roots() is not None,
        form=form,
    )


def _version(row: SignedPaper) -> dict[str, object]:
    signatures = cast("Sequence[Mapping[str, Any]]", row.report["signatures"])
    return {
        "id": row.id,
        "version": row.version,
        "file_name": row.file_name,
        "size": row.size,
        "sha256": row.sha256,
        "added_at": row.added_at,
        "added_by": row.adder.name,
        "is_compared": row.report["is_compared"],
        "signatures": [_signature(one) for one in signatures],
    }


def _signature(one: Mapping[str, Any]) -> dict[str, object]:
    doubt = _DOUBTS[Doubt(one["doubt"])]
    return {
        "signer": one["signer"],
        "issuer": one["issuer"],
        "signed_at": datetime.fromisoformat(one["signed_at"]) if one["signed_at"] else None,
        "is_stamped": one["is_stamped"],
        "trust": Trust(one["trust"]).value,
        "doubt": told(doubt) if doubt else "",
    }


def _own_page(paper: Paper) -> str:
    """Where the paper itself is shown; units see a decision only on their nominations' pages."""
    if isinstance(paper, Proposal):
        return url_for("proposals.show", proposal_id=paper.id)
    if register.sees_register(actor()):
        return url_for("decisions.show", decision_id=paper.id)
    return ""


def _address(paper: Paper) -> str:
    if isinstance(paper, Decision):
        return url_for("signed_papers.of_decision", decision_id=paper.id)
    return url_for("signed_papers.of_proposal", proposal_id=paper.id)


def _roots() -> Path | None:
    found: Path | None = current_app.config["TRUST_ROOTS"]
    return found


def _seen(paper: Paper | None) -> Paper:
    if paper is None or not keeping.may_see(reader(), actor(), paper):
        abort(404)
    return paper
