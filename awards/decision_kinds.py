"""Decisions as kinds of papers: the award, its correction, its revocation, each with a sample."""

from datetime import date
from typing import Any

from awards import papers
from awards.papers import AmendmentPaper, Awardee, DecisionPaper
from awards.province import HUNG_YEN
from awards.templates import common
from awards.templates.registry import PaperKind, register
from models.awards import NomineeKind
from models.papers import DecisionKind
from workflows.words import N_

_WORDS = {
    **common.HEAD,
    "grounds": N_("Các căn cứ, mỗi căn cứ một dòng, đã có dấu câu"),
    "articles": N_("Nội dung từng điều, không có chữ “Điều 1.”"),
    **common.SIGNATURE,
    "annex": N_(
        "Danh sách kèm theo: title, reference (từng dòng) và groups như các bảng khác"
    ),
    "check_at": N_("Địa chỉ trang kiểm tra văn bản; rỗng nếu không có"),
    "code": N_(
        "Mã QR của địa chỉ đó: trong mẫu Typst là ảnh SVG, trong mẫu Word là ảnh đặt vào dòng"
    ),
}
_DAY = date(2026, 2, 5)


def sample_paper() -> DecisionPaper:
    """A made-up decision."""
    people = [
        Awardee(
            kind=NomineeKind.COLLECTIVE, name="Phòng Hành chính tư pháp", unit="Sở Tư pháp"
        ),
        *(
            Awardee(
                kind=NomineeKind.INDIVIDUAL,
                honorific="Bà",
                name=f"Nguyễn Thị Hường {letter}",
                position="Phó Trưởng phòng Hành chính tư pháp",
                unit="Sở Tư pháp",
            )
            for letter in "ABCDEGHIKLMNOPQRST"
        ),
        Awardee(
            kind=NomineeKind.HOUSEHOLD,
            honorific="Ông",
            name="Bùi Văn Thẵng",
            unit="Xã Ái Quốc",
        ),
    ]
    return DecisionPaper(
        issuer_lines=HUNG_YEN.issuer_lines,
        authority=HUNG_YEN.authority,
        place=HUNG_YEN.place,
        number=7,
        suffix=HUNG_YEN.decision_suffix,
        issued_on=_DAY,
        subject="Về việc tặng Bằng khen của Chủ tịch Ủy ban nhân dân tỉnh",
        legal_bases=(
            "Căn cứ Luật Tổ chức chính quyền địa phương",
            "Căn cứ Luật Thi đua, khen thưởng",
        ),
        proposed_by="Theo đề nghị của Giám đốc Sở Nội vụ",
        award="Bằng khen của Chủ tịch Ủy ban nhân dân tỉnh",
        achievement="đã có thành tích xuất sắc trong phong trào thi đua mẫu",
        bonus="Tiền thưởng kèm theo được chi từ Quỹ thi đua, khen thưởng của tỉnh",
        execution="Các cơ quan, đơn vị, cá nhân có liên quan chịu trách nhiệm thi hành",
        awardees=tuple(people),
        signer_name="Đỗ Tiến Sỹ",
        is_deputy=False,
        recipients=HUNG_YEN.recipients,
        drafter=HUNG_YEN.drafter,
        check_at="https://example.vn/check/mau",
    )


def _amended(*, is_revocation: bool) -> dict[str, Any]:
    return papers.amendment_words(
        AmendmentPaper(
            is_revocation=is_revocation,
            issuer_lines=HUNG_YEN.issuer_lines,
            authority=HUNG_YEN.authority,
            place=HUNG_YEN.place,
            number=8,
            suffix=HUNG_YEN.decision_suffix,
            issued_on=_DAY,
            changed="07/QĐ-CTUBND",
            changed_on=_DAY,
            reason="Đề nghị của Sở Tư pháp tại Công văn số 12/STP-VP",
            rows=(
                (
                    "Bà Nguyễn Thị Hường, Phó Trưởng phòng, Sở Tư pháp",
                    "Sở Tư pháp",
                    "Bà Nguyễn Thị Hường, Trưởng phòng, Sở Tư pháp",
                ),
            ),
            department=HUNG_YEN.department,
            signer_name="Nguyễn Khắc Thận",
            is_deputy=True,
            recipients=HUNG_YEN.recipients,
            drafter=HUNG_YEN.drafter,
        )
    )


AWARD = register(
    PaperKind(
        key="decision",
        name=N_("Quyết định khen thưởng"),
        file="decision",
        words=_WORDS,
        sample=lambda: papers.decision_words(sample_paper()),
    )
)
_CORRECTION = register(
    PaperKind(
        key="correction",
        name=N_("Quyết định đính chính"),
        file="decision",
        words=_WORDS,
        sample=lambda: _amended(is_revocation=False),
    )
)
_REVOCATION = register(
    PaperKind(
        key="revocation",
        name=N_("Quyết định hủy bỏ"),
        file="decision",
        words=_WORDS,
        sample=lambda: _amended(is_revocation=True),
    )
)
KINDS = {
    DecisionKind.AWARD: AWARD,
    DecisionKind.CORRECTION: _CORRECTION,
    DecisionKind.REVOCATION: _REVOCATION,
}
"""How each decision looks on paper."""
