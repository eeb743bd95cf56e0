"""Every setting, read from the environment once and checked at the start."""

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit

from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError

from awards.errors import BadAddress
from awards.messages import choices
from awards.messages.smtp import Server

MIN_SECRET_LENGTH = 32
HERE = Path(__file__).parent
LOOPBACK = ("127.0.0.1", "localhost")
_SMTP_PORTS = {"smtp": 25, "smtps": 465}


class BadSettings(Exception):
    """The program cannot start like this; the sentence says what to change."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Where the data lie, on which port to serve, and whether this is a demo.

    `is_demo` is true unless `VINH_DANH_MODE=production`. `hosts` are the names it answers to.
    `asks_twice` is for the second factor, and the password once more before what matters most.
    Without `smtp` nobody gets mail.
    """

    database_url: URL
    secret_key: str
    port: int
    instance: Path
    is_demo: bool
    hosts: tuple[str, ...] = LOOPBACK
    asks_twice: bool = False
    smtp: Server | None = None

    @property
    def address(self) -> str:
        """Where people find the site."""
        own = f"http://127.0.0.1:{self.port}"
        return own if self.is_demo else f"https://{self.hosts[0]}"

    def cookie(self, name: str) -> str:
        """A cookie's name: over HTTPS browsers hold it to this host alone."""
        return name if self.is_demo else f"__Host-{name}"

    @property
    def uploads(self) -> Path:
        return self.instance / "uploads"

    @property
    def is_sqlite(self) -> bool:
        return self.database_url.get_backend_name() == "sqlite"


def read(environ: Mapping[str, str] = os.environ) -> Settings:
    """Read the environment. Raises BadSettings for what would be unsafe or senseless."""
    mode = environ.get("VINH_DANH_MODE", "demo")
    if mode not in ("demo", "production"):
        message = f"VINH_DANH_MODE is {mode!r}; it may be demo or production."
        raise BadSettings(message)
    instance = Path(environ.get("INSTANCE_FOLDER", HERE / "instance")).resolve()
    instance.mkdir(mode=0o700, parents=True, exist_ok=True)
    return Settings(
        database_url=_database_url(environ.get("DATABASE_URL", ""), instance),
        secret_key=_secret_key(environ.get("SECRET_KEY", ""), instance, mode),
        port=_port(environ.get("PORT", "8000")),
        instance=instance,
        is_demo=mode == "demo",
        hosts=_hosts(environ.get("VINH_DANH_HOSTS", ""), mode),
        asks_twice=_asks_twice(environ.get("VINH_DANH_SECOND_FACTOR", ""), mode),
        smtp=_smtp(
            environ.get("VINH_DANH_SMTP", ""), environ.get("VINH_DANH_MAIL_FROM", "")
        ),
    )


def _database_url(text: str, instance: Path) -> URL:
    try:
        url = make_url(text or f"sqlite:///{instance / 'vinhdanh.sqlite'}")
    except (ArgumentError, ValueError) as error:
        message = (
            "DATABASE_URL is not an address like postgresql://user:password@host/name."
        )
        raise BadSettings(message) from error
    backend = url.get_backend_name()
    if backend == "postgresql":
        return url.set(drivername="postgresql+psycopg")
    if backend == "sqlite":
        return url
    message = f"DATABASE_URL names {backend}; it may be a sqlite or postgresql address."
    raise BadSettings(message)


def _secret_key(key: str, instance: Path, mode: str) -> str:
    if len(key) >= MIN_SECRET_LENGTH:
        return key
    if mode == "production":
        message = f"SECRET_KEY is missing or shorter than {MIN_SECRET_LENGTH} characters."
        raise BadSettings(message)
    kept = instance / "secret-key"
    if not kept.exists() or len(kept.read_text().strip()) < MIN_SECRET_LENGTH:
        kept.touch(mode=0o600)
        kept.write_text(secrets.token_hex(32))
    return kept.read_text()


def _hosts(text: str, mode: str) -> tuple[str, ...]:
    found = tuple(name.strip() for name in text.split(",") if name.strip())
    if any("/" in name or "*" in name or " " in name for name in found):
        message = f"VINH_DANH_HOSTS is {text!r}; it lists names alone, like khenthuong.example.vn."
        raise BadSettings(message)
    if mode == "production" and not found:
        message = "VINH_DANH_HOSTS is missing: the names people type to reach the site."
        raise BadSettings(message)
    return found or LOOPBACK


def _asks_twice(text: str, mode: str) -> bool:
    if text not in ("", "on", "off"):
        message = f"VINH_DANH_SECOND_FACTOR is {text!r}; it may be on or off."
        raise BadSettings(message)
    if mode == "production" and text == "off":
        message = "VINH_DANH_SECOND_FACTOR=off is for the demo; in production it stays on."
        raise BadSettings(message)
    return mode == "production" or text == "on"


def _smtp(text: str, sender: str) -> Server | None:
    """The mail server. What is wrong is said without repeating the address: it holds a password."""
    if not text and not sender:
        return None
    try:
        parts = urlsplit(text)
        port = parts.port or _SMTP_PORTS[parts.scheme]
    except (KeyError, ValueError) as error:
        message = (
            "VINH_DANH_SMTP is no address like smtp://user:password@mail.example.vn:587."
        )
        raise BadSettings(message) from error
    rest = parts.path.strip("/") + parts.query + parts.fragment
    if not parts.hostname or rest or (parts.password and not parts.username):
        message = (
            "VINH_DANH_SMTP names no host, or more than a host, a port and who signs in."
        )
        raise BadSettings(message)
    try:
        own = choices.address(sender)
    except BadAddress:
        own = None
    if own is None:
        message = f"VINH_DANH_MAIL_FROM is {sender!r}; it must be like no-reply@example.vn."
        raise BadSettings(message)
    return Server(
        host=parts.hostname,
        port=port,
        sender=own,
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        is_tls=parts.scheme == "smtps",
    )


def _port(text: str) -> int:
    if not text.isdecimal() or not 0 < int(text) < 65_536:  # noqa: PLR2004 - ports are 16 bits
        message = f"PORT is {text!r}; it must be a number from 1 to 65535."
        raise BadSettings(message)
    return int(text)
