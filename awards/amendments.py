"""Corrections (đính chính) and revocations (hủy bỏ): decisions that point back to another.

One person prepares, the Chairman signs, the records clerk numbers. What was printed stays as it is;
what holds now is read from the decisions that came later. Revocation: Luật Thi đua, khen thưởng
2022, Điều 93; it is per awardee, and what relied on the award is listed, never undone by itself.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session, joinedload

from awards import access, decisions, papers
from awards.errors import BadAmendment, NoSigner
from awards.province import HUNG_YEN
from models.awards import Nomination, Nominee
from models.history import EventKind
from models.organisation import Role
from models.papers import (
    Decision,
    DecisionChange,
    DecisionDraft,
    DecisionEntry,
    DecisionKind,
    Notice,
    NoticeKind,
)
from workflows import commands, history, instances
from workflows.actors import Actor
from workflows.errors import NotAllowed, SamePerson, TaskChanged
from workflows.words import N_

FIELDS = ("name", "position", "unit")
"""What a correction may correct of an awardee, as it was printed."""

Rows = Mapping[int, Mapping[str, str]]
"""By nomination: how the fields that change are to read; a revocation has none."""


@dataclass(frozen=True, slots=True)
class Standing:
    """How an awardee of a decision stands today: as printed, corrected, or revoked."""

    awardee: dict[str, str]
    corrected_by: Decision | None
    revoked_by: Decision | None


def prepares(actor: Actor) -> bool:
    """Who prepares corrections and revocations: the department, and the records clerk."""
    return actor.has(*access.DEPARTMENT, Role.RECORDS_CLERK)


def prepare(
    session: Session,
    decision_id: int,
    kind: DecisionKind,
    rows: Rows,
    *,
    reason: str,
    actor: Actor,
    command_key: str,
    now: datetime,
) -> DecisionDraft:
    """Put a correction or a revocation before the Chairman. The same command key gives it again.

    Raises NotAllowed, and BadAmendment when it says nothing, or is about somebody the decision does
    not award, or not any more.
    """
    if not prepares(actor):
        raise NotAllowed
    command = commands.take(session, command_key, kind="amend", actor=actor, now=now)
    if command is None:
        return session.get_one(DecisionDraft, commands.subject_of(session, command_key))
    _check(session, decision_id, kind, rows)
    draft = DecisionDraft(
        kind=kind,
        refers_to_id=decision_id,
        rows={str(id_): dict(fields) for id_, fields in rows.items()},
        reason=reason,
        prepared_by=actor.id,
        prepared_at=now,
    )
    session.add(draft)
    session.flush()
    command.subject_id = draft.id
    session.flush()
    return draft


def sign(session: Session, draft_id: int, *, actor: Actor, now: datetime) -> DecisionDraft:
    """The Chairman signs what another has prepared. Signing twice changes nothing."""
    draft = _locked(session, draft_id)
    post = actor.post_for(Role.CHAIRMAN.value)
    if post is None:
        raise NotAllowed
    if draft.prepared_by == actor.id:
        raise SamePerson(N_("Người chuẩn bị không ký."))
    if draft.declined_at is not None:
        raise TaskChanged
    if draft.signed_at is None:
        draft.signed_by, draft.signer_post_id, draft.signed_at = actor.id, post.id, now
    session.flush()
    return draft


def decline(session: Session, draft_id: int, *, actor: Actor, now: datetime) -> None:
    """The Chairman does not sign, or whoever prepared it takes it back, before it is signed."""
    draft = _locked(session, draft_id)
    if not actor.has(Role.CHAIRMAN) and draft.prepared_by != actor.id:
        raise NotAllowed
    if draft.signed_at is not None:
        raise TaskChanged
    draft.declined_at = draft.declined_at or now
    session.flush()


def issue(session: Session, draft_id: int, *, actor: Actor, now: datetime) -> Decision:
    """Number what was signed, print it, and tell every nomination and its unit.

    Issuing twice gives the decision of the first time.
    """
    draft = _locked(session, draft_id)
    if not actor.has(Role.RECORDS_CLERK):
        raise NotAllowed
    if draft.decision_id is not None:
        return session.get_one(Decision, draft.decision_id)
    if draft.signed_at is None or draft.signer_post_id is None:
        raise NoSigner
    rows: dict[int, dict[str, str]] = {int(k): v for k, v in draft.rows.items()}  # type: ignore[misc] # our own JSON
    _check(session, draft.refers_to_id, draft.kind, rows)
    printed = {s.nomination_id: s for s in _entries(session, draft.refers_to_id)}
    before = standings(session, draft.refers_to)
    decision = decisions.numbered(
        session,
        draft.kind,
        _content(draft, rows, before),
        signer_post_id=draft.signer_post_id,
        issued_by=actor,
        now=now,
    )
    decision.refers_to = draft.refers_to
    decision.changes = [
        DecisionChange(
            nomination=printed[id_].nomination, read=before[id_].awardee, reads=reads
        )
        for id_, reads in rows.items()
    ]
    decisions.print_on(session, decision, words(decision))
    draft.decision_id = decision.id
    for id_ in sorted(rows):
        _tell(session, printed[id_].nomination, decision, draft.reason, actor, now)
    session.flush()
    return decision


def cancel(
    session: Session, decision_id: int, *, reason: str, actor: Actor, now: datetime
) -> Decision:
    """Cancel a number that was taken by mistake; it stays in the register and is not used again.

    Only a decision that awards nobody any more, or corrects nobody, may lose its number so.
    """
    query = select(Decision).where(Decision.id == decision_id).with_for_update()
    decision = session.scalars(query).one()
    if not actor.has(Role.RECORDS_CLERK):
        raise NotAllowed
    if decision.kind != DecisionKind.AWARD:
        raise BadAmendment(
            N_("Quyết định đính chính, hủy bỏ thì sửa bằng quyết định khác.")
        )
    if any(one.revoked_by is None for one in standings(session, decision).values()):
        raise BadAmendment(N_("Còn người được khen theo quyết định này: hủy bỏ trước."))
    if decision.cancelled_at is None:
        decision.cancelled_at, decision.cancelled_by = now, actor.id
        decision.cancel_reason = reason
    session.flush()
    return decision


def standings(session: Session, decision: Decision) -> dict[int, Standing]:
    """Every awardee of a decision as things stand now, by nomination."""
    printed: list[dict[str, str]] = list(decision.content["awardees"])  # type: ignore[call-overload] # our own JSON
    in_order = _in_order(decision.entries)
    found = {
        int(awardee.get("nomination") or entry.nomination_id): Standing(awardee, None, None)
        for entry, awardee in zip(in_order, printed, strict=True)
    }
    query = (
        select(DecisionChange)
        .join(DecisionChange.decision)
        .where(Decision.refers_to_id == decision.id)
        .options(joinedload(DecisionChange.decision))
        .order_by(Decision.issued_at, Decision.id)
    )
    for change in session.scalars(query):
        one = found[change.nomination_id]
        if change.decision.kind == DecisionKind.REVOCATION:
            found[change.nomination_id] = Standing(
                one.awardee, one.corrected_by, change.decision
            )
        else:
            reads = {k: str(v) for k, v in change.reads.items()}
            found[change.nomination_id] = Standing(
                one.awardee | reads, change.decision, one.revoked_by
            )
    return found


def relying(session: Session, nomination: Nomination) -> Sequence[Nomination]:
    """Later nominations of the same person or collective: what may have relied on this award."""
    nominee = nomination.nominee
    same_birth = (
        Nominee.birth_date == nominee.birth_date
        if nominee.birth_date
        else or_(Nominee.birth_date.is_(None), Nomination.unit_id == nomination.unit_id)
    )
    query = (
        select(Nomination)
        .join(Nomination.nominee)
        .where(
            and_(Nominee.name == nominee.name, Nominee.kind == nominee.kind, same_birth),
            Nomination.id > nomination.id,
        )
        .options(joinedload(Nomination.award), joinedload(Nomination.unit))
        .order_by(Nomination.id)
    )
    return session.scalars(query).all()


def waiting(session: Session) -> Sequence[DecisionDraft]:
    """What was prepared and is not issued, the oldest first."""
    query = (
        select(DecisionDraft)
        .where(DecisionDraft.decision_id.is_(None), DecisionDraft.declined_at.is_(None))
        .options(joinedload(DecisionDraft.refers_to))
        .order_by(DecisionDraft.id)
    )
    return session.scalars(query).all()


def paper_of(decision: Decision) -> papers.AmendmentPaper:
    """The words of a correction or a revocation."""
    content = decision.content
    changed = decision.refers_to
    assert changed is not None  # noqa: S101 - it points back
    return papers.AmendmentPaper(
        is_revocation=decision.kind == DecisionKind.REVOCATION,
        issuer_lines=HUNG_YEN.issuer_lines,
        authority=HUNG_YEN.authority,
        place=HUNG_YEN.place,
        number=decision.number,
        suffix=decision.suffix,
        issued_on=decision.issued_on,
        changed=changed.symbol,
        changed_on=changed.issued_on,
        reason=str(content["reason"]),
        rows=tuple((str(a), str(b), str(c)) for a, b, c in content["rows"]),  # type: ignore[attr-defined] # our own JSON
        department=HUNG_YEN.department,
        signer_name=decision.signer_name,
        is_deputy=decision.signer_is_deputy,
        recipients=HUNG_YEN.recipients,
        drafter=HUNG_YEN.drafter,
        check_at=decisions.check_address(decision),
    )


def words(decision: Decision) -> dict[str, Any]:
    """What a decision of any kind says on paper."""
    if decision.kind == DecisionKind.AWARD:
        return papers.decision_words(decisions.paper_of(decision, HUNG_YEN))
    return papers.amendment_words(paper_of(decision))


def _check(session: Session, decision_id: int, kind: DecisionKind, rows: Rows) -> None:
    decision = session.get_one(Decision, decision_id)
    if decision.kind != DecisionKind.AWARD or decision.cancelled_at is not None:
        raise BadAmendment(
            N_("Chỉ đính chính, hủy bỏ quyết định khen thưởng còn hiệu lực.")
        )
    if not rows:
        raise BadAmendment(N_("Chọn ít nhất một người hoặc tập thể."))
    found = standings(session, decision)
    for id_, reads in rows.items():
        if id_ not in found or found[id_].revoked_by is not None:
            raise BadAmendment(N_("Có người không còn được khen theo quyết định này."))
        if kind == DecisionKind.CORRECTION and not _differs(found[id_].awardee, reads):
            raise BadAmendment(N_("Nội dung đính chính giống nội dung đã in."))


def _differs(awardee: Mapping[str, str], reads: Mapping[str, str]) -> bool:
    return any(awardee.get(name, "") != text for name, text in reads.items())


def _content(
    draft: DecisionDraft, rows: Rows, before: Mapping[int, Standing]
) -> dict[str, object]:
    lines = [
        [
            _printed(before[id_].awardee),
            before[id_].awardee["unit"],
            _printed(before[id_].awardee | dict(reads)),
        ]
        for id_, reads in rows.items()
    ]
    return {
        "reason": draft.reason,
        "rows": lines,
        "award": draft.refers_to.content["award"],
    }


def _printed(awardee: Mapping[str, str]) -> str:
    name = f"{awardee.get('honorific', '')} {awardee['name']}".strip()
    return ", ".join(filter(None, [name, awardee.get("position", ""), awardee["unit"]]))


def _tell(
    session: Session,
    nomination: Nomination,
    decision: Decision,
    reason: str,
    actor: Actor,
    now: datetime,
) -> None:
    is_revoked = decision.kind == DecisionKind.REVOCATION
    instance = instances.lock(session, nomination.instance_id)
    history.append(
        session,
        instance,
        EventKind.AWARD_REVOKED if is_revoked else EventKind.AWARD_CORRECTED,
        actor=actor,
        post=actor.post_for(Role.RECORDS_CLERK.value),
        now=now,
        decision=decision.id,
        paper_sha256=decision.paper_sha256,
    )
    session.add(
        Notice(
            kind=NoticeKind.REVOKED if is_revoked else NoticeKind.CORRECTED,
            nomination=nomination,
            unit_code=nomination.unit.kept_by.code,
            reason=reason,
            created_at=now,
        )
    )


def _entries(session: Session, decision_id: int) -> Sequence[DecisionEntry]:
    query = select(DecisionEntry).where(DecisionEntry.decision_id == decision_id)
    options = joinedload(DecisionEntry.nomination).joinedload(Nomination.unit)
    return session.scalars(query.options(options)).all()


def _in_order(entries: Sequence[DecisionEntry]) -> list[DecisionEntry]:
    """As papers print them that do not say whom each line is about, as the first ones did not."""
    return sorted(entries, key=lambda entry: entry.nomination.nominee.sort_key)


def _locked(session: Session, draft_id: int) -> DecisionDraft:
    query = select(DecisionDraft).where(DecisionDraft.id == draft_id).with_for_update()
    return session.scalars(query.execution_options(populate_existing=True)).one()
