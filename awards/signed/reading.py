"""What the signatures in a PDF say: who signed, when, whether it is whole, whether it is trusted.

Nothing is fetched: a revocation is known only where the file itself carries word of it.
"""

import io
import logging
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

import pypdfium2

from awards.errors import BadSignedPaper
from awards.pdf_files import PDFIUM
from workflows.words import N_

if TYPE_CHECKING:
    from asn1crypto.x509 import (  # type: ignore[import-untyped] # it has no types
        Certificate,
        Name,
    )
    from pyhanko.sign.validation.status import PdfSignatureStatus

MAX_SIGNATURES = 20
logging.getLogger("pyhanko").setLevel(
    logging.CRITICAL
)  # it names signers; errors are raised


class Trust(StrEnum):
    TRUSTED = "trusted"
    UNTRUSTED = "untrusted"
    UNCHECKED = "unchecked"


class Doubt(StrEnum):
    """Why a signature is not trusted."""

    NONE = ""
    UNKNOWN_ISSUER = "unknown_issuer"
    OUT_OF_TIME = "out_of_time"
    REVOKED = "revoked"
    TIMESTAMP = "timestamp"
    OTHER = "other"


_DOUBTS = {
    "NO_CERTIFICATE_CHAIN_FOUND": Doubt.UNKNOWN_ISSUER,
    "OUT_OF_BOUNDS_NO_POE": Doubt.OUT_OF_TIME,
    "OUT_OF_BOUNDS_NOT_REVOKED": Doubt.OUT_OF_TIME,
    "EXPIRED": Doubt.OUT_OF_TIME,
    "NOT_YET_VALID": Doubt.OUT_OF_TIME,
    "REVOKED": Doubt.REVOKED,
    "REVOKED_NO_POE": Doubt.REVOKED,
    "REVOKED_CA_NO_POE": Doubt.REVOKED,
}


@dataclass(frozen=True, slots=True)
class Signature:
    """One signature. `signed_at` is the signer's own word unless an authority has stamped it."""

    signer: str
    issuer: str
    signed_at: str
    is_stamped: bool
    trust: Trust
    doubt: Doubt

    def told(self) -> dict[str, object]:
        """As it is kept: JSON."""
        return asdict(self)


def read(
    content: bytes, name: str, *, roots: Path | None, now: datetime
) -> Sequence[Signature]:
    """All signatures of a PDF, oldest first, judged as of now.

    `roots` is a folder of certificates to trust; without one trust is not checked. Raises
    BadSignedPaper for a file that nobody has signed, that was changed since, or cannot be read.
    A hostile file may take for ever and any memory: to be called within limits (`limited`).
    """
    try:
        found = _statuses(content, trusted(roots) if roots else [], now)
    except Exception as error:  # a hostile file may fail anywhere in the parser
        raise BadSignedPaper(
            N_("Không đọc được chữ ký số trong tệp “%(name)s”: tệp hỏng hoặc bị sửa."),
            name=name,
        ) from error
    if not found:
        raise BadSignedPaper(N_("Tệp “%(name)s” chưa có chữ ký số."), name=name)
    for number, status in enumerate(found, start=1):
        _demand_whole(status, name, is_last=number == len(found))
    return [_signature(status, is_checked=roots is not None) for status in found]


def first_page(content: bytes, name: str) -> str:
    """The words on the first page; a scan has none. Raises BadSignedPaper."""
    try:
        with PDFIUM, pypdfium2.PdfDocument(content) as document:
            return str(document[0].get_textpage().get_text_range())
    except pypdfium2.PdfiumError as error:
        raise BadSignedPaper(
            N_("Không đọc được trang đầu của tệp “%(name)s”: tệp hỏng."), name=name
        ) from error


def trusted(folder: Path) -> "list[Certificate]":
    """The certificates of a folder (PEM or DER), each of them a root to trust."""
    from pyhanko.keys import load_certs_from_pemder  # noqa: PLC0415 - slow import

    files = sorted(
        path for path in folder.iterdir() if path.suffix in (".pem", ".crt", ".cer")
    )
    found = load_certs_from_pemder([str(path) for path in files])  # type: ignore[no-untyped-call] # it has no types
    return list(found)


def _statuses(
    content: bytes, roots: "list[Certificate]", now: datetime
) -> "list[PdfSignatureStatus]":
    from pyhanko.pdf_utils.reader import PdfFileReader  # noqa: PLC0415 - slow import
    from pyhanko.sign.validation import validate_pdf_signature  # noqa: PLC0415 - slow import
    from pyhanko.sign.validation.settings import (  # noqa: PLC0415 - slow import
        KeyUsageConstraints,
    )
    from pyhanko_certvalidator import ValidationContext  # noqa: PLC0415 - slow import

    reader = PdfFileReader(io.BytesIO(content))
    if reader.encrypted:
        raise ValueError
    signatures = reader.embedded_regular_signatures
    if len(signatures) > MAX_SIGNATURES:
        raise ValueError
    usage = KeyUsageConstraints(
        key_usage={"non_repudiation", "digital_signature"}, match_all_key_usages=False
    )
    return [
        validate_pdf_signature(
            signature,
            ValidationContext(trust_roots=roots, allow_fetching=False, moment=now),
            key_usage_settings=usage,
        )
        for signature in signatures
    ]


def _demand_whole(status: "PdfSignatureStatus", name: str, *, is_last: bool) -> None:
    """The bytes are those that were signed, and what was added later are signatures alone."""
    from pyhanko.sign.diff_analysis import ModificationLevel  # noqa: PLC0415 - slow import

    signer = _common_name(status.signing_cert.subject)
    if not (status.intact and status.valid):
        raise BadSignedPaper(
            N_("Tệp “%(name)s” đã bị sửa sau khi %(signer)s ký."), name=name, signer=signer
        )
    most = ModificationLevel.LTA_UPDATES if is_last else ModificationLevel.FORM_FILLING
    level = status.modification_level
    if level is None or level > most or not status.docmdp_ok:
        raise BadSignedPaper(
            N_("Tệp “%(name)s” có nội dung thêm vào sau khi %(signer)s ký."),
            name=name,
            signer=signer,
        )


def _signature(status: "PdfSignatureStatus", *, is_checked: bool) -> Signature:
    stamp = status.timestamp_validity
    moment = stamp.timestamp if stamp else status.signer_reported_dt
    trust, doubt = Trust.UNCHECKED, Doubt.NONE
    if is_checked:
        trust = Trust.TRUSTED if status.bottom_line else Trust.UNTRUSTED
        doubt = Doubt.NONE if status.bottom_line else _doubt(status)
    return Signature(
        signer=_common_name(status.signing_cert.subject),
        issuer=_common_name(status.signing_cert.issuer),
        signed_at=moment.isoformat() if moment and moment.tzinfo else "",
        is_stamped=stamp is not None,
        trust=trust,
        doubt=doubt,
    )


def _doubt(status: "PdfSignatureStatus") -> Doubt:
    problem = status.trust_problem_indic
    if problem is None:
        return Doubt.TIMESTAMP if status.trusted else Doubt.OTHER
    return _DOUBTS.get(problem.standard_name, Doubt.OTHER)


def _common_name(name: "Name") -> str:
    """How a person or an authority is called; a list where a certificate gives several names."""
    found = name.native.get("common_name") or name.human_friendly
    text = ", ".join(found) if isinstance(found, list) else str(found)
    return "".join(c for c in text if c.isprintable())[:200]
