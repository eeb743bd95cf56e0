"""QR codes on pages, for a phone to read from a screen or from paper."""

import base64
import io

import segno

_MASK = 2  # any is right; trying all eight to find the fairest takes four times as long


def picture(address: str) -> str:
    """A QR code as an address of its own, which the page may show."""
    drawn = io.BytesIO()
    code = segno.make_qr(address, error="m", mask=_MASK)
    code.save(drawn, kind="svg", scale=5, border=4, light="#fff")
    return "data:image/svg+xml;base64," + base64.b64encode(drawn.getvalue()).decode()
