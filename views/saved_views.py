"""Filters kept under a name: saving what a page is narrowed to, opening, renaming, deleting."""

from types import SimpleNamespace

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from awards import access, names
from awards import saved_views as operations
from awards.errors import TooManyViews, ViewNameTaken
from forms.saved_views import SavedViewForm
from forms.simple import ConfirmForm
from languages import gettext as _
from models.saved_views import SavedView, ViewPage
from views import narrowing
from views.guards import allow
from views.parsing import asked
from views.web import actor, now, reader, transaction
from views.wording import sentence, told
from workflows.errors import NotAllowed

views = Blueprint("saved_views", __name__, url_prefix="/board/views")
_PAGES = {ViewPage.BOARD: "board.show", ViewPage.OVERVIEW: "overview.show"}
_FILTERS = {
    ViewPage.BOARD: tuple(name for name in narrowing.BOARD if name != "q"),  # may be a name
    ViewPage.OVERVIEW: narrowing.OVERVIEW,
}


@views.get("")
@allow(access.follows_nominations)
def index() -> ResponseReturnValue:
    """One's own, to open, rename, share or delete; and those that others share."""
    return _page()


@views.post("")
@allow(access.follows_nominations)
def save() -> ResponseReturnValue:
    """Keep what the address narrows the page to, and go back to it."""
    is_overview = request.args.get("page") == ViewPage.OVERVIEW
    page = ViewPage.OVERVIEW if is_overview else ViewPage.BOARD
    filters, form = asked(*_FILTERS[page]), SavedViewForm()
    if not form.validate():
        return _page(form), 422
    try:
        with transaction() as session:
            operations.save(
                session,
                form.name.data,
                page=page,
                filters=filters,
                role=form.chosen_role,
                actor=actor(),
                now=now(),
            )
    except TooManyViews as error:
        form.form_errors.append(sentence(error))
        return _page(form), 422
    flash(_("Đã lưu chế độ xem “%(name)s”.", name=form.name.data), "success")
    return redirect(_address(page, filters), 303)


@views.post("/<int:view_id>")
@allow(access.follows_nominations)
def change(view_id: int) -> ResponseReturnValue:
    """Rename one's own, or share it with others."""
    try:
        operations.own(reader(), view_id, actor=actor())
    except NotAllowed:
        abort(404)
    form = SavedViewForm()
    if not form.validate():
        return _page(form), 422
    try:
        with transaction() as session:
            operations.change(
                session,
                view_id,
                name=form.name.data,
                role=form.chosen_role,
                actor=actor(),
            )
    except ViewNameTaken as error:
        form.form_errors.append(sentence(error))
        return _page(form), 422
    flash(_("Đã sửa chế độ xem “%(name)s”.", name=form.name.data), "success")
    return redirect(url_for("saved_views.index"), 303)


@views.post("/<int:view_id>/delete")
@allow(access.follows_nominations)
def delete(view_id: int) -> ResponseReturnValue:
    """Delete one's own."""
    with transaction() as session:
        operations.remove(session, view_id, actor=actor())
    flash(_("Đã xóa chế độ xem."), "success")
    return redirect(url_for("saved_views.index"), 303)


def offered(page: str, wanted: dict[str, str]) -> SimpleNamespace:
    """What a page's menu of saved views shows: all that may be opened, and a form to save."""
    kept = {name: value for name, value in wanted.items() if value}
    return SimpleNamespace(
        mine=[_shown(view) for view in operations.mine(reader(), actor())],
        shared=[_shown(view) for view in operations.shared(reader(), actor())],
        form=SavedViewForm(formdata=None),
        save_url=url_for("saved_views.save", page=page, **kept),  # type: ignore[arg-type] # texts alone
    )


def _page(form: SavedViewForm | None = None) -> str:
    return render_template(
        "board/views.html",
        mine=[_shown(view) for view in operations.mine(reader(), actor())],
        shared=[_shown(view) for view in operations.shared(reader(), actor())],
        form=form,
        button=ConfirmForm(formdata=None),
    )


def _shown(view: SavedView) -> SimpleNamespace:
    return SimpleNamespace(
        id=view.id,
        name=view.name,
        owner=view.person.name,
        is_overview=view.page == ViewPage.OVERVIEW,
        role=told(names.ROLES[view.role]) if view.role else "",
        url=_address(view.page, view.filters),
        form=SavedViewForm(
            formdata=None, name=view.name, role=view.role.value if view.role else ""
        ),
    )


def _address(page: ViewPage, filters: dict[str, str]) -> str:
    return url_for(_PAGES[page], **filters)  # type: ignore[arg-type] # texts alone
