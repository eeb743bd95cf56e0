"""How long papers of a season take: certificates of a decision, and its list of payments.

Everything between the rows and the PDF is in it: the words of each, and the typesetting. The
database is not, which is why there is none in the figures.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from functools import partial
from itertools import count

from awards.amendments import Standing
from awards.bonuses import lists
from awards.bonuses import papers as bonuses
from awards.bonuses.lists import Line, PaymentList
from awards.bonuses.printing import BONUS_LIST
from awards.bonuses.reckoning import Terms
from awards.certificates import book, layouts
from awards.certificates import papers as certificates
from awards.certificates.printing import CERTIFICATE
from awards.templates import choosing, keeping, making
from awards.templates.choosing import Template
from benchmarks.measuring import ROUNDS, Result, Side, interleave, timed
from models.awards import Nomination, NomineeKind
from models.certificates import PageSize
from models.papers import Decision, DecisionKind
from models.templates import TemplateFormat

COUNT = 500
_LONG = (
    "Tập thể cán bộ, công chức, viên chức Trung tâm Phục vụ hành chính công phường Phố Hiến"
)
_TERMS = Terms(
    2_530_000,
    "Nghị định số 161/2026/NĐ-CP",
    10_000,
    "Quỹ thi đua, khen thưởng của tỉnh",
    {"individual": 150, "collective": 300},
)


def measure(rounds: int = ROUNDS) -> list[Result]:
    """Certificates on A3 and the list of payments, for five hundred awardees; milliseconds.

    Certificates by our own template and by one that was uploaded, which runs in a child.
    Typst remembers what it has set, so nobody of one round is anybody of another.
    """
    turns = count()
    sides = [
        Side(f"certificates_{COUNT}", partial(_once, _certificates, turns)),
        Side(f"certificates_{COUNT}_uploaded", partial(_once, _uploaded, turns)),
        Side(f"payment_list_{COUNT}", partial(_once, _payments, count())),
    ]
    interleave(*sides, rounds=rounds)
    return [Result(side.name, "-", side.seconds * 1_000, "ms") for side in sides]


def _once(
    prepare: Callable[[int], Callable[[], object]], turns: Iterator[int]
) -> list[float]:
    return [timed(prepare(next(turns)))]


def _certificates(turn: int) -> Callable[[], object]:
    return _printed(choosing.built_in(CERTIFICATE, TemplateFormat.TYPST), turn)


def _uploaded(turn: int) -> Callable[[], object]:
    ours = choosing.built_in(CERTIFICATE, TemplateFormat.TYPST)
    return _printed(replace(ours, version=1, content=keeping.source(ours)), turn)


def _printed(template: Template, turn: int) -> Callable[[], object]:
    lines = [
        book.Line(Nomination(), Standing(one, None, None), number)
        for number, one in enumerate(_awardees(turn), start=1)
    ]
    decision, layout = _decision(turn), layouts.STANDARD[PageSize.A3]
    return lambda: making.render(template, certificates.words(decision, lines, layout))


def _payments(turn: int) -> Callable[[], object]:
    lines = [_payment(one) for one in _awardees(turn)]
    listed = PaymentList(_decision(turn), _TERMS, lines)
    template = choosing.built_in(BONUS_LIST, TemplateFormat.TYPST)
    return lambda: making.render(template, bonuses.words(listed))


def _decision(turn: int) -> Decision:
    return Decision(
        kind=DecisionKind.AWARD,
        number=7 + turn,
        year=2026,
        suffix="QĐ-CTUBND",
        issued_on=date(2026, 11, 25),
        signer_name="Lý Minh Châu",
        signer_is_deputy=False,
        content={
            "award": "Bằng khen của Chủ tịch UBND tỉnh",
            "movement": "“Cán bộ, công chức, viên chức thi đua thực hiện văn hóa công sở”, "
            "giai đoạn 2019 - 2025",
        },
    )


def _awardees(turn: int) -> list[dict[str, str]]:
    """All different, every fifth a collective whose name takes two lines."""
    return [
        {
            "kind": NomineeKind.INDIVIDUAL.value if number % 5 else "collective",
            "name": f"Nguyễn Thị Hường {turn} {number}"
            if number % 5
            else f"{_LONG} {turn} {number}",
            "honorific": "Bà" if number % 5 else "",
            "position": f"Trưởng phòng số {turn} {number}" if number % 5 else "",
            "unit": f"Sở thứ {turn} {number % 40}",
        }
        for number in range(1, COUNT + 1)
    ]


def _payment(one: dict[str, str]) -> Line:
    who = lists.awardee(one)
    hundredths, amount = _TERMS.hundredths[who.kind.value], _TERMS.amount(who.kind)
    return Line(
        1, who.kind, who.name, who.position, who.unit, hundredths, _TERMS.base, amount, ""
    )
