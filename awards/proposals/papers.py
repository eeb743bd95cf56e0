"""What a proposal says on paper, fixed when it is signed; before that, the same as a draft."""

import hashlib
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from awards import decisions, papers, signatures
from awards.proposals.gathering import KINDS
from awards.proposals.kinds import KINDS_OF_PAPER
from awards.province import BLOCK_HEAD, HUNG_YEN
from awards.signatures import Issuer
from awards.templates import making
from awards.templates.making import Made
from models.awards import Nomination, Nominee, NomineeKind, Outcome
from models.proposals import Proposal, ProposalEntry, ProposalKind
from models.templates import TemplateFormat
from workflows.actors import Actor, Post

NOUNS = {
    NomineeKind.COLLECTIVE: "tập thể",
    NomineeKind.INDIVIDUAL: "cá nhân",
    NomineeKind.HOUSEHOLD: "hộ gia đình",
}
_COLUMNS = {
    NomineeKind.COLLECTIVE: ["STT", "Tên tập thể", "Đơn vị"],
    NomineeKind.INDIVIDUAL: ["STT", "Họ và tên", "Chức vụ, đơn vị"],
    NomineeKind.HOUSEHOLD: ["STT", "Hộ gia đình", "Đơn vị"],
}
_PROPOSED = "Đề nghị"
OUTCOMES = {
    Outcome.RETURN: "Trả lại bổ sung",
    Outcome.NOT_SELECTED: "Không suy tôn",
    Outcome.FAIL_VOTE: "Không đủ phiếu",
    Outcome.REFUSE: "Không khen",
    Outcome.WITHDRAW: "Rút",
}


def issuer(proposal: Proposal) -> Issuer:
    """The office whose paper it is."""
    if proposal.kind == ProposalKind.UNIT:
        assert proposal.unit is not None  # noqa: S101 - a unit's proposal has its unit
        return signatures.unit(proposal.unit.name, proposal.unit.kind, HUNG_YEN.committee)
    if proposal.kind == ProposalKind.BLOCK:
        assert proposal.block is not None  # noqa: S101 - a Khối's proposal has its Khối
        name = proposal.block.name
        return Issuer(
            name, HUNG_YEN.committee.upper(), (name.upper(),), proposal.block.code
        )
    return signatures.department()


def suffix(proposal: Proposal) -> str:
    """What follows the number: 05/TTr-STP. Communes share the letters UBND, each with its code."""
    office = issuer(proposal)
    if office.is_committee and proposal.unit is not None:
        return f"TTr-UBND.{proposal.unit.code}"
    return f"TTr-{office.symbol}"


def content(
    session: Session, proposal: Proposal, *, actor: Actor, post: Post | None, day: date
) -> dict[str, object]:
    """All that the paper says, as it is kept with the proposal."""
    office = issuer(proposal)
    proposed = [e for e in proposal.entries if e.outcome == Outcome.APPROVE]
    others = [e for e in proposal.entries if e.outcome != Outcome.APPROVE]
    awards = sorted({entry.nomination.award.name for entry in proposal.entries})
    return {
        "issuer": office.name,
        "authority": office.name,
        "parent": office.parent,
        "lines": list(office.lines),
        "place": HUNG_YEN.place,
        "subject": f"Về việc đề nghị tặng {', '.join(awards)}",
        "to": _addressee(proposal),
        "grounds": [f"Căn cứ {basis}" for basis in decisions.legal_bases(session, day)],
        "paragraphs": _paragraphs(proposal, office, proposed, awards),
        "groups": groups(proposed),
        "left_out": [_left_out(n, entry) for n, entry in enumerate(others, start=1)],
        "signer_titles": _signer_titles(proposal, office, actor, post),
        "signer_name": actor.name,
        "recipients": papers.closed(["Như trên", "Lưu: VT"], between=";", last="."),
    }


def print_on(session: Session, proposal: Proposal) -> None:
    """Keep the signed paper as PDF/A, its hash, and which template it was made with.

    Raises UnprintableText.
    """
    assert proposal.signed_on is not None  # noqa: S101 - it is being signed
    made = making.make(
        session,
        KINDS_OF_PAPER[proposal.kind],
        words_of(proposal),
        day=proposal.signed_on,
        standard="a-2b",
    )
    proposal.paper = made.content
    proposal.paper_sha256 = hashlib.sha256(made.content).hexdigest()
    proposal.template_version = made.template.version
    proposal.template_sha256 = made.template.sha256


def words_of(proposal: Proposal) -> dict[str, Any]:
    """All words of a signed paper: what was fixed, with number and date."""
    day = proposal.signed_on
    return proposal.content | {
        "reference": _reference(proposal),
        "number_line": papers.number_line(proposal.number, suffix(proposal)),
        "date_line": papers.date_line(str(proposal.content["place"]), day),
        "date": day and {"year": day.year, "month": day.month, "day": day.day},
    }


def draft(
    session: Session,
    proposal: Proposal,
    *,
    actor: Actor,
    day: date,
    format_: TemplateFormat = TemplateFormat.TYPST,
) -> Made:
    """The paper as it would be if it were signed now, without number and date."""
    post = actor.post_for(proposal.queue)
    with session.no_autoflush:
        text = content(session, proposal, actor=actor, post=post, day=day)
    words = text | {
        "signer_name": text["signer_name"] if post else "",
        "reference": _reference(proposal),
        "number_line": papers.number_line(None, suffix(proposal)),
        "date_line": papers.date_line(HUNG_YEN.place, None),
        "date": None,
    }
    kind = KINDS_OF_PAPER[proposal.kind]
    return making.make(session, kind, words, day=day, format_=format_)


def in_word(session: Session, proposal: Proposal, *, actor: Actor, day: date) -> Made:
    """The paper as a Word file: as it was signed, or as it would be now."""
    if proposal.signed_on is None:
        return draft(session, proposal, actor=actor, day=day, format_=TemplateFormat.DOCX)
    kind, words = KINDS_OF_PAPER[proposal.kind], words_of(proposal)
    return making.make(
        session, kind, words, day=proposal.signed_on, format_=TemplateFormat.DOCX
    )


def groups(entries: Sequence[ProposalEntry]) -> list[dict[str, object]]:
    """The nominees as tables: collectives, individuals, households, each numbered from one.

    Which award each is proposed for is said where it is not the same for all: the head says that.
    """
    says_award = len({entry.nomination.award_id for entry in entries}) > 1
    found: list[dict[str, object]] = []
    numerals = iter(("I", "II", "III"))
    for kind in KINDS:
        members = [e.nomination for e in entries if e.nomination.nominee.kind == kind]
        if members:
            heading = f"{next(numerals)}. {NOUNS[kind].upper()} ({len(members):02})"
            columns = [*_COLUMNS[kind], *([_PROPOSED] if says_award else [])]
            rows = [
                _row(n, nomination)[: len(columns)]
                for n, nomination in enumerate(members, start=1)
            ]
            found.append({"heading": heading, "columns": columns, "rows": rows})
    return found


def counts(nominations: Iterable[Nomination]) -> str:
    """How many of each kind: 02 tập thể, 14 cá nhân và 01 hộ gia đình."""
    found = list(nominations)
    parts = [
        f"{count:02} {NOUNS[kind]}"
        for kind in KINDS
        if (count := sum(one.nominee.kind == kind for one in found))
    ]
    return " và ".join(filter(None, [", ".join(parts[:-1]), parts[-1]])) if parts else ""


def printed_name(nominee: Nominee) -> str:
    """A nominee as papers name it."""
    return f"{nominee.honorific} {nominee.name}".strip()


def _addressee(proposal: Proposal) -> str:
    if proposal.kind == ProposalKind.UNIT and proposal.block is not None:
        return proposal.block.name
    if proposal.kind == ProposalKind.DEPARTMENT:
        return HUNG_YEN.authority
    return f"{HUNG_YEN.department} {HUNG_YEN.committee.removeprefix('Ủy ban nhân dân ')}"


def _paragraphs(
    proposal: Proposal,
    office: Issuer,
    proposed: Sequence[ProposalEntry],
    awards: Sequence[str],
) -> list[str]:
    nominations = [entry.nomination for entry in proposed]
    people = [n for n in nominations if n.nominee.kind == NomineeKind.INDIVIDUAL]
    direct = sum(n.nominee.is_serving_public for n in people)
    leaders = sum(n.nominee.is_leader for n in people)
    found = [
        (
            f"Sau khi xét thành tích trong phong trào thi đua {proposal.movement.name}, "
            f"{office.name} kính trình {_addressee(proposal)} xem xét, đề nghị tặng "
            f"{', '.join(awards)} cho {counts(nominations) or 'không đối tượng nào'} "
            "(có danh sách kèm theo)."
        )
    ]
    if people:
        found.append(
            f"Trong {len(people):02} cá nhân được đề nghị có {direct:02} người trực tiếp giải "
            f"quyết công việc với tổ chức, công dân và {leaders:02} người là lãnh đạo, quản lý."
        )
    return found


def _reference(proposal: Proposal) -> list[str]:
    """What the lists say of the paper they belong to."""
    symbol = papers.number_words(proposal.number, suffix(proposal))
    day = papers.day_words(proposal.signed_on)
    return [f"Kèm theo Tờ trình số {symbol} {day}", f"của {issuer(proposal).name}"]


def _row(number: int, nomination: Nomination) -> list[str]:
    nominee, unit = nomination.nominee, nomination.unit.name
    name = printed_name(nominee)
    where = ", ".join(filter(None, [nominee.position, unit]))
    return [str(number), name, where, nomination.award.name]


def _left_out(number: int, entry: ProposalEntry) -> list[str]:
    name = printed_name(entry.nomination.nominee)
    return [
        str(number),
        f"{name}, {entry.nomination.unit.name}",
        OUTCOMES[entry.outcome],
        entry.reason,
    ]


def _signer_titles(
    proposal: Proposal, office: Issuer, actor: Actor, post: Post | None
) -> list[str]:
    if proposal.kind == ProposalKind.BLOCK:
        return [BLOCK_HEAD.upper()]
    if post is None:
        return ["NGƯỜI KÝ"]
    committee = "Ủy ban nhân dân" if office.is_committee else ""
    own = next((p.title for p in actor.own.posts), "") if post.on_behalf_of else ""
    return signatures.titles(
        post.title, is_deputy=post.is_deputy, committee=committee, instead=own
    )
