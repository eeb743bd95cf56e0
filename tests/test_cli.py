"""The commands, run as the terminal runs them."""

import json
from collections import Counter
from dataclasses import replace

import pytest
from sqlalchemy import text

import cli
from awards.demo import people
from awards.passwords import MIN_LENGTH
from models.organisation import Role
from models.process import ProcessDefinition
from models.session import reading, transaction
from tests import clamd
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

    assert [a["login"] for a in accounts if len(a["password"]) < MIN_LENGTH] == []
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


@pytest.fixture
def award(app, tmp_path):
    """`award("P5D", "P6D")` is a file with the deployed process, this replaced by that."""
    with app.app_context(), reading(db.engine) as session:
        xml = session.query(ProcessDefinition).one().xml

    def write(old="", new=""):
        (tmp_path / "next.bpmn").write_bytes(xml.replace(old.encode(), new.encode()))
        return str(tmp_path / "next.bpmn")

    return write


def versions(app):
    with app.app_context(), reading(db.engine) as session:
        rows = session.query(ProcessDefinition).order_by(ProcessDefinition.version)
        return [
            (row.version, row.deployed_by, row.confirmed_by is not None) for row in rows
        ]


def test_process_deploy_keeps_the_next_version(run, app, award):
    answer = run("process", "deploy", award("P5D", "P6D"), "--by", "quantri.quytrinh")

    admin = versions(app)[0][1]
    assert answer.exit_code == 0
    assert answer.stdout == "movement_award version 2 waits to be confirmed\n"
    assert versions(app) == [(1, admin, True), (2, admin, False)]


def test_process_deploy_of_the_same_content_is_no_new_version(run, app, award):
    answer = run("process", "deploy", award())

    assert answer.stdout == "movement_award version 1 serves\n"
    assert len(versions(app)) == 1


def test_process_deploy_confirms_a_first_installation_alone(run, app, award):
    again = run("process", "deploy", award("P5D", "P6D"), "--confirm")
    first = run("process", "deploy", award("movement_award", "other_award"), "--confirm")

    assert again.exit_code == 1
    assert "do người thứ hai xác nhận" in again.stderr
    assert first.stdout == "other_award version 1 serves\n"
    assert [version for version, *_rest in versions(app)] == [1, 1]


def test_process_deploy_by_somebody_else_is_refused(run, app, award):
    answers = [
        run("process", "deploy", award("P5D", "P6D"), "--by", login)
        for login in ("lan.tuphap", "nobody", "quantri.hethong")
    ]

    assert [answer.exit_code for answer in answers] == [2, 2, 2]
    assert len(versions(app)) == 1


def test_process_deploy_of_something_else_writes_nothing(run, app, tmp_path):
    wrong = tmp_path / "wrong.bpmn"
    wrong.write_bytes(b"<html/>")

    answer = run("process", "deploy", str(wrong))

    assert answer.exit_code == 1
    assert answer.stderr.startswith("(file): Đây không phải BPMN 2.0: ")
    assert len(versions(app)) == 1


def test_process_lint_of_a_sound_file_finds_nothing(run, award):
    answer = run("process", "lint", award())

    assert (answer.exit_code, answer.stdout) == (0, "Nothing found.\n")


def test_process_lint_names_elements_and_says_what_to_do(run, award):
    path = award('camunda:formKey="appraise"', 'camunda:formKey="guess"')

    answer = run("process", "lint", path)
    english = run("process", "lint", "--language", "en", path)

    assert answer.exit_code == english.exit_code == 1
    assert answer.stderr.startswith(
        "appraise Thẩm định hồ sơ: Không có biểu mẫu “guess”.\n    Dùng một biểu mẫu: "
    )
    assert english.stderr.startswith(
        "appraise Thẩm định hồ sơ: There is no form “guess”.\n    Use a form: "
    )


def test_prepare_does_not_load_the_demo_twice(app, capsys):
    with app.app_context():
        cli.prepare(app.config["SETTINGS"])

    printed = capsys.readouterr().out
    assert "vinh-danh-lan.tuphap" in printed
    assert "http://127.0.0.1:8000" in printed


def test_prepare_tells_when_the_virus_scanner_is_away(app, capsys):
    settings = app.config["SETTINGS"]
    address = clamd.nobody()
    with app.app_context():
        cli.prepare(replace(settings, clamd=address))
        assert f"The virus scanner at {address} does not answer" in capsys.readouterr().err
        with clamd.scanning() as scanner:
            cli.prepare(replace(settings, clamd=scanner.address))

    assert capsys.readouterr().err == ""


def test_prepare_in_production_prints_no_password(sqlite, tmp_path, capsys):
    made = make_app(sqlite.copy("empty"), tmp_path)
    settings = type(made.config["SETTINGS"])(
        made.config["SETTINGS"].database_url, "k" * 32, 8000, tmp_path, is_demo=False
    )
    with made.app_context():
        cli.prepare(settings)

    assert "vinh-danh" not in capsys.readouterr().out
