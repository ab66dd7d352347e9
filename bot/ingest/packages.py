"""The package of an EPUB: what it says of the book, and in which order its pages are read."""

from __future__ import annotations

import html
import posixpath
import re
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote, urlsplit

from lxml import etree  # pyright: ignore[reportAttributeAccessIssue]  # it has no stubs

from bot.domain.errors import BadInput
from bot.domain.minors import is_refused
from bot.domain.story import Permission, PermissionFor, PermissionFrom, strictest
from bot.domain.text import display_form
from bot.ingest.archives import Archive
from bot.ingest.declared import decode_page
from bot.ingest.metadata import Metadata
from bot.ingest.ratings import rating_named

_CONTAINER = "META-INF/container.xml"
_ENCRYPTION = "META-INF/encryption.xml"
_SCHEMES = (
    ("META-INF/license.lcpl", "Readium LCP"),
    ("META-INF/sinf.xml", "Apple FairPlay"),
    ("META-INF/rights.xml", "Adobe ADEPT"),
)
_UNNAMED = "of a kind that it does not name"
_OBFUSCATED = frozenset({"http://www.idpf.org/2008/embedding", "http://ns.adobe.com/pdf/enc#rc"})
_PAGE_TYPES = frozenset({"application/xhtml+xml", "text/html", "text/x-oeb1-document", "application/html"})
_PAGE_NAME = re.compile(r".*\.(?:x?html?|xht)", re.IGNORECASE)
_PROLOGUE = re.compile(r"^\s*<\?xml[^>]*\?>|<!DOCTYPE[^>\[]{0,500}(?:\[.*?\]\s*)?>", re.DOTALL | re.IGNORECASE)
_TAG = re.compile(r"<[^>]{0,500}>")
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*")
_PUBLIC_DOMAIN = re.compile(r"public domain", re.IGNORECASE)
_LICENCE = re.compile(r"creativecommons\.org/licenses/|\bCC[- ]BY\b|Creative Commons", re.IGNORECASE)
_WARNINGS = frozenset(
    {
        "graphic depictions of violence",
        "major character death",
        "rape/non-con",
        "underage",
        "underage sex",
        "creator chose not to use archive warnings",
        "choose not to use archive warnings",
    }
)
_MAX_SUMMARY = 5000
_MAX_DEPTH = 20


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a book's table of contents."""

    page: str
    anchor: str
    label: str


@dataclass(slots=True)
class Package:
    """What a book's package says."""

    metadata: Metadata
    pages: list[str] = field(default_factory=list[str])
    """Names of its pages in reading order."""
    kinds: dict[str, str] = field(default_factory=dict[str, str])
    """Pages that the package itself calls something else than text: its EPUB type or guide type."""
    missing: list[str] = field(default_factory=list[str])
    """Pages that are to be read and that are not there."""
    beside: set[str] = field(default_factory=set[str])
    """Pages outside the order of reading, such as notes that pop up."""
    scheme: str = ""
    """The scheme by which the book is protected, if its archive looks as if it were."""
    sheets: list[str] = field(default_factory=list[str])
    contents: list[Entry] = field(default_factory=list[Entry])
    guessed: bool = False
    """Whether the order of the pages is that of their names, because nothing else told it."""


def package_of(archive: Archive, file: str) -> Package:
    """Read the package of a book.

    Raises:
        BadInput: it is protected, or there is no book in the archive.
    """
    scheme = next((scheme for path, scheme in _SCHEMES if archive.find(path)), "")
    _refuse_protected(archive, file, scheme)
    name = _package_name(archive)
    root = xml_of(archive.read(name)) if name else None
    package = Package(Metadata(), scheme=scheme)
    if name is None or root is None:
        package.pages = sorted(page for page in archive.names if _PAGE_NAME.fullmatch(page))
        package.guessed = True
        if not package.pages:
            raise BadInput("epub_no_book", file=file)
        return package
    package.metadata = _metadata(root)
    folder = posixpath.dirname(name)
    manifest = {item.get("id"): item for item in root.iter("{*}item")}
    _spine(root, manifest, folder, archive, package)
    _guide(root, folder, archive, package)
    package.sheets = [
        found
        for item in manifest.values()
        if item.get("media-type") == "text/css" and (found := _found(archive, folder, item.get("href")))
    ]
    package.contents = _contents(root, manifest, folder, archive)
    return package


def xml_of(data: bytes) -> Any:
    """Parse XML leniently, without entities, declarations or anything fetched; None where nothing comes of it."""
    try:
        text = decode_page(data, "")[0]
    except BadInput:
        return None
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, recover=True, remove_comments=True
    )
    try:
        return etree.fromstring(_PROLOGUE.sub("", text[:200_000]).encode() + text[200_000:].encode(), parser)
    except (etree.XMLSyntaxError, ValueError):
        return None


def _refuse_protected(archive: Archive, file: str, scheme: str) -> None:
    name = archive.find(_ENCRYPTION)
    root = xml_of(archive.read(name)) if name else None
    if root is None:
        return
    for data in root.iter("{*}EncryptedData"):
        method = next(iter(data.iter("{*}EncryptionMethod")), None)
        algorithm = (method.get("Algorithm") or "") if method is not None else ""
        uris = [reference.get("URI") or "" for reference in data.iter("{*}CipherReference")]
        if algorithm.casefold() not in _OBFUSCATED and any(_is_content(uri) for uri in uris):
            raise BadInput("epub_protected", file=file, scheme=scheme or _UNNAMED)


def _is_content(uri: str) -> bool:
    return _PAGE_NAME.fullmatch(unquote(uri)) is not None or uri.casefold().endswith((".xml", ".opf", ".ncx"))


def _package_name(archive: Archive) -> str | None:
    container = archive.find(_CONTAINER)
    root = xml_of(archive.read(container)) if container else None
    if root is not None:
        for rootfile in root.iter("{*}rootfile"):
            found = archive.find(rootfile.get("full-path") or "")
            if found:
                return found
    return next((name for name in archive.names if name.casefold().endswith(".opf")), None)


def _found(archive: Archive, folder: str, href: str | None) -> str | None:
    if not href:
        return None
    return archive.find(posixpath.join(folder, urlsplit(href).path if "#" in href or "?" in href else href))


# What stands in metadata


def _metadata(root: Any) -> Metadata:
    metadata = Metadata()
    refined = {
        (meta.get("refines") or "").lstrip("#"): (meta.text or "").strip()
        for meta in root.iter("{*}meta")
        if meta.get("property") == "title-type"
    }
    titles = [(element.get("id"), _text(element)) for element in root.iter("{http://purl.org/dc/elements/1.1/}title")]
    main = [title for id_, title in titles if title and refined.get(id_ or "") == "main"] or [t for _, t in titles if t]
    metadata.title = main[0] if main else None
    metadata.authors = _authors(root)
    for language in _values(root, "language"):
        if _LANGUAGE.fullmatch(language) and language.casefold() not in ("und", "un"):
            metadata.language = metadata.language or language
    for description in _values(root, "description"):
        metadata.summary = metadata.summary or _without_tags(description)[:_MAX_SUMMARY]
    for value in (*_values(root, "source"), *_values(root, "identifier")):
        if value.startswith(("http://", "https://")):
            metadata.source = metadata.source or value
    subjects = _values(root, "subject")
    metadata.rating = strictest([rating for name in subjects if len(name) > 3 and (rating := rating_named(name))])
    metadata.warnings = tuple(name for name in subjects if name.casefold() in _WARNINGS or is_refused(name))
    rights = " ".join(_values(root, "rights"))
    if _PUBLIC_DOMAIN.search(rights):
        metadata.permission = Permission(PermissionFrom.PUBLIC_DOMAIN, PermissionFor.FULL_TEXT)
    elif _LICENCE.search(rights):
        metadata.permission = Permission(PermissionFrom.LICENCE, PermissionFor.FULL_TEXT)
    return metadata


def _authors(root: Any) -> tuple[str, ...]:
    roles = {
        (meta.get("refines") or "").lstrip("#"): (meta.text or "").strip()
        for meta in root.iter("{*}meta")
        if meta.get("property") == "role"
    }
    authors: list[str] = []
    for creator in root.iter("{http://purl.org/dc/elements/1.1/}creator"):
        role = creator.get("{http://www.idpf.org/2007/opf}role") or roles.get(creator.get("id") or "") or "aut"
        name = _text(creator)
        if role == "aut" and name and name.casefold() not in ("unknown", "anonymous author"):
            authors.append(name)
    return tuple(dict.fromkeys(authors))


def _values(root: Any, name: str) -> list[str]:
    found = (_text(element) for element in root.iter(f"{{http://purl.org/dc/elements/1.1/}}{name}"))
    return [value for value in found if value]


def _text(element: Any) -> str:
    return " ".join(display_form("".join(element.itertext())).split())


def _without_tags(text: str) -> str:
    return " ".join(display_form(html.unescape(_TAG.sub(" ", text))).split())


# Which pages, in which order


def _spine(root: Any, manifest: dict[str | None, Any], folder: str, archive: Archive, package: Package) -> None:
    seen: set[str] = set()
    for reference in root.iter("{*}itemref"):
        item = manifest.get(reference.get("idref"))
        if item is None:
            package.missing.append(reference.get("idref") or "?")
            continue
        href = item.get("href") or ""
        is_page = item.get("media-type") in _PAGE_TYPES or _PAGE_NAME.fullmatch(href)
        found = _found(archive, folder, href)
        if found is None and is_page:
            package.missing.append(href)
        elif found is not None and is_page and found not in seen:
            seen.add(found)
            package.pages.append(found)
            if reference.get("linear") == "no":
                package.beside.add(found)
            if "nav" in (item.get("properties") or "").split():
                package.kinds[found] = "toc"
    if len(package.beside) == len(package.pages):
        package.beside.clear()
    if not package.pages:
        hrefs = [item.get("href") for item in manifest.values() if item.get("media-type") in _PAGE_TYPES]
        package.pages = [found for href in hrefs if (found := _found(archive, folder, href))]
        package.pages = package.pages or sorted(name for name in archive.names if _PAGE_NAME.fullmatch(name))
        package.guessed = True


def _guide(root: Any, folder: str, archive: Archive, package: Package) -> None:
    for reference in root.iter("{*}reference"):
        page = _found(archive, folder, reference.get("href"))
        kind = reference.get("type") or ""
        # "text" and "start" say where the story begins.
        if page and kind not in ("text", "start", "bodymatter") and "#" not in (reference.get("href") or ""):
            package.kinds.setdefault(page, kind)


def _contents(root: Any, manifest: dict[str | None, Any], folder: str, archive: Archive) -> list[Entry]:
    navs = [item for item in manifest.values() if "nav" in (item.get("properties") or "").split()]
    spine = next(iter(root.iter("{*}spine")), None)
    ncx = manifest.get(spine.get("toc")) if spine is not None else None
    if ncx is None:
        ncx = next((i for i in manifest.values() if i.get("media-type") == "application/x-dtbncx+xml"), None)
    entries: list[Entry] = []
    for item in [*navs, *([ncx] if ncx is not None else [])]:
        name = _found(archive, folder, item.get("href"))
        tree = xml_of(archive.read(name)) if name else None
        if name is None or tree is None:
            continue
        base = posixpath.dirname(name)
        links = _nav_links(tree) or _ncx_links(tree)
        for href, label in links:
            page = _found(archive, base, urlsplit(href).path)
            if page and label:
                entries.append(Entry(page, unquote(urlsplit(href).fragment), label))
        if entries:
            return entries
    return entries


def _nav_links(tree: Any) -> list[tuple[str, str]]:
    for nav in tree.iter("{*}nav"):
        if "toc" in (nav.get("{http://www.idpf.org/2007/ops}type") or "toc").split():
            return [(link.get("href") or "", _text(link)) for link in nav.iter("{*}a")]
    return []


def _ncx_links(tree: Any) -> list[tuple[str, str]]:
    links: list[tuple[str, str]] = []
    for point in tree.iter("{*}navPoint"):
        label = point.find("{*}navLabel/{*}text")
        content = point.find("{*}content")
        if label is not None and content is not None:
            links.append((content.get("src") or "", _text(label)))
    return links
