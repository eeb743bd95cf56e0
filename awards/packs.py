"""What an evidence pack holds of nominations: story, what was entered, events, papers, proofs.

Whoever receives it needs nothing of ours: README.txt says in Vietnamese what each file is, and
`chung-minh/verify_history.py` checks the events with Python alone.
"""

import io
import json
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from awards import access, archives, files, people, sheets, story_papers
from awards.archives import Member
from awards.names import OUTCOMES
from awards.papers import UnprintableText, compile_paper
from awards.tables import events
from awards.tables.asking import Asked
from models.awards import Nomination, Outcome
from models.organisation import Role
from models.papers import Attachment
from models.process import ProcessInstance
from models.proposals import Proposal, ProposalEntry
from models.signed_papers import SignedPaper
from models.tasks import Submission
from workflows import bundles, calendar, checkpoints, deployments, submissions
from workflows.actors import Actor

TOOL = Path(__file__).parents[1] / "tools" / "verify_history.py"
BUNDLE = "chung-minh/lich-su.jsonl"
README = """
- dien-bien.pdf: diễn biến hồ sơ, mỗi bước vì sao chuyển tới đó.
- noi-dung.txt: nội dung đã nhập ở từng bước, đọc được.
- noi-dung.json: như trên, nguyên văn, kèm muối (salt) và mã băm. SHA-256 của muối nối với nội dung
  (JSON, khóa xếp theo thứ tự chữ, không dấu cách) phải bằng mã băm nằm trong sự kiện của bước đó.
- su-kien.xlsx: mọi sự kiện, kèm mã băm và nội dung đã băm.
- giay-to/: giấy tờ đơn vị đính kèm.
- to-trinh/: các tờ trình có hồ sơ này, bản in và bản ký số.
- chung-minh/lich-su.jsonl: các sự kiện và chứng minh rằng chúng nằm trong nhật ký đã ký.
- chung-minh/diem-kiem-tra.txt: điểm kiểm tra mới nhất của nhật ký, có chữ ký.
- chung-minh/verify_history.py: chương trình kiểm tra, chỉ cần Python 3, không cần mạng.
- SHA256SUMS: mã băm của từng tệp; kiểm tra bằng lệnh sha256sum -c SHA256SUMS.

CÁCH KIỂM TRA
1. Mở cửa sổ lệnh ở thư mục vừa giải nén, chạy:
   python3 chung-minh/verify_history.py chung-minh/lich-su.jsonl
2. Dòng cuối nói lịch sử nguyên vẹn hay đã bị sửa, sửa ở sự kiện nào.
3. Để không phải tin máy chủ đã cấp gói này: thêm --checkpoint và một điểm kiểm tra mà thanh tra đã
   nhận qua thư từ trước, hoặc --key và khóa công khai đã biết.
"""
_MARK = "?"
_LABELS = {
    "outcome": "Kết quả",
    "reason": "Lý do",
    "opinion": "Ý kiến",
    "items": "Cần bổ sung",
    "supplement_by": "Hạn bổ sung",
    "achievements": "Thành tích",
    "nominee_name": "Tên",
    "nominee_kind": "Loại đối tượng",
    "honorific": "Danh xưng",
    "position": "Chức vụ",
    "papers": "Giấy tờ",
    "paper": "Văn bản",
}
_TAKERS = (
    Role.AUDITOR,
    Role.PROCESS_ADMIN,
    Role.COUNCIL_MEMBER,
    Role.DEPARTMENT_HEAD,
    Role.CHAIRMAN,
)


def takes_evidence(actor: Actor) -> bool:
    """Those who audit, those who advise on the whole, and the heads who answer for it."""
    return actor.has(*_TAKERS)


def of_nomination(
    asked: Asked, nomination: Nomination, *, inside: str = ""
) -> Iterator[Member]:
    """Everything of one nomination but its proofs, under a folder inside the archive."""
    session = asked.session
    yield Member(f"{inside}dien-bien.pdf", partial(_story, asked, nomination))
    entries = submissions.of(session, nomination.instance_id)
    yield Member(f"{inside}noi-dung.txt", partial(_readable, session, nomination, entries))
    yield Member(f"{inside}noi-dung.json", partial(_verbatim, entries))
    yield Member(f"{inside}su-kien.xlsx", partial(_events, asked, nomination))


def papers_of(session: Session, nomination: Nomination) -> Iterator[Member]:
    """What the unit attached, and the proposals it was in; no file that a scanner holds back."""
    for number, row in enumerate(files.of(session, nomination.id), start=1):
        if row.is_clean and not row.is_erased:
            name = archives.safe(f"{number:02}-{row.item_code}-{row.file_name}")
            yield Member(f"giay-to/{name}", _stored(session, row), row.size, row.sha256)
    query = (
        select(Proposal)
        .join(ProposalEntry, ProposalEntry.proposal_id == Proposal.id)
        .where(
            ProposalEntry.nomination_id == nomination.id, Proposal.signed_at.is_not(None)
        )
        .order_by(Proposal.signed_at)
    )
    for proposal in session.scalars(query):
        yield from _proposal(session, proposal)


def proofs(session: Session, instances: Sequence[int]) -> Iterator[Member]:
    """The bundle of these process instances, the newest checkpoint, and what verifies them."""
    yield Member(BUNDLE, partial(_bundle, session, instances))
    if newest := checkpoints.newest(session):
        note = str(checkpoints.note(newest))
        yield Member("chung-minh/diem-kiem-tra.txt", note.encode)
    yield Member(f"chung-minh/{TOOL.name}", TOOL.read_bytes, TOOL.stat().st_size)


def instances_of(session: Session, nominations: Sequence[Nomination]) -> list[int]:
    """The ids of their process instances."""
    ids = [nomination.instance_id for nomination in nominations]
    query = select(ProcessInstance.id).where(ProcessInstance.id.in_(ids))
    return list(session.scalars(query.order_by(ProcessInstance.id)))


def _proposal(session: Session, proposal: Proposal) -> Iterator[Member]:
    name = archives.safe(f"{proposal.symbol.replace('/', '-')}-{proposal.year}")
    if proposal.paper is not None:
        paper = proposal.paper
        sha256 = proposal.paper_sha256 or ""
        yield Member(f"to-trinh/{name}.pdf", lambda: paper, len(paper), sha256)
    query = select(SignedPaper).where(SignedPaper.proposal_id == proposal.id)
    for row in session.scalars(query.order_by(SignedPaper.version)):
        path = f"to-trinh/{name}-ky-so-{row.version}.pdf"
        yield Member(path, _stored(session, row), row.size, row.sha256)


def _stored(session: Session, row: Attachment | SignedPaper) -> Callable[[], bytes | None]:
    token, folder = row.token, files.folder_of(session)

    def read() -> bytes | None:
        try:
            return files.read(token, folder)
        except OSError:
            return None

    return read


def _story(asked: Asked, nomination: Nomination) -> bytes:
    """The story as PDF; a character that the font lacks is printed as a question mark."""
    words = story_papers.words(
        asked.session, nomination, actor=asked.actor, now=asked.at, is_whole=True
    )
    while True:
        try:
            return compile_paper(story_papers.TEMPLATE, words)
        except UnprintableText as error:
            text = json.dumps(words, ensure_ascii=False)
            words = json.loads(text.replace(str(error.values["character"]), _MARK))


def _readable(
    session: Session, nomination: Nomination, entries: Sequence[Submission]
) -> bytes:
    elements = deployments.definition_of(session, nomination.instance).elements
    names = people.named(session, {entry.submitted_by for entry in entries})
    parts = [f"NỘI DUNG ĐÃ NHẬP, HỒ SƠ {nomination.code}\n"]
    for entry in entries:
        step = elements.get(entry.element_id)
        moment = entry.submitted_at.astimezone(calendar.VIETNAM)
        who = names.get(entry.submitted_by, "")
        head = (
            f"{step.name if step else entry.element_id} · {who} · {moment:%d/%m/%Y %H:%M}"
        )
        lines = [
            f"  {_label(key)}: {_said(key, held)}" for key, held in entry.content.items()
        ]
        parts.append("\n".join([head, *lines]) + "\n")
    return "\n".join(parts).encode()


def _label(key: str) -> str:
    return _LABELS.get(key, key)


def _said(key: str, held: object) -> str:
    if key == "outcome" and held in {one.value for one in Outcome}:
        return OUTCOMES[Outcome(str(held))]
    if isinstance(held, str):
        return held.replace("\n", "\n    ")
    return json.dumps(held, ensure_ascii=False)


def _verbatim(entries: Sequence[Submission]) -> bytes:
    rows = [
        {
            "submission": entry.id,
            "element": entry.element_id,
            "at": entry.submitted_at.isoformat(),
            "by": entry.submitted_by,
            "content": entry.content,
            "salt": entry.salt.hex(),
            "digest": entry.digest,
        }
        for entry in entries
    ]
    return json.dumps(rows, ensure_ascii=False, indent=1).encode()


def _events(asked: Asked, nomination: Nomination) -> bytes:
    target = io.BytesIO()
    table = events.table(asked.session, nomination)
    sheets.write(target, [table], {"Danh sách": f"Lịch sử hồ sơ {nomination.code}"})
    return target.getvalue()


def _bundle(session: Session, instances: Sequence[int]) -> bytes:
    target = io.BytesIO()
    bundles.write(session, target, instances=instances)
    return target.getvalue()


def may_take(actor: Actor, nomination: Nomination) -> bool:
    """Whether this nomination's pack is for this person."""
    return takes_evidence(actor) and access.may_see(actor, nomination)
