"""“Not even, not continuous, in places for form's sake”: units without a trace of the movement."""

from awards.quality.asking import Answer, Asked, Figures, Head, Question, Value, share
from awards.quality.counts import Done
from awards.quality.tables import board, of_kinds, of_units, records, total
from workflows.words import N_

_KEY = "activity"


def _answer(asked: Asked) -> Answer:
    """Active is who registered, nominated, commended, made it known or signed an evaluation."""
    scope, units = asked.scope, len(asked.counts)
    active = total(asked, lambda done: done.is_active)
    before = sum(scope.year - 1 in done.years for done in asked.counts.values())
    return Answer(
        sentence=N_(
            "%(active)s trên %(units)s đơn vị (%(share)s %%) có hoạt động trong năm %(year)s; "
            "%(silent)s đơn vị chưa có gì, %(unnominated)s đơn vị chưa đề nghị ai. "
            "Năm trước: %(before)s %%."
        ),
        values={
            "active": active,
            "units": units,
            "share": share(active, units),
            "silent": units - active,
            "unnominated": total(asked, lambda done: not done.nominations),
            "year": str(scope.year),
            "before": share(before, units),
        },
        figures=Figures(
            (
                Head(N_("Loại đơn vị"), width=28),
                Head(N_("Đơn vị")),
                Head(N_("Có hoạt động"), "awarded"),
                Head(N_("Chưa có gì"), "diagram-rest"),
                Head(N_("Chưa đề nghị ai")),
            ),
            of_kinds(
                asked,
                _KEY,
                lambda done: (done.is_active, not done.is_active, not done.nominations),
            ),
        ),
        listing=Figures(
            (
                Head(N_("Đơn vị"), width=40),
                Head(N_("Hoạt động"), width=18),
                Head(N_("Đăng ký")),
                Head(N_("Hồ sơ đề nghị")),
                Head(N_("Khen tại đơn vị")),
                Head(N_("Tuyên truyền")),
                Head(N_("Năm trống liền kề")),
            ),
            of_units(
                asked,
                lambda _unit, done: _row(asked, done),
                lambda unit: {
                    2: records(asked, unit, "registrations"),
                    3: board(asked, unit),
                    4: records(asked, unit, "own-awards"),
                    5: records(asked, unit, "communications"),
                },
            ),
        ),
        unit=N_("đơn vị"),
        is_stacked=True,
    )


def _row(asked: Asked, done: Done) -> tuple[Value, ...]:
    return (
        N_("Có") if done.is_active else N_("Chưa có gì"),
        done.registrations,
        done.nominations,
        done.own_awards,
        done.communications,
        _empty_years(asked, done),
    )


def _empty_years(asked: Asked, done: Done) -> int:
    """How many years running, up to this one, have left nothing; as many as are looked at."""
    empty = 0
    for year in reversed(asked.scope.years):
        if year in done.years:
            break
        empty += 1
    return empty


QUESTION = Question(
    key=_KEY,
    title=N_("Phong trào có đều khắp, liên tục không?"),
    said=N_(
        "“phong trào thi đua chưa phát triển đồng đều, liên tục, có nơi còn hình thức, "
        "chưa đi vào chiều sâu”"
    ),
    answer=_answer,
)
