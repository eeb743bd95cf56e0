"""A copy of all that is held about a nominee, for that person: one file to open, one for machines.

Whole rows are given, without what is nobody's to see: salts, tokens, and what the same row says
of others. So the paper of a proposal is not: it says of many whether they are worth an award. Nor
are lists that people took out of the system, which say what these rows say.
"""

import io
import json
import zipfile
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import inspect, select
from sqlalchemy.orm import Session

from awards import access, erasures, files, own_rows, text
from models.awards import Nomination, Nominee, NomineeList
from models.base import Base
from models.batches import Batch, BatchItem
from models.certificates import Certificate
from models.erasures import Erasure
from models.examples import Discovery, Story
from models.interests import Interest
from models.messages import Mail, Message
from models.operations import OperatorAct
from models.papers import (
    Attachment,
    Comment,
    Decision,
    DecisionChange,
    DecisionDraft,
    DecisionEntry,
    Notice,
)
from models.process import ProcessInstance
from models.proposals import Proposal, ProposalEntry
from models.reads import ReadEvent
from models.signed_papers import SignedPaper
from models.tasks import Draft, Submission
from workflows.actors import Actor
from workflows.canonical import fresh_salt, salted
from workflows.words import N_

WITHHELD = frozenset({"salt", "token"})
_OF_MANY = ("groups", "left_out", "rows")  # lines of a paper; rows of their own say each
TITLES: dict[type[Base], str] = {
    Nominee: N_("Người được đề nghị"),
    Nomination: N_("Hồ sơ"),
    ProcessInstance: N_("Quá trình xử lý"),
    Submission: N_("Nội dung đã nhập ở các bước"),
    Draft: N_("Bản nháp"),
    Comment: N_("Trao đổi"),
    Attachment: N_("Giấy tờ"),
    Proposal: N_("Tờ trình"),
    ProposalEntry: N_("Có tên trong tờ trình"),
    Decision: N_("Quyết định"),
    DecisionEntry: N_("Có tên trong quyết định"),
    SignedPaper: N_("Bản ký số của quyết định"),
    Certificate: N_("Bằng đã vào sổ"),
    DecisionDraft: N_("Dự thảo đính chính, hủy bỏ"),
    DecisionChange: N_("Đính chính, hủy bỏ"),
    Notice: N_("Thông báo cho đơn vị"),
    Message: N_("Tin báo cho người xử lý"),
    Mail: N_("Thư chưa gửi xong"),
    Interest: N_("Kê khai quan hệ của người xử lý"),
    OperatorAct: N_("Can thiệp của quản trị"),
    Batch: N_("Nội dung nhập cho nhiều hồ sơ"),
    BatchItem: N_("Nội dung nhập riêng cho hồ sơ"),
    NomineeList: N_("Danh sách đã tải lên"),
    Story: N_("Bài điển hình"),
    Discovery: N_("Phát hiện gương tốt"),
    Erasure: N_("Yêu cầu xóa"),
    ReadEvent: N_("Ai đã xem"),
}

Held = Mapping[type[Base], list[dict[str, object]]]


def nominations_of(
    session: Session, nomination: Nomination, *, actor: Actor
) -> list[Nomination]:
    """All nominations of the same person for which the actor may answer."""
    found = erasures.of_person(session, nomination)
    return [one for one in found if access.may_answer_for(actor, one)]


def proof(reason: str) -> str:
    """What the chain of reads keeps of the reason for a copy: that there was one, not its words."""
    return salted(fresh_salt(), reason)


def gather(session: Session, found: Sequence[Nomination]) -> Held:
    """Every row about the nominee of these nominations, as JSON tells it, by table."""
    held: dict[type[Base], list[dict[str, object]]] = {table: [] for table in TITLES}
    for nomination in found:
        for table, rows in own_rows.about(session, nomination).items():
            held[table] += [_told(row, nomination) for row in rows]
    return held


def pack(
    session: Session, found: Sequence[Nomination], held: Held, page: str, folder: Path
) -> bytes:
    """The copy as a ZIP: `du-lieu.html`, `du-lieu.json`, and the files under `giay-to/`."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for nomination in found:
            for name, content in _files(session, nomination, folder):
                archive.writestr(f"giay-to/{name}", content)
        whole = {table.__tablename__: rows for table, rows in held.items()}
        archive.writestr("du-lieu.json", json.dumps(whole, ensure_ascii=False, indent=1))
        archive.writestr("du-lieu.html", page)
    return packed.getvalue()


def _told(row: Base, nomination: Nomination) -> dict[str, object]:
    """A row's columns as JSON, without what it says of others."""
    names = [column.key for column in inspect(row).mapper.column_attrs]
    told = {name: _plain(getattr(row, name)) for name in names if name not in WITHHELD}
    mine = text.fold(nomination.nominee.name)
    if isinstance(row, NomineeList):
        told["rows"] = [one for one in row.rows if own_rows.names(one, mine)]
        del told["errors"], told["content"]  # they speak of others
    if isinstance(row, Decision):
        others = dict(row.content)
        awarded: Any = others.get("awardees", [])
        told["content"] = _without_lines(others) | {
            "awardees": [a for a in awarded if own_rows.names(a, mine)]
        }
        told["paper"] = f"giay-to/quyet-dinh-{row.id}.pdf"
    if isinstance(row, SignedPaper):
        told["paper"] = f"giay-to/ban-ky-{row.id}.pdf"
    if isinstance(row, Proposal):
        told["content"] = _without_lines(row.content)
        del told["paper"]
    if isinstance(row, DecisionDraft):
        told["rows"] = {str(nomination.id): row.rows[str(nomination.id)]}
    return told


def _without_lines(content: Mapping[str, object]) -> dict[str, object]:
    return {name: said for name, said in content.items() if name not in _OF_MANY}


def _files(
    session: Session, nomination: Nomination, folder: Path
) -> list[tuple[str, bytes]]:
    """The papers and the decisions, under names that differ."""
    attached = select(Attachment).where(Attachment.nomination_id == nomination.id)
    found = [
        (f"{row.id}-{row.file_name}", files.path_of(row.token, folder).read_bytes())
        for row in session.scalars(attached)
        if not row.is_erased and files.path_of(row.token, folder).exists()
    ]
    papers = select(Decision.id, Decision.paper).where(
        Decision.id.in_(own_rows.decisions(nomination.id)), Decision.paper.is_not(None)
    )
    found += [
        (f"quyet-dinh-{id_}.pdf", bytes(paper or b""))
        for id_, paper in session.execute(papers)
    ]
    signed = select(SignedPaper).where(
        SignedPaper.decision_id.in_(own_rows.decisions(nomination.id))
    )
    return found + [
        (f"ban-ky-{row.id}.pdf", files.path_of(row.token, folder).read_bytes())
        for row in session.scalars(signed)
    ]


def _plain(value: object) -> object:
    if isinstance(value, bytes):
        return value.hex()
    return value.isoformat() if isinstance(value, date | datetime) else value
