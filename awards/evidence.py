"""What must agree with the history: the nomination itself, remarks, files and certificates."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from awards import files as on_disk
from awards.erasures import Request
from awards.signed import keeping
from models.awards import Nomination, Nominee
from models.base import ERASED
from models.certificates import Certificate
from models.erasures import Erasure
from models.history import EventKind, HistoryEvent
from models.papers import Attachment, Comment, ScanState
from models.process import ProcessInstance
from models.signed_papers import SignedPaper
from models.tasks import Submission
from workflows import history
from workflows.canonical import NO_SALT, salted
from workflows.words import N_

Found = tuple[int, str] | None


@history.evidence
def nomination(
    session: Session, instance: ProcessInstance, events: Sequence[HistoryEvent]
) -> Found:
    """One nomination stands on this history, and it is the one the history speaks of."""
    query = select(Nomination.code).where(Nomination.instance_id == instance.id)
    if session.scalars(query).all() == [instance.business_key]:
        return None
    return len(events), N_("Hồ sơ không còn gắn với lịch sử của chính nó.")


@history.evidence
def remarks(
    session: Session, instance: ProcessInstance, events: Sequence[HistoryEvent]
) -> Found:
    """Every remark says what it said, and none was slipped in."""
    query = select(Comment).join(Nomination, Nomination.id == Comment.nomination_id)
    rows = {
        row.id: row
        for row in session.scalars(query.where(Nomination.instance_id == instance.id))
    }
    gone = history.erased(events, "comments")
    for event in _of(events, EventKind.COMMENT_ADDED):
        told = history.details(event)
        row = rows.pop(int(str(told["comment"])), None)
        if row is None or not _says(row, told["digest"], row.id in gone):
            return event.sequence, N_("Ý kiến trao đổi này đã bị sửa hoặc bị xóa.")
    return (
        (len(events), N_("Có ý kiến trao đổi không được ghi vào lịch sử."))
        if rows
        else None
    )


@history.evidence
def erasures(
    session: Session, instance: ProcessInstance, events: Sequence[HistoryEvent]
) -> Found:
    """Words were erased by acts that are told of, for the reason that was given."""
    query = select(Erasure).join(Nomination, Nomination.id == Erasure.nomination_id)
    rows = {
        row.id: row
        for row in session.scalars(query.where(Nomination.instance_id == instance.id))
    }
    for event in _of(events, EventKind.WORDS_ERASED):
        told = history.details(event)
        row = rows.pop(int(str(told["erasure"])), None)
        said = row and Request(row.legal_ground, row.reason).digest(row.salt)
        if row is None or (row.digest, said) != (told["digest"], told["digest"]):
            return event.sequence, N_("Lý do xóa dữ liệu đã bị sửa hoặc bị xóa.")
    if rows:
        return len(events), N_("Có việc xóa dữ liệu không được ghi vào lịch sử.")
    return None


@history.evidence
def files(
    session: Session, instance: ProcessInstance, events: Sequence[HistoryEvent]
) -> Found:
    """Every file is the one that was attached, and stands as acts and scanner have left it."""
    query = select(Attachment).join(Nomination, Nomination.id == Attachment.nomination_id)
    rows = {
        row.id: row
        for row in session.scalars(query.where(Nomination.instance_id == instance.id))
    }
    removed = {
        history.details(event)["attachment"]
        for event in _of(events, EventKind.FILE_REMOVED)
    }
    scans = {
        told.get("attachment"): told["scan"]
        for told in map(history.details, _of(events, EventKind.FILE_SCANNED))
    }
    for event in _of(events, EventKind.FILE_ATTACHED):
        told = history.details(event)
        row = rows.pop(int(str(told["attachment"])), None)
        if row is None or row.sha256 != told["sha256"]:
            return event.sequence, N_("Giấy tờ này đã bị sửa hoặc bị xóa.")
        if row.scan_state != scans.get(row.id, told.get("scan", ScanState.CLEAN)):
            return event.sequence, N_("Kết quả quét vi-rút của giấy tờ này đã bị sửa.")
        if (row.removed_at is not None) != (row.id in removed):
            return event.sequence, N_("Giấy tờ này bị gỡ hoặc khôi phục ngoài hệ thống.")
    return (len(events), N_("Có giấy tờ không được ghi vào lịch sử.")) if rows else None


def _says(row: Comment, digest: object, is_gone: bool) -> bool:  # noqa: FBT001 - of one remark
    if is_gone:
        return (row.salt, row.text, row.digest) == (NO_SALT, ERASED, digest)
    return salted(row.salt, row.text) == digest


@history.evidence
def identity_number(
    session: Session, instance: ProcessInstance, events: Sequence[HistoryEvent]
) -> Found:
    """The nominee's identity number is the one that was put right last, unless it was erased."""
    corrected = _of(events, EventKind.IDENTITY_CORRECTED)
    if not corrected or _of(events, EventKind.WORDS_ERASED):
        return None
    told = history.details(corrected[-1])
    query = select(Nominee.identity_number).join(Nomination)
    number = session.scalars(query.where(Nomination.instance_id == instance.id)).one()
    entered = session.get(Submission, told["submission"])
    if entered is not None and salted(entered.salt, number) == told["after"]:
        return None
    return corrected[-1].sequence, N_("Số định danh không phải số đã ghi lần cuối.")


@history.evidence
def certificate(
    session: Session, instance: ProcessInstance, events: Sequence[HistoryEvent]
) -> Found:
    """The certificate has the number in the book that was taken for it."""
    query = select(Certificate.number, Certificate.year).join(
        Nomination, Nomination.id == Certificate.nomination_id
    )
    rows = session.execute(query.where(Nomination.instance_id == instance.id)).all()
    kept = [(number, year) for number, year in rows]
    numbered = _of(events, EventKind.CERTIFICATE_NUMBERED)
    told = [(d["number"], d["year"]) for d in map(history.details, numbered)]
    if kept == told:
        return None
    at = numbered[0].sequence if numbered else len(events)
    return at, N_("Số vào sổ cấp bằng không đúng với số đã cấp.")


@history.evidence
def copies(
    session: Session, instance: ProcessInstance, events: Sequence[HistoryEvent]
) -> Found:
    """Every copied file says of which it is a copy, as it was told when it was made."""
    told: dict[int, int] = {}
    for event in _of(events, EventKind.DOSSIER_COPIED):
        made: dict[str, int] = history.details(event)["attachments"]  # type: ignore[assignment] # our own JSON
        told |= {int(id_): source for id_, source in made.items()}
    query = select(Attachment.id, Attachment.copied_from_id).join(Attachment.nomination)
    rows = session.execute(
        query.where(
            Nomination.instance_id == instance.id, Attachment.copied_from_id.is_not(None)
        )
    )
    if {id_: source for id_, source in rows} == told:  # noqa: C416 - rows, not pairs
        return None
    return len(events), N_("Nguồn của giấy tờ chép lại đã bị sửa.")


@history.evidence
def signed_papers(
    session: Session, instance: ProcessInstance, events: Sequence[HistoryEvent]
) -> Found:
    """Every signed file is the one that was brought, in its row and on the disk."""
    rows = {row.id: row for row in keeping.about(session, instance.id)}
    scans = {
        told.get("signed_paper"): told["scan"]
        for told in map(history.details, _of(events, EventKind.FILE_SCANNED))
    }
    for event in _of(events, EventKind.PAPER_SIGNED):
        told = history.details(event)
        row = rows.pop(int(str(told["signed_paper"])), None)
        if row is None or (row.sha256, keeping.digest(row)) != (
            told["sha256"],
            told["digest"],
        ):
            return event.sequence, N_("Văn bản đã ký này bị sửa hoặc bị xóa khỏi sổ.")
        if row.scan_state != scans.get(row.id, told.get("scan", ScanState.CLEAN)):
            return event.sequence, N_("Kết quả quét vi-rút của văn bản đã ký bị sửa.")
        if _on_disk(session, row) != row.sha256:
            return event.sequence, N_("Tệp văn bản đã ký này bị sửa hoặc không còn.")
    return (
        (len(events), N_("Có văn bản đã ký không được ghi vào lịch sử.")) if rows else None
    )


def _on_disk(session: Session, row: SignedPaper) -> str:
    """What the file hashes to: read once a session, though hundreds of histories name it."""
    known: dict[str, str] = session.info.setdefault("signed_files", {})
    if row.token not in known:
        known[row.token] = on_disk.sha256_of(row.token, on_disk.folder_of(session))
    return known[row.token]


def _of(events: Sequence[HistoryEvent], kind: EventKind) -> list[HistoryEvent]:
    return [event for event in events if event.kind == kind]
