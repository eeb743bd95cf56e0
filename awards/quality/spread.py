"""“Mainly in administrative agencies”: nominations by the kind of unit they come from."""

from awards.quality.asking import Answer, Asked, Figures, Head, Question, share
from awards.quality.tables import board, of_kinds, of_units, total
from models.organisation import UnitKind
from workflows.words import N_

_KEY = "spread"


def _answer(asked: Asked) -> Answer:
    scope, counts = asked.scope, asked.counts
    offices = [unit for unit in scope.units if unit.kind == UnitKind.ADMINISTRATIVE]
    of_offices = sum(counts[unit.id].nominations for unit in offices)
    nominations = total(asked, lambda done: done.nominations)
    return Answer(
        sentence=N_(
            "%(offices)s trên %(nominations)s đề nghị của năm %(year)s (%(share)s %%) đến từ sở, "
            "ban, ngành, là %(unit_share)s %% số đơn vị; %(awarded)s đề nghị đã được khen."
        ),
        values={
            "offices": of_offices,
            "nominations": nominations,
            "share": share(of_offices, nominations),
            "unit_share": share(len(offices), len(scope.units)),
            "awarded": total(asked, lambda done: done.awarded),
            "year": str(scope.year),
        },
        figures=Figures(
            (
                Head(N_("Loại đơn vị"), width=28),
                Head(N_("Đơn vị")),
                Head(N_("Đề nghị"), "waiting"),
                Head(N_("Được khen"), "awarded"),
            ),
            of_kinds(asked, _KEY, lambda done: (done.nominations, done.awarded)),
        ),
        listing=Figures(
            (
                Head(N_("Đơn vị"), width=40),
                Head(N_("Đề nghị")),
                Head(N_("Được khen")),
            ),
            of_units(
                asked,
                lambda _unit, done: (done.nominations, done.awarded),
                lambda unit: {1: board(asked, unit)},
            ),
        ),
        unit=N_("đề nghị"),
    )


QUESTION = Question(
    key=_KEY,
    title=N_("Đề nghị đến từ những loại đơn vị nào?"),
    said=N_("“phong trào tập trung chủ yếu trong các cơ quan, đơn vị hành chính”"),
    answer=_answer,
)
