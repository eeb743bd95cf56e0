"""What one is told: the list, and putting it away. Opening a message's page changes nothing."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from awards import access
from awards.messages import reading, words
from forms.simple import ConfirmForm
from languages import gettext as _
from models.messages import Message, MessageKind
from views.guards import allow
from views.parsing import Pages, page_number
from views.web import actor, now, reader, transaction
from views.wording import told

messages = Blueprint("messages", __name__, url_prefix="/messages")

ICONS = {
    MessageKind.TASK: "bi-inbox",
    MessageKind.RETURN: "bi-arrow-return-left",
    MessageKind.DECISION: "bi-award",
    MessageKind.DELEGATION: "bi-people",
    MessageKind.SIGNATURE: "bi-pen",
    MessageKind.REASSIGNMENT: "bi-arrow-left-right",
}


@messages.get("")
@allow(access.signed_in)
def index() -> str:
    """A page of one's messages, newest first."""
    number = page_number()
    found, total = reading.page(reader(), actor(), number)
    return render_template(
        "messages/index.html",
        rows=[_row(message) for message in found],
        page=Pages(number, total),
        unread=reading.unread(reader(), actor()),
        button=ConfirmForm(formdata=None),
    )


@messages.post("/<int:message_id>/read")
@allow(access.signed_in)
def read(message_id: int) -> ResponseReturnValue:
    """Put one message away."""
    with transaction() as session:
        reading.mark_read(session, message_id, actor=actor(), now=now())
    return redirect(url_for("messages.index", page=page_number()), 303)


@messages.post("/read")
@allow(access.signed_in)
def read_all() -> ResponseReturnValue:
    """Put all messages away."""
    with transaction() as session:
        reading.mark_all_read(session, actor=actor(), now=now())
    flash(_("Đã đánh dấu mọi thông báo là đã đọc."), "success")
    return redirect(url_for("messages.index"), 303)


def _row(message: Message) -> dict[str, object]:
    title, case = words.title(message), message.nomination
    values = {name: value for name, value in title.values.items() if name != "step"}
    return {
        "id": message.id,
        "icon": ICONS[message.kind],
        "kind": told(words.KINDS[message.kind]),
        "title": told(title.message, step=told(message.step), **values),
        "about": f"{case.award.name} · {case.unit.name} · {case.code}" if case else "",
        "has_notice": words.has_notice(message),
        "path": words.path(message),
        "at": message.created_at,
        "is_read": message.read_at is not None,
    }
