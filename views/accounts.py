"""For the administrators of the system: who has an account, and how to let somebody in."""

from collections.abc import Iterable
from datetime import date
from typing import Any, cast

from flask import (
    Blueprint,
    abort,
    current_app,
    flash,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue
from wtforms.fields.choices import SelectChoice

from awards import (
    access,
    delegations,
    people,
    posts,
    provider_accounts,
    second_factors,
    sign_ins,
)
from awards import accounts as workings
from awards.errors import BadAddress, BadLogin, BadPost, LoginTaken, TakenByAnother
from awards.messages import choices
from forms.accounts import ROLES, AccountForm, EndPostForm, PostForm, ProviderNameForm
from forms.many import ChooseForm
from forms.messages import AddressForm
from forms.simple import ConfirmForm, ExportForm
from languages import gettext as _
from models.organisation import Person
from settings import Settings
from views import setting_up
from views.confirming import confirmed
from views.guards import allow
from views.parsing import Pages, page_number
from views.web import actor, now, own_address, reader, transaction
from views.wording import sentence
from workflows import calendar, commands

accounts = Blueprint("accounts", __name__, url_prefix="/people")


@accounts.get("")
@allow(access.keeps_accounts)
def index() -> ResponseReturnValue:
    """Everybody with an account."""
    return _index_page(AccountForm(formdata=None))


@accounts.post("")
@allow(access.keeps_accounts)
@confirmed
def create() -> ResponseReturnValue:
    """Give somebody an account; the next page hands out the link to choose a password."""
    form = AccountForm()
    if not form.validate():
        return _index_page(form), 422
    try:
        with transaction() as session:
            key = form.command_key.data
            command = commands.take(session, key, kind="account", actor=actor(), now=now())
            if command is None:
                person_id = commands.subject_of(session, key)
            else:
                person = workings.create(
                    session,
                    login=form.login.data,
                    honorific=form.honorific.data,
                    name=form.name.data,
                )
                command.subject_id = person_id = person.id
    except (BadLogin, LoginTaken) as error:
        form.login.errors = [sentence(error)]
        return _index_page(form), 422
    flash(_("Đã tạo tài khoản. Cấp liên kết để người này đặt mật khẩu."), "success")
    return redirect(url_for("accounts.show", person_id=person_id), 303)


@accounts.get("/<int:person_id>")
@allow(access.keeps_accounts)
def show(person_id: int) -> ResponseReturnValue:
    """One account: posts held, links handed out, whether it is open."""
    return _page(person_id)


@accounts.post("/<int:person_id>/link")
@allow(access.keeps_accounts)
@confirmed
def hand_out_link(person_id: int) -> ResponseReturnValue:
    """Show a new link once. It is nowhere else: only its hash is kept."""
    with transaction() as session:
        token = workings.hand_out_link(session, person_id, made_by=actor().id, now=now())
    address = own_address() + url_for("auth.choose_password", token=token)
    return _page(person_id, link=address)


@accounts.post("/<int:person_id>/close")
@allow(access.keeps_accounts)
@confirmed
def close(person_id: int) -> ResponseReturnValue:
    """Let somebody in no more."""
    with transaction() as session:
        workings.close(session, person_id, by=actor().id, now=now())
    flash(_("Đã khóa tài khoản; mọi phiên đăng nhập đã kết thúc."), "success")
    return redirect(url_for("accounts.show", person_id=person_id), 303)


@accounts.post("/<int:person_id>/reopen")
@allow(access.keeps_accounts)
@confirmed
def reopen(person_id: int) -> ResponseReturnValue:
    """Let somebody in again."""
    with transaction() as session:
        workings.reopen(session, person_id, by=actor().id)
    flash(_("Đã mở lại tài khoản."), "success")
    return redirect(url_for("accounts.show", person_id=person_id), 303)


@accounts.post("/<int:person_id>/email")
@allow(access.keeps_accounts)
@confirmed
def change_address(person_id: int) -> ResponseReturnValue:
    """Say where somebody's mail goes."""
    form = AddressForm()
    if not form.validate():
        return _page(person_id, address_form=form), 422
    try:
        with transaction() as session:
            choices.set_address(session, person_id, form.email.data or "")
    except BadAddress as error:
        form.email.errors = [sentence(error)]
        return _page(person_id, address_form=form), 422
    flash(_("Đã ghi địa chỉ thư điện tử."), "success")
    return redirect(url_for("accounts.show", person_id=person_id), 303)


@accounts.post("/<int:person_id>/posts")
@allow(access.keeps_accounts)
@confirmed
def appoint(person_id: int) -> ResponseReturnValue:
    """Give somebody a post."""
    form = _post_form()
    if not form.validate():
        return _page(person_id, post_form=form), 422
    try:
        with transaction() as session:
            key = form.command_key.data
            command = commands.take(session, key, kind="post", actor=actor(), now=now())
            if command is not None:
                post = posts.appoint(
                    session, person_id, form.appointment(), by=actor(), now=now()
                )
                command.subject_id = post.id
    except BadPost as error:
        form.form_errors.append(sentence(error))
        return _page(person_id, post_form=form), 422
    flash(_("Đã giao chức vụ."), "success")
    return redirect(url_for("accounts.show", person_id=person_id), 303)


@accounts.post("/<int:person_id>/posts/<int:post_id>/end")
@allow(access.keeps_accounts)
@confirmed
def end_post(person_id: int, post_id: int) -> ResponseReturnValue:
    """Let a post end; what its holder may not work on any more goes back to the queues."""
    form = EndPostForm()
    if not form.validate():
        flash(form.last_day.errors[0], "error")
        return redirect(url_for("accounts.show", person_id=person_id), 303)
    try:
        with transaction() as session:
            posts.end(
                session,
                post_id,
                person_id=person_id,
                last_day=cast("date", form.last_day.data),
                by=actor(),
                now=now(),
            )
    except BadPost as error:
        flash(sentence(error), "error")
        return redirect(url_for("accounts.show", person_id=person_id), 303)
    flash(_("Đã ghi ngày cuối của chức vụ."), "success")
    return redirect(url_for("accounts.show", person_id=person_id), 303)


@accounts.post("/<int:person_id>/second-factor/forget")
@allow(access.keeps_accounts)
@confirmed
def forget_second_factor(person_id: int) -> ResponseReturnValue:
    """Let somebody enrol another device: the old one is lost."""
    with transaction() as session:
        second_factors.forget(session, person_id, by=actor())
        sign_ins.end_all(session, person_id, now())
    flash(_("Đã gỡ thiết bị; lần đăng nhập tới người này đăng ký thiết bị mới."), "success")
    return redirect(url_for("accounts.show", person_id=person_id), 303)


@accounts.post("/<int:person_id>/provider")
@allow(access.keeps_accounts)
@confirmed
def expect_at_provider(person_id: int) -> ResponseReturnValue:
    """Let somebody sign in at the provider, who goes by this name there."""
    provider = _settings().provider
    if provider is None:
        abort(404)
    form = ProviderNameForm()
    if not form.validate():
        return _page(person_id, provider_form=form), 422
    try:
        with transaction() as session:
            provider_accounts.expect(
                session,
                person_id,
                form.name.data,
                issuer=provider.issuer,
                by=actor().id,
                now=now(),
            )
    except TakenByAnother as error:
        form.name.errors = [sentence(error)]
        return _page(person_id, provider_form=form), 422
    flash(_("Đã ghi. Tài khoản được gắn khi người này đăng nhập lần đầu."), "success")
    return redirect(url_for("accounts.show", person_id=person_id), 303)


@accounts.post("/<int:person_id>/provider/forget")
@allow(access.keeps_accounts)
@confirmed
def forget_provider(person_id: int) -> ResponseReturnValue:
    """Let somebody sign in with the password alone."""
    with transaction() as session:
        provider_accounts.forget(session, person_id, now=now())
    flash(_("Đã gỡ tài khoản đăng nhập chung; mọi phiên đăng nhập đã kết thúc."), "success")
    return redirect(url_for("accounts.show", person_id=person_id), 303)


def _settings() -> Settings:
    settings: Settings = current_app.config["SETTINGS"]
    return settings


def _post_form(**arguments: Any) -> PostForm:
    form = PostForm(**arguments)
    today = calendar.today(now())
    units, blocks = posts.units(reader(), today), posts.blocks(reader())
    form.unit.choices = _offered((row.code, row.name) for row in units)
    form.block.choices = _offered((row.code, row.name) for row in blocks)
    return form


def _offered(pairs: Iterable[tuple[str, str]]) -> list[SelectChoice]:
    return [SelectChoice("", "–"), *(SelectChoice(code, name) for code, name in pairs)]


def _index_page(form: AccountForm) -> str:
    wanted = request.args.get("q", "").strip()
    today = calendar.today(now())
    rows = workings.listed(reader(), wanted)
    page = Pages(page_number(), len(rows))
    shown = rows[max(0, page.first - 1) : page.last]
    return render_template(
        "accounts/index.html",
        form=form,
        wanted=wanted,
        rows=[(row, people.actor_of(row, today).acting_as) for row in shown],
        choose=ChooseForm(formdata=None),
        own_id=actor().id,
        without_password=len(workings.without_password(reader(), but=actor().id)),
        page=page,
        set_up=[] if wanted else setting_up.parts(),
        export_form=ExportForm(formdata=None),
    )


def _page(
    person_id: int,
    link: str = "",
    post_form: PostForm | None = None,
    provider_form: ProviderNameForm | None = None,
    address_form: AddressForm | None = None,
) -> str:
    person = reader().get_one(Person, person_id)
    made = workings.links(reader(), person_id)
    names = people.named(reader(), {row.made_by for row in made if row.made_by})
    today = calendar.today(now())
    provider = _settings().provider
    return render_template(
        "accounts/show.html",
        person=person,
        posts=[(post, ROLES[post.role]) for post in person.posts],
        post_form=post_form or _post_form(formdata=None, valid_from=today),
        address_form=address_form or AddressForm(formdata=None, email=person.email),
        end_form=EndPostForm(formdata=None, last_day=today),
        delegable={
            post.id for post in person.posts if delegations.may_grant(actor(), post)
        },
        links=[(row, names.get(row.made_by or 0, "")) for row in made],
        link=link,
        device=second_factors.find(reader(), person_id),
        provider=provider and provider.name,
        provider_form=provider_form or ProviderNameForm(formdata=None),
        linked=provider_accounts.find(reader(), person_id),
        expected_for=provider_accounts.EXPECTED_FOR,
        lasts=workings.LINK_LASTS,
        is_own=person_id == actor().id,
        button=ConfirmForm(formdata=None),
        today=today,
    )
