"""What the letter asks: a sheet of answers, then for every question all that was counted."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from operator import itemgetter

from awards.quality import QUESTIONS, asking, scope
from awards.quality.asking import Answer, Figures, Question
from awards.quality.counts import collect
from awards.records import rights
from awards.sheets import Column, Table
from awards.tables.asking import Asked, Source
from workflows import calendar


@dataclass(frozen=True, slots=True)
class _Answered:
    question: Question
    answer: Answer


_ANSWERS = (
    Column("Câu hỏi", lambda row: row.question.title, 44),
    Column("Công văn 3304/UBND-NC", lambda row: row.question.said, 60),
    Column("Trả lời", lambda row: row.answer.sentence % row.answer.values, 80),
)


def _tables(asked: Asked) -> Sequence[Table]:
    answered = list(_answered(asked))
    tables = [Table("Trả lời", _ANSWERS, answered)]
    for number, one in enumerate(answered, start=1):
        tables.append(_sheet(f"{number}. Số liệu", one.answer.figures))
        tables.append(_sheet(f"{number}. Chi tiết", one.answer.listing))
    return tables


def _answered(asked: Asked) -> Iterator[_Answered]:
    today = calendar.today(asked.at)
    looked = scope.read(asked.session, asked.filters, today)
    made = asking.Asked(asked.session, looked, collect(asked.session, looked))
    for question in QUESTIONS.values():
        yield _Answered(question, question.answer(made))


def _sheet(name: str, figures: Figures) -> Table:
    columns = [
        Column(head.title, itemgetter(n), head.width)
        for n, head in enumerate(figures.heads)
    ]
    return Table(name, columns, [line.cells for line in figures.lines])


SOURCE = Source(
    title="Chất lượng phong trào theo Công văn số 3304/UBND-NC",
    file_name="chat-luong-phong-trao",
    may=rights.reads_quality,
    count=lambda _asked: len(QUESTIONS),
    tables=_tables,
)
