"""The search over everything: who finds what, by which words, in which order; what is kept."""

import unicodedata
from random import Random

import pytest
from sqlalchemy import delete, select, text, update
from sqlalchemy.exc import DatabaseError

from awards import entered, erasures, interests, searching, snippets, units
from awards.erasures import Request
from awards.searching import Question
from awards.units import Change, NewUnit
from models import search
from models.awards import Nomination
from models.organisation import UnitEventKind
from models.search import EnteredText

WATCHER = "council_member"
UNIT_A, UNIT_B = "unit_officer:SO-TP", "unit_officer:XA-VG"
GROUND = Request("Điều 14 Luật số 91/2025/QH15", "Đơn đề nghị ngày 05/11/2026")


def named(world, typed, queue=WATCHER):
    """The names of the nominees that somebody finds, in order."""
    found = searching.nominations(world.session, world.actor(queue), Question.of(typed))
    assert found.total == len(found.rows)
    return [row.nominee.name for row in found.rows]


def said(world, typed, queue=WATCHER):
    """The nominees in whose entries the words are found."""
    found = searching.texts(world.session, world.actor(queue), Question.of(typed))
    return {row.nomination.nominee.name for row in found.rows}


def gather(world):
    while entered.follow(world.session):
        pass


@pytest.fixture
def three(world):
    return [
        world.nominate("SO-TP", "Nguyễn Thị Huệ"),
        world.nominate("SO-TP", "Nguyen Thi Hue"),
        world.nominate("XA-VG", "Đường Văn Hùng"),
    ]


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("nguyen thi hu", ["Nguyen Thi Hue", "Nguyễn Thị Huệ"]),  # the latest first
        ("nguyễn thị hu", ["Nguyễn Thị Huệ", "Nguyen Thi Hue"]),  # as it was typed first
        ("HUỆ", ["Nguyễn Thị Huệ", "Nguyen Thi Hue"]),
        (unicodedata.normalize("NFD", "huệ nguyễn"), ["Nguyễn Thị Huệ", "Nguyen Thi Hue"]),
        ("duong", ["Đường Văn Hùng"]),
        ("đường", ["Đường Văn Hùng"]),
        ("hs-2026-00003", ["Đường Văn Hùng"]),
        ("van giang duong", ["Đường Văn Hùng"]),
        ("bang khen hung", ["Đường Văn Hùng"]),
        ("uong", []),  # a word is found by its beginning
        ("nguyen hung", []),
        ("'; OR * NEAR(", []),
        ("%", []),
        ("", []),
    ],
)
def test_words_find_names_codes_units_and_awards(world, three, typed, found):
    assert named(world, typed) == found


def test_everybody_finds_and_counts_no_more_than_may_be_seen(world, three):
    assert named(world, "duong", UNIT_B) == ["Đường Văn Hùng"]
    assert named(world, "duong", UNIT_A) == []
    assert named(world, "nguyen", UNIT_B) == []
    assert named(world, "duong", "block_lead:K01") == []
    assert searching.named(world.session, world.actor(UNIT_A), three[2].code) is None
    assert searching.named(world.session, world.actor(UNIT_B), "hs 2026 00003") == three[2]
    own = searching.units(world.session, world.actor(UNIT_B), Question.of("xa"))
    assert [unit.code for unit in own.rows] == ["XA-VG"]
    assert searching.units(world.session, world.actor(UNIT_A), Question.of("xa")).total == 0


def test_former_name_of_a_unit_is_found_with_what_it_is_now(world):
    change = Change(
        UnitEventKind.RENAME, world.now.date(), "12/NQ-HĐND", ("SO-TP",),
        (NewUnit("SO-PL", "Sở Pháp luật"),),
    )  # fmt: skip
    units.record(world.session, change, by=world.actor("system_admin"), now=world.now)

    found = searching.units(world.session, world.actor(WATCHER), Question.of("tu phap"))

    assert [(u.code, u.keeper and u.keeper.name) for u in found.rows] == [
        ("SO-TP", "Sở Pháp luật")
    ]


def test_decision_is_found_by_its_number_by_those_it_concerns(world):
    world.walk(*["approve"] * 9)

    def symbols(typed, queue=WATCHER):
        found = searching.decisions(world.session, world.actor(queue), Question.of(typed))
        return [decision.symbol for decision in found.rows]

    (symbol,) = symbols("1")
    year = world.now.year
    for typed in ("01", symbol, f"quyết định số 1 năm {year}", f"so 01/qd {year}"):
        assert symbols(typed) == [symbol], typed
    for typed in ("2", "1 nguyen", f"1 năm {year - 1}", "quyết định"):
        assert symbols(typed) == [], typed
    assert symbols("1", UNIT_A) == [symbol]
    assert symbols("1", UNIT_B) == []


def test_what_was_entered_is_found_by_those_who_may_read_it(world):
    nomination = world.nominate("SO-TP", "Trần Văn Ba")
    world.answer(nomination, "approve", achievements="Sáng kiến rút ngắn thời gian chờ")
    world.answer(nomination, "approve", opinion="Nhất trí đề nghị")
    world.answer(nomination, "approve", opinion="Khối đồng tình")
    world.answer(nomination, "approve")
    world.answer(nomination, "approve", opinion="Còn băn khoăn về minh chứng")
    assert said(world, "sang kien") == set()  # nothing is gathered in the act itself
    gather(world)

    everywhere = {"Trần Văn Ba"}
    assert said(world, "rut ngan sang") == said(world, "đồng tình") == everywhere
    assert (
        said(world, "sang kien", UNIT_A) == said(world, "khoi dong", UNIT_A) == everywhere
    )
    assert said(world, "ban khoan") == everywhere
    assert said(world, "ban khoan", UNIT_A) == set()  # the offices' own affair
    assert said(world, "ban khoan", "block_lead:K01") == set()
    assert said(world, "sang kien", UNIT_B) == set()
    assert said(world, "approve") == said(world, "individual") == set()


def test_nothing_of_a_dossier_is_shown_before_a_declaration(world):
    nomination = world.nominate("SO-TP", "Trần Văn Ba")
    world.answer(nomination, "approve", achievements="Sáng kiến rút ngắn thời gian chờ")
    for _ in range(3):
        world.answer(nomination, "approve")
    gather(world)
    judge = "department_specialist"
    assert interests.is_asked(world.session, world.actor(judge), nomination)

    assert said(world, "sang kien", judge) == set()
    assert named(world, "ba tran", judge) == ["Trần Văn Ba"]


def test_erased_words_are_found_no_more(world):
    nomination = world.walk("withdraw", name="Zqxten Một")
    gather(world)
    admin = world.actor("system_admin")

    erasures.erase(world.session, nomination, GROUND, actor=admin, now=world.now)

    assert named(world, "zqxten") == []
    assert world.session.scalars(select(EnteredText)).all() == []
    world.session.flush()
    for table in search.SEARCHED:
        search.check(world.session, table)
    assert len(named(world, nomination.code)) == 1


def everything(session):
    session.flush()
    names = session.execute(select(Nomination.id, Nomination.search_text))
    texts = session.execute(
        select(EnteredText.submission_id, EnteredText.element_id, EnteredText.search_text)
    )
    return sorted(map(tuple, names)), sorted(map(tuple, texts))


def rebuild(world):
    entered.begin_rebuild(world.session)
    last, count = 0, 1
    while count:
        last, count = entered.rebuild_some(world.session, last)
    entered.end_rebuild(world.session)


def test_index_is_what_a_rebuild_makes_after_random_acts(world):
    chance = Random(6)
    running = [
        world.nominate(chance.choice(["SO-TP", "XA-VG"]), f"Lê Số {number}")
        for number in range(6)
    ]
    for _ in range(25):
        nomination = chance.choice(running)
        task = world.task(nomination)
        last = task.element_id == "prepare_nomination"
        outcome = "withdraw" if last and chance.random() < 0.2 else "approve"
        world.answer(
            nomination, outcome, opinion=f"Ý kiến {chance.random()}", reason="Lý do"
        )
        if outcome == "withdraw":
            running.remove(nomination)
            admin = world.actor("system_admin")
            erasures.erase(world.session, nomination, GROUND, actor=admin, now=world.now)
        if task.element_id == "issue_decision":
            running.remove(nomination)
        if chance.random() < 0.3:
            gather(world)
    gather(world)
    before = everything(world.session)
    for table in search.SEARCHED:
        search.check(world.session, table)
    assert len(before[1]) > 15

    rebuild(world)

    assert everything(world.session) == before
    for table in search.SEARCHED:
        search.check(world.session, table)


def test_rebuild_mends_what_is_missing_or_wrong(world, three):
    gather(world)
    before = everything(world.session)
    world.session.execute(update(Nomination).values(search_text="khac"))
    world.session.execute(delete(EnteredText))
    world.session.expire_all()
    assert named(world, "hue") == []

    rebuild(world)

    assert everything(world.session) == before
    assert len(named(world, "hue")) == 2


def test_check_finds_an_index_that_is_not_what_the_column_says(world, three):
    if world.session.get_bind().dialect.name != "sqlite":
        pytest.skip("PostgreSQL's index cannot differ from its column")
    world.session.execute(text("DROP TRIGGER nomination_words_changed"))
    world.session.execute(update(Nomination).values(search_text="khac"))

    with pytest.raises(DatabaseError, match="malformed"):
        search.check(world.session, Nomination)


def test_groups_stop_counting_at_their_most(world, three, monkeypatch):
    monkeypatch.setattr(searching, "MOST", 2)
    found = searching.nominations(world.session, world.actor(WATCHER), Question.of("hs"))

    assert (found.total, found.is_more, len(found.rows)) == (2, True, 2)


@pytest.mark.parametrize(
    ("texts", "typed", "pieces"),
    [
        (["Nhất trí."], "nhat", [("Nhất", True), (" trí.", False)]),
        (["Không", "Sáng  kiến\nhay"], "kien sang",
         [("Sáng", True), (" ", False), ("kiến", True), (" hay", False)]),
        (["một " * 60 + "hai " + "ba " * 90], "hai",
         [("… ", False), ("một " * 15, False), ("hai", True), (" ba" * 52, False), (" …", False)]),
        (["<b>đậm</b>"], "dam", [("<b>", False), ("đậm", True), ("</b>", False)]),
        (["không gì"], "hai", [("không gì", False)]),
        ([], "hai", []),
    ],
)  # fmt: skip
def test_snippet_marks_the_words_where_most_of_them_stand(texts, typed, pieces):
    found = snippets.of(texts, Question.of(typed))

    assert found == pieces
