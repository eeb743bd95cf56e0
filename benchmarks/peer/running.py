"""Viewflow's own acts, as its views carry them out, without HTTP, forms and messages.

Each function is the body of one POST: `wrap_start_view` with CreateProcessView, `wrap_task_view`
with AssignTaskView, `wrap_view` with UpdateProcessView. The user is a superuser, whose rights cost
no query.
"""

import sys
from types import SimpleNamespace
from typing import Any

import django
import pysqlite3
from django.apps import apps
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.core.management import call_command
from django.db import connection, transaction
from django.shortcuts import get_object_or_404
from sqlalchemy import make_url

_APPS = ("auth", "contenttypes", "viewflow", "workflow", "peer")
_SQLITE = "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;"


def set_up(url: str) -> "Peer":
    """Configure Django for one database, once per process, and make the tables."""
    sys.modules["sqlite3"] = pysqlite3  # the same SQLite as ours
    sys.modules["sqlite3.dbapi2"] = pysqlite3.dbapi2
    settings.configure(
        DATABASES={"default": _database(url)},
        INSTALLED_APPS=[
            "django.contrib.auth",
            "django.contrib.contenttypes",
            "viewflow",
            "viewflow.workflow",
            "benchmarks.peer",
        ],
        USE_TZ=True,
        TIME_ZONE="Asia/Ho_Chi_Minh",
        SECRET_KEY="measured here, used nowhere else",  # noqa: S106 - it guards nothing
        MIGRATION_MODULES=dict.fromkeys(_APPS),  # tables as the models are now
        DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
    )
    django.setup()
    call_command("migrate", run_syncdb=True, verbosity=0)
    path = make_url(url).database if url.startswith("sqlite") else ""
    return Peer(str(path))


def _database(url: str) -> dict[str, Any]:
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite":
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": parsed.database,
            "OPTIONS": {"transaction_mode": "IMMEDIATE", "init_command": _SQLITE},
        }
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parsed.database,
        "USER": parsed.username,
        "HOST": parsed.query["host"],
        "CONN_MAX_AGE": None,
    }


class Peer:
    """The flow and somebody who may do everything in it."""

    def __init__(self, path: str) -> None:
        from viewflow.workflow import lock  # noqa: PLC0415 - Django must be set up first

        from benchmarks.peer.flows import NominationFlow  # noqa: PLC0415 - as above

        self.flow: Any = NominationFlow
        self.path = path  # of SQLite's file
        if not path:  # "recommended to use with PostgreSQL"
            self.flow.lock_impl = lock.SelectForUpdateLock()
        self.user: Any = apps.get_model("auth", "User").objects.create_superuser("reviewer")
        self.request = SimpleNamespace(user=self.user)

    def start(self, values: dict[str, str]) -> int:
        """Start a process; gives its key."""
        node = self.flow.start
        activation = node.activation_class.create(node, None, None)
        if not node.can_execute(self.user, activation.task):
            raise PermissionDenied
        with transaction.atomic():
            activation.start(self.request)
            self._fill(activation.process, values)
            activation.process.save()
            activation.execute()
        return int(activation.process.pk)

    def assign(self, process_key: int, task_key: int) -> None:
        """Take a task."""
        with self.flow.lock(process_key), transaction.atomic():
            activation = self._activation(task_key)
            if not activation.flow_task.can_assign(self.user, activation.task):
                raise PermissionDenied
            activation.assign(self.user)

    def complete(self, process_key: int, task_key: int, values: dict[str, str]) -> None:
        """Complete a task that was taken."""
        with self.flow.lock(process_key), transaction.atomic():
            activation = self._activation(task_key)
            if not activation.flow_task.can_execute(self.user, task=activation.task):
                raise PermissionDenied
            activation.start(self.request)
            self._fill(activation.process, values)
            activation.process.save()
            activation.execute()

    def open_task(self, process_key: int) -> int:
        """The step where a process waits."""
        tasks = self.flow.task_class.objects.filter(
            process_id=process_key, finished__isnull=True
        )
        return int(tasks.values_list("pk", flat=True).get())

    def tables(self) -> tuple[str, ...]:
        """Where Viewflow keeps processes and tasks; its tasks are its history too."""
        task = self.flow.task_class
        return (
            self.flow.process_class._meta.db_table,  # noqa: SLF001 - Django's documented name
            task._meta.db_table,  # noqa: SLF001 - as above
            task.previous.through._meta.db_table,  # noqa: SLF001 - as above
        )

    def answered(self) -> int:
        """How many steps people have completed."""
        tasks = self.flow.task_class.objects
        done = tasks.filter(flow_task_type="HUMAN", finished__isnull=False)
        return int(done.count())

    def bytes_of_tables(self) -> int:
        """Bytes of the tables with their indexes, on PostgreSQL."""
        with connection.cursor() as cursor:
            sizes = []
            for table in self.tables():
                cursor.execute("SELECT pg_total_relation_size(%s)", [table])
                sizes.append(int(cursor.fetchone()[0]))
        return sum(sizes)

    def close(self) -> None:
        """Let go of the database."""
        connection.close()

    def _activation(self, task_key: int) -> Any:
        task = get_object_or_404(self.flow.task_class, pk=task_key)
        if task.process.flow_class != self.flow:
            raise PermissionDenied
        return task.flow_task.activation_class(task)

    def _fill(self, process: Any, values: dict[str, str]) -> None:
        for name, value in values.items():
            setattr(process, name, value)
