"""How much an award brings: the base salary of the decision's date, times a multiple, rounded.

Nghị định 98/2023/NĐ-CP, Điều 53 (assumed to go on under 152/2025): by the base salary of the day of
the decision; rounded up to the next ten thousand đồng after multiplying. Whole đồng throughout.
"""

from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass
from datetime import date

from sqlalchemy.orm import Session

from awards import number_words
from awards.bonuses import rules
from models.awards import NomineeKind
from models.bonuses import BaseSalary, BonusMultiple, BonusPolicy

NOUNS = {
    NomineeKind.COLLECTIVE: "tập thể",
    NomineeKind.INDIVIDUAL: "cá nhân",
    NomineeKind.HOUSEHOLD: "hộ gia đình",
}
"""The kinds of awardees in the order of annexes and lists, as papers call them."""

_WHOLE = 100


@dataclass(frozen=True, slots=True)
class Terms:
    """What held on the day of a decision; `hundredths` by kind of awardee."""

    base: int
    basis: str
    rounds_up_to: int
    fund: str
    hundredths: Mapping[str, int]

    def amount(self, kind: NomineeKind) -> int:
        """What one awardee of this kind gets, in đồng."""
        return bonus(self.base, self.hundredths[kind.value], self.rounds_up_to)

    def kept(self) -> dict[str, object]:
        """As a decision keeps it."""
        return asdict(self)


def bonus(base: int, hundredths: int, rounds_up_to: int) -> int:
    """A multiple of the base salary, rounded up to the next so many đồng."""
    step = _WHOLE * rounds_up_to
    return -(-base * hundredths // step) * rounds_up_to


def terms_on(
    session: Session, award_id: int, kinds: Collection[NomineeKind], day: date
) -> Terms | None:
    """What holds for an award on the day of a decision; None where a rule is missing."""
    salary = rules.in_force(session, BaseSalary, day)
    policy = rules.in_force(session, BonusPolicy, day)
    found = {kind.value: _hundredths(session, award_id, kind, day) for kind in kinds}
    known = {kind: number for kind, number in found.items() if number is not None}
    if salary is None or policy is None or len(known) < len(found):
        return None
    return Terms(salary.amount, salary.legal_basis, policy.rounds_up_to, policy.fund, known)


def kept_terms(kept: object) -> Terms | None:
    """The terms that a decision keeps."""
    return Terms(**kept) if isinstance(kept, dict) else None


def article(terms: Terms, counts: Mapping[NomineeKind, int], award: str) -> str:
    """What the decision says of the money: to each kind how much, and the sum."""
    each = [
        f"mỗi {NOUNS[kind]} được thưởng {number_words.figures(terms.amount(kind))} đồng"
        for kind in NOUNS
        if counts.get(kind)
    ]
    total = sum(terms.amount(kind) * count for kind, count in counts.items())
    return (
        f"Kèm theo {award}, {', '.join(each)}. Tổng số tiền thưởng là "
        f"{number_words.figures(total)} đồng ({number_words.dong(total)}), chi từ {terms.fund} "
        "theo quy định hiện hành của pháp luật về thi đua, khen thưởng"
    )


def _hundredths(
    session: Session, award_id: int, kind: NomineeKind, day: date
) -> int | None:
    same = (BonusMultiple.award_id == award_id) & (BonusMultiple.nominee_kind == kind)
    row = rules.in_force(session, BonusMultiple, day, same)
    return row.hundredths if row else None
