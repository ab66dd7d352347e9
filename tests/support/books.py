"""Small EPUBs and zip archives, made as the programs that write them do."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping, Sequence

CONTAINER = (
    '<?xml version="1.0"?><container version="1.0" xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>'
    '<rootfile full-path="OEBPS/content.opf" media-type="application/oebps-package+xml"/></rootfiles></container>'
)


def packed(files: Mapping[str, str | bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A zip archive of files."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", method) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return stream.getvalue()


def page(body: str, head: str = "", attributes: str = "") -> str:
    """An XHTML page."""
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n<!DOCTYPE html>\n<html xmlns="http://www.w3.org/1999/xhtml" '
        f'xmlns:epub="http://www.idpf.org/2007/ops"><head><title>x</title>{head}</head>\n'
        f"<body {attributes}>{body}</body></html>"
    )


def epub(
    pages: Mapping[str, str],
    *,
    metadata: str = "<dc:title>The Salt Door</dc:title><dc:creator>Peg Lanyon</dc:creator>",
    contents: Sequence[tuple[str, str]] = (),
    more: Mapping[str, str | bytes] | None = None,
    sheets: Mapping[str, str] | None = None,
    leave_out: Sequence[str] = (),
) -> bytes:
    """An EPUB 2 whose pages stand in ``OEBPS/`` in reading order.

    Args:
        pages: name and XHTML of each.
        metadata: what stands in the package's metadata element.
        contents: target and label of the table of contents.
        more: further files, by their full names.
        sheets: style sheets.
        leave_out: pages of the spine that are not packed.
    """
    everything = {**dict.fromkeys(pages, "application/xhtml+xml"), **dict.fromkeys(sheets or {}, "text/css")}
    items = "".join(f'<item id="i{n}" href="{h}" media-type="{t}"/>' for n, (h, t) in enumerate(everything.items()))
    spine = "".join(f'<itemref idref="i{n}"/>' for n in range(len(pages)))
    opf = (
        '<?xml version="1.0"?><package xmlns="http://www.idpf.org/2007/opf" version="2.0"><metadata '
        'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:opf="http://www.idpf.org/2007/opf">'
        f"{metadata}</metadata><manifest>{items}"
        '<item id="ncx" href="toc.ncx" media-type="application/x-dtbncx+xml"/></manifest>'
        f'<spine toc="ncx">{spine}</spine></package>'
    )
    points = "".join(
        f'<navPoint id="n{n}" playOrder="{n}"><navLabel><text>{label}</text></navLabel><content src="{to}"/></navPoint>'
        for n, (to, label) in enumerate(contents)
    )
    ncx = f'<ncx xmlns="http://www.daisy.org/z3986/2005/ncx/" version="2005-1"><navMap>{points}</navMap></ncx>'
    files: dict[str, str | bytes] = {
        "mimetype": "application/epub+zip",
        "META-INF/container.xml": CONTAINER,
        "OEBPS/content.opf": opf,
        "OEBPS/toc.ncx": ncx,
    }
    files |= {f"OEBPS/{name}": text for name, text in {**pages, **(sheets or {})}.items() if name not in leave_out}
    return packed(files | dict(more or {}))


def rewritten(data: bytes, name: str, old: str, new: str) -> bytes:
    """An archive in one of whose files a text stands instead of another."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        files = {entry: archive.read(entry) for entry in archive.namelist()}
    assert old.encode() in files[name]
    files[name] = files[name].replace(old.encode(), new.encode())
    return packed(files)
