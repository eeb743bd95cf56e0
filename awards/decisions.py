"""Decisions: taken by the Chairman, numbered at issue, printed from what was fixed then."""

import hashlib
import secrets
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date, datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from awards import codes, decision_kinds, papers, site
from awards.bonuses import reckoning
from awards.errors import PaperNotReady
from awards.papers import Awardee, DecisionPaper
from awards.province import HUNG_YEN, Province
from awards.templates import making
from awards.templates.registry import Words
from models.awards import LegalBasis, Nomination, NomineeKind
from models.organisation import Post
from models.papers import Decision, DecisionEntry, DecisionKind
from models.process import ProcessInstance
from workflows import calendar
from workflows.actors import Actor
from workflows.handlers import Variables, service_task


def issue(
    session: Session,
    nominations: Sequence[Nomination],
    *,
    signer_post_id: int,
    issued_by: Actor,
    now: datetime,
) -> Decision:
    """Number a decision that awards these nominations, and fix all that its paper will say."""
    content = draft_content(session, nominations, calendar.today(now))
    decision = numbered(
        session,
        DecisionKind.AWARD,
        content,
        signer_post_id=signer_post_id,
        issued_by=issued_by,
        now=now,
    )
    decision.entries = [DecisionEntry(nomination=nomination) for nomination in nominations]
    session.flush()
    return decision


def numbered(
    session: Session,
    kind: DecisionKind,
    content: dict[str, object],
    *,
    signer_post_id: int,
    issued_by: Actor,
    now: datetime,
) -> Decision:
    """Take the next number of the Chairman's register for a decision that says this.

    Nghị định 30/2020: a number is taken at issue, from 01 each year, and never used again. The
    register is held until the transaction ends, so that no number is skipped.
    """
    day = calendar.today(now)
    signer = session.get_one(Post, signer_post_id)
    suffix = HUNG_YEN.decision_suffix
    decision = Decision(
        kind=kind,
        number=codes.next_number(session, suffix, day.year),
        year=day.year,
        suffix=suffix,
        issued_on=day,
        issued_at=now,
        issued_by=issued_by.id,
        signer_name=signer.person.name,
        signer_is_deputy=signer.is_deputy,
        content=content,
        token=secrets.token_hex(16),
    )
    session.add(decision)
    session.flush()
    return decision


def draft_content(
    session: Session, nominations: Sequence[Nomination], day: date
) -> dict[str, object]:
    """What a decision of this day would say, as it is kept with the decision."""
    first = nominations[0]
    in_order = sorted(nominations, key=lambda nomination: nomination.nominee.sort_key)
    kinds = {nomination.nominee.kind for nomination in nominations}
    terms = reckoning.terms_on(session, first.award_id, kinds, day)
    return {
        "movement": first.movement.name,
        "award": first.award.name,
        "legal_bases": legal_bases(session, day),
        "awardees": [_awardee(nomination) for nomination in in_order],
        "bonus": terms.kept() if terms else None,
    }


def legal_bases(session: Session, day: date) -> list[str]:
    """The lines of law in force on the document's date."""
    query = (
        select(LegalBasis.text)
        .where(LegalBasis.valid_from <= day)
        .where(or_(LegalBasis.valid_to.is_(None), LegalBasis.valid_to >= day))
        .order_by(LegalBasis.position)
    )
    return list(session.scalars(query))


@service_task("make_decision_paper")
def make_paper(session: Session, instance: ProcessInstance, now: datetime) -> Variables:
    """Print the decision once; its hash goes into the history with the step."""
    del now
    decision = session.get_one(Decision, instance.variables["decision"])
    if decision.paper is None:
        print_on(session, decision, papers.decision_words(paper_of(decision, HUNG_YEN)))
    return {"paper_sha256": decision.paper_sha256}


def print_on(session: Session, decision: Decision, words: Words) -> None:
    """Keep the decision's paper, its hash, and which template it was made with."""
    kind, day = decision_kinds.KINDS[decision.kind], decision.issued_on
    made = making.make(session, kind, words, day=day, standard="a-2b")
    decision.paper = made.content
    decision.paper_sha256 = hashlib.sha256(made.content).hexdigest()
    decision.template_version = made.template.version
    decision.template_sha256 = made.template.sha256


def paper_of(decision: Decision, province: Province) -> DecisionPaper:
    """The paper's words, from what was fixed at issue."""
    content = decision.content
    bases: list[str] = list(content["legal_bases"])  # type: ignore[call-overload] # our own JSON
    awardees: list[dict[str, str]] = list(content["awardees"])  # type: ignore[call-overload] # as above
    return DecisionPaper(
        issuer_lines=province.issuer_lines,
        authority=province.authority,
        place=province.place,
        number=decision.number,
        suffix=decision.suffix,
        issued_on=decision.issued_on,
        subject=subject(str(content["award"])),
        legal_bases=tuple(f"Căn cứ {basis}" for basis in bases),
        proposed_by=f"Theo đề nghị của Giám đốc {province.department}",
        award=str(content["award"]),
        achievement=achievement(decision),
        bonus=bonus(content),
        execution=(
            f"Chánh Văn phòng Ủy ban nhân dân tỉnh, Giám đốc {province.department}, thủ trưởng "
            "các cơ quan, đơn vị có liên quan và các tập thể, cá nhân có tên tại Điều 1 chịu "
            "trách nhiệm thi hành Quyết định này kể từ ngày ký."
        ),
        awardees=tuple(
            Awardee(
                kind=NomineeKind(a["kind"]),
                name=a["name"],
                unit=a["unit"],
                honorific=a["honorific"],
                position=a["position"],
            )
            for a in awardees
        ),
        check_at=check_address(decision),
        signer_name=decision.signer_name,
        is_deputy=decision.signer_is_deputy,
        recipients=province.recipients,
        drafter=province.drafter,
    )


def achievement(decision: Decision) -> str:
    """For what it awards, as decisions and certificates say."""
    return (
        f"đã có thành tích xuất sắc trong phong trào thi đua {decision.content['movement']}"
    )


def bonus(content: Mapping[str, object]) -> str:
    """The sums of money, where the rules of that day were there; else that the law says them."""
    terms = reckoning.kept_terms(content.get("bonus"))
    if terms is None:
        return (
            "Tiền thưởng kèm theo được chi từ Quỹ thi đua, khen thưởng của tỉnh theo quy định "
            "hiện hành của pháp luật về thi đua, khen thưởng."
        )
    awardees: list[dict[str, str]] = list(content["awardees"])  # type: ignore[call-overload] # our own JSON
    counts = Counter(NomineeKind(one["kind"]) for one in awardees)
    return reckoning.article(terms, counts, str(content["award"]))


def check_address(decision: Decision) -> str:
    """Where anybody may check the paper; nothing where the site has no address."""
    return f"{site.address()}/check/{decision.token}" if site.address() else ""


def subject(award: str) -> str:
    """The decision's trích yếu."""
    return f"Về việc tặng {award}"


def of_nomination(session: Session, nomination_id: int) -> Decision | None:
    """The decision that awards the nomination."""
    query = select(Decision).join(DecisionEntry)
    return session.scalars(
        query.where(DecisionEntry.nomination_id == nomination_id)
    ).first()


def paper(session: Session, decision_id: int) -> bytes:
    """The decision as PDF."""
    found = session.scalar(select(Decision.paper).where(Decision.id == decision_id))
    if found is None:
        raise PaperNotReady
    return bytes(found)


def _awardee(nomination: Nomination) -> dict[str, object]:
    nominee = nomination.nominee
    return {
        "nomination": nomination.id,
        "kind": nominee.kind.value,
        "name": nominee.name,
        "honorific": nominee.honorific,
        "position": nominee.position,
        "unit": nomination.unit.name,
    }
