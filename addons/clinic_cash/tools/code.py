"""Codes that a phone's camera reads from a screen."""

from __future__ import annotations

import base64
from io import BytesIO

import qrcode


def draw_code(text: str) -> str:
    """A QR code of ``text`` (error level M), as the data URI of a PNG."""
    code = qrcode.QRCode(box_size=8)
    code.add_data(text)
    image = BytesIO()
    code.make_image().save(image, format="PNG")
    return f"data:image/png;base64,{base64.b64encode(image.getvalue()).decode()}"
