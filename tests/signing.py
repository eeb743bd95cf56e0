"""PDFs signed for real, by people whose certificates come from an authority of the tests' own."""

import io
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

import pypdfium2
from asn1crypto import keys  # type: ignore[import-untyped] # it has no types
from asn1crypto import x509 as asn1
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import fields, signers
from pyhanko_certvalidator.registry import SimpleCertificateStore

_YEARS = timedelta(days=3650)


@dataclass(frozen=True)
class Identity:
    """A certificate and its key."""

    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey


@cache
def authority(name: str = "CA Thử nghiệm") -> Identity:
    """Who gives certificates."""
    key = ec.generate_private_key(ec.SECP256R1())
    return Identity(_certificate(name, key.public_key(), name, key, is_ca=True), key)


@cache
def person(
    name: str = "Nguyễn Văn Ký", *, by: str = "CA Thử nghiệm", is_expired: bool = False
) -> Identity:
    """Somebody with a certificate."""
    key = ec.generate_private_key(ec.SECP256R1())
    made = _certificate(
        name, key.public_key(), by, authority(by).key, is_ca=False, is_expired=is_expired
    )
    return Identity(made, key)


def roots(folder: Path, name: str = "CA Thử nghiệm") -> Path:
    """A folder that trusts this authority."""
    folder.mkdir(exist_ok=True)
    pem = authority(name).certificate.public_bytes(serialization.Encoding.PEM)
    (folder / "root.pem").write_bytes(pem)
    return folder


def sign(content: bytes, *people: Identity) -> bytes:
    """The same PDF, signed by one after the other; with nobody named, by one person."""
    for number, one in enumerate(people or (person(),), start=1):
        writer = IncrementalPdfFileWriter(io.BytesIO(content))
        name = f"Ky{number}-{len(content)}"
        fields.append_signature_field(writer, fields.SigFieldSpec(name))
        meta = signers.PdfSignatureMetadata(field_name=name)
        content = signers.sign_pdf(writer, meta, signer=_signer(one)).getvalue()
    return content


def blank() -> bytes:
    """A page without words, as a scan is."""
    content = io.BytesIO()
    document = pypdfium2.PdfDocument.new()
    document.new_page(595, 842)
    document.save(content)
    document.close()
    return content.getvalue()


def tampered(content: bytes) -> bytes:
    """One byte of the first page's content is another."""
    place = content.index(b"stream") + 40
    return content[:place] + bytes([content[place] ^ 1]) + content[place + 1 :]


def added_to(content: bytes) -> bytes:
    """The page says something else by an update that keeps every signed byte."""
    writer = IncrementalPdfFileWriter(io.BytesIO(content))
    page = writer.root["/Pages"]["/Kids"][0]
    extra = writer.add_object(generic.StreamObject(stream_data=b"0 0 200 200 re f"))
    page["/Contents"] = generic.ArrayObject([page.raw_get("/Contents"), extra])
    writer.update_container(page)
    changed = io.BytesIO()
    writer.write(changed)
    return changed.getvalue()


def _signer(one: Identity) -> signers.SimpleSigner:
    store = SimpleCertificateStore()
    certificate = one.certificate.public_bytes(serialization.Encoding.DER)
    key = one.key.private_bytes(
        serialization.Encoding.DER,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    return signers.SimpleSigner(
        signing_cert=asn1.Certificate.load(certificate),
        signing_key=keys.PrivateKeyInfo.load(key),
        cert_registry=store,
    )


def _certificate(
    name: str,
    key: ec.EllipticCurvePublicKey,
    by: str,
    signer: ec.EllipticCurvePrivateKey,
    *,
    is_ca: bool,
    is_expired: bool = False,
) -> x509.Certificate:
    now = datetime.now(UTC)
    until = now - timedelta(days=1) if is_expired else now + _YEARS
    usage = dict.fromkeys(
        (
            "key_encipherment",
            "data_encipherment",
            "key_agreement",
            "encipher_only",
            "decipher_only",
        ),
        False,
    )
    builder = (
        x509.CertificateBuilder()
        .subject_name(_name(name))
        .issuer_name(_name(by))
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - _YEARS)
        .not_valid_after(until)
        .add_extension(x509.BasicConstraints(ca=is_ca, path_length=None), critical=True)
        .add_extension(
            x509.KeyUsage(
                digital_signature=not is_ca,
                content_commitment=not is_ca,
                key_cert_sign=is_ca,
                crl_sign=is_ca,
                **usage,
            ),
            critical=True,
        )
    )
    return builder.sign(signer, hashes.SHA256())


def _name(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
