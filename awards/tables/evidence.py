"""Evidence packs: of one nomination, or of a decision with all of its nominations."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from awards import archives, nominations, packs
from awards.archives import Member, Packed
from awards.errors import ArchiveTooLarge
from awards.sheets import Progress, Table
from awards.tables import decisions
from awards.tables.asking import Asked, Source
from models.awards import Nomination
from models.papers import Decision, DecisionEntry
from workflows.errors import NotAllowed


def seen(asked: Asked) -> Nomination:
    """The nomination whose pack is asked for. Raises NotAllowed."""
    nomination = nominations.find(asked.session, asked.filters.get("code", ""))
    if nomination is None or not packs.may_take(asked.actor, nomination):
        raise NotAllowed
    return nomination


def _of_nomination(asked: Asked) -> list[Member]:
    session, nomination = asked.session, seen(asked)
    found = [
        *packs.of_nomination(asked, nomination),
        *packs.papers_of(session, nomination),
        *packs.proofs(session, packs.instances_of(session, [nomination])),
    ]
    query = select(Decision).join(DecisionEntry)
    decided = query.where(DecisionEntry.nomination_id == nomination.id)
    for decision in session.scalars(decided.order_by(Decision.id)):
        found += decisions.papers_of(session, decision)
    return found


def _of_decision(asked: Asked) -> list[Member]:
    session, decision = asked.session, decisions.find(asked)
    query = (
        select(Nomination)
        .join(DecisionEntry, DecisionEntry.nomination_id == Nomination.id)
        .where(DecisionEntry.decision_id == decision.id)
        .options(
            joinedload(Nomination.instance),
            joinedload(Nomination.nominee),
            joinedload(Nomination.award),
            joinedload(Nomination.movement),
            joinedload(Nomination.unit),
            joinedload(Nomination.block),
        )
        .order_by(Nomination.code)
    )
    rows = session.scalars(query).all()
    found = decisions.members(session, decision)
    for nomination in rows:
        inside = f"ho-so/{archives.safe(nomination.code)}/"
        found += packs.of_nomination(asked, nomination, inside=inside)
    return [*found, *packs.proofs(session, packs.instances_of(session, rows))]


def _checked(members: list[Member]) -> int:
    size = sum(member.size for member in members)
    if size > decisions.MAX_BYTES:
        raise ArchiveTooLarge(size=size, limit=decisions.MAX_BYTES)
    return len(members)


def _pack_nomination(asked: Asked, about: str, progress: Progress | None) -> Packed:
    nomination = seen(asked)
    title = f"HỒ SƠ {nomination.code}: GÓI CHỨNG CỨ\n{nomination.nominee.name}\n"
    return _pack(asked, _of_nomination(asked), f"{title}{packs.README}\n{about}", progress)


def _pack_decision(asked: Asked, about: str, progress: Progress | None) -> Packed:
    decision = decisions.find(asked)
    title = f"QUYẾT ĐỊNH SỐ {decision.symbol}: GÓI CHỨNG CỨ\n"
    inside = "- ho-so/: từng hồ sơ được khen, mỗi hồ sơ một thư mục theo mã; trong đó:\n"
    readme = f"{title}{inside}{packs.README}\n{about}"
    return _pack(asked, _of_decision(asked), readme, progress)


def _pack(
    asked: Asked, members: list[Member], readme: str, progress: Progress | None
) -> Packed:
    folder = decisions.folder_of(asked.session)
    return archives.pack(folder, members, readme, now=asked.at, progress=progress)


def _tables(asked: Asked) -> Sequence[Table]:
    del asked
    return []


NOMINATION = Source(
    title="Gói chứng cứ của hồ sơ",
    file_name="chung-cu-ho-so",
    may=packs.takes_evidence,
    count=lambda asked: _checked(_of_nomination(asked)),
    tables=_tables,
    pack=_pack_nomination,
)
DECISION = Source(
    title="Gói chứng cứ của quyết định",
    file_name="chung-cu-quyet-dinh",
    may=packs.takes_evidence,
    count=lambda asked: _checked(_of_decision(asked)),
    tables=_tables,
    pack=_pack_decision,
)
