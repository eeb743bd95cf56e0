"""What the environment may say, and what keeps the program from starting."""

import stat

import pytest

import settings
from settings import BadSettings

KEY = "0123456789abcdef" * 2
PRODUCTION = {
    "VINH_DANH_MODE": "production",
    "SECRET_KEY": KEY,
    "VINH_DANH_HOSTS": "khenthuong.example.vn, 10.1.2.3",
}


def read(folder, **environ):
    return settings.read({"INSTANCE_FOLDER": str(folder), **environ})


def test_settings_without_environment_are_those_of_the_demo(tmp_path):
    found = read(tmp_path)

    assert found.is_demo
    assert found.is_sqlite
    assert found.port == 8000
    assert found.database_url.database == str(tmp_path / "vinhdanh.sqlite")
    assert found.uploads == tmp_path / "uploads"


def test_instance_folder_is_made_for_its_owner_alone(tmp_path):
    read(tmp_path / "deep" / "instance")

    assert stat.S_IMODE((tmp_path / "deep" / "instance").stat().st_mode) == 0o700


@pytest.mark.parametrize("key", ["", "short", "k" * 31])
def test_secret_key_missing_or_weak_is_generated_for_the_demo_and_kept(tmp_path, key):
    first = read(tmp_path, SECRET_KEY=key)
    second = read(tmp_path, SECRET_KEY=key)

    kept = tmp_path / "secret-key"
    assert len(first.secret_key) == 64
    assert first.secret_key != key
    assert second.secret_key == first.secret_key == kept.read_text()
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600


def test_secret_keys_of_two_instances_differ(tmp_path):
    assert read(tmp_path / "a").secret_key != read(tmp_path / "b").secret_key


@pytest.mark.parametrize("kept", ["", "\n", "short"])
def test_secret_key_file_left_empty_by_a_crash_is_written_anew(tmp_path, kept):
    (tmp_path / "secret-key").write_text(kept)

    assert len(read(tmp_path).secret_key) == 64


def test_secret_key_that_is_long_enough_is_taken(tmp_path):
    found = read(tmp_path, SECRET_KEY=KEY)

    assert found.secret_key == KEY
    assert not (tmp_path / "secret-key").exists()


@pytest.mark.parametrize("key", ["", "short", "k" * 31])
def test_secret_key_missing_or_weak_is_refused_in_production(tmp_path, key):
    with pytest.raises(BadSettings) as refusal:
        read(tmp_path, VINH_DANH_MODE="production", SECRET_KEY=key)

    message = "SECRET_KEY is missing or shorter than 32 characters. Make one with "
    assert str(refusal.value).startswith(message)
    assert not (tmp_path / "secret-key").exists()


def test_production_with_a_good_key_is_no_demo(tmp_path):
    found = read(tmp_path, **PRODUCTION)

    assert not found.is_demo
    assert found.address == "https://khenthuong.example.vn"
    assert (found.cookie("session"), found.hosts[1]) == ("__Host-session", "10.1.2.3")


@pytest.mark.parametrize("hosts", ["", " , "])
def test_production_without_its_names_is_refused(tmp_path, hosts):
    with pytest.raises(BadSettings, match="VINH_DANH_HOSTS is missing"):
        read(tmp_path, **PRODUCTION | {"VINH_DANH_HOSTS": hosts})


@pytest.mark.parametrize("hosts", ["https://a.vn", "*", "a.vn/x", "a b"])
def test_names_that_are_none_are_refused(tmp_path, hosts):
    with pytest.raises(BadSettings, match="lists names alone"):
        read(tmp_path, VINH_DANH_HOSTS=hosts)


def test_trust_roots_are_a_folder_that_is_there(tmp_path):
    assert read(tmp_path).trust_roots is None
    assert read(tmp_path, VINH_DANH_TRUST_ROOTS=str(tmp_path)).trust_roots == tmp_path
    with pytest.raises(BadSettings, match="must be a folder of certificates"):
        read(tmp_path, VINH_DANH_TRUST_ROOTS=str(tmp_path / "none"))


def test_second_factor_is_on_in_production_and_off_in_the_demo(tmp_path):
    assert read(tmp_path, **PRODUCTION).asks_twice
    assert not read(tmp_path).asks_twice
    assert read(tmp_path, VINH_DANH_SECOND_FACTOR="on").asks_twice


@pytest.mark.parametrize(
    ("environ", "sentence"),
    [
        (PRODUCTION | {"VINH_DANH_SECOND_FACTOR": "off"}, "in production it stays on"),
        ({"VINH_DANH_SECOND_FACTOR": "yes"}, "may be on or off"),
    ],
)
def test_second_factor_is_not_switched_off_in_production(tmp_path, environ, sentence):
    with pytest.raises(BadSettings, match=sentence):
        read(tmp_path, **environ)


@pytest.mark.parametrize("where", ["", "clamd:3310", "[::1]:3310", "/run/clamav/clamd.ctl"])
def test_scanner_listens_on_a_port_or_a_socket_or_is_not_there(tmp_path, where):
    assert read(tmp_path, VINH_DANH_CLAMD=where).clamd == where


@pytest.mark.parametrize(
    "where", ["clamd", "3310", ":3310", "clamd:", "clamd:0", "a:65536", "run/x"]
)
def test_scanner_that_is_nowhere_is_refused(tmp_path, where):
    with pytest.raises(BadSettings, match="host:port, or the path of a socket"):
        read(tmp_path, VINH_DANH_CLAMD=where)


@pytest.mark.parametrize("mode", ["", "prod", "Production", "demo "])
def test_mode_that_is_unknown_is_refused(tmp_path, mode):
    with pytest.raises(BadSettings) as refusal:
        read(tmp_path, VINH_DANH_MODE=mode)

    assert (
        str(refusal.value) == f"VINH_DANH_MODE is {mode!r}; it may be demo or production."
    )


@pytest.mark.parametrize(("text", "port"), [("1", 1), ("8080", 8080), ("65535", 65_535)])
def test_port_in_range_is_taken(tmp_path, text, port):
    assert read(tmp_path, PORT=text).port == port


@pytest.mark.parametrize(
    "text", ["", "0", "-1", "65536", "80.5", "eight", "80 ", "1e3", "9" * 99]
)
def test_port_out_of_range_is_refused(tmp_path, text):
    with pytest.raises(BadSettings) as refusal:
        read(tmp_path, PORT=text)

    assert str(refusal.value) == f"PORT is {text!r}; it must be a number from 1 to 65535."


@pytest.mark.parametrize(
    ("text", "driver"),
    [
        ("sqlite:////tmp/x.sqlite", "sqlite"),
        ("postgresql://u:p@h/d", "postgresql+psycopg"),
        ("postgresql+psycopg2://u:p@h/d", "postgresql+psycopg"),
    ],
)
def test_database_url_names_a_driver_we_have(tmp_path, text, driver):
    assert read(tmp_path, DATABASE_URL=text).database_url.drivername == driver


def test_database_url_of_another_database_is_refused(tmp_path):
    with pytest.raises(BadSettings) as refusal:
        read(tmp_path, DATABASE_URL="mysql://u:p@h/d")

    assert str(refusal.value) == (
        "DATABASE_URL names mysql; it may be a sqlite or postgresql address."
    )


@pytest.mark.parametrize(
    "text", ["nonsense", "://", "postgresql://h:port/d", "/srv/x.sqlite"]
)
def test_database_url_that_is_none_is_refused_with_a_sentence(tmp_path, text):
    with pytest.raises(BadSettings) as refusal:
        read(tmp_path, DATABASE_URL=text)

    assert "DATABASE_URL" in str(refusal.value)


def test_refusal_does_not_repeat_a_password(tmp_path):
    with pytest.raises(BadSettings) as refusal:
        read(tmp_path, DATABASE_URL="mysql://u:geheim@h/d")

    assert "geheim" not in str(refusal.value)


PROVIDER = {
    "VINH_DANH_OIDC_ISSUER": "https://id.example.vn/tinh",
    "VINH_DANH_OIDC_CLIENT_ID": "vinh-danh",
    "VINH_DANH_OIDC_CLIENT_SECRET": "secret",
}


def test_provider_is_read_and_named(tmp_path):
    found = read(tmp_path, **PROVIDER).provider
    named = read(
        tmp_path, **PROVIDER, VINH_DANH_OIDC_NAME="Cổng", VINH_DANH_OIDC_CLAIM="email"
    )

    assert (found.name, found.claim) == ("id.example.vn", "email")
    assert found.origin == "https://id.example.vn"
    assert named.provider.name == "Cổng"
    assert read(tmp_path).provider is None


@pytest.mark.parametrize(
    "changes",
    [
        {"VINH_DANH_OIDC_ISSUER": ""},
        {"VINH_DANH_OIDC_CLIENT_ID": ""},
        {"VINH_DANH_OIDC_CLIENT_SECRET": ""},
        {"VINH_DANH_OIDC_CLAIM": "name"},
        *(
            {"VINH_DANH_OIDC_ISSUER": issuer}
            for issuer in (
                "http://id.example.vn",
                "http://127.0.0.1.example.vn",
                "id.example.vn",
                "https://",
                "https://user@id.example.vn",
                "https://id.example.vn?x",
                "https://id.example.vn#x",
                "https://id.example.vn; script-src *",
                "https://id.example.vn\n",
            )
        ),
    ],
)
def test_provider_that_is_half_set_or_unsafe_keeps_the_program_from_starting(
    tmp_path, changes
):
    with pytest.raises(BadSettings):
        read(tmp_path, **PROVIDER | changes)


def test_provider_on_this_machine_may_speak_plainly(tmp_path):
    found = read(tmp_path, **PROVIDER | {"VINH_DANH_OIDC_ISSUER": "http://127.0.0.1:9000"})

    assert found.provider.origin == "http://127.0.0.1:9000"


@pytest.mark.parametrize(
    ("environ", "is_plain"),
    [
        ({}, True),
        ({"VINH_DANH_HOSTS": "localhost"}, True),
        ({"VINH_DANH_HOSTS": "demo.example.vn"}, False),
        ({"VINH_DANH_HOSTS": "localhost,10.1.2.3"}, False),
        (PRODUCTION, False),
        (PRODUCTION | {"VINH_DANH_HOSTS": "localhost"}, False),
    ],
)
def test_cookies_go_over_plain_http_on_this_machine_alone(tmp_path, environ, is_plain):
    found = read(tmp_path, **environ)

    assert found.is_plain == is_plain
    assert found.cookie("session") == ("session" if is_plain else "__Host-session")
    assert found.address.startswith("http:" if is_plain else "https:")


MAIL = {"VINH_DANH_MAIL_FROM": "No-Reply@khenthuong.EXAMPLE.vn"}


def test_without_a_mail_server_there_is_none(tmp_path):
    assert read(tmp_path).smtp is None


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("smtp://mail.example.vn", ("mail.example.vn", 25, "", "", False)),
        ("smtp://mail.example.vn:587", ("mail.example.vn", 587, "", "", False)),
        ("smtps://u%40x:p%3A%2F@mail.vn", ("mail.vn", 465, "u@x", "p:/", True)),
    ],
)
def test_mail_server_is_read_from_its_address(tmp_path, address, expected):
    found = read(tmp_path, VINH_DANH_SMTP=address, **MAIL).smtp

    assert (found.host, found.port, found.user, found.password, found.is_tls) == expected
    assert found.sender == "No-Reply@khenthuong.example.vn"


@pytest.mark.parametrize(
    ("address", "sender"),
    [
        ("http://mail.vn", "a@b.vn"),
        ("mail.vn", "a@b.vn"),
        ("smtp://", "a@b.vn"),
        ("smtp://mail.vn:99999", "a@b.vn"),
        ("smtp://mail.vn/box", "a@b.vn"),
        ("smtp://:geheim@mail.vn", "a@b.vn"),
        ("smtp://mail.vn", ""),
        ("smtp://mail.vn", "Vinh Danh <a@b.vn>"),
        ("", "a@b.vn"),
    ],
)
def test_mail_that_cannot_be_sent_keeps_the_program_from_starting(
    tmp_path, address, sender
):
    with pytest.raises(BadSettings) as told:
        read(tmp_path, VINH_DANH_SMTP=address, VINH_DANH_MAIL_FROM=sender)

    assert "geheim" not in str(told.value)


def test_password_of_the_mail_server_is_not_shown(tmp_path):
    found = read(tmp_path, VINH_DANH_SMTP="smtp://u:geheim@mail.vn", **MAIL)

    assert "geheim" not in repr(found)
