"""Certificates as a kind of paper: how they are made, what a template may say, a sample.

Typst alone: a certificate is words at places in millimetres on a blank that has the rest, and Word
would move them with every printer's margins and every line that breaks. A template gets the places
as they are set for the award; it says how texts look, and is asked for the test page too.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from awards.certificates import layouts, papers
from awards.certificates.book import Line
from awards.certificates.layouts import Layout
from awards.templates import common, making
from awards.templates.making import Made
from awards.templates.registry import PaperKind, register
from models.certificates import PageSize
from models.papers import Decision
from models.templates import TemplateFormat
from workflows.words import N_


def make(
    session: Session, decision: Decision, found: Sequence[Line], layout: Layout
) -> Made:
    """All in one PDF, by the template of the decision's day.

    Raises UnprintableText and TemplateFailed.
    """
    words = papers.words(decision, found, layout)
    return making.make(session, CERTIFICATE, words, day=decision.issued_on)


def make_test(session: Session, layout: Layout, *, day: date) -> Made:
    """The test page, by the template of that day. Raises TemplateFailed."""
    return making.make(session, CERTIFICATE, papers.test_words(layout), day=day)


def _sample() -> dict[str, Any]:
    """A short name and one that takes two lines, on an A3 blank."""
    long_name = (
        "TẬP THỂ CÔNG CHỨC, VIÊN CHỨC TRUNG TÂM PHỤC VỤ HÀNH CHÍNH CÔNG PHƯỜNG PHỐ HIẾN"
    )
    collective = papers.SAMPLE | {"name": [long_name], "post": ["UBND phường Phố Hiến"]}
    words = papers.test_words(layouts.STANDARD[PageSize.A3])
    return words | {
        "subject": "Bằng kèm theo Quyết định số 07/QĐ-CTUBND",
        "certificates": [papers.SAMPLE, collective],
        "labels": {},
    }


CERTIFICATE = register(
    PaperKind(
        key="certificate",
        name=N_("Bằng khen, in trên phôi"),
        file="certificates",
        formats=(TemplateFormat.TYPST,),
        words={
            "subject": N_("Tên tệp PDF"),
            "authority": common.HEAD["authority"],
            "date": N_("Luôn rỗng: tệp PDF không ghi ngày"),
            "width": N_("Bề ngang phôi, milimét"),
            "height": N_("Bề dọc phôi, milimét"),
            "shift": N_("Dịch cả trang, milimét: sang phải, xuống dưới"),
            "blocks": N_(
                "Vị trí từng phần đã đặt cho hình thức khen: x, y (chân chữ), width (milimét) "
                "và size (cỡ chữ); phần không in thì không có"
            ),
            "labels": N_("Ở trang thử là tên từng phần, để in bên cạnh; rỗng khi in bằng"),
            "certificates": N_(
                "Từng bằng, mỗi bằng một trang: mỗi phần là các dòng chữ của nó (name, post, "
                "achievement, place_date, signer_titles, signer_name, decision, book)"
            ),
        },
        sample=_sample,
    )
)
