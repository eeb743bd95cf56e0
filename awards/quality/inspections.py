"""“Inspection and supervision not regular”: who was inspected, and what is still to be mended."""

from awards.quality.asking import Answer, Asked, Figures, Head, Question, share
from awards.quality.tables import of_kinds, of_units, records, total
from workflows.words import N_

_KEY = "inspections"


def _answer(asked: Asked) -> Answer:
    units = len(asked.counts)
    inspected = total(asked, lambda done: done.inspections > 0)
    return Answer(
        sentence=N_(
            "%(inspections)s cuộc kiểm tra ở %(inspected)s trên %(units)s đơn vị (%(share)s %%) "
            "trong năm %(year)s; còn %(open)s kiến nghị chưa khắc phục, %(late)s quá hạn."
        ),
        values={
            "inspections": total(asked, lambda done: done.inspections),
            "inspected": inspected,
            "units": units,
            "share": share(inspected, units),
            "open": total(asked, lambda done: done.open_findings),
            "late": total(asked, lambda done: done.late_findings),
            "year": str(asked.scope.year),
        },
        figures=_figures(asked),
        listing=_listing(asked),
        unit=N_("đơn vị"),
        is_stacked=True,
    )


def _figures(asked: Asked) -> Figures:
    return Figures(
        (
            Head(N_("Loại đơn vị"), width=28),
            Head(N_("Đơn vị")),
            Head(N_("Đã kiểm tra"), "awarded"),
            Head(N_("Chưa kiểm tra"), "diagram-rest"),
            Head(N_("Cuộc kiểm tra")),
            Head(N_("Kiến nghị còn mở")),
            Head(N_("Quá hạn")),
        ),
        of_kinds(
            asked,
            _KEY,
            lambda done: (
                done.inspections > 0,
                not done.inspections,
                done.inspections,
                done.open_findings,
                done.late_findings,
            ),
        ),
    )


def _listing(asked: Asked) -> Figures:
    return Figures(
        (
            Head(N_("Đơn vị"), width=40),
            Head(N_("Cuộc kiểm tra")),
            Head(N_("Gần nhất")),
            Head(N_("Kiến nghị còn mở")),
            Head(N_("Quá hạn")),
        ),
        of_units(
            asked,
            lambda _unit, done: (
                done.inspections,
                done.inspected_on,
                done.open_findings,
                done.late_findings,
            ),
            lambda unit: {
                1: records(asked, unit, _KEY),
                3: records(asked, unit, _KEY, state="open", year=""),
                4: records(asked, unit, _KEY, state="late", year=""),
            },
        ),
    )


QUESTION = Question(
    key=_KEY,
    title=N_("Kiểm tra có thường xuyên, có được khắc phục không?"),
    said=N_(
        "“công tác kiểm tra, giám sát chưa thường xuyên nên chưa có tác dụng thúc đẩy”; "
        "“thường xuyên tiến hành kiểm tra, giám sát”"
    ),
    answer=_answer,
)
