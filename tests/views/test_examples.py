"""Stories of the awarded, quick notes, and units' word that they have read the criteria."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from awards import erasures, nominations, own_copies
from awards.demo.catalogue import MOVEMENT
from awards.erasures import Request
from awards.examples import purposes, stories
from models.awards import Movement, Nomination
from models.base import ERASED
from models.examples import Acknowledgement, Discovery, Story, StoryState
from models.history import EventKind
from models.organisation import Person
from models.session import reading, transaction
from tests.client import form, heading, text
from views.web import db
from workflows import history
from workflows.actors import Actor

OFFICER, PUBLISHER, AUTHOR = "hoa.yte", "tuan.noivu", "lan.tuphap"
WORDS = {
    "title": "Trả hồ sơ trong buổi",
    "text": "Chia việc từ sáng.\nTrả ngay.",
    "agreed_on": "01/09/2026",
    "agreed_how": "Giấy đồng ý",
}


@pytest.fixture
def engine(app):
    with app.app_context():
        return db.engine


@pytest.fixture
def awarded(cases):
    """An awarded nomination of the officer's unit, of which nobody has told yet."""
    return cases["awarded"]["near"].code


def write(client, code, **changes):
    url = f"/nominations/{code}/story"
    return form(client.get(url), url).send(client, **WORDS | changes)


def story_of(engine, code):
    with reading(engine) as session:
        return stories.of(session, nominations.find(session, code))


def kinds(engine, code):
    with reading(engine) as session:
        found = nominations.find(session, code)
        assert history.verify(session, found.instance) is None
        return [event.kind for event in history.of(session, found.instance_id)]


def publish(client, story_id):
    url = f"/examples/{story_id}"
    return form(client.get(url), f"{url}/publish").send(client)


def test_story_is_written_read_by_another_and_published(browse, engine, awarded):
    officer, publisher = browse(OFFICER), browse(PUBLISHER)
    assert "Viết bài điển hình" in text(officer.get(f"/nominations/{awarded}"))
    write(officer, awarded, ready="1")
    story = story_of(engine, awarded)
    assert story.state == StoryState.WAITING
    assert browse(AUTHOR).get(f"/examples/{story.id}").status_code == 404
    assert "Trả hồ sơ trong buổi" in text(publisher.get("/examples"))

    publish(publisher, story.id)

    for login in (AUTHOR, "hoidong", "quantri.hethong"):
        assert heading(browse(login).get(f"/examples/{story.id}")) == WORDS["title"]
    assert kinds(engine, awarded)[-1] == EventKind.STORY_PUBLISHED
    assert WORDS["title"] in text(officer.get(f"/nominations/{awarded}"))


def test_units_that_read_are_counted(browse, engine, awarded):
    write(browse(OFFICER), awarded, ready="1")
    story = story_of(engine, awarded)
    publish(browse(PUBLISHER), story.id)
    for login in (AUTHOR, "quang.tuphap", "nam.xaydung"):  # two of one unit
        browse(login).get(f"/examples/{story.id}")

    with reading(engine) as session:
        assert stories.reach(session)[story.id] == 2


def test_story_goes_back_with_the_reason_and_is_mended(browse, engine, awarded):
    officer, publisher = browse(OFFICER), browse(PUBLISHER)
    write(officer, awarded, ready="1")
    url = f"/examples/{story_of(engine, awarded).id}"
    back = form(publisher.get(url), f"{url}/return")
    assert back.send(publisher, remark="").status_code == 422

    back.send(publisher, remark="Thêm số liệu.")

    assert story_of(engine, awarded).state == StoryState.DRAFT
    assert "Thêm số liệu." in text(officer.get(f"/nominations/{awarded}/story"))
    write(officer, awarded, text="Từ 14 còn 2 phản ánh.", ready="1")
    assert story_of(engine, awarded).state == StoryState.WAITING


def test_published_story_is_taken_away(browse, engine, awarded):
    publisher = browse(PUBLISHER)
    write(browse(OFFICER), awarded, ready="1")
    url = f"/examples/{story_of(engine, awarded).id}"
    publish(publisher, story_of(engine, awarded).id)
    assert write(browse(OFFICER), awarded, title="Khác").status_code == 409

    form(publisher.get(url), f"{url}/return").send(publisher, remark="Người được nêu rút.")

    assert browse(AUTHOR).get(url).status_code == 404
    assert kinds(engine, awarded)[-2:] == [
        EventKind.STORY_PUBLISHED,
        EventKind.STORY_WITHDRAWN,
    ]


def test_story_sent_again_is_one_and_publishing_again_tells_once(browse, engine, awarded):
    officer, publisher = browse(OFFICER), browse(PUBLISHER)
    for _ in range(3):
        write(officer, awarded, ready="1")
    story = story_of(engine, awarded)
    url = f"/examples/{story.id}"
    page = form(publisher.get(url), f"{url}/publish")
    for _ in range(3):
        page.send(publisher)

    assert kinds(engine, awarded).count(EventKind.STORY_PUBLISHED) == 1
    with reading(engine) as session:
        told = select(Story).where(Story.nomination_id == story.nomination_id)
        assert len(session.scalars(told).all()) == 1


def test_nobody_publishes_the_own_story(app, browse, engine, awarded):
    write(browse(OFFICER), awarded, ready="1")
    story = story_of(engine, awarded)
    with transaction(engine) as session:
        author = session.scalars(select(Person).where(Person.login == PUBLISHER)).one()
        session.get_one(Story, story.id).author_id = author.id
    url = f"/examples/{story.id}"
    another = form(browse("ha.noivu").get(url), f"{url}/publish")

    assert "Đăng cho cả tỉnh đọc" not in text(browse(PUBLISHER).get(url))
    assert browse(PUBLISHER).post(another.action, data=another.fields).status_code == 404
    assert story_of(engine, awarded).state == StoryState.WAITING


def test_only_the_awarded_are_told_of(browse, engine, cases):
    officer, waiting = browse(OFFICER), cases["appraise"]["near"].code

    assert "Hồ sơ này chưa được khen." in text(officer.get(f"/nominations/{waiting}/story"))
    assert browse(AUTHOR).get(f"/nominations/{waiting}/story").status_code == 404


def note(client, **changes):
    filled = {
        "unit": "SO-YT",
        "name": "Lê Thị Thấy",
        "happened_on": "01/09/2026",
        "text": "Giúp một cụ già.",
        "is_serving_public": "y",
    }
    return form(client.get("/discoveries"), "/discoveries").send(client, **filled | changes)


def noted(engine, name="Lê Thị Thấy"):
    with reading(engine) as session:
        return session.scalars(select(Discovery).where(Discovery.name == name)).all()


def test_note_becomes_a_nomination_of_that_unit(browse, engine):
    author, officer = browse("khoitruong.k01"), browse(OFFICER)
    note(author)
    (row,) = noted(engine)
    assert "Lê Thị Thấy" in text(officer.get("/discoveries"))
    assert "Lê Thị Thấy" not in text(browse("nam.xaydung").get("/discoveries"))
    page = form(officer.get(f"/nominations/new?discovery={row.id}"), "/nominations/new")

    step = page.send(officer, nominee_kind="individual").headers["Location"]

    assert "Giúp một cụ già." in text(officer.get(step))
    (row,) = noted(engine)
    with reading(engine) as session:
        made = session.get_one(Nomination, row.nomination_id)
        assert (made.nominee.name, made.unit.code) == ("Lê Thị Thấy", "SO-YT")
    assert made.code in text(author.get("/discoveries"))


def test_note_is_answered_once(browse, engine):
    note(browse("quang.tuphap"))
    officer, (row,) = browse(OFFICER), noted(engine)
    url = f"/discoveries/{row.id}/decline"
    page = form(officer.get("/discoveries"), url)
    page.send(officer, answer="Đã khen rồi.")
    page.send(officer, answer="Lý do khác.")

    (row,) = noted(engine)
    assert row.answer == "Đã khen rồi."
    assert officer.get(f"/nominations/new?discovery={row.id}").status_code == 200


def test_another_units_note_is_nobody_elses_to_answer(browse, engine):
    note(browse("quang.tuphap"))
    (row,) = noted(engine)
    other = browse("nam.xaydung")

    page = other.get(f"/nominations/new?discovery={row.id}")
    sent = form(other.get("/discoveries"), "/discoveries").fields | {"answer": "x"}

    assert "Lê Thị Thấy" not in page.text
    assert other.post(f"/discoveries/{row.id}/decline", data=sent).status_code == 404


def test_note_of_a_day_to_come_is_refused_and_kept(browse, engine):
    page = note(browse(AUTHOR), happened_on="01/01/2099")

    assert page.status_code == 422
    assert "Ngày này chưa đến." in text(page)
    assert "Giúp một cụ già." in page.text
    assert noted(engine) == []


def test_note_sent_again_is_one(browse, engine):
    client = browse(AUTHOR)
    page = form(client.get("/discoveries"), "/discoveries")
    for _ in range(3):
        page.send(
            client,
            unit="SO-YT",
            name="Lê Thị Thấy",
            happened_on="01/09/2026",
            text="Giúp.",
        )

    assert len(noted(engine)) == 1


def test_unit_says_once_that_it_has_read_the_criteria(browse, engine):
    officer, url = browse(OFFICER), f"/purposes/{MOVEMENT}"
    assert "Đọc và xác nhận" in text(officer.get("/nominations/new"))
    page = form(officer.get(url), f"{url}/acknowledge")
    for _ in range(3):
        page.send(officer, unit="SO-YT")

    assert "Đọc và xác nhận" not in text(officer.get("/nominations/new"))
    assert "Phạm Thu Hoa" in text(browse("hoidong").get(url))
    with reading(engine) as session:
        assert len(session.scalars(select(Acknowledgement)).all()) == 1
        movement = session.scalars(select(Movement)).one()
        names = [
            unit.code for unit in purposes.silent(session, movement, {"SO-YT", "SO-TP"})
        ]
        assert names == ["SO-TP"]


def test_unit_speaks_for_no_other(browse, engine):
    officer, url = browse(OFFICER), f"/purposes/{MOVEMENT}"

    form(officer.get(url), f"{url}/acknowledge").send(officer, unit="SO-TP")

    with reading(engine) as session:
        assert session.scalars(select(Acknowledgement)).all() == []


def test_everybody_reads_purpose_and_criteria(browse):
    for login in (OFFICER, "chutich.ubnd", "quantri.hethong"):
        page = text(browse(login).get(f"/purposes/{MOVEMENT}"))
        assert "Hồ sơ giải quyết đúng hạn" in page
        assert "Tỷ lệ % hồ sơ đúng hạn" in page


def test_erasing_takes_story_and_notes_along(browse, engine, awarded):
    write(browse(OFFICER), awarded, ready="1")
    publish(browse(PUBLISHER), story_of(engine, awarded).id)
    with reading(engine) as session:
        name = nominations.find(session, awarded).nominee.name
    note(browse(AUTHOR), name=name)
    with transaction(engine) as session:
        found = nominations.find(session, awarded)
        copy = own_copies.gather(session, [found])
        assert [row["title"] for row in copy[Story]] == [WORDS["title"]]
        assert [row["name"] for row in copy[Discovery]] == [name]
        nobody = Actor(1, "Quản trị", ())
        erasures.carry_out(
            session, found, Request("Luật", "Yêu cầu"), actor=nobody, now=datetime.now(UTC)
        )

    story = story_of(engine, awarded)
    assert (story.title, story.text, story.state) == (ERASED, ERASED, StoryState.WITHDRAWN)
    assert noted(engine, name) == []
    assert browse(AUTHOR).get(f"/examples/{story.id}").status_code == 404
    assert EventKind.WORDS_ERASED in kinds(engine, awarded)
