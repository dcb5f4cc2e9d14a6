"""A small writer of PDF files, for tests."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


def make_pdf(
    pages: Sequence[Sequence[str]], *, info: str = "", trailer: str = "", filtered: bytes = b""
) -> bytes:
    """Return a PDF whose pages hold these lines; "" leaves a gap, `filtered` takes the place of the last page."""
    count = len(pages)
    kids = " ".join(f"{4 + 2 * number} 0 R" for number in range(count))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {count} >>".encode(),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    ]
    for number, lines in enumerate(pages):
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Contents {5 + 2 * number} 0 R"
            " /Resources << /Font << /F1 3 0 R >> >> >>".encode()
        )
        is_last = number == count - 1
        if filtered and is_last:
            objects.append(
                b"<< /Length %d /Filter /FlateDecode >> stream\n%s\nendstream"
                % (len(filtered), filtered)
            )
        else:
            drawn = _drawn(lines)
            objects.append(b"<< /Length %d >> stream\n%s\nendstream" % (len(drawn), drawn))
    objects.append(f"<< {info} >>".encode("latin-1"))
    return _file(objects, f"/Root 1 0 R /Info {len(objects)} 0 R {trailer}")


def _drawn(lines: Sequence[str]) -> bytes:
    texts = []
    for number, line in enumerate(lines):
        escaped = line.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")
        if line:
            texts.append(f"BT /F1 10 Tf 50 {760 - 12 * number} Td ({escaped}) Tj ET")
    return "\n".join(texts).encode("cp1252")


def _file(objects: list[bytes], trailer: str) -> bytes:
    body = b"%PDF-1.4\n"
    offsets = []
    for number, content in enumerate(objects, 1):
        offsets.append(len(body))
        body += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    size = len(objects) + 1
    return (
        body
        + b"xref\n0 %d\n0000000000 65535 f \n%s" % (size, table)
        + (f"trailer << /Size {size} {trailer} >>\nstartxref\n{len(body)}\n%%EOF".encode())
    )
