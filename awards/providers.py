"""An OpenID provider: where it asks people who they are, and what it says of who comes back.

Authorization code flow with PKCE, after OpenID Connect Core 1.0 (3.1) and RFC 7636. What it says is
used to know the person and is then forgotten: no token of it is kept.
"""

import hmac
import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Semaphore
from typing import Any, TypeAlias
from urllib.parse import urlsplit

import requests
from authlib.common.errors import AuthlibBaseError
from authlib.integrations.requests_client import OAuth2Session
from joserfc.jwk import KeySet

from awards import id_tokens
from awards.errors import FlowIsOver, NotAgreed, NotProved, ProviderIsSilent, TooBusy

KNOWN_FOR = timedelta(hours=1)
FLOW_LASTS = timedelta(minutes=10)
LOOPBACK = ("127.0.0.1", "localhost")
EMAIL = "email"
_PATIENCE = 5.0  # seconds for each answer of the provider
_TURNS = Semaphore(2)  # a provider that does not answer must not hold every thread
_NEEDED = ("authorization_endpoint", "token_endpoint", "jwks_uri")

Said: TypeAlias = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Flow:
    """One way to the provider and back, with secrets of 256 bits that one browser holds."""

    state: str
    nonce: str
    verifier: str
    begun_at: int

    @classmethod
    def begin(cls, now: datetime) -> "Flow":
        """A new one."""
        state, nonce, verifier = (secrets.token_urlsafe(32) for _ in range(3))
        return cls(state, nonce, verifier, int(now.timestamp()))


@dataclass(frozen=True, slots=True)
class Identity:
    """Whom the provider has named. `name` is its word for people to read, or empty."""

    issuer: str
    subject: str
    name: str


class Provider:
    """One provider at which this site is registered. `claim` is what it calls people by."""

    def __init__(
        self, *, issuer: str, client_id: str, client_secret: str, claim: str
    ) -> None:
        self.issuer, self.claim = issuer, claim
        self._client_id, self._secret = client_id, client_secret
        self._metadata: dict[str, Any] = {}
        self._keys: KeySet | None = None
        self._read_at: datetime | None = None

    def address(self, flow: Flow, *, back: str, now: datetime) -> str:
        """Where to send the browser; it returns to `back`. Raises ProviderIsSilent."""
        with _in_turn(), _listening():
            self._read(now)
        with self._client(back) as client:
            address, _state = client.create_authorization_url(
                self._metadata["authorization_endpoint"],
                state=flow.state,
                nonce=flow.nonce,
                code_verifier=flow.verifier,
            )
        return str(address)

    def identity(self, said: Said, flow: Flow, *, back: str, now: datetime) -> Identity:
        """Who came back with these parameters.

        Raises FlowIsOver for an answer to another flow or a late one, NotAgreed when the person
        went no further, ProviderIsSilent, and NotProved for anything that does not hold.
        """
        if not hmac.compare_digest(said.get("state", "").encode(), flow.state.encode()):
            raise FlowIsOver
        if now.timestamp() - flow.begun_at > FLOW_LASTS.total_seconds():
            raise FlowIsOver
        if said.get("iss", self.issuer) != self.issuer:  # RFC 9207
            raise NotProved
        if "error" in said or not said.get("code"):
            raise NotAgreed
        with _in_turn(), _listening():
            self._read(now)
            token = self._exchange(said["code"], flow, back)
            claims = self._verified(token, flow, now)
        return Identity(self.issuer, claims["sub"], self._name(claims))

    def _name(self, claims: Mapping[str, Any]) -> str:
        if self.claim == EMAIL and claims.get("email_verified") is not True:
            return ""
        return plain_name(str(claims.get(self.claim) or ""))

    def _client(self, back: str) -> OAuth2Session:
        offered = self._metadata.get("token_endpoint_auth_methods_supported")
        basic = offered is None or "client_secret_basic" in offered
        return OAuth2Session(
            self._client_id,
            self._secret,
            token_endpoint_auth_method="client_secret_basic"
            if basic
            else "client_secret_post",
            scope="openid email" if self.claim == EMAIL else "openid profile",
            redirect_uri=back,
            code_challenge_method="S256",
            default_timeout=_PATIENCE,
        )

    def _exchange(self, code: str, flow: Flow, back: str) -> str:
        with self._client(back) as client:
            try:
                answer = client.fetch_token(
                    self._metadata["token_endpoint"],
                    code=code,
                    code_verifier=flow.verifier,
                    allow_redirects=False,
                )
            except AuthlibBaseError as error:
                raise NotProved from error
        return str(answer.get("id_token", ""))

    def _verified(self, token: str, flow: Flow, now: datetime) -> dict[str, Any]:
        expected = id_tokens.Expected(self.issuer, self._client_id, flow.nonce, now)
        if self._keys is None or not id_tokens.is_known(token, self._keys):
            self._keys = id_tokens.keys(_get(self._metadata["jwks_uri"]))  # they change
        return id_tokens.verified(token, self._keys, expected)

    def _read(self, now: datetime) -> None:
        """Ask the provider what it offers, once an hour."""
        if self._read_at is not None and now - self._read_at < KNOWN_FOR:
            return
        found = _get(self.issuer.rstrip("/") + "/.well-known/openid-configuration")
        is_sound = found.get("issuer") == self.issuer and all(
            is_safe(str(found.get(name, ""))) for name in _NEEDED
        )
        if not is_sound or origin(found["authorization_endpoint"]) != origin(self.issuer):
            raise NotProved
        self._metadata, self._keys, self._read_at = found, None, now


def plain_name(name: str) -> str:
    """A name at the provider as it is compared: capitals and blanks around it make no other."""
    return name.strip().casefold()


def is_safe(address: str) -> bool:
    """Whether nobody on the way can read or change what goes there."""
    parts = urlsplit(address)
    is_own = parts.scheme == "http" and parts.hostname in LOOPBACK
    return bool(parts.hostname) and (parts.scheme == "https" or is_own)


def origin(address: str) -> str:
    """Scheme, host and port."""
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}"


def _get(address: str) -> dict[str, Any]:
    answer = requests.get(address, timeout=_PATIENCE, allow_redirects=False)
    answer.raise_for_status()
    found = answer.json()
    if not isinstance(found, dict):
        raise NotProved
    return found


@contextmanager
def _in_turn() -> Iterator[None]:
    """A provider that is slow keeps two busy, and no more. Raises TooBusy for others."""
    if not _TURNS.acquire(timeout=_PATIENCE / 10):
        raise TooBusy
    try:
        yield
    finally:
        _TURNS.release()


@contextmanager
def _listening() -> Iterator[None]:
    try:
        yield
    except requests.JSONDecodeError as error:
        raise NotProved from error
    except requests.RequestException as error:
        raise ProviderIsSilent from error
