"""The commands, run as the terminal runs them."""

import json
from collections import Counter

import pytest
from sqlalchemy import text

import cli
from awards.demo import people
from awards.people import MIN_PASSWORD_LENGTH
from models.organisation import Role
from models.process import ProcessDefinition
from models.session import reading, transaction
from tests.conftest import make_app
from views.web import db


@pytest.fixture
def run(app):
    """`run("history", "verify")` answers with exit code and output."""
    return lambda *words: app.test_cli_runner().invoke(args=words)


def test_demo_accounts_as_json_names_somebody_of_every_role(run):
    answer = run("demo-accounts", "--json")

    accounts = json.loads(answer.stdout)
    assert answer.exit_code == 0
    assert {tuple(account) for account in accounts} == {
        ("role", "login", "password", "name", "unit")
    }
    assert {account["role"] for account in accounts} == set(Role)
    assert all(account[key] for account in accounts for key in account)


def test_demo_accounts_have_long_passwords_and_logins_of_their_own(run):
    accounts = json.loads(run("demo-accounts", "--json").stdout)

    assert [a["login"] for a in accounts if len(a["password"]) < MIN_PASSWORD_LENGTH] == []
    assert Counter(account["login"] for account in accounts).most_common(1)[0][1] == 1


def test_demo_accounts_are_of_two_units_and_more(run):
    accounts = json.loads(run("demo-accounts", "--json").stdout)

    units = {account["unit"] for account in accounts if account["role"] == "unit_officer"}
    assert len(units) == 6


def test_demo_accounts_sign_in(browse):
    for account in people.accounts()[::9]:
        browse(account["login"])


def test_demo_accounts_as_a_table_show_login_and_password(run):
    answer = run("demo-accounts")

    assert answer.exit_code == 0
    assert answer.stdout.splitlines()[0].split() == [
        "ROLE",
        "LOGIN",
        "PASSWORD",
        "NAME",
        "UNIT",
    ]
    assert len(answer.stdout.splitlines()) == len(people.accounts()) + 1
    assert "lan.tuphap" in answer.stdout
    assert "vinh-danh-lan.tuphap" in answer.stdout


def test_history_verify_counts_what_holds(run, browse):
    browse("lan.tuphap").post("/nominations/new", data=_nomination())

    answer = run("history", "verify")

    assert answer.exit_code == 0
    assert answer.stdout == "3 events hold.\n"  # started, opened, claimed


def test_history_verify_names_the_first_bad_event(run, app, browse):
    browse("lan.tuphap").post("/nominations/new", data=_nomination())
    with app.app_context(), transaction(db.engine) as session:
        for (trigger,) in session.execute(
            text("SELECT name FROM sqlite_master WHERE type = 'trigger'")
        ).all():
            session.execute(text(f"DROP TRIGGER {trigger}"))
        session.execute(
            text("UPDATE history_event SET actor_id = 1 + actor_id WHERE sequence = 3")
        )

    answer = run("history", "verify")

    assert answer.exit_code == 1
    assert answer.stderr.startswith("HS-2026-00001: event 3: ")


def test_history_verify_of_nothing_holds(run):
    assert run("history", "verify").stdout == "0 events hold.\n"


def _nomination():
    return {
        "movement": "VHCS-2025",
        "unit": "SO-TP",
        "nominee_kind": "individual",
        "nominee_name": "Nguyễn Văn An",
        "award": "BKT",
    }


def test_process_deploy_keeps_the_next_version(run, app, tmp_path):
    with app.app_context(), reading(db.engine) as session:
        xml = session.query(ProcessDefinition).one().xml
    changed = tmp_path / "next.bpmn"
    content = xml if isinstance(xml, bytes) else xml.encode()
    changed.write_bytes(content.replace(b"P5D", b"P6D"))

    answer = run("process", "deploy", str(changed))

    assert answer.exit_code == 0
    assert answer.stdout == "movement_award version 2\n"


def test_process_deploy_of_something_else_writes_nothing(run, app, tmp_path):
    wrong = tmp_path / "wrong.bpmn"
    wrong.write_bytes(b"<html/>")

    answer = run("process", "deploy", str(wrong))

    assert answer.exit_code == 1
    with app.app_context(), reading(db.engine) as session:
        assert session.query(ProcessDefinition).count() == 1


def test_prepare_does_not_load_the_demo_twice(app, capsys):
    with app.app_context():
        cli.prepare(app.config["SETTINGS"])

    printed = capsys.readouterr().out
    assert "vinh-danh-lan.tuphap" in printed
    assert "http://127.0.0.1:8000" in printed


def test_prepare_in_production_prints_no_password(sqlite, tmp_path, capsys):
    made = make_app(sqlite.copy("empty"), tmp_path)
    settings = type(made.config["SETTINGS"])(
        made.config["SETTINGS"].database_url, "k" * 32, 8000, tmp_path, is_demo=False
    )
    with made.app_context():
        cli.prepare(settings)

    assert "vinh-danh" not in capsys.readouterr().out
