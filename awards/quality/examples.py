"""“Examples do not spread”: stories published, by how many units read; people noticed early."""

from sqlalchemy import distinct, func, select

from awards.quality.asking import Answer, Asked, Figures, Head, Question, share
from awards.quality.counts import of_movement
from awards.quality.tables import of_kinds, of_units, total
from models.awards import Nomination
from models.examples import Story, StoryState
from models.organisation import Post
from models.reads import ReadEvent, ReadKind
from workflows.words import N_

_KEY = "examples"


def _answer(asked: Asked) -> Answer:
    units, told = len(asked.counts), total(asked, lambda done: done.stories > 0)
    return Answer(
        sentence=N_(
            "%(stories)s bài điển hình được đăng trong năm %(year)s, của %(told)s trên %(units)s "
            "đơn vị (%(share)s %%); %(reached)s đơn vị đã đọc. %(noticed)s người được phát hiện, "
            "%(begun)s người đã có hồ sơ."
        ),
        values={
            "stories": total(asked, lambda done: done.stories),
            "told": told,
            "units": units,
            "share": share(told, units),
            "reached": _reached(asked),
            "noticed": total(asked, lambda done: done.noticed),
            "begun": total(asked, lambda done: done.noticed_begun),
            "year": str(asked.scope.year),
        },
        figures=Figures(
            (
                Head(N_("Loại đơn vị"), width=28),
                Head(N_("Đơn vị")),
                Head(N_("Bài đã đăng"), "awarded"),
                Head(N_("Người được phát hiện"), "waiting"),
                Head(N_("Đã có hồ sơ")),
            ),
            of_kinds(
                asked, _KEY, lambda done: (done.stories, done.noticed, done.noticed_begun)
            ),
        ),
        listing=Figures(
            (
                Head(N_("Đơn vị"), width=40),
                Head(N_("Bài đã đăng")),
                Head(N_("Người được phát hiện")),
                Head(N_("Đã có hồ sơ")),
            ),
            of_units(
                asked,
                lambda _unit, done: (done.stories, done.noticed, done.noticed_begun),
                lambda _unit: {},
            ),
        ),
        unit=N_("bài, người"),
    )


def _reached(asked: Asked) -> int:
    """In how many units somebody has opened a story that was published in the year."""
    since, until = asked.scope.moments(asked.scope.year)
    read = (
        select(func.count(distinct(Post.unit_id)))
        .join(ReadEvent, ReadEvent.actor_id == Post.person_id)
        .join(Nomination, Nomination.code == ReadEvent.chain)
        .join(Story, Story.nomination_id == Nomination.id)
        .where(
            ReadEvent.kind == ReadKind.STORY_OPENED,
            ReadEvent.at < until,
            Story.state == StoryState.PUBLISHED,
            Story.published_at >= since,
            Story.published_at < until,
            of_movement(asked.scope, Nomination),
        )
    )
    return asked.session.scalar(read) or 0


QUESTION = Question(
    key=_KEY,
    title=N_("Gương tốt có được phát hiện và lan tỏa không?"),
    said=N_(
        "“công tác tuyên truyền, nhân rộng các điển hình tiên tiến trong phong trào chưa đáp ứng "
        "được yêu cầu”; “Kịp thời phát hiện nhân tố mới, bồi dưỡng, nhân rộng”"
    ),
    answer=_answer,
)
