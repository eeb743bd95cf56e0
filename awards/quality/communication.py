"""“Strengthen communication in many forms”: what was done, by which channel, for how many."""

from awards.quality.asking import Answer, Asked, Figures, Head, Line, Question, share
from awards.quality.tables import of_units, records, total
from awards.records.kinds import CHANNELS
from models.records import Channel
from workflows.words import N_

_KEY = "communication"
_PATH = "communications"


def _answer(asked: Asked) -> Answer:
    units, told = len(asked.counts), total(asked, lambda done: done.communications > 0)
    figures = [_line(asked, channel, name) for channel, name in CHANNELS.items()]
    return Answer(
        sentence=N_(
            "%(activities)s hoạt động tuyên truyền ở %(told)s trên %(units)s đơn vị (%(share)s %%) "
            "trong năm %(year)s, bằng %(channels)s hình thức, tới %(people)s lượt người."
        ),
        values={
            "activities": total(asked, lambda done: done.communications),
            "told": told,
            "units": units,
            "share": share(told, units),
            "channels": sum(line.cells[1] != 0 for line in figures),
            "people": total(asked, lambda done: done.people_reached),
            "year": str(asked.scope.year),
        },
        figures=Figures(
            (
                Head(N_("Hình thức"), width=30),
                Head(N_("Hoạt động"), "waiting"),
                Head(N_("Đơn vị")),
                Head(N_("Lượt người")),
            ),
            figures,
        ),
        listing=Figures(
            (
                Head(N_("Đơn vị"), width=40),
                Head(N_("Hoạt động")),
                Head(N_("Hình thức")),
                Head(N_("Lượt người")),
            ),
            of_units(
                asked,
                lambda _unit, done: (
                    done.communications,
                    len(+done.channels),
                    done.people_reached,
                ),
                lambda unit: {1: records(asked, unit, _PATH)},
            ),
        ),
        unit=N_("hoạt động"),
    )


def _line(asked: Asked, channel: Channel, name: str) -> Line:
    many = [done.channels[channel] for done in asked.counts.values()]
    reached = sum(done.reached_by[channel] for done in asked.counts.values())
    return Line((name, sum(many), sum(map(bool, many)), reached))


QUESTION = Question(
    key=_KEY,
    title=N_("Tuyên truyền bằng những hình thức nào?"),
    said=N_("“Đẩy mạnh công tác tuyên truyền bằng nhiều hình thức”"),
    answer=_answer,
)
