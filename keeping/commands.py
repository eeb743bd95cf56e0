"""The commands `backup`, `restore` and `drill`; make has a target for each."""

import sys
from datetime import UTC, datetime
from pathlib import Path

import click
from flask import Flask, current_app

from keeping import backup, drill, restoring
from keeping.proving import Witnesses
from settings import Settings
from views.web import db
from workflows import notes
from workflows.errors import WorkflowError
from workflows.notes import Note

_SHOWN = 20
_AGAIN = "another application"
_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


_witnesses = click.option(
    "--checkpoint",
    "checkpoints",
    type=_FILE,
    multiple=True,
    help="A checkpoint that was kept elsewhere, which the log must fit; may be given again.",
)


def init_app(app: Flask, another: restoring.Another) -> None:
    """Hang the commands on the application; `another` makes one for a restored copy."""
    app.extensions[_AGAIN] = another
    for command in (make_backup, restore, carry_out_drill):
        app.cli.add_command(command)


@click.command("backup")
@click.option("--prune", is_flag=True, help="Then remove all but the newest so many.")
def make_backup(*, prune: bool) -> None:
    """Copy the database and all files into one archive, while the server goes on."""
    made = backup.make(db.engine, _settings(), now=datetime.now(UTC), progress=_show)
    for token in made.missing:
        click.echo(f"The file {token} is not on the disk as it was attached.", err=True)
    removed = backup.prune(_settings()) if prune else []
    if removed:
        click.echo(f"{len(removed)} old backups removed.")
    click.echo(f"{made.path} · {made.size / 1e6:,.1f} MB · {made.seconds:.1f} s")
    sys.exit(bool(made.missing))


@click.command("restore")
@click.argument("archive", required=False, type=_FILE)
@click.option(
    "--replace", is_flag=True, help="Put it in place of what is there, which is kept."
)
@_witnesses
def restore(archive: Path | None, checkpoints: tuple[Path, ...], *, replace: bool) -> None:
    """Put a backup, or the newest, in its place again. All of it is proved before that."""
    path = archive or drill.newest(_settings())
    db.engine.dispose()
    found = restoring.restore(
        _settings(),
        path,
        another=current_app.extensions[_AGAIN],
        is_replacing=replace,
        now=datetime.now(UTC),
        progress=_show,
        witnesses=Witnesses(_read(checkpoints)),
    )
    click.echo(f"{path.name} of {found.made_at:%Y-%m-%d %H:%M:%S} UTC is in its place.")
    click.echo(f"{found.events} events hold, {found.erased} erased again.")
    for token in found.files_missing:
        click.echo(f"The file {token} was missing already when the backup was made.")
    _print_missing(found.lost, "what stood here before")
    _print_compared(found.cut, len(checkpoints))
    click.echo(f"What stood here before: {found.before}")


@click.command("drill")
@click.argument("archive", required=False, type=_FILE)
@_witnesses
def carry_out_drill(archive: Path | None, checkpoints: tuple[Path, ...]) -> None:
    """Restore the newest backup beside the living system, work in the copy, and tell."""
    found = drill.carry_out(
        db.engine,
        _settings(),
        another=current_app.extensions[_AGAIN],
        now=datetime.now(UTC),
        progress=_show,
        path=archive,
        witnesses=_read(checkpoints),
    )
    click.echo(f"{found.archive}: every part is as it was written.")
    click.echo(
        f"{found.events} events hold; {found.rows} rows and {found.files} files are there."
    )
    click.echo(f"{found.erased} erased again.")
    for step in found.steps:
        click.echo(f"In the copy: {step}.")
    _print_missing(found.missing, "the living system")
    _print_compared(found.cut, found.compared)
    click.echo(f"RPO: {_told(found.age)} since the backup; promised {_told(drill.RPO)}.")
    click.echo(
        f"RTO: {_told(found.took)} from the archive to work; promised {_told(drill.RTO)}."
    )
    if not found.keeps_promises:
        click.echo("That is more than was promised.", err=True)
        sys.exit(1)


def _print_missing(missing: dict[str, tuple[int, int]], than: str) -> None:
    total = sum(last - first + 1 for first, last in missing.values())
    if not total:
        return
    click.echo(f"{total} events fewer than {than}:")
    for code, (first, last) in list(missing.items())[:_SHOWN]:
        click.echo(f"  {code}: {first} to {last}")
    if len(missing) > _SHOWN:
        click.echo(f"  and of {len(missing) - _SHOWN} nominations more")


def _print_compared(cut: tuple[int, int] | None, count: int) -> None:
    if not count:
        return
    if cut is None:
        click.echo(f"The log contains every one of {count} checkpoints.")
        return
    first, last = cut
    click.echo(f"The log fits {count} checkpoints, and lacks its events {first} to {last}.")


def _read(paths: tuple[Path, ...]) -> list[Note]:
    """The checkpoints in these files. Raises BadParameter for what is none."""
    found = []
    for path in paths:
        try:
            found.append(notes.read(path.read_text("utf-8")))
        except (WorkflowError, UnicodeDecodeError) as error:
            message = f"{path} holds no checkpoint."
            raise click.BadParameter(message) from error
    return found


def _show(stage: str, done: int, total: int) -> None:
    if sys.stderr.isatty() or done == total:
        click.echo(f"\r  {stage}: {done:,} / {total:,}", nl=done == total, err=True)


def _told(span: object) -> str:
    return str(span).partition(".")[0]


def _settings() -> Settings:
    found: Settings = current_app.config["SETTINGS"]
    return found
