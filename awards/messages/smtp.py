"""Handing letters to a mail server. Nothing else here talks to one."""

import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from socket import SHUT_RDWR
from threading import Timer
from types import TracebackType
from typing import Self

from awards.text import one_line
from models.messages import Mail

TIMEOUT = 20.0
"""Seconds to wait for each word of the server."""

AT_MOST = 60.0
"""Seconds for one letter, however slowly the server speaks."""

_LONGEST_ERROR = 300
_LOOPBACK = ("127.0.0.1", "localhost", "::1")
_PERMANENT = range(500, 600)


@dataclass(frozen=True, slots=True)
class Server:
    """A mail server, and in whose name we write. `is_tls`: encrypted from the first byte on."""

    host: str
    port: int
    sender: str
    user: str = ""
    password: str = field(default="", repr=False)
    is_tls: bool = False


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a letter was not taken. `is_final`: this letter never will be; `is_general`: none is."""

    error: str
    is_final: bool = False
    is_general: bool = False


class Courier:
    """One connection for many letters, opened by the first and opened again after a failure."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._open: smtplib.SMTP | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._hang_up()

    def carry(self, mail: Mail) -> Failure | None:
        """Hand a letter over; None when the server has taken it on itself."""
        try:
            if self._open is None:
                self._open = _connect(self._server)
        except (OSError, smtplib.SMTPException) as error:
            return Failure(_said(error), is_general=True)
        try:
            with _at_most(AT_MOST, self._open):
                self._open.send_message(
                    compose(mail, self._server.sender), self._server.sender, [mail.address]
                )
        except (OSError, ValueError, smtplib.SMTPException) as error:
            self._hang_up()
            return Failure(_said(error), is_final=_is_final(error))
        return None

    def _hang_up(self) -> None:
        if self._open is not None:
            try:
                self._open.quit()
            except (OSError, smtplib.SMTPException):
                self._open.close()
            self._open = None


def compose(mail: Mail, sender: str) -> EmailMessage:
    """The letter as it goes out: the same bytes whenever it is sent again."""
    letter = EmailMessage(policy=SMTP)
    letter["From"] = f"Vinh Danh <{sender}>"
    letter["To"] = mail.address
    letter["Subject"] = mail.subject
    letter["Date"] = format_datetime(mail.made_at)
    letter["Message-ID"] = mail.message_id
    letter["Auto-Submitted"] = "auto-generated"
    letter.set_content(mail.text, cte="quoted-printable")
    return letter


def _connect(server: Server) -> smtplib.SMTP:
    """Encrypted wherever the server can; a password never travels in the open."""
    trusted = ssl.create_default_context()
    if server.is_tls:
        made: smtplib.SMTP = smtplib.SMTP_SSL(
            server.host, server.port, timeout=TIMEOUT, context=trusted
        )
    else:
        made = smtplib.SMTP(server.host, server.port, timeout=TIMEOUT)
    try:
        _sign_in(made, server, trusted)
    except BaseException:
        made.close()
        raise
    return made


def _sign_in(made: smtplib.SMTP, server: Server, trusted: ssl.SSLContext) -> None:
    made.ehlo_or_helo_if_needed()
    is_safe = server.is_tls or server.host in _LOOPBACK
    if not server.is_tls and made.has_extn("starttls"):
        made.starttls(context=trusted)
        made.ehlo()
        is_safe = True
    if server.user:
        if not is_safe:
            message = "the server does not encrypt; the password was not sent"
            raise smtplib.SMTPException(message)
        made.login(server.user, server.password)


@contextmanager
def _at_most(seconds: float, connection: smtplib.SMTP) -> Iterator[None]:
    """Hang up on a server that speaks, but does not come to an end."""

    def hang_up() -> None:
        with suppress(OSError):  # it is closed already
            if connection.sock is not None:
                connection.sock.shutdown(SHUT_RDWR)

    timer = Timer(seconds, hang_up)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


def _is_final(error: Exception) -> bool:
    """Whether the server has said that it will not take this letter, ever."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return all(code in _PERMANENT for code, _text in error.recipients.values())
    if isinstance(error, smtplib.SMTPSenderRefused):
        return False  # our own address is wrong: the settings, not the letter
    if isinstance(error, smtplib.SMTPResponseException):
        return error.smtp_code in _PERMANENT
    return isinstance(error, ValueError)  # no letter can be made of it


def _said(error: Exception) -> str:
    return one_line(f"{type(error).__name__}: {error}".replace("\0", ""))[:_LONGEST_ERROR]
