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

from awards import access, contents, files, register, scanning
from awards.clamd import Verdict
from awards.errors import FileWithheld, InfectedPaper, NotCompared, UnjudgedPaper
from awards.files import StoredFile
from awards.signed import keeping
from awards.signed.keeping import Paper, Report
from awards.signed.reading import Doubt, Trust
from forms.simple import SignedPaperForm
from languages import gettext as _
from models.papers import Decision, ScanState
from models.proposals import Proposal
from models.reads import ReadKind
from models.signed_papers import SignedPaper
from views import reads
from views.downloads import inert
from views.guards import allow
from views.web import actor, now, reader, scanner, transaction, uploads
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
    if not row.is_clean:
        raise FileWithheld
    _record(row)
    response = send_file(
        files.path_of(row.token, uploads()),
        mimetype=contents.MEDIA_TYPES["pdf"],
        as_attachment=True,
        download_name=row.file_name,
    )
    response.headers["Cache-Control"] = "no-store"
    return inert(response)


def card(paper: Paper) -> dict[str, object]:
    """What a paper's own page says of its signed file: the version that counts, and all others.

    Where the scanner lets none pass, the newest stands there with what holds it back.
    """
    found = keeping.of(reader(), paper)
    newest = keeping.newest(reader(), paper) or next(iter(found), None)
    return {
        "address": _address(paper),
        "newest": _version(newest) if newest else None,
        "may_add": keeping.may_add(actor(), paper),
    }


def address_of(decision: Decision) -> str:
    """Where a decision's signed file is shown, if anybody has brought one."""
    return _address(decision) if keeping.of(reader(), decision) else ""


def newest_sha256(paper: Paper) -> str:
    """The hash of the newest signed file that may be opened, or nothing."""
    found = keeping.newest(reader(), paper)
    return found.sha256 if found else ""


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
    """Store, scan and examine it before the transaction; take its bytes back if it is not kept."""
    sent = form.file.data
    stored = files.store(cast("BinaryIO", sent.stream), sent.filename or "", uploads())
    try:
        verdict = _scanned(stored)
        report = keeping.examine(
            stored,
            paper,
            uploads(),
            roots=_roots(),
            is_confirmed=form.confirmed.data,
            now=now(),
        )
        kept = _kept(paper, stored, report, verdict)
    except BaseException:
        files.discard(stored, uploads())
        raise
    if kept != stored.token:  # the very same file was there
        files.discard(stored, uploads())


def _scanned(stored: StoredFile) -> Verdict | None:
    """What the scanner says at once; None where there is none, or it is away: then files wait.

    Raises InfectedPaper and UnjudgedPaper: such a file is not even read.
    """
    asked = scanner()
    if asked is None:
        return None
    seconds = scanning.SECONDS_AT_ONCE
    verdict = scanning.ask(asked, stored.token, uploads(), seconds=seconds)
    if verdict is None or verdict.state == ScanState.CLEAN:
        return verdict
    if verdict.state == ScanState.INFECTED:
        raise InfectedPaper(name=stored.file_name, finding=verdict.finding)
    raise UnjudgedPaper(name=stored.file_name)


def _kept(paper: Paper, stored: StoredFile, report: Report, verdict: Verdict | None) -> str:
    with transaction() as session:
        own = (
            session.get_one(Decision, paper.id)
            if isinstance(paper, Decision)
            else session.get_one(Proposal, paper.id)
        )
        row = keeping.add(
            session,
            own,
            stored,
            report,
            actor=actor(),
            now=now(),
            is_to_be_scanned=scanner() is not None,
        )
        if verdict is not None:
            keeping.settle(session, row, verdict, now=now())
        return row.token


def _record(row: SignedPaper) -> None:
    if row.proposal_id is not None:
        reads.record(ReadKind.FILE_DOWNLOADED, proposal=row.proposal_id, signed=row.id)
    else:
        reads.record(ReadKind.FILE_DOWNLOADED, decision=row.decision_id, signed=row.id)


def _page(paper: Paper, form: SignedPaperForm, *, asks: bool = False) -> str:
    newest = keeping.newest(reader(), paper)
    versions = [
        _version(row) | {"is_newest": row is newest} for row in keeping.of(reader(), paper)
    ]
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
        "is_clean": row.is_clean,
        "scan_state": row.scan_state,
        "scan_finding": row.scan_finding,
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
