"""For those who answer for personal data: a copy of what is held about somebody, and erasing it."""

from collections.abc import Sequence
from pathlib import Path

from flask import (
    Blueprint,
    Response,
    current_app,
    flash,
    redirect,
    render_template,
    url_for,
)
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from awards import access, erasure_lists, erasures, files, nominations, own_copies, people
from awards.erasures import Request
from awards.errors import Erased, NoSuchNomination
from forms.personal_data import CopyForm, ErasureForm
from languages import gettext as _
from models import session as sessions
from models.awards import Nomination
from models.erasures import Erasure
from models.reads import ReadKind
from settings import Settings
from views import reads
from views.confirming import confirmed
from views.guards import allow
from views.web import actor, db, now, reader, transaction, uploads
from views.wording import sentence, told
from workflows.errors import WorkflowError

personal_data = Blueprint("personal_data", __name__, url_prefix="/personal-data")


@personal_data.get("")
@allow(access.answers_for_data)
def index() -> ResponseReturnValue:
    """The two forms, and what was erased."""
    return _page(CopyForm(formdata=None), ErasureForm(formdata=None))


@personal_data.post("/copy")
@allow(access.answers_for_data)
@confirmed
def copy() -> ResponseReturnValue:
    """All that is held about a nomination's nominee, as one file; told among the reads."""
    form = CopyForm()
    if not form.validate():
        return _page(form, ErasureForm(formdata=None)), 422
    try:
        nomination = _found(form.code.data)
    except NoSuchNomination as error:
        form.code.errors = [sentence(error)]
        return _page(form, ErasureForm(formdata=None)), 422
    found = own_copies.nominations_of(reader(), nomination, actor=actor())
    for one in found:
        reads.record(ReadKind.COPY_MADE, one, reason=own_copies.proof(form.reason.data))
    held = own_copies.gather(reader(), found)
    page = render_template(
        "personal_data/copy.html",
        name=nomination.nominee.name,
        sections=[(told(own_copies.TITLES[table]), rows) for table, rows in held.items()],
    )
    copied = own_copies.pack(reader(), found, held, page, uploads())
    response = Response(copied, mimetype="application/zip")
    name = f"du-lieu-{nomination.code}.zip"
    response.headers.set("Content-Disposition", "attachment", filename=name)
    return response


@personal_data.post("/erasure")
@allow(access.keeps_accounts)
@confirmed
def erase() -> ResponseReturnValue:
    """Show what would be erased; erase it once that is confirmed."""
    form = ErasureForm()
    if not form.validate():
        return _page(CopyForm(formdata=None), form), 422
    try:
        found = erasures.of_person(reader(), _found(form.erase_code.data))
        erasures.check(reader(), found)
    except Erased as error:
        flash(sentence(error), "warning")
        return redirect(url_for("personal_data.index"), 303)
    except WorkflowError as error:
        form.erase_code.errors = [sentence(error)]
        return _page(CopyForm(formdata=None), form), 422
    if not form.confirmed.data:
        return _check_page(form, found)
    _carry_out(
        [one.code for one in found], Request(form.legal_ground.data, form.erase_reason.data)
    )
    flash(_("Đã xóa dữ liệu cá nhân của %(count)s hồ sơ.", count=len(found)), "success")
    return redirect(url_for("personal_data.index"), 303)


def _found(code: str) -> Nomination:
    nomination = nominations.find(reader(), code.upper())
    if nomination is None or not access.may_answer_for(actor(), nomination):
        raise NoSuchNomination
    return nomination


def _carry_out(codes: list[str], request: Request) -> None:
    """Note it outside the database first, so that a restored backup can forget again."""
    settings: Settings = current_app.config["SETTINGS"]
    path: Path = settings.erasures
    for code in codes:
        erasure_lists.note(path, code, request, actor=actor(), now=now())
    tokens = []
    with transaction() as session:
        for code in codes:
            nomination = nominations.find(session, code)
            if nomination is not None:
                tokens += erasures.erase(
                    session, nomination, request, actor=actor(), now=now()
                )
    files.erase(tokens, uploads())
    sessions.forget_erased(db.engine)


def _page(copy_form: CopyForm, erasure_form: ErasureForm) -> str:
    query = select(Erasure).options(joinedload(Erasure.nomination))
    rows = reader().scalars(query.order_by(Erasure.id.desc()).limit(200)).all()
    names = people.named(reader(), {row.asked_by for row in rows})
    may_erase = access.keeps_accounts(actor())
    return render_template(
        "personal_data/index.html",
        copy_form=copy_form,
        form=erasure_form if may_erase else None,
        rows=[(row, names.get(row.asked_by, "")) for row in rows] if may_erase else [],
    )


def _check_page(form: ErasureForm, found: Sequence[Nomination]) -> str:
    fields = [(field.name, field._value()) for field in form if field.name != "confirmed"]  # noqa: SLF001 - as the field's own widget asks
    return render_template(
        "personal_data/check.html", form=form, fields=fields, found=found
    )
