"""The names of the fields that header blocks have, and the lines that begin with one."""

from __future__ import annotations

import re

_FIELDS = {
    "title": (
        "title",
        "story title",
        "story",
        "fic",
        "fic title",
        "name of story",
        "titel",
        "titre",
        "título",
        "titolo",
        *("título da história", "título de la historia", "tytuł", "название", "назва", "заголовок", "název", "názov"),
        *("otsikko", "cím", "başlık", "τίτλος", "titlu", "títol", "tittel", "naslov", "наслов", "заглавие"),
    ),
    "authors": (
        *("author", "authors", "author's name", "written by", "by", "writer", "penname", "pen name", "author name"),
        *("autor", "autorin", "auteur", "autore", "autora", "autrice", "autores", "autori", "autorka", "autoři"),
        *("автор", "авторы", "автори", "schrijver", "författare", "forfatter", "kirjoittaja", "szerző", "yazar"),
        *("συγγραφέας",),
    ),
    "rating": (
        *("rating", "rated", "ratings", "fiction rating", "story rating", "chapter rating", "overall rating"),
        *("content rating", "age rating", "rating for this chapter", "rating for this part", "part rating"),
        *("altersfreigabe", "altersempfehlung", "altersbeschränkung", "alterseinstufung", "fsk", "рейтинг"),
        *("clasificación", "classificação", "ikäraja", "korhatár", "leeftijdsgrens", "åldersgräns"),
    ),
    "warnings": (
        "warning",
        "warnings",
        "archive warning",
        "archive warnings",
        "content warning",
        "content warnings",
        *("trigger warning", "trigger warnings", "warnings/tags", "tags/warnings", "cw", "tw"),
        *("warnung", "warnungen", "avertissement", "avertissements", "advertencia", "advertencias", "avvertimenti"),
        *("avvertenze", "avisos", "waarschuwing", "waarschuwingen", "varning", "varningar", "advarsel", "advarsler"),
        *("ostrzeżenia", "предупреждение", "предупреждения", "varování", "varoitukset", "figyelmeztetés", "uyarı"),
    ),
    "summary": (
        "summary",
        "synopsis",
        "zusammenfassung",
        "résumé",
        "resumen",
        "story summary",
        "blurb",
        *("kurzbeschreibung", "resumo", "sinopse", "sinopsis", "riassunto", "samenvatting", "sammanfattning"),
        *("sammendrag", "streszczenie", "аннотация", "shrnutí", "yhteenveto", "tiivistelmä", "összefoglaló", "özet"),
    ),
    "source": ("source", "url", "link", "story url", "story link"),
    "chapter": ("chapter", "chapter title", "part", "episode"),
    "language": (
        "language",
        "sprache",
        "langue",
        "idioma",
        "lingua",
        "taal",
        "język",
        "язык",
        "мова",
        "språk",
        "sprog",
        "jazyk",
        "kieli",
        "nyelv",
    ),
    "subject": ("subject",),
    "from": ("from",),
}
_OTHERS = (
    "disclaimer disclaimers disclaim legal copyright feedback pairing pairings ship ships relationship "
    "relationships spoiler spoilers fandom fandoms crossover category categories genre genres archive "
    "archiving distribution distro permission permissions beta betas beta-reader beta-readers a/n an note "
    "notes series sequel timeline setting set date dates published posted updated completed status "
    "characters character word-count wordcount words length tags keywords additional-tags email e-mail "
    "mail website homepage site dedication dedicated-to thanks acknowledgements acknowledgments "
    "author's-note author's-notes authors-note authors-notes author-note author-notes credits soundtrack "
    "to cc reply-to message-id newsgroups organization x-mailer mime-version content-type sender list-id delivered-to "
    "return-path received references in-reply-to mailing-list genre-s fandom-s haftungsausschluss "
    "release-date ebook-id most-recently-updated original-publication credits produced-by chapters reviews favs "
    "follows id story-id storyid chapter-count reader-notes author-note beta'd-by betaed-by beta'd rights isbn "
    "collections stats hits kudos bookmarks comments fanfic-author authors-e-mail author's-email author-email "
    "author's-webpage author-url story-notes story-note relationship-s additional-warnings kinks continuity "
    "universe season episode-tag takes-place placement time-frame timeframe inspired-by based-on cover-art art "
    "recipient for requested-by gift-for word-count-s date-written date-posted last-updated first-posted "
    "song lyrics content content-notes previous previously prologue-to teaser challenge prompt "
    "фандом фандомы пейринг персонажи жанр жанры размер статус жанри gatunek gattung género gênero genere žánr "
    "written-for type story-type started finished packaged publisher"
).split()
FIELD_OF = {name: field for field, names in _FIELDS.items() for name in names}
"""Which fact a name stands for."""
KEYS = {*FIELD_OF, *(name.replace("-", " ") for name in _OTHERS), "e-mail", "beta-reader"}
"""All names, in lower case."""
STORY_KEYS = {
    name for name, field in FIELD_OF.items() if field in ("title", "authors", "rating", "warnings", "summary")
}
"""The names of what nearly every header says."""
MAIL_KEYS = frozenset("from to cc subject date reply-to message-id sender".split())
LONG_KEYS = (
    KEYS
    - {
        name
        for name, field in FIELD_OF.items()
        if field in ("title", "authors", "rating", "source", "chapter", "language", "subject", "from")
    }
    - MAIL_KEYS
    - frozenset("date dates published posted updated completed status words wordcount length email mail".split())
)
"""The names of fields whose value may run on over paragraphs; every other ends with its own."""
ALONE_NO_HEADER = {
    "by",
    "part",
    "note",
    "notes",
    "set",
    "date",
    "words",
    "content",
    "story",
    "an",
    "song",
    "thanks",
    "previously",
    "chapter",
    "episode",
    "link",
    "type",
    "length",
    "mail",
    "name",
    *("warnung", "avertissement", "advertencia", "waarschuwing", "varning", "advarsel", "предупреждение", "uyarı"),
    *("fsk", "язык", "taal", "kieli", "размер", "статус", "заголовок", "otsikko", "автор"),
    *("from", "to", "for", "subject", "art", "id", "season", "comments", "references", "received", "placement"),
    *("credits", "rights", "reviews", "universe", "continuity", "song", "lyrics", "teaser", "recipient", "chapters"),
}

_KEY = re.compile(
    r"[\s*_#>~=|\[<(•·-]*([^\W\d_][\w/'’() -]{0,24}?)[*_\s>\]]*(?:[:：][*_]*(?:\s+|$)|(?P<dash>\s[-–—=]\s+))(.*)"
)
_TIGHT_KEY = re.compile(
    r"[\s*_]*(title|author|rating|disclaimer|summary|pairings?|spoilers?|feedback|archive|category):(\S.*)", re.I
)
_NO_DASH = frozenset("a/n author dedication notes thanks author's note author's notes".split())
"""Words that begin a sentence with a dash behind them as easily as a header line."""
NOTE_KEYS = frozenset(
    "a/n,an,author's note,author's notes,authors note,authors notes,author note,notes,note,story notes".split(",")
)
_RATED_LINE = re.compile(r"(?i:rated) ((?:K\+?|T|M|MA|G|R|PG(?:-1\d)?|NC-?1\d)(?:[ ,.;!].{0,120})?)")


def key_of(line: str) -> tuple[str, str] | None:
    """A header line's key in lower case and its value."""
    found = _KEY.match(line)
    if found is None and line[:6] in ("Rated ", "RATED "):
        rated = _RATED_LINE.fullmatch(line)
        return ("rated", rated[1]) if rated else None
    if found is None:
        tight = _TIGHT_KEY.fullmatch(line)
        return (tight[1].casefold(), tight[2].strip()) if tight else None
    key = " ".join(found[1].replace("’", "'").replace("(s)", "s").casefold().split())
    if key not in KEYS and key.endswith(")") and (base := key[: key.find("(")].strip()) in STORY_KEYS:
        # "Rating (this part)": of what it is said, its value says as well as anywhere.
        key = base
    if key not in KEYS or (found["dash"] and (key in ALONE_NO_HEADER or key in _NO_DASH)):
        return None
    return key, found[3].strip().rstrip("*]>").strip() if line.lstrip()[0] in "[<*" else found[3].strip()
