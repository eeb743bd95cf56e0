"""Who is told what: read from the history afterwards, many alike as one, nothing missed."""

import threading
from datetime import timedelta

import pytest
from sqlalchemy import func, select, text

from awards import amendments, delegations
from awards.delegations import Mandate
from awards.errors import BadAddress, WrongPassword
from awards.messages import choices, digests, mails, reading, telling, words
from models.awards import Nomination
from models.history import HistoryEvent
from models.messages import Digest, Mail, Message, MessageKind, Way
from models.operations import OperatorActKind
from models.organisation import Person
from models.papers import DecisionEntry, DecisionKind
from models.session import transaction
from tests import factories, recordings
from tests.conftest import NOW, connect
from workflows import following
from workflows.errors import NotAllowed
from workflows.operations import Wish

OFFICER, HEAD, LEAD = "unit_officer:SO-TP", "unit_head:SO-TP", "block_lead:K01"
MORNING = NOW.replace(hour=1)  # eight in Vietnam
TODAY = NOW.date()
NEXT_MORNING = MORNING + timedelta(days=2)  # Tuesday is a day off, by law since 2026


@pytest.fixture(autouse=True)
def acts_anew(monkeypatch):
    """Rows written again have the numbers they had, which may have been read already."""
    monkeypatch.setattr(recordings, "once", lambda _session, _key, act: act())


def tell(world, now=NOW, *, by_mail=False):
    telling.tell(world.session, now, by_mail=by_mail)


def told(world, queue, kind=None):
    """The sentences that whoever serves the queue has in the list, newest first."""
    found, _total = reading.page(world.session, world.actor(queue), 1)
    world.session.expire_all()
    return [
        words.title(row).vietnamese for row in found if kind is None or row.kind == kind
    ]


def give_address(world, queue, address="lan@so-tp.example.vn"):
    choices.set_address(world.session, world.actor(queue).id, address)


def letters(world):
    return list(world.session.scalars(select(Mail).order_by(Mail.id)))


def test_act_itself_writes_no_message(world):
    world.walk("approve")

    assert world.session.scalar(select(func.count(Message.id))) == 0


def test_task_is_told_to_those_who_serve_its_queue_and_to_nobody_else(world):
    world.walk("approve")
    tell(world)

    assert told(world, HEAD) == ["Việc mới ở bước “Đơn vị duyệt”: Nguyễn Thị Đào"]
    assert told(world, OFFICER) == []  # who acted; and the first step is done
    assert told(world, "unit_head:SO-YT") == []
    assert told(world, "auditor") == []


def test_delegate_is_told_of_the_tasks_of_the_post(world):
    delegate(world, "department_specialist", "department_head")
    world.walk(*["approve"] * 4)
    tell(world)

    assert told(world, "department_head") == ["Việc mới ở bước “Thẩm định”: Nguyễn Thị Đào"]


def delegate(world, queue, to, first=TODAY, last=TODAY):
    holder, other = world.actor(queue), world.actor(to)
    mandate = Mandate(holder.own.posts[0].id, other.id, first, last, "Giấy ủy quyền 1")
    return delegations.grant(world.session, mandate, by=holder, now=NOW)


def test_each_event_is_told_once(world):
    world.walk("approve")
    tell(world)
    tell(world)

    assert len(told(world, HEAD)) == 1


def test_task_that_somebody_has_done_meanwhile_is_no_news(world):
    world.walk("approve", "approve")
    tell(world)

    assert told(world, HEAD) == []
    assert told(world, LEAD) == ["Việc mới ở bước “Khối suy tôn”: Nguyễn Thị Đào"]


def test_many_alike_are_one_message_with_their_number(world):
    for number in range(12):
        world.walk("approve", name=f"Người {number}")
    tell(world)

    assert told(world, HEAD) == ["12 việc mới ở bước “Đơn vị duyệt”"]


def test_what_comes_in_parts_is_one_message_until_it_is_read_or_old(world):
    for minutes in (0, 5):
        world.walk("approve")
        tell(world, NOW + timedelta(minutes=minutes))
    assert told(world, HEAD) == ["2 việc mới ở bước “Đơn vị duyệt”"]

    reading.mark_all_read(world.session, actor=world.actor(HEAD), now=NOW)
    world.walk("approve")
    tell(world, NOW + timedelta(minutes=6))
    world.walk("approve")
    tell(world, NOW + timedelta(hours=1))

    assert told(world, HEAD)[:2] == ["Việc mới ở bước “Đơn vị duyệt”: Nguyễn Thị Đào"] * 2


def test_return_to_the_unit_is_told_to_all_of_it_without_saying_who(world):
    nomination = world.walk(*["approve"] * 3)
    tell(world)
    world.answer(nomination, "return", reason="Thiếu xác nhận.")
    tell(world)

    expected = "Hồ sơ được trả lại để bổ sung: Nguyễn Thị Đào"
    assert told(world, OFFICER, MessageKind.RETURN) == [expected]
    assert told(world, HEAD, MessageKind.RETURN) == [expected]
    assert told(world, "department_clerk", MessageKind.RETURN) == []


def test_return_inside_the_department_is_none_of_the_units_business(world):
    nomination = world.walk(*["approve"] * 5)
    world.answer(nomination, "return", reason="Xem lại điểm.")
    tell(world)

    assert told(world, "department_specialist", MessageKind.RETURN) == [
        "Trả lại bước “Thẩm định”: Nguyễn Thị Đào"
    ]
    assert told(world, OFFICER, MessageKind.RETURN) == []


@pytest.mark.parametrize(
    ("passed", "answer", "sentence"),
    [
        (8, "approve", "Được khen thưởng: Nguyễn Thị Đào"),
        (7, "refuse", "Không được khen thưởng: Nguyễn Thị Đào"),
        (2, "not_selected", "Không được suy tôn: Nguyễn Thị Đào"),
        (0, "withdraw", None),
    ],
)
def test_end_is_told_to_the_unit(world, passed, answer, sentence):
    nomination = world.walk(*["approve"] * passed)
    world.answer(nomination, answer, reason="Lý do.")
    tell(world)

    for queue in (OFFICER, HEAD):
        assert told(world, queue, MessageKind.DECISION) == [sentence] * bool(sentence)
    assert told(world, "unit_officer:SO-YT", MessageKind.DECISION) == []


def test_cancelling_is_told_to_the_unit(world):
    nomination = world.walk("approve", "approve")
    world.operate(nomination, Wish(OperatorActKind.CANCEL))
    tell(world)

    assert told(world, OFFICER, MessageKind.DECISION) == ["Hồ sơ đã bị hủy: Nguyễn Thị Đào"]


def test_revocation_is_told_to_the_unit(world):
    nomination = world.walk(*["approve"] * 9)
    entry = world.session.scalars(
        select(DecisionEntry).where(DecisionEntry.nomination_id == nomination.id)
    ).one()
    draft = amendments.prepare(
        world.session,
        entry.decision_id,
        DecisionKind.REVOCATION,
        {nomination.id: {}},
        reason="Gian dối.",
        actor=world.actor("department_clerk"),
        command_key="revoke",
        now=NOW,
    )
    amendments.sign(world.session, draft.id, actor=world.actor("chairman"), now=NOW)
    amendments.issue(world.session, draft.id, actor=world.actor("records_clerk"), now=NOW)
    tell(world)

    assert "Có quyết định hủy bỏ khen thưởng: Nguyễn Thị Đào" in told(
        world, OFFICER, MessageKind.DECISION
    )


def test_delegate_is_told_once_when_the_delegation_begins(world):
    tomorrow = NOW.date() + timedelta(days=1)
    delegate(world, "department_specialist", "department_clerk", tomorrow, tomorrow)
    for hours in (0, 24, 25):
        moment = NOW + timedelta(hours=hours)
        telling.tell_delegates(world.session, moment, by_mail=False)
        count = len(told(world, "department_clerk", MessageKind.DELEGATION))
        assert count == (hours > 0)
    (sentence,) = told(world, "department_clerk", MessageKind.DELEGATION)
    assert sentence.startswith("Bạn được ủy quyền làm việc thay ")
    assert sentence.endswith("đến hết ngày 24/11/2026")


def test_messages_are_their_addressees_alone(world):
    world.walk("approve")
    tell(world)
    (message,) = reading.page(world.session, world.actor(HEAD), 1)[0]

    with pytest.raises(NotAllowed):
        reading.mark_read(world.session, message.id, actor=world.actor(OFFICER), now=NOW)
    for minutes in (1, 2):
        reading.mark_read(
            world.session,
            message.id,
            actor=world.actor(HEAD),
            now=NOW + timedelta(minutes=minutes),
        )
    assert message.read_at == NOW + timedelta(minutes=1)
    assert reading.unread(world.session, world.actor(HEAD)) == 0


# Mail


def test_mail_goes_to_whoever_wants_one_at_once_and_has_an_address(world):
    give_address(world, HEAD)
    choices.choose(world.session, world.actor(HEAD).id, {MessageKind.TASK: Way.AT_ONCE})
    nomination = world.walk("approve")
    tell(world, by_mail=True)

    (mail,) = letters(world)
    assert mail.address == "lan@so-tp.example.vn"
    assert mail.subject == "Việc mới ở bước “Đơn vị duyệt”: Nguyễn Thị Đào"
    assert f"/tasks/{world.task(nomination).id}\n" in mail.text
    assert (
        f"{nomination.award.name} · {nomination.unit.name} · {nomination.code}" in mail.text
    )
    assert "/account" in mail.text
    assert mail.next_try_at > NOW


@pytest.mark.parametrize("way", [Way.DIGEST, Way.APPLICATION])
def test_who_wants_it_otherwise_gets_no_mail_at_once(world, way):
    give_address(world, HEAD)
    choices.choose(world.session, world.actor(HEAD).id, {MessageKind.TASK: way})
    world.walk("approve")
    tell(world, by_mail=True)

    assert letters(world) == []
    assert len(told(world, HEAD)) == 1


def test_without_a_mail_server_no_mail_is_kept_for_later(world):
    give_address(world, OFFICER)
    nomination = world.walk("approve")
    world.answer(nomination, "return", reason="Thiếu.")
    tell(world)

    assert letters(world) == []


def test_mail_takes_up_what_is_alike_until_somebody_has_tried_to_send_it(world):
    give_address(world, HEAD)
    choices.choose(world.session, world.actor(HEAD).id, {MessageKind.TASK: Way.AT_ONCE})
    for _ in range(2):
        world.walk("approve")
        tell(world, by_mail=True)
    (mail,) = letters(world)
    assert mail.subject == "2 việc mới ở bước “Đơn vị duyệt”"
    number = mail.message_id

    mail.attempts = 1
    world.walk("approve")
    tell(world, by_mail=True)

    assert [(row.subject, row.message_id) for row in letters(world)] == [
        ("2 việc mới ở bước “Đơn vị duyệt”", number)
    ]


INTERNAL = (  # what only the offices call things: steps, lanes, reasons
    "Khối suy tôn", "Khối thi đua bình xét", "Tiếp nhận", "Thẩm định", "thẩm định", "Sở duyệt",
    "Phê duyệt", "phê duyệt", "VP kiểm tra", "Kiểm tra", "Ban hành", "Văn thư", "văn thư",
    "Chuyên viên", "chuyên viên", "Khối trưởng", "Lãnh đạo", "lãnh đạo", "Văn phòng",
    "chờ Chủ tịch", "Xem lại điểm", "Đề xuất của chuyên viên", "appraise", "refuse", "chairman",
)  # fmt: skip


def test_units_are_never_told_in_internal_words(world):
    for queue in (OFFICER, HEAD):
        give_address(world, queue)
        wanted = dict.fromkeys(MessageKind, Way.AT_ONCE)
        choices.choose(world.session, world.actor(queue).id, wanted)
    for passed, answer in (
        (2, "not_selected"),
        (3, "return"),
        (4, "return"),
        (8, "approve"),
    ):
        nomination = world.walk(*["approve"] * passed)
        world.answer(nomination, answer, reason="Xem lại điểm.")
        tell(world, by_mail=True)
    nomination = world.walk(*["approve"] * 5)
    world.answer(nomination, "return", reason="Xem lại điểm.")
    for answer in ("refuse", "refuse"):
        world.answer(nomination, answer, reason="Đề xuất của chuyên viên.")
    tell(world, by_mail=True)

    said = [mail.subject + mail.text for mail in letters(world)]
    said += [title for queue in (OFFICER, HEAD) for title in told(world, queue)]
    assert len(said) > 10
    assert [(word, text) for word in INTERNAL for text in said if word in text] == []


@pytest.mark.parametrize(
    "name",
    ["Lan\r\nBcc: all@example.vn", "Lan\nSubject: khác", "Lan\u2028x\x00y", "Đào" * 60],
)
def test_no_name_begins_another_header(world, name):
    give_address(world, HEAD)
    person = world.session.get_one(Person, world.actor(HEAD).id)
    mail = mails.make(world.session, person, f"Việc mới: {name}", "Chào", NOW)

    assert len(mail.subject) <= 200
    assert not set(mail.subject) & set("\r\n\x00\u2028")
    assert mail.subject.isprintable()


@pytest.mark.parametrize(
    "typed",
    [
        "lan", "lan@", "@so.vn", "lan@so", "lan @so.vn", "lan@so.vn\r\nBcc: x@y.vn",
        "a@b.vn,c@d.vn", "Lan <lan@so.vn>", "lan@-so.vn", "lan@so..vn", "lần@so.vn",
        "a" * 65 + "@so.vn", "lan@" + "a." * 126 + "vn",
    ],
)  # fmt: skip
def test_what_is_no_address_is_refused(typed):
    with pytest.raises(BadAddress):
        choices.address(typed)


def test_address_is_kept_and_taken_away(world):
    head = world.session.get_one(Person, world.actor(HEAD).id)
    choices.set_address(world.session, head.id, " Quang.TP+tb@So-TP.Example.VN ")
    assert head.email == "Quang.TP+tb@so-tp.example.vn"
    choices.set_own_address(world.session, head.id, "", password=f"vinh-danh-{head.login}")
    assert head.email is None
    with pytest.raises(WrongPassword):
        choices.set_own_address(world.session, head.id, "a@b.vn", password="x")  # noqa: S106 - a wrong one


# The daily digest


def digest(world, now=MORNING):
    digests.make_some(world.session, now)
    return [mail for mail in letters(world) if mail.subject.startswith("Việc của bạn")]


def test_digest_says_what_waits_and_what_is_late_once_a_day(world):
    give_address(world, HEAD)
    world.walk("approve")
    world.walk("approve", name="Lê Thị Kê")
    tell(world)
    late = MORNING + timedelta(days=14)

    (mail,) = digest(world, late)
    assert mail.subject == "Việc của bạn ngày 07/12/2026"
    assert "Đang chờ: 2 việc nhóm của bạn chưa ai nhận." in mail.text
    assert "Trong đó 2 việc đã quá hạn." in mail.text
    assert "- Lê Thị Kê · Đơn vị duyệt · quá hạn 27/11/2026" in mail.text
    assert mail.text.count("/inbox\n") == 1
    assert len(digest(world, late + timedelta(hours=3))) == 1
    assert len(digest(world, late + timedelta(days=1))) == 2


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        (MORNING.replace(hour=0, minute=29), 0),
        (MORNING.replace(hour=0, minute=30), 1),
        (MORNING + timedelta(days=5), 0),  # Saturday
        (MORNING + timedelta(days=39), 0),  # New Year
    ],
)
def test_digest_comes_on_working_days_after_half_past_seven(world, moment, expected):
    give_address(world, HEAD)
    world.walk("approve")

    assert len(digest(world, moment)) == expected


def test_who_has_nothing_waiting_gets_no_digest_that_day(world):
    give_address(world, HEAD)
    assert digest(world) == []
    world.walk("approve")

    assert digest(world, MORNING + timedelta(hours=2)) == []
    assert len(digest(world, NEXT_MORNING)) == 1


def test_who_wants_no_digest_gets_none(world):
    give_address(world, HEAD)
    wanted = dict.fromkeys(MessageKind, Way.APPLICATION)
    choices.choose(world.session, world.actor(HEAD).id, wanted)
    world.walk("approve")

    assert digest(world) == []


def test_digest_tells_what_was_left_for_it(world):
    give_address(world, OFFICER)
    choices.choose(
        world.session, world.actor(OFFICER).id, {MessageKind.DECISION: Way.DIGEST}
    )
    digest(world)
    nomination = world.walk("approve", "approve")
    world.answer(nomination, "not_selected", reason="Ít điểm.")
    tell(world, by_mail=True)

    (mail,) = digest(world, NEXT_MORNING)
    assert "- Không được suy tôn: Nguyễn Thị Đào" in mail.text


def test_two_workers_write_one_digest(province):
    with transaction(province) as session:
        head = factories.actor(session, HEAD)
        choices.set_address(session, head.id, "quang@so-tp.example.vn")
        factories.walk(session, factories.begin(session), "approve_by_unit")
    gate, errors = threading.Barrier(4), []

    def work():
        gate.wait()
        try:
            with transaction(province) as session:
                digests.make_some(session, MORNING)
        except Exception as error:  # noqa: BLE001 - whatever it is, the test must hear of it
            errors.append(error)

    workers = [threading.Thread(target=work) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()

    with transaction(province) as session:
        assert errors == []
        assert session.scalar(select(func.count(Mail.id))) == 1
        assert session.scalar(select(func.count(Digest.person_id))) == 1


# Nothing is missed, though a smaller number may become visible after a larger one


@pytest.fixture
def shared(postgresql):
    """A province on PostgreSQL with two nominations that wait for their units' heads to be told."""
    engine = connect(postgresql.copy("province"))
    with transaction(engine) as session:
        factories.answer(session, factories.begin(session))  # or one would wait for the
        ids = [
            factories.begin(session, unit=unit).id for unit in ("SO-TP", "SO-YT")
        ]  # state
        following.take(session, telling.READER, following.settled(session), 10_000)
    yield engine, ids
    engine.dispose()


def sweep(engine):
    with transaction(engine) as session:
        telling.tell(session, NOW, by_mail=False)


def commit_late(engine, ids, meanwhile):
    """An act that draws its numbers first, and ends after another and what happens meanwhile."""
    early, late = ids
    with transaction(engine) as session:
        factories.answer(session, session.get_one(Nomination, early))
        session.flush()
        with transaction(engine) as other:
            factories.answer(other, other.get_one(Nomination, late))
        meanwhile()
    sweep(engine)


def heads_told(engine):
    with transaction(engine) as session:
        heads = {
            factories.actor(session, f"unit_head:{u}").id: u for u in ("SO-TP", "SO-YT")
        }
        return sorted(heads[row.person_id] for row in session.scalars(select(Message)))


def test_act_that_ends_late_is_waited_for(shared):
    engine, ids = shared
    threads = []

    def meanwhile():
        threads.append(threading.Thread(target=sweep, args=(engine,)))
        threads[0].start()
        threads[0].join(0.2)
        assert threads[0].is_alive()

    commit_late(engine, ids, meanwhile)
    threads[0].join()

    assert heads_told(engine) == ["SO-TP", "SO-YT"]


def test_act_that_ends_much_too_late_is_told_the_next_time(shared, monkeypatch):
    engine, ids = shared
    monkeypatch.setattr(telling.following, "settled", impatient)

    commit_late(engine, ids, lambda: sweep(engine))

    assert heads_told(engine) == ["SO-TP", "SO-YT"]


def impatient(session, settled=following.settled):
    return settled(session, patience=0)


def test_reader_that_trusts_the_largest_number_is_caught(shared, monkeypatch):
    engine, ids = shared

    def largest(session):
        return session.scalar(select(func.max(HistoryEvent.id)))

    monkeypatch.setattr(telling.following, "settled", largest)
    commit_late(engine, ids, lambda: sweep(engine))

    assert heads_told(engine) == ["SO-YT"]


def test_number_drawn_and_not_written_yet_is_waited_for(shared):
    engine, _ids = shared
    with transaction(engine) as session:
        session.execute(text("SELECT nextval('history_event_id_seq')"))
        with transaction(engine) as other:
            assert following.settled(other, patience=0) is None
    with transaction(engine) as other:
        assert following.settled(other, patience=0) is not None


def test_two_readers_tell_everything_once(province):
    with transaction(province) as session:
        for _ in range(6):
            factories.answer(session, factories.begin(session))
    gate = threading.Barrier(3)

    def work():
        gate.wait()
        sweep(province)

    workers = [threading.Thread(target=work) for _ in range(3)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()

    with transaction(province) as session:
        head = factories.actor(session, HEAD)
        mine = select(Message.count).where(Message.person_id == head.id)
        assert list(session.scalars(mine)) == [6]


def test_history_is_read_in_parts_and_each_part_once(world, monkeypatch):
    monkeypatch.setattr(telling, "AT_ONCE", 3)
    for number in range(3):
        world.walk("approve", name=f"Người {number}")
    rounds = 0
    while telling.tell(world.session, NOW, by_mail=False):
        rounds += 1

    assert rounds > 3
    assert told(world, HEAD) == ["3 việc mới ở bước “Đơn vị duyệt”"]
