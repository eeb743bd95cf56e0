"""The commands about the history: `flask --app app history …`."""

import json
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import NoReturn

import click
from flask import current_app
from flask.cli import AppGroup
from sqlalchemy import func, select
from sqlalchemy.orm import Session

import rounds
from keeping import proving
from languages import speaking
from models.log import Checkpoint
from models.process import ProcessInstance
from models.session import reading, transaction
from settings import Settings
from views.web import db
from views.wording import sentence
from workflows import (
    bundles,
    checkpoints,
    key_files,
    notes,
    proofs,
    replay,
)
from workflows.checkpoints import Verdict
from workflows.errors import WorkflowError

history_group = AppGroup("history", help="Prove that nobody touched the history.")
_VERDICTS = {
    Verdict.CONTAINED: "This log contains it.",
    Verdict.DIFFERENT: "THIS LOG DIFFERS from it: history was rewritten, or there are two logs.",
    Verdict.UNKNOWN_KEY: "It is not signed by a key of ours.",
    Verdict.NOT_OURS: "It is a checkpoint of another log.",
    Verdict.BEYOND: "THIS LOG IS SHORTER: its end was cut off, or an old backup was restored.",
}


@history_group.command("verify")
def verify() -> None:
    """Check every event, the log and its checkpoints; exit code 1 and the first fault if any."""
    with reading(db.engine) as session:
        checked, fault = proving.first_fault(session)
    if fault:
        _fail(fault)
    click.echo(f"{checked} events hold.")


@history_group.command("replay")
@click.argument("code", required=False)
@click.option("--all", "is_all", is_flag=True, help="Every nomination, with progress.")
def replay_history(code: str | None, *, is_all: bool) -> None:
    """Run the recorded acts through the engine again; exit code 1 if a state differs."""
    if bool(code) == is_all:
        message = "Give the code of a nomination, or --all."
        raise click.UsageError(message)
    with reading(db.engine) as session:
        query = select(ProcessInstance).order_by(ProcessInstance.id)
        if code:
            query = query.where(ProcessInstance.business_key == code)
        length = session.scalar(select(func.count()).select_from(query.subquery())) or 0
        if code and not length:
            message = f"There is no nomination {code}."
            raise click.UsageError(message)
        rows = session.scalars(query.execution_options(yield_per=500))
        with click.progressbar(rows, length=length, file=sys.stderr) as instances:
            faults = [f for f in (replay.replay(session, i) for i in instances) if f]
    for fault in faults:
        click.echo(
            f"{fault.business_key}: event {fault.sequence}: {fault.message}", err=True
        )
    click.echo(f"{length - len(faults)} of {length} nominations follow from their acts.")
    sys.exit(bool(faults))


@history_group.command("checkpoint")
@click.option(
    "--compare",
    "files",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    multiple=True,
    help="Say whether our log contains the checkpoint in this file; may be given again.",
)
def checkpoint(files: tuple[Path, ...]) -> None:
    """Seal all that has happened and print a signed checkpoint, or compare one from elsewhere.

    Exit code 1 when a checkpoint does not fit this log.
    """
    _seal()
    with reading(db.engine) as session:
        if not files:
            click.echo(str(checkpoints.note(_newest(session))), nl=False)
        verdicts = {path: _judge(session, path) for path in files}
    for path, verdict in verdicts.items():
        click.echo(f"{path}: {_VERDICTS[verdict]}")
    sys.exit(any(verdict != Verdict.CONTAINED for verdict in verdicts.values()))


@history_group.command("prove")
@click.argument("code")
@click.argument("number", type=int)
def prove(code: str, number: int) -> None:
    """Print the proof that an event of a nomination stands in the log; exit code 1 if it does not.

    CODE is the nomination, NUMBER the event's as its history page lists it.
    """
    with reading(db.engine) as session:
        proof = proofs.of_event(session, code, number)
    if proof is None:
        message = f"{code} has no event {number} that a checkpoint covers yet."
        raise click.ClickException(message)
    click.echo(json.dumps(proof.as_json(), ensure_ascii=False, indent=1))
    sys.exit(not proof.holds)


@history_group.command("consistency")
@click.argument("old", type=int)
@click.argument("new", type=int)
def consistency(old: int, new: int) -> None:
    """Print the proof that the log of size NEW begins with that of size OLD, both checkpoints."""
    with reading(db.engine) as session:
        both = [session.get(Checkpoint, size) for size in (old, new)]
        if both[0] is None or both[1] is None:
            message = (
                "Give the sizes of two checkpoints; the page of checkpoints lists them."
            )
            raise click.ClickException(message)
        found = checkpoints.between(session, both[0], both[1])
        click.echo(json.dumps(proofs.consistency_json(found), ensure_ascii=False, indent=1))
    sys.exit(not found.holds)


@history_group.command("export")
@click.argument("path", type=click.Path(dir_okay=False, path_type=Path))
@click.option(
    "--nomination", "codes", multiple=True, help="Only this one; may be repeated."
)
def export(path: Path, codes: tuple[str, ...]) -> None:
    """Write a bundle that tools/verify_history.py checks without this server."""
    _seal()
    with reading(db.engine) as session:
        chosen = [_instance(session, code) for code in codes] or None
        with path.open("wb") as file:
            count = bundles.write(session, file, instances=chosen)
    click.echo(f"{count} events: {path}")


@history_group.command("make-key")
@click.argument("path", type=click.Path(dir_okay=False, path_type=Path))
def make_key(path: Path) -> None:
    """Make a key that signs checkpoints, in a file of its own; keep a copy off this machine."""
    try:
        key = key_files.make(path.resolve())
    except WorkflowError as error:
        _refuse(error)
    settings: Settings = current_app.config["SETTINGS"]
    click.echo(notes.verifier(settings.log_name, key_files.public(key)))


@history_group.command("rotate-key")
def rotate_key() -> None:
    """Put a new key in the place of the one that signs; the old one introduces it.

    Checkpoints of the old key stay valid. The old file stays beside the new one: lock it away.
    """
    settings: Settings = current_app.config["SETTINGS"]
    _seal()
    try:
        with transaction(db.engine) as session:
            name = _newest(session).key.name
            old, new, kept = key_files.replace(settings.checkpoint_key, name)
            now = datetime.now(UTC)
            made = checkpoints.keep_key(session, new, name, now, introduced_by=old)
    except WorkflowError as error:
        _refuse(error)
    click.echo(f"{notes.verifier(made.name, made.public_key)}\nThe old key: {kept}")


def _seal() -> None:
    try:
        rounds.seal_history(db.engine, current_app.config["SETTINGS"], at_once=True)
    except WorkflowError as error:
        _refuse(error)


def _newest(session: Session) -> Checkpoint:
    found = checkpoints.newest(session)
    if found is None:
        message = "Nothing has happened yet."
        raise click.ClickException(message)
    return found


def _instance(session: Session, code: str) -> int:
    query = select(ProcessInstance.id).where(ProcessInstance.business_key == code)
    found = session.scalar(query)
    if found is None:
        message = f"There is no nomination {code}."
        raise click.UsageError(message)
    return found


def _judge(session: Session, path: Path) -> Verdict:
    try:
        return checkpoints.judge(session, notes.read(path.read_text("utf-8")))
    except WorkflowError as error:
        _refuse(error)


def _refuse(error: WorkflowError) -> NoReturn:
    with speaking("en"):
        raise click.ClickException(sentence(error)) from error


def _fail(message: str) -> None:
    click.echo(message, err=True)
    sys.exit(1)
