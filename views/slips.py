"""Links to choose a password, for many people at once: slips to print, cut apart and hand out."""

from dataclasses import dataclass

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from awards import access, accounts, people
from awards.errors import NobodyChosen
from forms.many import ChooseForm
from languages import gettext as _
from models.organisation import Person
from views import qr
from views.confirming import confirmed
from views.guards import allow
from views.parsing import row_number
from views.web import actor, now, own_address, transaction
from views.wording import sentence
from workflows import calendar, commands

slips = Blueprint("slips", __name__)


@dataclass(frozen=True, slots=True)
class Slip:
    """What one person is handed: the link, and a picture of it for a phone."""

    person: Person
    acting_as: str
    link: str
    picture: str


@slips.post("/people/links")
@allow(access.keeps_accounts)
@confirmed
def hand_out() -> ResponseReturnValue:
    """Show a new link for each of many people, once. They are nowhere else.

    Sent again, as when the page is loaded anew, it makes none: what was printed holds.
    """
    form = ChooseForm()
    if not form.validate():
        return _back(form.command_key.errors[0])
    try:
        with transaction() as session:
            chosen, key = _chosen(session), form.command_key.data
            if not commands.take(session, key, kind="links", actor=actor(), now=now()):
                return _back(
                    _("Các liên kết ấy đã hiện một lần. Nếu trang đó mất, cấp lại.")
                )
            made = accounts.hand_out_links(session, chosen, made_by=actor().id, now=now())
    except NobodyChosen as error:
        return _back(sentence(error))
    return render_template(
        "accounts/slips.html",
        slips=[_slip(person, token) for person, token in made],
        until=now() + accounts.LINK_LASTS,
        left_out=len(chosen) - len(made),
    )


def _back(why: str) -> ResponseReturnValue:
    flash(why, "warning")
    return redirect(url_for("accounts.index"), 303)


def _chosen(session: Session) -> list[int]:
    """The people who were ticked, or everybody who has chosen no password yet."""
    if "all" in request.form:
        return [*accounts.without_password(session, but=actor().id)]
    numbers = {row_number(value) for value in request.form.getlist("person")}
    return sorted(numbers - {0})


def _slip(person: Person, token: str) -> Slip:
    link = own_address() + url_for("auth.choose_password", token=token)
    today = calendar.today(now())
    return Slip(person, people.actor_of(person, today).acting_as, link, qr.picture(link))
