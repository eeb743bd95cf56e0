"""“Some do not grasp what it is for”: units that say they have read the criteria and told them."""

from awards.quality.asking import Answer, Asked, Figures, Head, Question, share
from awards.quality.tables import of_kinds, of_units, total
from workflows.words import N_

_KEY = "purposes"


def _answer(asked: Asked) -> Answer:
    units, read = len(asked.counts), total(asked, lambda done: done.acknowledged > 0)
    return Answer(
        sentence=N_(
            "%(read)s trên %(units)s đơn vị (%(share)s %%) đã xác nhận trong năm %(year)s rằng đã "
            "đọc mục đích, tiêu chí và phổ biến cho cán bộ; %(blind)s đơn vị đề nghị khen mà chưa "
            "xác nhận."
        ),
        values={
            "read": read,
            "units": units,
            "share": share(read, units),
            "blind": total(asked, lambda d: bool(d.nominations and not d.acknowledged)),
            "year": str(asked.scope.year),
        },
        figures=Figures(
            (
                Head(N_("Loại đơn vị"), width=28),
                Head(N_("Đơn vị")),
                Head(N_("Đã xác nhận"), "awarded"),
                Head(N_("Chưa xác nhận"), "diagram-rest"),
            ),
            of_kinds(
                asked,
                _KEY,
                lambda done: (done.acknowledged > 0, not done.acknowledged),
            ),
        ),
        listing=Figures(
            (
                Head(N_("Đơn vị"), width=40),
                Head(N_("Phong trào đã xác nhận")),
                Head(N_("Đề nghị")),
            ),
            of_units(
                asked,
                lambda _unit, done: (done.acknowledged, done.nominations),
                lambda _unit: {},
            ),
        ),
        unit=N_("đơn vị"),
        is_stacked=True,
    )


QUESTION = Question(
    key=_KEY,
    title=N_("Cán bộ có nắm mục đích của phong trào không?"),
    said=N_(
        "“còn có cán bộ, công chức, viên chức chưa nhận thức đầy đủ mục đích ý nghĩa, tầm quan "
        "trọng của phong trào thi đua”"
    ),
    answer=_answer,
)
