"""R12 of trust.md: a thousand deadlines, two sweepers and a clock that misbehaves.

Tasks open on days on which somebody's clock does something odd, the machine is in a time zone that
has summer time, the clock goes back an hour and the server is off for a month. Every deadline does
its work once, and none before its local date: reckoned here anew, from the public holidays alone.
"""

import time as clock
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from threading import Thread

import holidays
import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from models import session as sessions
from models.history import EventKind, HistoryEvent
from models.process import ProcessInstance
from tests.conftest import connect
from tests.trust.sizes import on_sqlite_at_least
from tests.trust.test_one_winner import deferred
from tests.workflows import cases
from tests.workflows.conftest import diagram, flow
from workflows import calendar, history, instances, replay, sweeping

pytestmark = [
    pytest.mark.trust,
    pytest.mark.timeout(1200),
    pytest.mark.usefixtures("chains_alone"),
]
TASKS = 1_000
HOUR = timedelta(hours=1)
OPENED = (
    datetime(2027, 3, 28, 0, 30, tzinfo=UTC),  # Europe's clocks go forward at one
    datetime(2027, 10, 31, 0, 30, tzinfo=UTC),  # and back
    datetime(
        2028, 2, 28, 16, 59, tzinfo=UTC
    ),  # the last minute before a leap day in Vietnam
    datetime(2028, 2, 28, 17, 1, tzinfo=UTC),  # and the first of it
    datetime(2026, 12, 31, 16, 59, 59, tzinfo=UTC),  # the last second of the year
    datetime(2026, 12, 31, 17, 0, tzinfo=UTC),
    datetime(2027, 2, 4, 3, 0, tzinfo=UTC),  # before Tết
    datetime(2027, 4, 29, 23, 0, tzinfo=UTC),  # a morning in Vietnam, yesterday in Europe
)
DAYS = {EventKind.TASK_REMINDED: 2, EventKind.TASK_OVERDUE: 3, EventKind.TASK_ESCALATED: 4}
STEP = f"""<bpmn:userTask id="ask" camunda:candidateGroups="{cases.ROLE}"
    camunda:dueDate="P3D" camunda:followUpDate="P2D"><bpmn:extensionElements>
    <camunda:properties><camunda:property name="escalation" value="P1D" /></camunda:properties>
    </bpmn:extensionElements></bpmn:userTask>"""
TIMED = """<bpmn:boundaryEvent id="late" attachedToRef="ask" cancelActivity="false">
    <bpmn:timerEventDefinition><bpmn:timeDuration>P2D</bpmn:timeDuration>
    </bpmn:timerEventDefinition></bpmn:boundaryEvent><bpmn:endEvent id="told" />"""
ENDS = '<bpmn:startEvent id="begun" />', '<bpmn:endEvent id="done" />'
FLOWS = flow("begin", "begun", "ask"), flow("finish", "ask", "done")
PLAIN = diagram(*ENDS, STEP, *FLOWS)
WITH_TIMER = diagram(*ENDS, STEP, *FLOWS, TIMED, flow("tell", "late", "told"))


@pytest.fixture(autouse=True)
def summer_time(monkeypatch) -> Iterator[None]:
    """The machine stands in Berlin; nothing may depend on where it stands."""
    monkeypatch.setenv("TZ", "Europe/Berlin")
    clock.tzset()
    yield
    monkeypatch.undo()
    clock.tzset()


def due(opened: datetime, days: int) -> datetime:
    """17:00 in Vietnam on a working day, seven hours ahead of UTC all year round."""
    day = (opened + 7 * HOUR).date()
    while days:
        day += timedelta(days=1)
        days -= _is_worked(day)
    return datetime.combine(day, time(10), UTC)


def _is_worked(day: date) -> bool:
    return holidays.country_holidays("VN", years=day.year).is_working_day(day)


def begin(engine: Engine, count: int) -> dict[int, datetime]:
    """So many tasks, a tenth of them with a timer beside them; when each case was begun."""
    begun = {}
    with sessions.transaction(engine) as session:
        for number in range(count):
            opened = OPENED[number % len(OPENED)] + timedelta(seconds=number)
            xml = PLAIN if number % 10 else WITH_TIMER
            begun[cases.begin(session, xml, now=opened).id] = opened
    return begun


def moments(begun: dict[int, datetime]) -> list[datetime]:
    """When the sweepers come by: around each date, an hour back again, and after a month off."""
    dates = sorted({due(opened, days) for opened in begun.values() for days in (2, 3)})
    found = []
    for moment in dates:
        second = timedelta(seconds=1)
        found += [moment - HOUR, moment - second, moment, moment - HOUR, moment + second]
    return [*found, dates[-1] + timedelta(days=30), dates[-1] + timedelta(days=29)]


def sweep_at_once(engines: list[Engine], now: datetime) -> list[str]:
    """Two sweepers at one moment; the errors that they came to."""
    errors: list[str] = []

    def work(engine: Engine) -> None:
        try:
            sweeping.sweep(engine, now)
        except* Exception as group:  # noqa: BLE001 - what the test looks for
            errors.extend(type(error).__name__ for error in group.exceptions)

    threads = [Thread(target=work, args=(engine,)) for engine in engines]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return errors


def anomalies(engine: Engine, begun: dict[int, datetime]) -> list[str]:
    """What has not happened once, or happened before its time, or does not verify."""
    times, found = Counter[tuple[int, EventKind]](), []
    days = DAYS | {EventKind.DEADLINE_FIRED: 2}
    with Session(engine) as session:
        for event in session.scalars(select(HistoryEvent)):
            if event.kind in days:
                times[event.instance_id, event.kind] += 1
                if event.at < due(begun[event.instance_id], days[event.kind]):
                    found.append(f"early: {event.kind} at {event.at}")
        for number, case in enumerate(begun):
            wanted = dict.fromkeys(DAYS, 1)
            wanted |= {} if number % 10 else {EventKind.DEADLINE_FIRED: 1}
            found += [
                f"not once: {kind} {times[case, kind]} times"
                for kind in days
                if times[case, kind] != wanted.get(kind, 0)
            ]
        found += [f"broken: {f}" for _case, f in history.verify_all(session) if f]
        timed = [case for number, case in enumerate(begun) if number % 10 == 0]
        for case in timed[:20]:
            fault = replay.replay(session, session.get_one(ProcessInstance, case))
            found += [f"broken: {fault}"] if fault else []
    return found


def lived_through(url: str, count: int) -> list[str]:
    """Everything that went wrong from the first day to the last."""
    engines = [connect(url), connect(url)]
    begun = begin(engines[0], count)
    errors = [e for moment in moments(begun) for e in sweep_at_once(engines, moment)]
    found = anomalies(engines[0], begun)
    for engine in engines:
        engine.dispose()
    return [*errors, *found]


def test_every_deadline_does_its_work_once_and_none_too_early(databases, size):
    assert lived_through(databases.copy("province"), size(TASKS)) == []


@pytest.fixture
def uncounted(monkeypatch):
    """Deadlines are remembered; here they are counted anew, and forgotten afterwards."""
    monkeypatch.setattr(calendar, "_IN_USE", [calendar._Days({})])


@pytest.mark.usefixtures("uncounted")
def test_dates_of_the_machine_instead_of_vietnam_are_caught(sqlite, monkeypatch):
    monkeypatch.setattr(
        calendar, "today", lambda now: now.astimezone().replace(tzinfo=None).date()
    )

    found = lived_through(sqlite.copy("province"), len(OPENED))

    assert {sentence.partition(":")[0] for sentence in found} == {"early"}


@on_sqlite_at_least
def test_sweepers_without_the_lock_are_caught(databases, monkeypatch):
    def look(session: Session, instance_id: int) -> ProcessInstance:
        return session.get_one(ProcessInstance, instance_id, populate_existing=True)

    monkeypatch.setattr(instances, "lock", look)
    monkeypatch.setattr(sweeping, "transaction", deferred)

    assert lived_through(databases.copy("province"), 40) != []
