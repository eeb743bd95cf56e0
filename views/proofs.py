"""For auditors: signed checkpoints of the history's log, and proofs against them.

What is shown here as holding was tried on our own server; whoever does not trust it takes the file
and tools/verify_history.py.
"""

import io
import json
from typing import Any

from flask import (
    Blueprint,
    Response,
    abort,
    flash,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue
from sqlalchemy import func, select

from awards import access, nominations
from awards.listings import PAGE
from awards.messages import checkpoint_letters
from awards.names import EVENTS
from languages import gettext as _
from models.awards import Nomination
from models.log import Checkpoint
from models.reads import ReadKind
from views import reads
from views.downloads import inert
from views.guards import allow
from views.interests import declared_first
from views.parsing import Pages, page_number, row_number
from views.web import actor, reader
from views.wording import sentence, told
from workflows import bundles, checkpoints, notes
from workflows import proofs as found
from workflows.checkpoints import Consistency, Verdict
from workflows.errors import UnreadableNote
from workflows.words import N_

proofs = Blueprint("proofs", __name__)
_LONGEST_NOTE = 2_000
_VERDICTS = {
    Verdict.CONTAINED: N_(
        "Nhật ký của hệ thống chứa điểm kiểm tra này: lịch sử tới đó không bị sửa."
    ),
    Verdict.DIFFERENT: N_(
        "Nhật ký của hệ thống khác với điểm kiểm tra này: lịch sử đã bị viết lại, hoặc có hai "
        "nhật ký khác nhau được đưa cho hai người. Giữ nguyên điểm kiểm tra và báo ngay."
    ),
    Verdict.UNKNOWN_KEY: N_(
        "Điểm kiểm tra này không được ký bằng khóa nào của hệ thống: hoặc chép sai, hoặc giả mạo."
    ),
    Verdict.NOT_OURS: N_("Đây là điểm kiểm tra của một nhật ký khác."),
    Verdict.BEYOND: N_(
        "Nhật ký của hệ thống ngắn hơn điểm kiểm tra này: phần cuối đã bị cắt, hoặc vừa khôi phục "
        "từ một bản sao lưu cũ. Giữ nguyên điểm kiểm tra và báo ngay."
    ),
}


@proofs.get("/history/checkpoints")
@allow(access.audits)
def index() -> str:
    """Every checkpoint, the newest first; and what our log says of one from elsewhere."""
    total = reader().scalar(select(func.count(Checkpoint.size))) or 0
    number = page_number()
    query = select(Checkpoint).order_by(Checkpoint.size.desc())
    rows = reader().scalars(query.offset((number - 1) * PAGE).limit(PAGE)).all()
    sent = checkpoint_letters.receivers(reader(), [row.size for row in rows])
    newest = checkpoints.newest(reader())
    pasted = request.args.get("note", "").replace("\0", "")[:_LONGEST_NOTE]
    return render_template(
        "history/checkpoints.html",
        rows=[_row(row, sent) for row in rows],
        newest=newest and _row(newest, sent),
        keys=[
            {
                "verifier": notes.verifier(key.name, key.public_key),
                "since": key.first_used_at,
            }
            for key in reversed(checkpoints.keys(reader()))
        ],
        pasted=pasted,
        verdict=_judge(pasted) if pasted.strip() else None,
        page=Pages(number, total),
    )


@proofs.get("/history/checkpoints/<int:size>.txt")
@allow(access.audits)
def download(size: int) -> ResponseReturnValue:
    """A checkpoint as a signed note, to keep somewhere else."""
    checkpoint = reader().get(Checkpoint, size)
    if checkpoint is None:
        return _none_such()
    text = str(checkpoints.note(checkpoint))
    return _file(text, "text/plain", f"diem-kiem-tra-{size}.txt")


@proofs.get("/history/consistency")
@allow(access.audits)
def consistency() -> str:
    """Whether the log of one checkpoint begins with that of another."""
    proved = _between()
    return render_template(
        "history/consistency.html",
        old=request.args.get("old", ""),
        new=request.args.get("new", ""),
        found=proved and {
            "old": _row(proved.old, {}),
            "new": _row(proved.new, {}),
            "holds": proved.holds,
            "proof": [one.hex() for one in proved.proof],
        },
    )  # fmt: skip


@proofs.get("/history/consistency.json")
@allow(access.audits)
def consistency_file() -> ResponseReturnValue:
    """That proof, for whoever wants to try it with a program of their own."""
    proved = _between()
    if proved is None:
        return _none_such()
    name = f"tiep-noi-{proved.old.size}-{proved.new.size}.json"
    return _json(found.consistency_json(proved), name)


@proofs.get("/nominations/<code>/history/<int:sequence>/proof")
@allow(access.audits)
def show(code: str, sequence: int) -> ResponseReturnValue:
    """Where an event of a nomination stands in the log, and the proof."""
    nomination = _seen(code)
    proof = found.of_event(reader(), code, sequence)
    if proof is None and sequence > nomination.instance.history_length:
        abort(404)
    return render_template(
        "history/proof.html",
        code=code,
        sequence=sequence,
        proof=proof and {
            "kind": told(EVENTS[proof.event.kind]),
            "at": proof.event.at,
            "hash": proof.event.hash,
            "place": proof.place,
            "leaf": proof.leaf.hex(),
            "steps": [one.hex() for one in proof.proof],
            "holds": proof.holds,
            "checkpoint": _row(proof.checkpoint, {}),
        },
    )  # fmt: skip


@proofs.get("/nominations/<code>/history/<int:sequence>/proof.json")
@allow(access.audits)
def show_file(code: str, sequence: int) -> ResponseReturnValue:
    """That proof, for whoever wants to try it with a program of their own."""
    _seen(code)
    proof = found.of_event(reader(), code, sequence)
    if proof is None:
        return redirect(url_for("proofs.show", code=code, sequence=sequence), 303)
    return _json(proof.as_json(), f"bang-chung-{code}-{sequence}.json")


@proofs.get("/nominations/<code>/history/bundle.jsonl")
@allow(access.audits)
def bundle(code: str) -> ResponseReturnValue:
    """Everything that proves one nomination's history, for tools/verify_history.py."""
    nomination = _seen(code)
    file = io.BytesIO()
    bundles.write(reader(), file, instances=[nomination.instance_id])
    return _file(file.getvalue(), "application/jsonl", f"lich-su-{code}.jsonl")


def _seen(code: str) -> Nomination:
    """The nomination, once it is written that somebody looks at its history."""
    nomination = nominations.find(reader(), code)
    if nomination is None or not access.may_see(actor(), nomination):
        abort(404)
    declared_first(nomination)
    reads.record(ReadKind.HISTORY_OPENED, nomination)
    return nomination


def _between() -> Consistency | None:
    sizes = [row_number(request.args.get(name, "")) for name in ("old", "new")]
    old, new = (reader().get(Checkpoint, size) for size in sizes)
    return None if old is None or new is None else checkpoints.between(reader(), old, new)


def _judge(pasted: str) -> dict[str, Any]:
    try:
        verdict = checkpoints.judge(reader(), notes.read(pasted))
    except UnreadableNote as error:
        return {"holds": False, "sentence": sentence(error)}
    return {"holds": verdict == Verdict.CONTAINED, "sentence": told(_VERDICTS[verdict])}


def _row(checkpoint: Checkpoint, sent: dict[int, int]) -> dict[str, Any]:
    return {
        "size": checkpoint.size,
        "root": checkpoint.root.hex(),
        "signed_at": checkpoint.signed_at,
        "key": checkpoint.key_id,
        "sent": sent.get(checkpoint.size, 0),
    }


def _none_such() -> ResponseReturnValue:
    flash(_("Không có điểm kiểm tra này."), "error")
    return redirect(url_for("proofs.index"), 303)


def _json(content: dict[str, object], name: str) -> Response:
    text = json.dumps(content, ensure_ascii=False, indent=1)
    return _file(text, "application/json", name)


def _file(content: str | bytes, kind: str, name: str) -> Response:
    response = Response(content, mimetype=kind)
    response.headers.set("Content-Disposition", "attachment", filename=name)
    return inert(response)
