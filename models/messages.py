"""What people are told: messages in the application, the mails that carry them, who wants which."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.awards import Nomination
from models.base import Base, BigId, closed_set
from models.log import Checkpoint
from models.organisation import Delegation, Person
from models.tasks import UserTask


class MessageKind(StrEnum):
    """What a message tells; people choose for each how it reaches them."""

    TASK = "task"
    RETURN = "return"
    DECISION = "decision"
    DELEGATION = "delegation"


class Way(StrEnum):
    """How a message reaches somebody, beside the application itself."""

    AT_ONCE = "at_once"
    DIGEST = "digest"
    APPLICATION = "application"


class Message(Base):
    """One thing that one person is told. Many alike at one moment are one, with their `count`.

    `subject` says what has come of the nomination, `element_id` and `step` where tasks wait.
    Only one that tells a single thing names its nomination and task. No words about people are
    kept here: a page reads them where they are.
    """

    __tablename__ = "message"
    __table_args__ = (
        CheckConstraint("count > 0", name="count_positive"),
        Index("ix_message_person", "person_id", "id"),
        Index(
            "ix_message_unread",
            "person_id",
            sqlite_where=text("read_at IS NULL"),
            postgresql_where=text("read_at IS NULL"),
        ),
        Index("uq_message_delegation_id", "delegation_id", unique=True),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey(Person.id))
    kind: Mapped[MessageKind] = mapped_column(closed_set(MessageKind, "kind"))
    subject: Mapped[str] = mapped_column(String(32), default="")
    element_id: Mapped[str] = mapped_column(String(200), default="")
    step: Mapped[str] = mapped_column(String(200), default="")
    count: Mapped[int] = mapped_column(default=1)
    nomination_id: Mapped[int | None] = mapped_column(ForeignKey(Nomination.id))
    task_id: Mapped[int | None] = mapped_column(ForeignKey(UserTask.id))
    delegation_id: Mapped[int | None] = mapped_column(ForeignKey(Delegation.id))
    created_at: Mapped[datetime]
    read_at: Mapped[datetime | None]

    nomination: Mapped[Nomination | None] = relationship()
    delegation: Mapped[Delegation | None] = relationship()


class Mail(Base):
    """A letter in the outbox. `message_id` is fixed when the row is made, so that copies are known.

    `next_try_at` is also how long the sender who took it has for it. The words are forgotten once
    it is sent.
    """

    __tablename__ = "mail"
    __table_args__ = (
        Index(
            "ix_mail_waiting",
            "next_try_at",
            sqlite_where=text("sent_at IS NULL AND given_up_at IS NULL"),
            postgresql_where=text("sent_at IS NULL AND given_up_at IS NULL"),
        ),
        Index("ix_mail_about", "about_id"),
        Index(
            "ix_mail_given_up",
            "given_up_at",
            sqlite_where=text("given_up_at IS NOT NULL"),
            postgresql_where=text("given_up_at IS NOT NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    message_id: Mapped[str] = mapped_column(String(300), unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey(Person.id))
    about_id: Mapped[int | None] = mapped_column(ForeignKey(Message.id))
    address: Mapped[str] = mapped_column(String(254))
    subject: Mapped[str] = mapped_column(String(400))
    text: Mapped[str] = mapped_column(Text)
    made_at: Mapped[datetime]
    attempts: Mapped[int] = mapped_column(default=0)
    next_try_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
    given_up_at: Mapped[datetime | None]
    last_error: Mapped[str] = mapped_column(String(300), default="")

    person: Mapped[Person] = relationship()


class CheckpointLetter(Base):
    """Which checkpoint of the history's log was sent to whom. Written once."""

    __tablename__ = "checkpoint_letter"
    __table_args__ = (Index("ix_checkpoint_letter_person", "person_id", "made_at"),)

    size: Mapped[int] = mapped_column(ForeignKey(Checkpoint.size), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey(Person.id), primary_key=True)
    mail_id: Mapped[int] = mapped_column(ForeignKey(Mail.id))
    made_at: Mapped[datetime]


class MessageChoice(Base):
    """How somebody wants to be told one kind of thing. Without a row the kind's own way holds."""

    __tablename__ = "message_choice"

    person_id: Mapped[int] = mapped_column(ForeignKey(Person.id), primary_key=True)
    kind: Mapped[MessageKind] = mapped_column(
        closed_set(MessageKind, "kind"), primary_key=True
    )
    way: Mapped[Way] = mapped_column(closed_set(Way, "way"))


class Digest(Base):
    """When somebody's last daily digest was made, or found to have nothing to say."""

    __tablename__ = "digest"

    person_id: Mapped[int] = mapped_column(ForeignKey(Person.id), primary_key=True)
    made_at: Mapped[datetime]
