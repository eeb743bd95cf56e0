"""What an OpenID provider says of somebody, believed once every check of OpenID Connect holds.

OpenID Connect Core 1.0, 3.1.3.7. Keys of the provider alone verify: none of ours, and never none.
"""

import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from math import nan
from typing import Any

from joserfc import jws, jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from awards.errors import NotProved

ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384")
_KINDS = ("RSA", "EC")
_SLACK = 60  # seconds between two clocks
_OLDEST = 600  # seconds: it was made for the flow, which lasts no longer
_LONGEST_SUBJECT = 255


@dataclass(frozen=True, slots=True)
class Expected:
    """What a token must say: from whom, for whom, in answer to what, and when."""

    issuer: str
    client_id: str
    nonce: str
    at: datetime


def keys(found: Mapping[str, Any]) -> KeySet:
    """The provider's public keys. A shared secret among them would be no proof, and is left out."""
    usable = [
        key
        for key in found.get("keys", [])
        if isinstance(key, dict) and key.get("kty") in _KINDS and key.get("use") != "enc"
    ]
    try:
        return KeySet.import_key_set({"keys": usable})
    except (JoseError, ValueError) as error:
        raise NotProved from error


def is_known(token: str, known: KeySet) -> bool:
    """Whether the key that the token names is among these."""
    try:
        named = jws.extract_compact(token.encode()).headers().get("kid")
    except (JoseError, ValueError) as error:
        raise NotProved from error
    return named is None or any(key.kid == named for key in known.keys)


def verified(token: str, known: KeySet, expected: Expected) -> dict[str, Any]:
    """The token's claims. Raises NotProved for one that is not right in every respect."""
    try:
        claims = jwt.decode(token, known, algorithms=ALGORITHMS).claims
    except (JoseError, ValueError) as error:
        raise NotProved from error
    checks = (_is_from, _is_for, _answers, _is_current, _names_somebody)
    if not all(check(claims, expected) for check in checks):
        raise NotProved
    return claims


def _is_from(claims: Mapping[str, Any], expected: Expected) -> bool:
    return bool(claims.get("iss") == expected.issuer)


def _is_for(claims: Mapping[str, Any], expected: Expected) -> bool:
    named = claims.get("aud")
    audience = named if isinstance(named, list) else [named]
    party = claims.get("azp", None if len(audience) > 1 else expected.client_id)
    return expected.client_id in audience and party == expected.client_id


def _answers(claims: Mapping[str, Any], expected: Expected) -> bool:
    said = str(claims.get("nonce", ""))
    return hmac.compare_digest(said.encode(), expected.nonce.encode())


def _is_current(claims: Mapping[str, Any], expected: Expected) -> bool:
    moment = expected.at.timestamp()
    made, ends = _moment(claims.get("iat")), _moment(claims.get("exp"))
    begins = _moment(claims.get("nbf", made))
    is_young = moment - _OLDEST - _SLACK <= made <= moment + _SLACK
    return is_young and begins <= moment + _SLACK and moment < ends + _SLACK


def _moment(value: object) -> float:
    """The moment, or one that compares false with all others."""
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return float(value) if is_number else nan  # type: ignore[arg-type] # it is a number


def _names_somebody(claims: Mapping[str, Any], expected: Expected) -> bool:
    del expected
    subject = claims.get("sub")
    return isinstance(subject, str) and 0 < len(subject) <= _LONGEST_SUBJECT
