"""Somebody with raw SQL and every right, and no trigger in the way: random edits of a database.

An edit of a single event says which, as {code: sequences}.
"""

import random
from dataclasses import dataclass

from sqlalchemy import text
from sqlalchemy.orm import Session

from models.history import HistoryEvent
from models.log import Checkpoint, HistoryLeaf, HistoryNode
from models.process import ProcessInstance
from workflows import history, merkle, notes, sealing, tree
from workflows.canonical import canonical, sha256

THIS = "instance_id = :instance AND sequence = :sequence"
TABLES = (
    "history_event", "read_event", "read_chain", "history_leaf", "history_node",
    "checkpoint", "checkpoint_key", "fixed_record", "submission", "person", "decision",
)  # fmt: skip


def unlock(session: Session) -> None:
    """Put the triggers out of the way, in this transaction."""
    if session.get_bind().dialect.name == "sqlite":
        names = session.scalars(
            text("SELECT name FROM sqlite_master WHERE type = 'trigger'")
        )
        for name in names.all():
            session.execute(text(f"DROP TRIGGER {name}"))
        return
    for table in TABLES:
        session.execute(text(f"ALTER TABLE {table} DISABLE TRIGGER USER"))


@dataclass
class Forger:
    session: Session
    random: random.Random

    def run(self, statement: str, **values: object) -> None:
        self.session.execute(text(statement), values)

    def pick(self) -> tuple[ProcessInstance, int]:
        """A case, and the number of one of its events."""
        instances = self.session.query(ProcessInstance).order_by(ProcessInstance.id).all()
        chosen = self.random.choice(instances)
        return chosen, self.random.randint(1, chosen.history_length)

    def event(self, instance: ProcessInstance, sequence: int) -> HistoryEvent:
        return history.of(self.session, instance.id)[sequence - 1]

    def set(
        self, instance: ProcessInstance, sequence: int, what: str, **values: object
    ) -> None:
        self.run(
            f"UPDATE history_event SET {what} WHERE {THIS}",  # noqa: S608 - a forger's own
            instance=instance.id,
            sequence=sequence,
            **values,
        )

    def other_body(self, event: HistoryEvent) -> str:
        """What the event says, but for one thing."""
        body = history.body(event)
        name = self.random.choice(("actor", "at", "kind", "details", "post"))
        return canonical(body | {name: f"khác {self.random.random()}"})

    def crown(self, instance: ProcessInstance, length: int, head: str) -> None:
        self.run(
            "UPDATE process_instance SET history_length = :n, history_head = :head WHERE id = :id",
            n=length,
            head=head,
            id=instance.id,
        )

    # one event

    def body(self):
        instance, n = self.pick()
        self.set(instance, n, "body = :body", body=self.other_body(self.event(instance, n)))
        return {instance.business_key: {n}}

    def body_and_hash(self):
        instance, n = self.pick()
        body = self.other_body(self.event(instance, n))
        self.set(instance, n, "body = :body, hash = :hash", body=body, hash=sha256(body))
        return {instance.business_key: {n, n + 1}}

    def hash(self):
        instance, n = self.pick()
        self.set(instance, n, "hash = :hash", hash=self.random.randbytes(32).hex())
        return {instance.business_key: {n, n + 1}}

    def column(self):
        instance, n = self.pick()
        change = self.random.choice(
            ("kind = 'file_scanned'", "actor_id = 99", "at = '2020-01-01 00:00:00+00:00'")
        )
        if self._is_sqlite:  # which keeps moments as texts, in UTC
            change = change.replace("+00:00", ".000000")
        self.set(instance, n, change)
        return {instance.business_key: {n}}

    def deleted(self):
        instance, n = self.pick()
        self.run(
            f"DELETE FROM history_event WHERE {THIS}",  # noqa: S608 - a forger's own
            instance=instance.id,
            sequence=n,
        )
        return {instance.business_key: {n}}

    def inserted(self):
        instance, n = self.pick()
        self._renumber(instance, range(instance.history_length, n, -1), 1)
        self.run(
            "INSERT INTO history_event (instance_id, sequence, kind, actor_id, at, body, hash) "  # noqa: S608 - as above
            "SELECT instance_id, sequence + 1, kind, actor_id, at, body, hash "
            f"FROM history_event WHERE {THIS}",
            instance=instance.id,
            sequence=n,
        )
        return {instance.business_key: {n + 1}}

    def swapped(self):
        instance, n = self.pick()
        n = min(n, instance.history_length - 1)
        self._renumber(instance, [n], 1_000)
        self._renumber(instance, [n + 1], -1)
        self._renumber(instance, [n + 1_000], -999)
        return {instance.business_key: {n}}

    def renumbered(self):
        instance, n = self.pick()
        self._renumber(instance, [n], 500)
        return {instance.business_key: {n}}

    # chains and the whole log

    def tail_cut(self):
        """The end of a chain is gone, and its head says so: the chain alone looks whole."""
        instance, n = self.pick()
        n = max(2, n)
        head = self.event(instance, n - 1).hash
        self.run(
            "DELETE FROM history_event WHERE instance_id = :id AND sequence >= :n",
            id=instance.id,
            n=n,
        )
        self.crown(instance, n - 1, head)

    def chain_rewritten(self):
        """One chain tells another story from some event on, every hash of it right."""
        instance, n = self.pick()
        previous = history.GENESIS
        for event in history.of(self.session, instance.id):
            said = history.body(event) | {"previous": previous}
            body = canonical(said | ({"post": 7_777} if event.sequence >= n else {}))
            previous = sha256(body)
            self.set(
                instance,
                event.sequence,
                "body = :body, hash = :hash",
                body=body,
                hash=previous,
            )
        self.crown(instance, instance.history_length, previous)

    def log_rewritten(self, key=None):
        """A chain rewritten, then leaves, tree and checkpoints over it; signed, with the key."""
        self.chain_rewritten()
        self.session.expire_all()
        leaves = self.session.query(HistoryLeaf).order_by(HistoryLeaf.place).all()
        events = sealing.written(
            self.session, [(leaf.source, leaf.event_id) for leaf in leaves]
        )
        for leaf in leaves:
            leaf.hash = sealing.leaf_hash(events[leaf.source, leaf.event_id][0])
        self.session.flush()
        self.session.query(HistoryNode).delete()
        tree.grow(self.session, 0, len(leaves))
        for one in self.session.query(Checkpoint).all():
            one.root = tree.root(self.session, one.size)
            if key is not None:
                said = notes.statement(one.key.name, one.size, one.root, one.signed_at)
                one.signature = notes.sign(said, key)
        self.session.flush()
        self.session.expire_all()

    # what lies around the events

    def leaf(self):
        leaf = self.random.choice(self.session.query(HistoryLeaf).all())
        if self.random.random() < 0.3:
            self.session.delete(leaf)
        else:
            leaf.hash = self.random.randbytes(32)

    def leaves_swapped(self):
        one, other = self.random.sample(self.session.query(HistoryLeaf).all(), 2)
        one.hash, other.hash = other.hash, one.hash

    def node(self):
        node = self.random.choice(self.session.query(HistoryNode).all())
        if self.random.random() < 0.3:
            self.session.delete(node)
        else:
            node.hash = merkle.node_hash(node.hash, node.hash)

    def checkpoint(self):
        one = self.random.choice(self.session.query(Checkpoint).all())
        if self.random.random() < 0.5:
            one.root = self.random.randbytes(32)
        else:
            one.signature = self.random.randbytes(64)

    def entered(self):
        self._spoil("submission", "digest = 'x' || substr(digest, 2)")

    def name(self):
        self._spoil("person", "name = name || ' khác'")

    def decision(self):
        change = self.random.choice(
            ("number = number + 900", "signer_name = 'Khác'", "issued_on = '2020-01-01'")
        )
        self._spoil("decision", change)

    def read(self):
        self._spoil(
            "read_event", self.random.choice(("actor_id = 2", "body = body || ' '"))
        )

    def record(self):
        self._spoil("fixed_record", "body = replace(body, 'digest', 'digests')")

    def _spoil(self, table: str, change: str) -> None:
        ids = self.session.scalars(text(f"SELECT id FROM {table} ORDER BY id")).all()  # noqa: S608 - a forger's own
        self.run(f"UPDATE {table} SET {change} WHERE id = :id", id=self.random.choice(ids))  # noqa: S608 - as above

    def _renumber(self, instance: ProcessInstance, numbers, by: int) -> None:
        for number in numbers:
            self.set(instance, number, "sequence = sequence + :by", by=by)

    @property
    def _is_sqlite(self) -> bool:
        return self.session.get_bind().dialect.name == "sqlite"


ONE_EVENT = (
    "body", "body_and_hash", "hash", "column", "deleted", "inserted", "swapped", "renumbered",
)  # fmt: skip
AROUND = (
    "tail_cut", "chain_rewritten", "log_rewritten", "leaf", "leaves_swapped", "node",
    "checkpoint", "entered", "name", "decision", "read", "record",
)  # fmt: skip
EDITS = (*ONE_EVENT, *AROUND)
