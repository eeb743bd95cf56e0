"""“Every year evaluate the leading of the movement”: which units have, signed by their heads."""

from collections.abc import Sequence

from awards.quality.asking import Answer, Asked, Figures, Head, Line, Question, Value, share
from awards.quality.counts import Done
from awards.quality.tables import of_units, records, total, within
from models.organisation import Unit
from workflows.words import N_

_KEY = "evaluations"
_NO_BLOCK = N_("Ngoài các Khối")


def _answer(asked: Asked) -> Answer:
    units, signed = len(asked.counts), total(asked, lambda done: done.signed)
    scores = [done.score for done in asked.counts.values() if done.score is not None]
    return Answer(
        sentence=N_(
            "%(signed)s trên %(units)s đơn vị (%(share)s %%) có đánh giá năm %(year)s đã ký, "
            "điểm tự chấm bình quân %(score)s; %(drafted)s bản chờ ký, %(none)s đơn vị chưa có."
        ),
        values={
            "signed": signed,
            "units": units,
            "share": share(signed, units),
            "score": _mean(scores),
            "drafted": total(asked, lambda done: done.evaluations - done.signed),
            "none": total(asked, lambda done: not done.evaluations),
            "year": str(asked.scope.year),
        },
        figures=Figures(
            (
                Head(N_("Khối thi đua"), width=40),
                Head(N_("Đơn vị")),
                Head(N_("Đã ký"), "awarded"),
                Head(N_("Chờ thủ trưởng ký"), "returned"),
                Head(N_("Chưa có"), "diagram-rest"),
                Head(N_("Điểm bình quân")),
            ),
            [_line(asked, name, units) for name, units in _of_blocks(asked).items()],
        ),
        listing=Figures(
            (
                Head(N_("Đơn vị"), width=40),
                Head(N_("Khối thi đua"), width=40),
                Head(N_("Đánh giá"), width=20),
                Head(N_("Điểm tự chấm")),
            ),
            _listing(asked),
        ),
        unit=N_("đơn vị"),
        is_stacked=True,
    )


def _of_blocks(asked: Asked) -> dict[str, list[Unit]]:
    found: dict[str, list[Unit]] = {}
    for unit in asked.scope.units:
        found.setdefault(_block(asked, unit), []).append(unit)
    return dict(sorted(found.items(), key=lambda pair: (pair[0] == _NO_BLOCK, pair[0])))


def _block(asked: Asked, unit: Unit) -> str:
    block = asked.scope.blocks.get(unit.id)
    return block.name if block else _NO_BLOCK


def _line(asked: Asked, name: str, units: Sequence[Unit]) -> Line:
    done = [asked.counts[unit.id] for unit in units]
    signed = sum(one.signed for one in done)
    begun = sum(one.evaluations for one in done)
    scores = [one.score for one in done if one.score is not None]
    return Line(
        (name, len(done), signed, begun - signed, len(done) - begun, _mean(scores)),
        {0: within(asked, _KEY, name)},
    )


def _listing(asked: Asked) -> list[Line]:
    lines = of_units(
        asked,
        lambda unit, done: (_block(asked, unit), *_state(done)),
        lambda unit: {2: records(asked, unit, _KEY)},
    )
    return [Line(line.cells, line.behind, group=str(line.cells[1])) for line in lines]


def _state(done: Done) -> tuple[Value, ...]:
    if done.signed:
        return N_("Đã ký"), done.score
    return (N_("Chờ thủ trưởng ký") if done.evaluations else N_("Chưa có")), None


def _mean(scores: Sequence[int]) -> Value:
    """Rounded to the whole; a dash where there is none."""
    return (2 * sum(scores) + len(scores)) // (2 * len(scores)) if scores else "–"


QUESTION = Question(
    key=_KEY,
    title=N_("Đơn vị có đánh giá việc lãnh đạo phong trào hằng năm không?"),
    said=N_(
        "“Hằng năm, đánh giá kết quả công tác lãnh đạo, chỉ đạo trong việc tổ chức phát động, "
        "triển khai thực hiện phong trào thi đua”"
    ),
    answer=_answer,
)
