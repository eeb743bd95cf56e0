"""The commands: `flask --app app …`."""

import io
import json
import sys
from datetime import UTC, datetime
from multiprocessing import get_context
from pathlib import Path
from typing import BinaryIO

import click
from flask import Flask, current_app
from flask.cli import AppGroup, with_appcontext
from sqlalchemy import func, inspect, select
from sqlalchemy.orm import Session

import rounds
import starting
from awards import (
    access,
    accounts,
    demo,
    entered,
    erasure_lists,
    people,
)
from awards.clamd import Clamd, Unreachable
from awards.demo import season, season_papers
from forms import vocabulary
from history_commands import history_group
from keeping import forgetting
from languages import speaking
from models.awards import Nomination
from models.organisation import Person
from models.process import ProcessDefinition
from models.session import reading, transaction
from settings import Settings
from views.web import db
from views.wording import sentence, told
from workflows import calendar, deployments, linter, sweeping
from workflows.errors import WorkflowError
from workflows.linter import Finding

process_group = AppGroup("process", help="Check and deploy process definitions.")
erasures_group = AppGroup("erasures", help="See that what was erased stays erased.")
search_group = AppGroup("search", help="See that everything is found.")
deadlines_group = AppGroup("deadlines", help="See to what has come due.")


def init_app(app: Flask) -> None:
    """Hang the commands on the application."""
    commands = (serve, demo_accounts, demo_season, create_admin, password_link)
    for command in (
        *commands,
        history_group,
        process_group,
        deadlines_group,
        erasures_group,
        search_group,
    ):
        app.cli.add_command(command)


@click.command("serve")
def serve() -> None:
    """Bring the database up to date, load the demo province into an empty one, and serve."""
    from serving import Server  # noqa: PLC0415 - slow import, needed by this command alone

    settings: Settings = current_app.config["SETTINGS"]
    prepare(settings)
    db.engine.dispose()  # no connection crosses the fork
    Server(current_app._get_current_object(), settings).run()  # type: ignore[attr-defined] # noqa: SLF001 - the application behind the proxy


def prepare(settings: Settings) -> None:
    """Migrate, load the demo if there is nobody yet, and say where to look and who may sign in."""
    _bring_up_to_date(settings)
    if settings.is_demo:
        _print_accounts()
    if settings.clamd:
        _greet_scanner(settings.clamd)
    click.echo(f"\n  Vinh Danh: http://127.0.0.1:{settings.port}\n")


def _bring_up_to_date(settings: Settings) -> None:
    starting.reach(db.engine)
    current_app.extensions["alembic"].upgrade()
    with reading(db.engine) as session:
        is_empty = session.scalars(select(Person.id).limit(1)).first() is None
    if settings.is_demo and is_empty:
        _load_demo(settings)


def _greet_scanner(address: str) -> None:
    """Say at the start when the virus scanner is away: pages would only say that files wait."""
    try:
        Clamd(address).scan(io.BytesIO(), seconds=5)
    except Unreachable as error:
        click.echo(
            f"The virus scanner at {address} does not answer ({error}): files will wait for it.",
            err=True,
        )


def _load_demo(settings: Settings) -> None:
    """Load it in a process of its own: Typst starts threads that gunicorn's fork would lose."""
    db.engine.dispose()
    loading = get_context("fork").Process(target=_fill, args=(settings,))
    loading.start()
    loading.join()
    if loading.exitcode:
        sys.exit(loading.exitcode)


def _fill(settings: Settings) -> None:
    count = len(demo.JOURNEYS)
    with click.progressbar(
        length=count, label="Loading the demo province", file=sys.stderr
    ) as bar:
        demo.load(
            db.engine, uploads=settings.uploads, now=datetime.now(UTC), step=bar.update
        )
    rounds.seal_history(db.engine, settings)


@click.command("demo-accounts")
@click.option("--json", "as_json", is_flag=True, help="As JSON, for programs.")
def demo_accounts(*, as_json: bool) -> None:
    """Show who may sign in to the demo province, and with which password."""
    if as_json:
        click.echo(json.dumps(demo.accounts(), ensure_ascii=False))
    else:
        _print_accounts()


@click.command("demo-season")
@click.option(
    "--papers",
    "folder",
    type=click.Path(file_okay=False, path_type=Path),
    help="Where to put the papers; instance/season unless given.",
)
def demo_season(folder: Path | None) -> None:
    """Play a whole season in the demo province: 1,500 nominees, 14 tờ trình, three decisions."""
    settings: Settings = current_app.config["SETTINGS"]
    if not settings.is_demo:
        message = "Only a demo plays seasons."
        raise click.ClickException(message)
    _bring_up_to_date(settings)
    folder = folder or settings.uploads.parent / "season"
    try:
        season.play(
            db.engine, uploads=settings.uploads, now=datetime.now(UTC), progress=_show
        )
        count = season_papers.print_all(
            db.engine, folder, now=datetime.now(UTC), progress=_show
        )
    except WorkflowError as error:
        with speaking("vi"):
            raise click.ClickException(sentence(error)) from error
    click.echo(f"{count} papers: {folder}")


def _show(stage: str, done: int, total: int) -> None:
    click.echo(f"\r  {stage}: {done:,} / {total:,}", nl=done == total, err=True)


def _print_accounts() -> None:
    rows = [tuple(account.values()) for account in demo.accounts()]
    head = ("ROLE", "LOGIN", "PASSWORD", "NAME", "UNIT")
    widths = [max(len(row[n]) for row in [head, *rows]) for n in range(len(head))]
    for row in [head, *rows]:
        click.echo(
            "  " + "  ".join(text.ljust(w) for text, w in zip(row, widths, strict=True))
        )


@click.command("create-admin")
@click.argument("login")
@click.argument("name")
@click.option("--honorific", default="", help="How the person is addressed.")
@with_appcontext
def create_admin(login: str, name: str, *, honorific: str) -> None:
    """Give an empty installation its first administrator, and print a link to choose a password."""
    now = datetime.now(UTC)
    try:
        with transaction(db.engine) as session:
            if accounts.is_administered(session):
                message = "Somebody administers the system already; see /people there."
                raise click.ClickException(message)
            person = accounts.create(session, login=login, honorific=honorific, name=name)
            accounts.appoint_administrator(session, person, now)
            token = accounts.hand_out_link(session, person.id, made_by=None, now=now)
    except WorkflowError as error:
        with speaking("en"):
            raise click.ClickException(told(error.message, **error.values)) from error
    _print_link(token)


@click.command("password-link")
@click.argument("login")
@with_appcontext
def password_link(login: str) -> None:
    """Print a link with which a person chooses a new password, once, within a day."""
    with transaction(db.engine) as session:
        person = people.by_login(session, login)
        if person is None:
            message = f"Nobody who may sign in is called {login}."
            raise click.ClickException(message)
        now = datetime.now(UTC)
        token = accounts.hand_out_link(session, person.id, made_by=None, now=now)
    _print_link(token)


def _print_link(token: str) -> None:
    settings: Settings = current_app.config["SETTINGS"]
    click.echo(f"{settings.address}/password/{token}")


@erasures_group.command("again")
def erase_again() -> None:
    """Erase once more, in a restored database, all that the list of erasures names."""
    settings: Settings = current_app.config["SETTINGS"]
    lines, now = erasure_lists.read(settings.erasures), datetime.now(UTC)
    count, is_rid = forgetting.erase_again(db.engine, settings.uploads, lines, now)
    if not is_rid:
        click.echo("Somebody is reading; run this again to empty the log.", err=True)
    click.echo(f"{count} erased again.")


@search_group.command("rebuild")
def rebuild_search() -> None:
    """Write anew by which words everything is found: some at a time, so that people go on."""
    with transaction(db.engine) as session:
        entered.begin_rebuild(session)
    with reading(db.engine) as session:
        length = session.scalar(select(func.count(Nomination.id))) or 0
    with click.progressbar(length=length, file=sys.stderr) as bar:
        last = 0
        while True:
            with transaction(db.engine) as session:
                last, count = entered.rebuild_some(session, last)
            if not count:
                break
            bar.update(count)
    with transaction(db.engine) as session:
        entered.end_rebuild(session)
    click.echo(f"{length} nominations can be found.")


@deadlines_group.command("sweep")
def sweep_deadlines() -> None:
    """Do now what the server does every minute: all that has come due."""
    click.echo(f"{sweeping.sweep(db.engine, datetime.now(UTC))} deadlines fired.")


@process_group.command("lint")
@click.argument("file", type=click.File("rb"))
@click.option(
    "--language", type=click.Choice(("vi", "en")), default="vi", show_default=True
)
def lint(file: BinaryIO, *, language: str) -> None:
    """List all that keeps a BPMN file from being deployed; exit code 1 if there is anything."""
    _refuse(_check(file.read()), language)
    click.echo("Nothing found.")


@process_group.command("deploy")
@click.argument("file", type=click.File("rb"))
@click.option(
    "--confirm", is_flag=True, help="Let it serve new cases, on a first installation."
)
@click.option(
    "--by", "login", default="", help="Who deploys it: the login of an administrator."
)
@click.option(
    "--language", type=click.Choice(("vi", "en")), default="vi", show_default=True
)
def deploy(file: BinaryIO, *, confirm: bool, login: str, language: str) -> None:
    """Keep a BPMN file as the next version of its process; a second person confirms it."""
    xml, now = file.read(), datetime.now(UTC)
    _refuse(_check(xml), language)
    try:
        with transaction(db.engine) as session:
            deployer = _deployer(session, login, now) if login else None
            row = deployments.deploy(session, xml, deployed_by=deployer, now=now)
            if confirm:
                deployments.confirm_first(session, row, now=now)
            state = "serves" if row.confirmed_by is not None else "waits to be confirmed"
            click.echo(f"{row.key} version {row.version} {state}")
    except WorkflowError as error:
        with speaking(language):
            raise click.ClickException(told(error.message, **error.values)) from error


def _check(xml: bytes) -> list[Finding]:
    if inspect(db.engine).has_table(ProcessDefinition.__tablename__):
        with reading(db.engine) as session:
            known = vocabulary.known(session)
    else:  # nothing is installed here, so there is nothing to call
        known = vocabulary.words({})
    return linter.check(xml, known)


def _refuse(findings: list[Finding], language: str) -> None:
    """Print what was found, element by element, and end."""
    with speaking(language):
        for finding in findings:
            place = " ".join(part for part in (finding.element, finding.name) if part)
            click.echo(
                f"{place or '(file)'}: {told(finding.message, **finding.values)}", err=True
            )
            click.echo(f"    {told(finding.advice, **finding.values)}", err=True)
    if findings:
        sys.exit(1)


def _deployer(session: Session, login: str, now: datetime) -> int:
    person = people.by_login(session, login)
    if person is None or not access.deploys(people.actor_of(person, calendar.today(now))):
        raise click.BadParameter(f"{login} administers no processes", param_hint="--by")
    return person.id
