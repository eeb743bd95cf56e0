"""An address as a QR code, for a phone to read from paper."""

import io
from typing import Any

import segno


def svg(address: str) -> str:
    """The code as Typst sets it; nothing where there is no address."""
    return _drawn(address, kind="svg", xmldecl=False).decode() if address else ""


def png(address: str) -> bytes:
    """The code as Word holds it, eight dots to a module: sharp at 600 dots an inch."""
    return _drawn(address, kind="png", scale=8)


def _drawn(address: str, **how: Any) -> bytes:
    picture = io.BytesIO()
    segno.make(address, error="m").save(picture, border=0, **how)
    return picture.getvalue()
