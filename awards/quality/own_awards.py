"""“Every year award by their own authority, and propose the best”: both side by side."""

from awards.quality.asking import Answer, Asked, Figures, Head, Question
from awards.quality.tables import board, of_kinds, of_units, records, total
from workflows.words import N_

_KEY = "own-awards"


def _answer(asked: Asked) -> Answer:
    return Answer(
        sentence=N_(
            "Các đơn vị tự khen %(own)s lượt trong năm %(year)s và đề nghị Chủ tịch UBND tỉnh khen "
            "%(nominations)s; %(awarded)s đã được khen. %(only)s đơn vị đề nghị lên trên mà "
            "không tự khen ai."
        ),
        values={
            "own": total(asked, lambda done: done.own_awards),
            "nominations": total(asked, lambda done: done.nominations),
            "awarded": total(asked, lambda done: done.awarded),
            "only": total(asked, lambda done: done.nominations > 0 and not done.own_awards),
            "year": str(asked.scope.year),
        },
        figures=Figures(
            (
                Head(N_("Loại đơn vị"), width=28),
                Head(N_("Đơn vị")),
                Head(N_("Tự khen"), "returned"),
                Head(N_("Đề nghị Chủ tịch"), "waiting"),
                Head(N_("Chủ tịch khen"), "awarded"),
            ),
            of_kinds(
                asked,
                _KEY,
                lambda done: (done.own_awards, done.nominations, done.awarded),
            ),
        ),
        listing=Figures(
            (
                Head(N_("Đơn vị"), width=40),
                Head(N_("Tự khen")),
                Head(N_("Đề nghị Chủ tịch")),
                Head(N_("Chủ tịch khen")),
            ),
            of_units(
                asked,
                lambda _unit, done: (done.own_awards, done.nominations, done.awarded),
                lambda unit: {1: records(asked, unit, _KEY), 2: board(asked, unit)},
            ),
        ),
        unit=N_("lượt khen, đề nghị"),
    )


QUESTION = Question(
    key=_KEY,
    title=N_("Đơn vị có tự khen trước khi đề nghị lên trên không?"),
    said=N_(
        "“Hằng năm khen thưởng theo thẩm quyền …; lựa chọn các tập thể, cá nhân tiêu biểu xuất "
        "sắc đề nghị Chủ tịch Ủy ban nhân dân tỉnh khen thưởng”"
    ),
    answer=_answer,
)
