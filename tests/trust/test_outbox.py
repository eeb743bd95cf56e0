"""R11 of trust.md: every letter leaves at least once, and copies carry one Message-ID."""

import random
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine, func, select, update
from sqlalchemy.orm import Session

import rounds
from awards.messages import mails, outbox, smtp, telling
from awards.messages.smtp import Courier, Server
from models.messages import Mail, Message
from models.organisation import Person
from models.session import reading, transaction
from tests import factories
from tests.conftest import NOW, Databases, connect
from tests.trust.mortals import Mortals
from tests.trust.sink import BUSY, DRIPS, DROPS, OK, REFUSES, SILENT, Sink
from tests.trust.sizes import on_sqlite_at_least

pytestmark = [pytest.mark.trust, pytest.mark.timeout(600)]
ROUNDS = 5  # of a control left to chance
ROUND = 24  # statements, commits and letters after which a sender dies at the latest


@pytest.fixture(scope="module")
def postmen() -> Iterator[Mortals]:
    made = Mortals("tests.trust.postman")
    yield made
    made.close()


def fill(session: Session, count: int) -> None:
    """So many letters to one person, at as many addresses."""
    person = session.scalars(select(Person).order_by(Person.id)).first()
    assert person is not None
    for number in range(count):
        person.email = f"p{number}@example.vn"
        mails.make(session, person, f"Việc mới {number}", f"Chào {number}.\n", NOW)


def filled(engine: Engine, count: int) -> None:
    with transaction(engine) as session:
        fill(session, count)


def numbers(url: str) -> list[str]:
    engine = connect(url)
    with reading(engine) as session:
        found = list(session.scalars(select(Mail.message_id).order_by(Mail.id)))
    engine.dispose()
    return found


def anomalies(
    databases: Databases, postmen: Mortals, *, letters: int, kills: int, sign: int = 1
) -> list[str]:
    """Kill senders at random moments; what is wrong with what has arrived in the end."""
    url = databases.copy("province")
    engine = connect(url)
    filled(engine, letters)
    engine.dispose()
    killed = 0
    with Sink() as sink:
        for day in range(kills):
            at = sign * random.randint(1, ROUND)
            killed += postmen.run(url, sink.port, day, at) == "killed"
        for day in range(
            kills, kills + 50
        ):  # a round is short on purpose; the last finds none
            last = postmen.run(url, sink.port, day, 0)
            if last == "0":
                break
        arrived = sink.numbers()
    made = numbers(url)
    copies = arrived.total() - len(arrived)
    found = [f"missing: {number}" for number in made if number not in arrived]
    found += [f"nobody's: {number}" for number in arrived if number not in made]
    found += [f"{copies} copies, {killed} killed"] * (copies > killed)
    found += [f"still sending: {last}"] * (last != "0")
    assert killed > kills / 2, "the test does not kill"
    return found


def test_letters_leave_at_least_once_whoever_is_killed(databases, postmen, size):
    assert anomalies(databases, postmen, letters=size(3_000), kills=size(300)) == []


@on_sqlite_at_least
def test_sender_that_marks_before_it_sends_is_caught(databases, postmen):
    """A kill has to fall between the mark and the letter: one round in sixty it never does."""
    for _ in range(ROUNDS):
        found = anomalies(databases, postmen, letters=200, kills=40, sign=-1)
        if is_caught := any(line.startswith("missing") for line in found):
            break

    assert is_caught


# Servers that misbehave


@pytest.fixture
def outbox_of(province: Engine) -> Callable[[int], Engine]:
    def make(count: int) -> Engine:
        filled(province, count)
        return province

    return make


def deliver(engine: Engine, sink: Sink, after: timedelta = timedelta(0)) -> int:
    server = Server("127.0.0.1", sink.port, "no-reply@example.vn")
    return outbox.deliver(engine, server, lambda: NOW + after)


def rows(engine: Engine) -> list[Mail]:
    with reading(engine) as session:
        return list(session.scalars(select(Mail).order_by(Mail.id)))


def manner_of(**others: str) -> Callable[[str], str]:
    return lambda address: others.get(address.partition("@")[0], OK)


def test_letter_is_what_was_made_and_is_forgotten_once_sent(outbox_of):
    engine = outbox_of(1)
    with Sink() as sink:
        assert deliver(engine, sink) == 1
    (letter,) = sink.letters
    (mail,) = rows(engine)
    assert letter["Message-ID"] == mail.message_id
    assert letter["Subject"] == "Việc mới 0"
    assert letter["To"] == "p0@example.vn"
    assert letter["Auto-Submitted"] == "auto-generated"
    assert letter.get_content().strip() == "Chào 0."
    assert (mail.sent_at, mail.attempts) == (NOW, 1)
    assert mail.subject + mail.text == ""


def test_two_senders_at_once_send_each_letter_once(outbox_of):
    engine = outbox_of(30)
    with Sink() as sink:
        workers = [threading.Thread(target=deliver, args=(engine, sink)) for _ in range(2)]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()
    assert sorted(sink.numbers().values()) == [1] * 30


def test_refused_letter_is_given_up_and_the_others_go(outbox_of):
    engine = outbox_of(3)
    with Sink(manner_of(p1=REFUSES)) as sink:
        assert deliver(engine, sink) == 2
        assert deliver(engine, sink, timedelta(days=9)) == 0
    refused = rows(engine)[1]
    assert (refused.given_up_at, refused.attempts, refused.sent_at) == (NOW, 1, None)
    assert "nobody here" in refused.last_error
    with transaction(engine) as session:
        assert [mail.id for mail in outbox.given_up(session)] == [refused.id]
        assert outbox.count_given_up(session) == 1
        assert outbox.try_again(session, refused.id, NOW)
        assert not outbox.try_again(session, refused.id, NOW)
        assert outbox.count_given_up(session) == 0
    with Sink() as sink:
        assert deliver(engine, sink) == 1
        assert list(sink.numbers()) == [refused.message_id]


@pytest.mark.parametrize("manner", [BUSY, DROPS])
def test_failing_letter_waits_longer_each_time_and_is_given_up_in_the_end(
    outbox_of, manner
):
    engine = outbox_of(1)
    after, waits = timedelta(0), []
    with Sink(manner_of(p0=manner)) as sink:
        while rows(engine)[0].given_up_at is None:
            assert deliver(engine, sink, after) == 0
            (mail,) = rows(engine)
            waits.append(mail.next_try_at - (NOW + after))
            assert deliver(engine, sink, after) == 0  # it is not due again
            after += waits[-1]
    assert len(sink.tried) == outbox.TRIES
    minutes = [wait / timedelta(minutes=1) for wait in waits]
    assert minutes[:9] == [1, 2, 4, 8, 16, 32, 64, 128, 240]
    assert set(minutes[9:]) == {240}


def test_letter_whose_taking_was_not_heard_goes_again_with_its_number(outbox_of):
    engine = outbox_of(1)
    manners = iter([DROPS, OK])
    with Sink(lambda _address: next(manners)) as sink:
        assert deliver(engine, sink) == 0
        assert deliver(engine, sink, timedelta(minutes=1)) == 1
    (mail,) = rows(engine)
    assert list(sink.numbers()) == [mail.message_id]


@pytest.mark.parametrize("manner", [DRIPS, SILENT])
def test_server_without_end_is_left_and_the_others_get_theirs(
    outbox_of, manner, monkeypatch
):
    monkeypatch.setattr(smtp, "TIMEOUT", 0.3)
    monkeypatch.setattr(smtp, "AT_MOST", 0.3)
    engine = outbox_of(2)
    with Sink(manner_of(p0=manner)) as sink:
        assert deliver(engine, sink) == 1
    slow, other = rows(engine)
    assert (slow.sent_at, other.sent_at) == (None, NOW)
    assert slow.last_error


def test_no_server_costs_one_try_of_one_letter(outbox_of):
    engine = outbox_of(3)
    with Sink() as sink:
        pass  # nobody listens there any more
    assert deliver(engine, sink) == 0
    assert [mail.attempts for mail in rows(engine)] == [1, 0, 0]


def test_dead_senders_letter_is_due_again_after_a_while(outbox_of):
    engine = outbox_of(1)
    assert outbox._take(engine, NOW) is not None
    with Sink() as sink:
        assert deliver(engine, sink, timedelta(minutes=9)) == 0
        assert deliver(engine, sink, timedelta(minutes=10)) == 1


def test_password_does_not_travel_in_the_open(monkeypatch):
    monkeypatch.setattr(smtp, "_LOOPBACK", ())
    mail = Mail(message_id="<1@x>", address="a@b.vn", subject="s", text="t", made_at=NOW)
    with Sink() as sink:
        server = Server("127.0.0.1", sink.port, "no-reply@example.vn", "u", "geheim")
        with Courier(server) as courier:
            failure = courier.carry(mail)
    assert failure is not None
    assert failure.is_general
    assert "does not encrypt" in failure.error
    assert "geheim" not in failure.error + repr(server)
    assert sink.letters == []


def test_copies_are_the_same_to_the_letter():
    mail = Mail(
        message_id="<1@x>", address="a@b.vn", subject="Việc", text="Chào\n", made_at=NOW
    )
    one, other = (bytes(smtp.compose(mail, "no-reply@example.vn")) for _ in range(2))

    assert one == other


@pytest.mark.parametrize("is_broken", [False, True])
def test_minute_tells_people_and_sends_though_a_duty_fails(
    province, monkeypatch, is_broken
):
    with transaction(province) as session:
        fill(session, 1)
        number = session.scalars(select(Mail.message_id)).one()
        session.execute(update(Mail).values(next_try_at=datetime.now(UTC)))
        factories.answer(session, factories.begin(session))
    if is_broken:
        monkeypatch.setattr(telling, "tell", lambda *_, **__: 1 / 0)
    with Sink() as sink:
        rounds.tell_people(province, Server("127.0.0.1", sink.port, "no-reply@example.vn"))

    assert sink.numbers()[number] == 1
    with reading(province) as session:
        assert (session.scalar(select(func.count(Message.id))) == 0) is is_broken
