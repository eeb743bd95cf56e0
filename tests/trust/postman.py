"""Sends what waits in the outbox in children that are killed where it is asked to.

    python -m tests.trust.postman

A line is `URL PORT DAY KILL_AT`, the answer the number of letters. The clock stands so many days
ahead, so that what a dead sender held is due again. Killed before a statement, a commit, or before
or after a letter is handed over. Below zero: the deliberate break as well, a letter is marked as
sent when it is taken.
"""

import os
import signal
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Engine, event

from awards.messages import outbox
from awards.messages.smtp import Courier, Failure, Server
from models.messages import Mail
from models.session import transaction
from tests.conftest import connect
from tests.trust import mortals


def send(url: str, port: str, day: str, kill_at: str) -> int:
    """Send all that is due."""
    engine = connect(url)
    _die_before(engine, abs(int(kill_at)))
    if int(kill_at) < 0:
        _mark_first()
    server = Server("127.0.0.1", int(port), "no-reply@example.vn")
    ahead = timedelta(days=int(day))
    count = outbox.deliver(engine, server, lambda: datetime.now(UTC) + ahead)
    engine.dispose()
    return count


def _die_before(engine: Engine, number: int) -> None:
    count = 0

    def tick(*_: Any) -> None:
        nonlocal count
        count += 1
        if count == number:
            os.kill(os.getpid(), signal.SIGKILL)

    def carry(courier: Courier, mail: Mail, real: Any = Courier.carry) -> Failure | None:
        tick()
        failure: Failure | None = real(courier, mail)
        tick()
        return failure

    event.listen(engine, "before_cursor_execute", tick)
    event.listen(engine, "commit", tick)
    type.__setattr__(Courier, "carry", carry)  # in this child alone


def _mark_first() -> None:
    take = outbox._take

    def taken(engine: Engine, now: datetime) -> Mail | None:
        mail = take(engine, now)
        if mail is not None:
            with transaction(engine) as session:
                session.get_one(Mail, mail.id).sent_at = now
        return mail

    vars(outbox)["_take"] = taken


if __name__ == "__main__":
    mortals.serve(send)
