"""The list of payments as a kind of paper: how it is made, what a template may say, a sample."""

from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from awards.bonuses import papers
from awards.bonuses.lists import Line, PaymentList
from awards.bonuses.reckoning import NOUNS, Terms
from awards.province import HUNG_YEN
from awards.templates import common, making
from awards.templates.making import Made
from awards.templates.registry import PaperKind, register
from models.awards import NomineeKind
from models.papers import Decision
from models.templates import TemplateFormat
from workflows.words import N_

_NAMES = {
    NomineeKind.COLLECTIVE: ["Phòng Hành chính tư pháp"],
    NomineeKind.INDIVIDUAL: [
        f"Bà Nguyễn Thị Hường {letter}" for letter in "ABCDEGHIKLMNOPQRST"
    ],
    NomineeKind.HOUSEHOLD: ["Hộ gia đình ông Bùi Văn Thẵng"],
}


def make(
    session: Session, found: PaymentList, *, format_: TemplateFormat = TemplateFormat.TYPST
) -> Made:
    """The list by the template of the decision's day. Raises UnprintableText and TemplateFailed."""
    day = found.decision.issued_on
    return making.make(session, BONUS_LIST, papers.words(found), day=day, format_=format_)


def _sample() -> dict[str, Any]:
    """A made-up list: a collective, people of whom one is revoked, a household."""
    terms = Terms(
        2_340_000,
        "Nghị định số 73/2024/NĐ-CP",
        10_000,
        "Quỹ thi đua, khen thưởng của tỉnh",
        {kind.value: 300 if kind == NomineeKind.COLLECTIVE else 150 for kind in NOUNS},
    )
    lines = [
        _line(terms, kind, name, place)
        for kind, names in _NAMES.items()
        for place, name in enumerate(names, start=1)
    ]
    decision = Decision(
        number=7,
        year=2026,
        suffix=HUNG_YEN.decision_suffix,
        issued_on=date(2026, 2, 5),
        content={"award": "Bằng khen của Chủ tịch Ủy ban nhân dân tỉnh"},
    )
    return papers.words(PaymentList(decision, terms, lines))


def _line(terms: Terms, kind: NomineeKind, name: str, place: int) -> Line:
    is_person, is_household = kind == NomineeKind.INDIVIDUAL, kind == NomineeKind.HOUSEHOLD
    return Line(
        place,
        kind,
        name,
        "Phó Trưởng phòng Hành chính tư pháp" if is_person else "",
        "Xã Ái Quốc" if is_household else "Sở Tư pháp",
        terms.hundredths[kind.value],
        terms.base,
        terms.amount(kind),
        "09/QĐ-CTUBND" if name.endswith(" B") else "",
    )


BONUS_LIST = register(
    PaperKind(
        key="bonus_list",
        name=N_("Danh sách chi thưởng"),
        file="bonus_list",
        words={
            **{name: said for name, said in common.HEAD.items() if name != "number_line"},
            "title": N_("Danh sách kèm theo hình thức khen thưởng nào"),
            "reference": N_("Theo quyết định nào, ngày nào, của ai"),
            "rule": N_("Mức lương cơ sở, cách làm tròn và nguồn chi, thành câu"),
            "groups": N_(
                "Từng nhóm đối tượng: heading, total (tiền thưởng của nhóm) và rows; mỗi dòng "
                "có cells (số thứ tự, tên, chức vụ và đơn vị, hệ số, lương cơ sở, tiền thưởng) "
                "và note (không rỗng thì khen thưởng đã bị hủy bỏ)"
            ),
            "total": N_("Tổng số tiền thưởng"),
            "recovered": N_("Số tiền phải thu hồi; rỗng nếu không có"),
            "due": N_("Số tiền còn phải chi"),
            "total_in_words": N_("Số tiền còn phải chi, bằng chữ"),
            "signers": N_("Những người ký cạnh nhau, in hoa"),
        },
        sample=_sample,
    )
)
