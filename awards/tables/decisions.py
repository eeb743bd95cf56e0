"""A decision taken out whole: its papers, whom it awards, and the papers of every dossier.

Whoever has papers to add says so with `part`; the parts are packed in the order they are named.
"""

import io
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import TypeAlias

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from awards import amendments, archives, decisions, files, register, sheets
from awards.archives import Member, Packed
from awards.errors import ArchiveTooLarge
from awards.names import NOMINEE_KINDS
from awards.sheets import Column, Progress, Table
from awards.tables.asking import Asked, Source
from models.awards import Nomination
from models.papers import Attachment, Decision, DecisionEntry, DecisionKind, ScanState
from models.signed_papers import SignedPaper
from workflows.errors import NotAllowed

MAX_BYTES = 2 * 1024**3
Part: TypeAlias = Callable[[Session, Decision], Iterator[Member]]
PARTS: list[Part] = []


def part(make: Part) -> Part:
    """Register papers that belong into the archive of a decision, such as notices of its result."""
    PARTS.append(make)
    return make


def folder_of(session: Session) -> Path:
    """Where archives lie: beside the uploads of the same database."""
    return files.folder_of(session).parent / "archives"


@part
def _papers(session: Session, decision: Decision) -> Iterator[Member]:
    """The decision as it was printed, and what corrected or revoked it."""
    query = select(Decision).where(Decision.refers_to_id == decision.id)
    for one in (decision, *session.scalars(query.order_by(Decision.id))):
        if one.paper_sha256 is not None:
            name = archives.safe(f"{_kind(one)}-{one.number:02}-{one.year}.pdf")
            read = partial(decisions.paper, session, one.id)
            yield Member(f"quyet-dinh/{name}", read, sha256=one.paper_sha256)


@part
def _signed(session: Session, decision: Decision) -> Iterator[Member]:
    """Every version signed elsewhere that may be opened, of it and of what changed it."""
    of_it = (Decision.id == decision.id) | (Decision.refers_to_id == decision.id)
    query = (
        select(SignedPaper, Decision)
        .join(Decision, Decision.id == SignedPaper.decision_id)
        .where(of_it, SignedPaper.scan_state == ScanState.CLEAN)
        .order_by(Decision.id, SignedPaper.version)
    )
    for row, one in session.execute(query):
        name = f"{_kind(one)}-{one.number:02}-{one.year}-ky-so-{row.version}.pdf"
        read = partial(stored, session, row.token)
        yield Member(f"quyet-dinh/{name}", read, row.size, row.sha256)


@part
def _list(session: Session, decision: Decision) -> Iterator[Member]:
    """Whom it awards, as a spreadsheet."""
    if decision.kind == DecisionKind.AWARD:
        yield Member("danh-sach.xlsx", partial(_spreadsheet, session, decision))


@part
def _dossiers(session: Session, decision: Decision) -> Iterator[Member]:
    """The papers of every nomination, paper by paper; what a scanner holds back stays behind."""
    query = (
        select(Nomination.code, Attachment)
        .join(Attachment, Attachment.nomination_id == Nomination.id)
        .join(DecisionEntry, DecisionEntry.nomination_id == Nomination.id)
        .where(DecisionEntry.decision_id == decision.id, Attachment.removed_at.is_(None))
        .order_by(Nomination.code, Attachment.id)
    )
    counted: dict[str, int] = {}
    for code, row in session.execute(query):
        if not row.is_clean:
            continue
        counted[code] = counted.get(code, 0) + 1
        name = archives.safe(f"{counted[code]:02}-{row.item_code}-{row.file_name}")
        read = partial(stored, session, row.token)
        yield Member(f"ho-so/{archives.safe(code)}/{name}", read, row.size, row.sha256)


def papers_of(session: Session, decision: Decision) -> list[Member]:
    """The decision as it was printed and signed, and what changed it."""
    return [*_papers(session, decision), *_signed(session, decision)]


def _count(asked: Asked) -> int:
    """How many files it holds. Raises ArchiveTooLarge."""
    found = members(asked.session, find(asked))
    size = sum(member.size for member in found)
    if size > MAX_BYTES:
        raise ArchiveTooLarge(size=size, limit=MAX_BYTES)
    return len(found)


def _pack(asked: Asked, about: str, progress: Progress | None) -> Packed:
    session, decision = asked.session, find(asked)
    return archives.pack(
        folder_of(session),
        members(session, decision),
        f"{_readme(decision)}{about}",
        now=asked.at,
        progress=progress,
    )


def _tables(asked: Asked) -> Sequence[Table]:
    return [_table(asked.session, find(asked))]


def find(asked: Asked) -> Decision:
    """The decision asked for. Raises NotAllowed."""
    number = asked.filters.get("decision", "")
    found = asked.session.get(Decision, int(number)) if number.isdecimal() else None
    if found is None:
        raise NotAllowed
    return found


def members(session: Session, decision: Decision) -> list[Member]:
    """All that belongs to a decision, part by part."""
    return [member for make in PARTS for member in make(session, decision)]


def stored(session: Session, token: str) -> bytes | None:
    """The bytes of a file in the upload folder; None where it is not there any more."""
    try:
        return files.read(token, files.folder_of(session))
    except OSError:
        return None


def _spreadsheet(session: Session, decision: Decision) -> bytes:
    target = io.BytesIO()
    about = {"Danh sách": f"Quyết định số {decision.symbol}"}
    sheets.write(target, [_table(session, decision)], about)
    return target.getvalue()


def _table(session: Session, decision: Decision) -> Table:
    query = select(Nomination).join(
        DecisionEntry, DecisionEntry.nomination_id == Nomination.id
    )
    query = query.where(DecisionEntry.decision_id == decision.id).order_by(Nomination.id)
    options = [joinedload(Nomination.nominee), joinedload(Nomination.award)]
    found = {n.id: n for n in session.scalars(query.options(*options))}
    standing = amendments.standings(session, decision)
    rows = [(n, found[id_], one) for n, (id_, one) in enumerate(standing.items(), start=1)]
    return Table("Danh sách", _COLUMNS, rows)


_COLUMNS = (
    Column("STT", lambda row: row[0], 6),
    Column("Mã hồ sơ", lambda row: row[1].code, 15),
    Column("Danh xưng", lambda row: row[2].awardee.get("honorific"), 10),
    Column("Tên cá nhân, tập thể, hộ gia đình", lambda row: row[2].awardee["name"], 32),
    Column("Loại", lambda row: NOMINEE_KINDS[row[1].nominee.kind], 12),
    Column("Chức vụ", lambda row: row[2].awardee.get("position"), 24),
    Column("Đơn vị", lambda row: row[2].awardee["unit"], 32),
    Column("Hình thức khen thưởng", lambda row: row[1].award.name, 32),
    Column("Đính chính", lambda row: _symbol(row[2].corrected_by), 20),
    Column("Hủy bỏ", lambda row: _symbol(row[2].revoked_by), 20),
)


def _symbol(decision: Decision | None) -> str:
    return decision.symbol if decision else ""


def _kind(decision: Decision) -> str:
    return {
        DecisionKind.AWARD: "quyet-dinh",
        DecisionKind.CORRECTION: "dinh-chinh",
        DecisionKind.REVOCATION: "huy-bo",
    }[decision.kind]


def _readme(decision: Decision) -> str:
    day = f"{decision.issued_on:%d/%m}/{decision.issued_on.year}"
    return (
        f"QUYẾT ĐỊNH SỐ {decision.symbol}\n"
        f"ngày {day}, {decision.signer_name} ký\n\n"
        "- quyet-dinh/: quyết định như đã in, các bản ký số (số lớn nhất là bản đang dùng),\n"
        "  và các quyết định đính chính, hủy bỏ nếu có.\n"
        "- to-trinh/: các tờ trình làm căn cứ, như đã in và các bản ký số.\n"
        "- thong-bao/: thông báo kết quả cho từng đơn vị, theo mã đơn vị.\n"
        "- danh-sach.xlsx: người và tập thể được khen, như hiện nay.\n"
        "- ho-so/: giấy tờ của từng hồ sơ, theo mã hồ sơ.\n"
        "- SHA256SUMS: mã băm của từng tệp; kiểm tra bằng lệnh sha256sum -c SHA256SUMS.\n\n"
    )


SOURCE = Source(
    title="Toàn bộ quyết định",
    file_name="quyet-dinh",
    may=register.sees_register,
    count=_count,
    tables=_tables,
    pack=_pack,
)
