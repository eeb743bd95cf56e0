"""How long papers take: a decision with three hundred names, from its words to the file."""

from dataclasses import replace
from datetime import date
from itertools import count

from sqlalchemy import Engine

from awards import decision_kinds, papers
from awards.papers import Awardee
from awards.templates import making
from benchmarks.measuring import Result, Side, interleave, timed
from models.awards import NomineeKind
from models.session import reading
from models.templates import TemplateFormat

NAMES = 300
_DAY = date(2026, 11, 25)
_FRESH = count()
_AWARDEE = Awardee(
    kind=NomineeKind.INDIVIDUAL,
    honorific="Bà",
    name="Trần Nguyễn Hoàng Bảo Khánh Dương",
    position="Phó Trưởng phòng Hành chính tư pháp",
    unit="Sở Tư pháp",
)


def measure(kind: str, engine: Engine, rounds: int) -> list[Result]:
    """The paper as PDF/A and as Word, each with its words and its template looked up anew."""
    pdf = Side("pdf", lambda: [timed(lambda: _make(engine, TemplateFormat.TYPST))])
    word = Side("word", lambda: [timed(lambda: _make(engine, TemplateFormat.DOCX))])
    interleave(pdf, word, rounds=rounds)
    return [
        Result(f"decision_{NAMES}_names", kind, pdf.seconds * 1_000, "ms"),
        Result(f"decision_{NAMES}_names_word", kind, word.seconds * 1_000, "ms"),
    ]


def _make(engine: Engine, format_: TemplateFormat) -> None:
    first = next(_FRESH) * NAMES  # Typst remembers what it has set: nobody twice
    awardees = tuple(
        replace(_AWARDEE, name=f"{_AWARDEE.name} {first + n}") for n in range(NAMES)
    )
    paper = replace(decision_kinds.sample_paper(), awardees=awardees)
    words = papers.decision_words(paper)
    with reading(engine) as session:
        making.make(
            session,
            decision_kinds.AWARD,
            words,
            day=_DAY,
            format_=format_,
            standard="a-2b",
        )
