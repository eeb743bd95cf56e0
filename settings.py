"""Every setting, read from the environment once and checked at the start."""

import os
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit

from click import ClickException
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError

from awards.errors import BadAddress
from awards.messages import choices
from awards.messages.smtp import Server

MIN_SECRET_LENGTH = 32
HERE = Path(__file__).parent
PUBLIC = HERE / "static"  # whoever knows a name in there may read it
LOOPBACK = ("127.0.0.1", "localhost")
CLAIMS = ("email", "preferred_username")
_PROVIDER = "VINH_DANH_OIDC_"
_LEAST_VARIETY = (
    8  # different characters of a secret key; sixteen hex digits have that by chance
)
_NO_SECRET = re.compile(r"secret|change|default|example|password|vinh.?danh", re.IGNORECASE)
_NAME = re.compile(r"[a-z0-9]([a-z0-9.-]*[a-z0-9])?", re.IGNORECASE)
_SMTP_PORTS = {"smtp": 25, "smtps": 465}


class BadSettings(ClickException):
    """The program cannot start like this; the terminal shows the sentence that says what to do."""


@dataclass(frozen=True, slots=True)
class ProviderSettings:
    """The OpenID provider at which people may sign in. `name` stands on the button.

    `claim` is what the provider calls people by, as an administrator enters it.
    """

    issuer: str
    client_id: str
    client_secret: str
    name: str
    claim: str

    @property
    def origin(self) -> str:
        """Scheme, host and port: where a form may lead."""
        parts = urlsplit(self.issuer)
        return f"{parts.scheme}://{parts.netloc}"


@dataclass(frozen=True, slots=True)
class Settings:
    """Where the data lie, on which port to serve, and whether this is a demo.

    `is_demo` is true unless `VINH_DANH_MODE=production`. `hosts` are the names it answers to.
    `clamd` is where the virus scanner listens, or nothing where there is none.
    `asks_twice` is for the second factor, and the password once more before what matters most.
    `trust_roots` is a folder of certificates whose signatures are trusted, where there is one.
    Without `smtp` nobody gets mail. `own_key` is the file of the key that signs checkpoints of the
    history, where it does not lie in the instance folder.
    """

    database_url: URL
    secret_key: str
    port: int
    instance: Path
    is_demo: bool
    hosts: tuple[str, ...] = LOOPBACK
    asks_twice: bool = False
    provider: ProviderSettings | None = None
    clamd: str = ""
    trust_roots: Path | None = None
    smtp: Server | None = None
    own_key: Path | None = None

    @property
    def is_plain(self) -> bool:
        """Whether it is a demo that this machine alone reaches, over plain HTTP."""
        return self.is_demo and set(self.hosts) <= set(LOOPBACK)

    @property
    def address(self) -> str:
        """Where people find the site."""
        own = f"http://127.0.0.1:{self.port}"
        return own if self.is_plain else f"https://{self.hosts[0]}"

    def cookie(self, name: str) -> str:
        """A cookie's name: over HTTPS browsers hold it to this host alone."""
        return name if self.is_plain else f"__Host-{name}"

    @property
    def uploads(self) -> Path:
        return self.instance / "uploads"

    @property
    def checkpoint_key(self) -> Path:
        """The file of the key that signs checkpoints of the history."""
        return self.own_key or self.instance / "checkpoint-key.pem"

    @property
    def log_name(self) -> str:
        """What the log over all histories is called where nobody has named it yet."""
        return f"{self.hosts[0]}/history"

    @property
    def erasures(self) -> Path:
        """What was erased, for a restored backup to forget again."""
        return self.instance / "erasures.jsonl"

    @property
    def is_sqlite(self) -> bool:
        return self.database_url.get_backend_name() == "sqlite"


def read(environ: Mapping[str, str] = os.environ) -> Settings:
    """Read the environment. Raises BadSettings for what would be unsafe or senseless."""
    mode = environ.get("VINH_DANH_MODE", "demo")
    if mode not in ("demo", "production"):
        message = f"VINH_DANH_MODE is {mode!r}; it may be demo or production."
        raise BadSettings(message)
    instance = _instance(environ.get("INSTANCE_FOLDER", ""))
    return Settings(
        database_url=_database_url(environ.get("DATABASE_URL", ""), instance),
        secret_key=_secret_key(environ.get("SECRET_KEY", ""), instance, mode),
        port=_port(environ.get("PORT", "8000")),
        instance=instance,
        is_demo=mode == "demo",
        hosts=_hosts(environ.get("VINH_DANH_HOSTS", ""), mode),
        asks_twice=_asks_twice(environ.get("VINH_DANH_SECOND_FACTOR", ""), mode),
        provider=_provider(environ),
        clamd=_clamd(environ.get("VINH_DANH_CLAMD", "")),
        trust_roots=_trust_roots(environ.get("VINH_DANH_TRUST_ROOTS", "")),
        smtp=_smtp(
            environ.get("VINH_DANH_SMTP", ""), environ.get("VINH_DANH_MAIL_FROM", "")
        ),
        own_key=_checkpoint_key(environ.get("VINH_DANH_CHECKPOINT_KEY", "")),
    )


def _instance(text: str) -> Path:
    folder = Path(text or HERE / "instance").resolve()
    if folder.is_relative_to(PUBLIC):
        message = (
            f"INSTANCE_FOLDER is {folder}, which everybody may download. "
            "Choose one outside of static/."
        )
        raise BadSettings(message)
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        message = (
            f"INSTANCE_FOLDER is {folder}, which cannot be made: {error.strerror}. "
            "Name a folder that this program may write to."
        )
        raise BadSettings(message) from error
    return folder


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
    if mode == "production":
        _check_key(key)
    if len(key) >= MIN_SECRET_LENGTH:
        return key
    kept = instance / "secret-key"
    if not kept.exists() or len(kept.read_text().strip()) < MIN_SECRET_LENGTH:
        kept.touch(mode=0o600)
        kept.write_text(secrets.token_hex(32))
    return kept.read_text()


def _check_key(key: str) -> None:
    if len(key) < MIN_SECRET_LENGTH:
        wrong = f"is missing or shorter than {MIN_SECRET_LENGTH} characters"
    elif len(set(key)) < _LEAST_VARIETY or _NO_SECRET.search(key):
        wrong = "can be guessed"
    else:
        return
    message = (
        f"SECRET_KEY {wrong}. Make one with "
        "python -c 'import secrets; print(secrets.token_hex(32))', and keep it."
    )
    raise BadSettings(message)


def _hosts(text: str, mode: str) -> tuple[str, ...]:
    found = tuple(name.strip() for name in text.split(",") if name.strip())
    if not all(_NAME.fullmatch(name) for name in found):
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


def _provider(environ: Mapping[str, str]) -> ProviderSettings | None:
    issuer, client_id, secret = needed = [
        environ.get(_PROVIDER + name, "")
        for name in ("ISSUER", "CLIENT_ID", "CLIENT_SECRET")
    ]
    if not any(needed):
        return None
    if not all(needed):
        message = f"Of {_PROVIDER}ISSUER, _CLIENT_ID and _CLIENT_SECRET give all or none."
        raise BadSettings(message)
    claim = environ.get(f"{_PROVIDER}CLAIM", CLAIMS[0])
    if claim not in CLAIMS:
        message = f"{_PROVIDER}CLAIM is {claim!r}; it may be {' or '.join(CLAIMS)}."
        raise BadSettings(message)
    if not _is_issuer(issuer):
        message = (
            f"{_PROVIDER}ISSUER is {issuer!r}; it is an https address, without ? and #."
        )
        raise BadSettings(message)
    name = environ.get(f"{_PROVIDER}NAME", "") or str(urlsplit(issuer).hostname)
    return ProviderSettings(issuer, client_id, secret, name, claim)


def _is_issuer(text: str) -> bool:
    parts = urlsplit(text)
    is_safe = parts.scheme == "https" or (
        parts.scheme == "http" and parts.hostname in LOOPBACK
    )
    is_bare = text.isprintable() and not any(sign in text for sign in "?#@;, '\"")
    return is_safe and bool(parts.hostname) and is_bare


def _clamd(text: str) -> str:
    if text.startswith("/") or not text:
        return text
    host, colon, port = text.rpartition(":")
    if not (host and colon and port.isdecimal() and 0 < int(port) < 65_536):  # noqa: PLR2004 - as below
        message = f"VINH_DANH_CLAMD is {text!r}; it is host:port, or the path of a socket."
        raise BadSettings(message)
    return text


def _trust_roots(text: str) -> Path | None:
    if not text:
        return None
    folder = Path(text).resolve()
    if not folder.is_dir():
        message = f"VINH_DANH_TRUST_ROOTS is {text!r}; it must be a folder of certificates."
        raise BadSettings(message)
    return folder


def _checkpoint_key(text: str) -> Path | None:
    if not text:
        return None
    path = Path(text).resolve()
    if not path.is_file():
        message = (
            f"VINH_DANH_CHECKPOINT_KEY is {text!r}, and there is no such file. Make one with "
            "flask --app app history make-key FILE, and keep a copy off this machine."
        )
        raise BadSettings(message)
    return path


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
