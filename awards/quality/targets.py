"""“Mostly answering campaigns from above”: units that set themselves targets."""

from awards.quality.asking import Answer, Asked, Figures, Head, Question, Value, share
from awards.quality.counts import Done
from awards.quality.tables import of_kinds, of_units, records, total
from workflows.words import N_

_KEY = "targets"


def _answer(asked: Asked) -> Answer:
    units = len(asked.counts)
    own = total(asked, _has_own)
    return Answer(
        sentence=N_(
            "%(own)s trên %(units)s đơn vị (%(share)s %%) tự đề ra mục tiêu cho năm %(year)s, "
            "tất cả %(targets)s mục tiêu; %(bare)s đơn vị đăng ký mà không có mục tiêu, "
            "%(none)s đơn vị chưa đăng ký."
        ),
        values={
            "own": own,
            "units": units,
            "share": share(own, units),
            "targets": total(asked, lambda done: done.targets),
            "bare": total(asked, _is_bare),
            "none": total(asked, lambda done: not done.registrations),
            "year": str(asked.scope.year),
        },
        figures=Figures(
            (
                Head(N_("Loại đơn vị"), width=28),
                Head(N_("Đơn vị")),
                Head(N_("Có mục tiêu riêng"), "awarded"),
                Head(N_("Đăng ký suông"), "returned"),
                Head(N_("Chưa đăng ký"), "diagram-rest"),
            ),
            of_kinds(
                asked,
                _KEY,
                lambda done: (_has_own(done), _is_bare(done), not done.registrations),
            ),
        ),
        listing=Figures(
            (
                Head(N_("Đơn vị"), width=40),
                Head(N_("Đăng ký"), width=24),
                Head(N_("Mục tiêu")),
                Head(N_("Có con số")),
            ),
            of_units(
                asked,
                lambda _unit, done: _row(done),
                lambda unit: {1: records(asked, unit, "registrations")},
            ),
        ),
        unit=N_("đơn vị"),
        is_stacked=True,
    )


def _has_own(done: Done) -> bool:
    return done.targets > 0


def _is_bare(done: Done) -> bool:
    return done.registrations > 0 and not done.targets


def _row(done: Done) -> tuple[Value, ...]:
    if _has_own(done):
        stands = N_("Có mục tiêu riêng")
    else:
        stands = N_("Đăng ký suông") if _is_bare(done) else N_("Chưa đăng ký")
    return stands, done.targets, done.numbered


QUESTION = Question(
    key=_KEY,
    title=N_("Đơn vị có mục tiêu, giải pháp của mình không?"),
    said=N_(
        "“chủ yếu là hưởng ứng theo phong trào thi đua do cấp trên phát động, chưa đề ra "
        "các mục tiêu, giải pháp thực hiện hiệu quả”"
    ),
    answer=_answer,
)
