"""Who is paid how much by a decision (danh sách chi thưởng), as things stand today."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from awards import amendments, papers
from awards.bonuses import reckoning
from awards.bonuses.reckoning import NOUNS, Terms
from awards.errors import NoBonusRule
from awards.papers import Awardee
from models.awards import NomineeKind
from models.papers import Decision


@dataclass(frozen=True, slots=True)
class Line:
    """One awardee in đồng; `revoked_by` is the decision that takes the award back, or "" ."""

    place: int
    kind: NomineeKind
    name: str
    position: str
    unit: str
    hundredths: int
    base: int
    amount: int
    revoked_by: str

    @property
    def to_recover(self) -> int:
        """What is to be paid back."""
        return self.amount if self.revoked_by else 0

    @property
    def to_pay(self) -> int:
        """What is due."""
        return 0 if self.revoked_by else self.amount


@dataclass(frozen=True, slots=True)
class PaymentList:
    """The list of a decision, in the annex's order."""

    decision: Decision
    terms: Terms
    lines: Sequence[Line]

    def groups(self) -> list[tuple[NomineeKind, list[Line]]]:
        """The lines by kind of awardee, those kinds only that there are."""
        found = [(kind, [one for one in self.lines if one.kind == kind]) for kind in NOUNS]
        return [(kind, lines) for kind, lines in found if lines]


def granted(lines: Sequence[Line]) -> int:
    """What the decision grants, in đồng."""
    return sum(line.amount for line in lines)


def to_recover(lines: Sequence[Line]) -> int:
    """What is to be paid back of it."""
    return sum(line.to_recover for line in lines)


def to_pay(lines: Sequence[Line]) -> int:
    """What is due once that is taken off."""
    return sum(line.to_pay for line in lines)


def of_decision(session: Session, decision: Decision) -> PaymentList:
    """The list of an award decision. Raises NoBonusRule where a rule of its date is missing."""
    standings = list(amendments.standings(session, decision).values())
    kinds = {NomineeKind(one.awardee["kind"]) for one in standings}
    terms = reckoning.kept_terms(decision.content.get("bonus")) or reckoning.terms_on(
        session, decision.entries[0].nomination.award_id, kinds, decision.issued_on
    )
    if terms is None:
        raise NoBonusRule(day=f"{decision.issued_on:%d/%m/%Y}")
    lines = []
    for kind in NOUNS:
        members = [one for one in standings if one.awardee["kind"] == kind]
        for place, one in enumerate(members, start=1):
            who = awardee(one.awardee)
            revoked_by = one.revoked_by.symbol if one.revoked_by else ""
            lines.append(
                Line(
                    place,
                    kind,
                    papers.printed_name(who),
                    who.position,
                    who.unit,
                    terms.hundredths[kind.value],
                    terms.base,
                    terms.amount(kind),
                    revoked_by,
                )
            )
    return PaymentList(decision, terms, lines)


def awardee(kept: dict[str, str]) -> Awardee:
    """Who is awarded, from what a decision keeps of it."""
    return Awardee(
        kind=NomineeKind(kept["kind"]),
        name=kept["name"],
        unit=kept["unit"],
        honorific=kept.get("honorific") or "",
        position=kept.get("position") or "",
    )
