"""One nomination after another, with the rows that its acts would have written."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import TypeAlias, cast

from awards import text
from benchmarks.databases import NOW
from benchmarks.provinces import PER_MOVEMENT, TABLES, World
from models.awards import Nomination, Nominee
from models.base import Base
from models.deadlines import Deadline, DeadlineKind
from models.history import EventKind, HistoryEvent
from models.process import ProcessInstance
from models.tasks import Submission, UserTask
from workflows import calendar, history
from workflows.actors import Actor
from workflows.canonical import fresh_salt, salted

MOST_RUNNING = 20_000
FULL_STORIES = 50  # one in so many of those that have ended
LATE = 10  # one in so many of those that run
STEPS = (
    "prepare_nomination",
    "approve_by_unit",
    "review_by_block",
    "receive_by_department",
    "appraise",
    "approve_by_department",
    "check_by_office",
    "decide_by_chairman",
    "issue_decision",
)
END = "nomination_awarded"
_SURNAMES = ("Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Vũ", "Đặng", "Bùi", "Đỗ", "Hồ")
_MIDDLE = ("Thị", "Văn", "Minh", "Thu", "Đình", "Ngọc", "Quốc", "Hải")
_GIVEN = ("Lan", "Hương", "Đức", "Tuấn", "Hà", "Quang", "Yến", "Dũng", "Ánh", "Sơn")
_OPINION = "Hồ sơ đầy đủ, đúng đối tượng, đủ tiêu chuẩn; đề nghị chuyển bước tiếp theo."

Row: TypeAlias = dict[str, object]
Rows: TypeAlias = dict[type[Base], list[Row]]


def rows_of(world: World, numbers: Iterable[int]) -> Rows:
    """The rows of the nominations with these numbers, by table."""
    rows: Rows = {table: [] for table in TABLES}
    for number in numbers:
        _nomination(world, number, rows)
    return rows


def _nomination(world: World, number: int, rows: Rows) -> None:
    chance = world.chance
    running = min(MOST_RUNNING, world.count // 2)
    runs = number >= world.count - running
    movement, series, began = world.movements[
        -1 if runs else min(number // PER_MOVEMENT, len(world.movements) - 1)
    ]
    unit_id, unit, unit_name, block_id, block = chance.choice(world.units)
    if runs:
        began = NOW - timedelta(days=40)
    code = f"HS-{began.year}-{number + 100_000:07d}"
    story = _Story(
        world, rows, code, series, unit, block, began + timedelta(minutes=number % 5_000)
    )
    if runs:
        story.run_to(chance.choice(STEPS))
    elif number % FULL_STORIES == 0:
        story.end_after(STEPS)
    else:
        story.end_after(STEPS[:1])
    rows[ProcessInstance].append(story.row())
    nominee_id = world.next_id(Nominee)
    name = " ".join(map(chance.choice, (_SURNAMES, _MIDDLE, _GIVEN)))
    rows[Nominee].append(
        {
            "id": nominee_id,
            "kind": "individual",
            "honorific": chance.choice(("Ông", "Bà")),
            "name": name,
            "sort_key": text.name_key(name),
            "birth_date": date(1970 + number % 30, 1 + number % 12, 1 + number % 28),
            "position": "Chuyên viên",
            "is_serving_public": True,
            "is_leader": False,
        }
    )
    rows[Nomination].append(
        {
            "id": world.next_id(Nomination),
            "code": code,
            "instance_id": story.instance.id,
            "movement_id": movement,
            "award_id": world.award.id,
            "unit_id": unit_id,
            "block_id": block_id,
            "nominee_id": nominee_id,
            "achievements": "Hoàn thành xuất sắc nhiệm vụ, có sáng kiến được công nhận.",
            "search_text": text.searchable(code, name, unit_name, world.award.name),
            "received_on": None,
            "supplement_by": None,
            "created_at": began,
        }
    )


class _Story:
    """The rows of one instance, written down as its acts would have written them."""

    def __init__(
        self,
        world: World,
        rows: Rows,
        code: str,
        series: str,
        unit: str,
        block: str,
        began: datetime,
    ) -> None:
        self.world, self.rows, self.now, self.began = world, rows, began, began
        self.queues = {"unit": unit, "block": block}
        self.variables: dict[str, object] = {
            "unit": unit,
            "block": block,
            "award": world.award.code,
        }
        self.instance = ProcessInstance(
            id=world.next_id(ProcessInstance),
            business_key=code,
            series=series,
            history_length=0,
            history_head=history.GENESIS,
        )
        self.place, self.result = STEPS[0], cast("str | None", None)
        row = world.definition
        self._tell(
            EventKind.INSTANCE_STARTED,
            world.actor(f"unit_officer:{unit}"),
            definition=row.key,
            version=row.version,
            sha256=row.sha256,
            state=world.states[self.place],
        )

    def run_to(self, element_id: str) -> None:
        """Approve step by step, and wait there."""
        for step, following in pairwise(STEPS):
            if step == element_id:
                break
            self._answer(step, following)
        if self.world.chance.randrange(LATE):  # most are in time
            self.now = max(self.now, NOW - timedelta(days=self.world.chance.randrange(2)))
        self._wait(self._open(self.place))

    def end_after(self, steps: tuple[str, ...]) -> None:
        """Approve these steps, and come to the end."""
        for step, following in zip(steps, (*steps[1:], END), strict=True):
            self._answer(step, following)
        self.result = "awarded"
        self._tell(EventKind.INSTANCE_ENDED, None, element=END, result=self.result)

    def row(self) -> Row:
        """The instance itself."""
        instance = self.instance
        return {
            "id": instance.id,
            "definition_id": self.world.definition.id,
            "business_key": instance.business_key,
            "series": instance.series,
            "state_hash": self.world.states[self.place],
            "variables": self.variables,
            "status": "ended" if self.result else "running",
            "result": self.result,
            "revision": instance.history_length,
            "history_length": instance.history_length,
            "history_head": instance.history_head,
            "started_at": self.began,
            "ended_at": self.now if self.result else None,
        }

    def _answer(self, step: str, following: str) -> None:
        task = self._open(step)
        actor = self.world.actor(str(task["queue"]))
        self.now += timedelta(hours=self.world.chance.randrange(1, 40))
        said: dict[str, object] = {"outcome": "approve", "opinion": _OPINION}
        salt = fresh_salt()
        submission = {
            "id": self.world.next_id(Submission),
            "instance_id": self.instance.id,
            "task_id": task["id"],
            "element_id": step,
            "form_key": "taken_over",
            "form_version": 1,
            "content": said,
            "salt": salt,
            "digest": salted(salt, said),
            "submitted_by": actor.id,
            "submitted_at": self.now,
        }
        self.rows[Submission].append(submission)
        task |= {
            "state": "completed",
            "assignee_id": actor.id,
            "closed_at": self.now,
            "outcome": "approve",
            "revision": 2,
        }
        self.variables |= {"outcome": "approve"}
        self.place = following
        self._tell(EventKind.TASK_CLAIMED, actor, task=task["id"], element=step)
        self._tell(
            EventKind.TASK_COMPLETED,
            actor,
            task=task["id"],
            element=step,
            outcome="approve",
            variables={"outcome": "approve"},
            submission=submission["id"],
            submission_digest=submission["digest"],
            state=self.world.states[following],
        )

    def _open(self, step: str) -> Row:
        element = self.world.elements[step]
        scope = {"unit_officer": "unit", "unit_head": "unit", "block_lead": "block"}.get(
            element.role
        )
        queue = f"{element.role}:{self.queues[scope]}" if scope else element.role
        due_at = calendar.deadline(self.now, element.due_days or 0)
        task: Row = {
            "id": self.world.next_id(UserTask),
            "instance_id": self.instance.id,
            "element_id": step,
            "series": self.instance.series,
            "queue": queue,
            "state": "ready",
            "assignee_id": None,
            "priority": element.priority,
            "opened_at": self.now,
            "due_at": due_at,
            "follow_up_at": calendar.deadline(self.now, element.follow_up_days or 0),
            "closed_at": None,
            "outcome": None,
            "revision": 1,
        }
        self.rows[UserTask].append(task)
        self._tell(
            EventKind.TASK_OPENED,
            None,
            task=task["id"],
            element=step,
            queue=queue,
            due_at=due_at.isoformat(),
        )
        return task

    def _wait(self, task: Row) -> None:
        """The next deadline of an open task, as the sweeps up to now would have left it."""
        moments = {
            DeadlineKind.REMINDER: cast("datetime", task["follow_up_at"]),
            DeadlineKind.OVERDUE: cast("datetime", task["due_at"]),
        }
        to_come = [(kind, moment) for kind, moment in moments.items() if moment > NOW]
        for kind, due_at in to_come[:1]:
            self.rows[Deadline].append(
                {
                    "id": self.world.next_id(Deadline),
                    "instance_id": self.instance.id,
                    "kind": kind.value,
                    "task_id": task["id"],
                    "element_id": task["element_id"],
                    "ordinal": 0,
                    "due_at": due_at,
                }
            )

    def _tell(self, kind: EventKind, actor: Actor | None, **details: object) -> None:
        post = actor.posts[0] if actor else None
        event = history.link(
            self.instance, kind, actor=actor, post=post, now=self.now, **details
        )
        self.rows[HistoryEvent].append({"id": self.world.next_id(HistoryEvent)} | event)
