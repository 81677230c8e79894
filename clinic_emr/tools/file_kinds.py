"""What an uploaded file is, by its first bytes and never by its name.

Only kinds that browsers show without running anything: no HTML, no SVG, no office
documents with macros.
"""

from __future__ import annotations

from typing import NamedTuple

HEAD_SIZE = 132


class FileKind(NamedTuple):
    name: str
    mimetype: str
    suffix: str
    is_image: bool


PDF = FileKind("pdf", "application/pdf", ".pdf", False)
JPEG = FileKind("jpeg", "image/jpeg", ".jpg", True)
PNG = FileKind("png", "image/png", ".png", True)
DICOM = FileKind("dicom", "application/dicom", ".dcm", False)
KINDS = {kind.name: kind for kind in (PDF, JPEG, PNG, DICOM)}


def kind_of(head: bytes) -> FileKind | None:
    """Kind by the first ``HEAD_SIZE`` bytes; None if it is not taken.

    Signatures: ISO 32000-1 7.5.2 (PDF), ITU-T T.81 B.1.1.3 (JPEG), W3C PNG 5.2,
    DICOM PS3.10 7.1 (128 bytes of preamble, then DICM).
    """
    if head.startswith(b"%PDF-"):
        return PDF
    if head.startswith(b"\xff\xd8\xff"):
        return JPEG
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return PNG
    if head[128:132] == b"DICM":
        return DICOM
    return None
