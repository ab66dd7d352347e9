"""Paragraphs that are no story though they stand among it: notes, pleas for reviews, page numbers, endings.

Precision comes first: what is not plainly such a thing stays in the story.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from bot.domain.breaks import Block
from bot.domain.story import Emphasis
from bot.ingest.cuts import cut_out
from bot.ingest.metadata import Source
from bot.strings import PROBLEMS

_NOTE_NAME = (
    r"(?:a\s?[/.]\s?n\.?|an(?=:)|(?:the )?(?:author|writer|translator|beta|editor)(?:['’´`]?s|s['’´`])?[\s"
    r"-]+(?:end |foot)?notes?"
    r"|notes? (?:from|by) (?:the |your )?(?:author|writer|me)|end ?notes?|(?:pre|post)[- ](?:story|chapter|fic) notes?"
    r"|(?:chapter|story|beginning|opening|closing|ending|final) notes?(?=\s*[:.\-–—]|$)|anmerkung(?:en)?(?"
    r": (?:de[rs]) autor(?:in|s)?)?(?=:|$)"
    r"|notes? (?:de l['’]auteur(?:e|ice)?|d['’]auteur)|nota (?:de(?:l| la)? )?(?:autora?|l['’]autore)"
    r"|note dell['’]autore"
    r"|от автора|примечани[ея] автора|od autor(?:a|ki)|review(?:er)? (?:repl(?:ies|y)|responses?|answers|thanks)"
    r"|(?:replies|responses|answers|thanks) to (?:(?:the|my|your|all) )*review(?:s|ers))"
)
_NOTE = re.compile(
    rf"[\W_]*+(?P<name>{_NOTE_NAME})(?P<number>\s?\d)?\s*(?P<end>[:：.)\]*_~=]|[-–—]+\s|\n|\s*$)", re.IGNORECASE
)
_BRACKETED = re.compile(r"[*_ ]*[\[({]\s*A\s?/\s?N\b", re.IGNORECASE)
_FROM_SOMEBODY = re.compile(r"a note from (?:\S+ ?){1,4}", re.IGNORECASE)
"""What Royal Road prints above its authors' notes, and what a letter may say."""
_NOTE_END = re.compile(
    rf"[\W_]*+(?:end (?:of )?(?:the )?(?:{_NOTE_NAME}|notes?)|(?:now )?on(?:wards?)? (?:to|with) the (?:stor"
    rf"y|fic|chapter|show)"
    r"|(?:and )?now,? (?:on )?(?:to |with |back to )?the (?:story|fic|chapter)|here (?:we go|goes)|enjoy)[\W_]*",
    re.IGNORECASE,
)
_LABEL = re.compile(
    r"[*_ ]*(?P<kind>(?:chapter )?(?:summary|notes?|end ?notes?)|see the end of the (?:chapter"
    r"|work) for (?:more )?notes)[*_ ]*[:.]?[*_ ]*",
    re.IGNORECASE,
)
_TAIL_KEY = re.compile(
    r"[\W_]*+(?P<kind>feedback|disclaimer|archive|archiving|distribution|author['’]s (?:e-?mail"
    r"|web ?page|note)|e-?mail|website|web ?page|homepage)\s*:\s.{1,200}",
    re.IGNORECASE,
)
_CONTACT = re.compile(r"[\W_]*+(?:[\w.+-]+@[\w-]+\.[\w.-]+|(?:https?://|www\.)\S+)[\W_]*", re.IGNORECASE)
_BEGIN = re.compile(
    r"[\W_]*+(?:begin|start|story begins|begin(?:ning)? of)(?:\s+(?:the )?(?:story|fic|part|chapter|file|transmission)"
    r"(?:\s+\w+){0,2})?[\W_]*",
    re.IGNORECASE,
)
_INLINE = re.compile(
    rf"\s{{0,2}}[\[(](?=\s{{0,2}}[atwbenpcsfoопn])(?=\s{{0,2}}{_NOTE_NAME}\s{{0,2}}[:\-–—])[^\[\]()]{{1,600}}[\])]",
    re.IGNORECASE,
)
_TO_READERS = re.compile(
    r"\b(?:reviews?|reviewed|reviewers?|reviewing|fics?|fanfic\w*|chapters?|updat\w+|beta(?:'d"
    r"|ed|s)?|readers?|reading this|thank(?:s| you)"
    r"|feedback|disclaimer|canon|au|ooc|oc|one-?shots?|comments?|kudos|posting|posted|wrote|writing"
    r"|written|plot ?bunn\w+|lol|hiatus"
    r"|sequel|flames?|enjoy(?:ed)?|rated|spoilers?|story|stories|don['’]t own|typos?|mistakes|writer['’]?s"
    r" block|ff\.?net|ao3"
    r"|you guys|y['’]all|guys|pairings?|episodes?|season|series|characters?)\b",
    re.IGNORECASE,
)
_FIRST_PERSON = re.compile(r"\b(?:I|I['’](?:m|ve|ll|d)|my|me)\b")
_SPEECH = re.compile(r"^\s*[\"“„«]|[,.!?…][\"”]|[\"”] (?:s?he|they|\w+) (?:said|asked)|^[—–] ?\w")
_BEGS = re.compile(
    r"[\W_]*+(?:(?:so )?(?:please|pls|plz|pretty please)?[\W_]*+(?:r ?(?:&|and|n|\+) ?r\b|read (?:and"
    r"|&) review|review(?:s)?\b|leave (?:me )?(?:a |some )?(?:reviews?|comments?|kudos)"
    r"|feed(?:back)? (?:the author|is|please|always|welcome|me|to|at|can|goes|makes|would)"
    r"|rate and review|don['’]?t forget to (?:rev"
    r"iew|comment|vote|like|follow|favou?rite|subscribe)|comments\? (?:write|e-?mail|mail|send)"
    r"|let me know what you(?: all| guys)? th[ia]nk|comments? (?:and kudos )?(?:are"
    r"|is|welcome|feed|make)"
    r"|(?:favou?rite|follow|vote|like),? (?:and|&|follow)\b|feedback\s*[!?:.]*$)"
    r"|(?:please|pls|plz)[,!]? (?:read and )?(?:review|comment|r ?& ?r|leave|rate|vote|tell me what you|let me know)"
    r"|(?:so,? )?(?:what did|what do) you (?:guys |all )?think\?+\s*(?:please |let me|drop me|review|r&r|comment"
    r"|leave|:|[^\w\s]*$(?<=\?\?))"
    r"|thank(?:s| you)(?: (?:so|very) much)?(?: (?:all|everyone|guys))? for (?:reading|(?:all )?(?:the"
    r"|your) (?:lovely |great |nice )?(?:reviews?|comments?|kudos|feedback)))",
    re.IGNORECASE,
)
_DISOWNS = re.compile(
    r"[\W_]*+(?:disclaimer\b|(?:I|we) (?:do not|don['’]?t|sadly don['’]t|still don['’]t) own (?:any"
    r"|the (?:rights|characters)"
    r"|nothing|[^.!?]{1,60} (?:or any|or its|nor any|and (?:all|any)|belongs?|characters))"
    r"|(?:all )?(?:the )?characters (?:belong|are the property))",
    re.IGNORECASE,
)
_MAX_BEG = 320
_CONTINUED = re.compile(
    r"[\W_]*+(?:(?:tbc|t\.b\.c\.?)(?:\W+(?:in|next|soon)\b.{0,60})?|to be cont(?:inued|['’]?d)?(?:\W+(?:in"
    r"|next|soon|maybe|perhaps|with)\b.{0,60})?|to be concluded|(?:the )?end|fin|finis|ende|fine"
    r"|konec|koniec|конец|fim|einde|slut|the end\W+for now|end (?:of )?(?:the )?(?:this )?(?:file"
    r"|story|fic|part|chapter|book|episode|volume|transmission)(?:\W+\w+){0,4}"
    r"|end (?:of )?(?:part |chapter )?\d{1,3}(?:\s*(?:/"
    r"|of)\s*\d{1,3})?(?:\W+(?:to be )?continued\b.{0,40})?|(?:to be )?continued (?:in|on"
    r"|next) (?:the )?(?:next )?(?:chapter|part|episode"
    r"|week|time|page)?(?:\W+\w+){0,4}"
    r"|continued\W*(?:\.{2,}|soon)?|more to come|end notes?|fortsetzung folgt|à suivre|a suivre"
    r"|continuar[áa]|continua|wordt vervolgd|fortsättning följer"
    r"|fortsættes|ciąg dalszy nastąpi|c\.?d\.?n\.?|продолжение следует|end (?:of )?chapter \w+"
    r"|fini|the (?:very )?end!*|chapter end)[\W_]*",
    re.IGNORECASE,
)
_PICTURE = re.compile(r"\[(?:illustration|image|picture|frontispiece|facsimile)\b[^\]]{0,300}\]", re.IGNORECASE)
_PAGE = re.compile(
    r"(?:[\W_]*(?:page|pg\.?|p\.|seite|página|pagina|стр\.?)\s*(\d{1,4})(?:\s*(?:of|/|von|de)\s*\d{1,4})?["
    r"\W_]*|\[pg?\.? ?(\d{1,4})\]|\{(\d{1,4})\})",
    re.IGNORECASE,
)
_PLAIN_PAGE = re.compile(r"[-–—\s]*(\d{1,4})[-–—\s]*")
_REPLY = re.compile(r"[\W_]*[^\W_][^\s:]{0,24}(?: [^\s:]{1,24})?[*_]*\s*[:–—-]+ .{1,400}")
"""An answer to a review, behind the name of whoever wrote it."""
_REPLIES = re.compile(r"[\W_]*(?:review|(?:replies|responses|answers|thanks) to)", re.IGNORECASE)
_SIGN_OFF = re.compile(
    r"[\W_]*(?:(?:un)?till? (?:next|the next)\b|love|hugs|cheers|see (?:you|ya)|ciao|bye|take care|xo)[^.?]{0,40}",
    re.IGNORECASE,
)
_WHOLE = re.compile(r"[.!?…:;\"”’'»)\]*_—–-]\s*\Z")

_NOTE_WITHIN = 200
"""A note says within so many letters that it is one."""
_MAX_NOTE = 14
_MAX_NOTE_WORDS = 900
_MAX_LAST_NOTE = 300
_FEWEST_PAGES = 3
_PAGE_TEXT = 600
"""Code points that at least half of the pages of a book hold, where not every one breaks off within a sentence."""
_PAGE_LINE = 60
_MAX_LAST_PARAGRAPHS = 4
_END_PARAGRAPHS = 6


def is_end(text: str) -> bool:
    """Whether a paragraph says only that a file, a chapter or a story ends here, or goes on elsewhere."""
    return len(text) < 90 and _CONTINUED.fullmatch(text) is not None


def is_edge(text: str) -> bool:
    """Whether a line in brackets says that a story begins or ends here, as ``<begin part 2>``."""
    return len(text) < 60 and text[:1] in "<[{(*~=-" and (_BEGIN.fullmatch(text) is not None or is_end(text))


def is_label(text: str) -> bool:
    """Whether a line is the name of a chapter's summary or notes, as archives print it."""
    return len(text) < 60 and _LABEL.fullmatch(text) is not None


def is_note(text: str) -> bool:
    """Whether a paragraph begins an author's note and says so."""
    if _BRACKETED.match(text) and text.rstrip(" *_")[-1:] in "])}":
        return True
    return _NOTE.match(text, 0, _NOTE_WITHIN) is not None and not _SPEECH.match(text)


def without_pages(blocks: list[Block], source: Source) -> list[Block]:
    """A file's blocks without its page numbers; a sentence that ran over a page is put together again."""
    named = [i for i, block in enumerate(blocks) if len(block.text) < 24 and _PAGE.fullmatch(block.text)]
    pages = set(named) if len(named) >= 2 else set[int]()
    pages |= _plain_pages(blocks)
    if not pages:
        return blocks
    kept: list[Block] = []
    turned = False
    for i, block in enumerate(blocks):
        if i in pages:
            source.put_aside("page number", [block])
            turned = True
            continue
        before = kept[-1] if kept else None
        if turned and before and not before.mark and not before.heading and block.text[:1].islower():
            at = len(before.text) + 1
            emphasis = tuple(Emphasis(run.start + at, run.end + at, run.italic, run.bold) for run in block.emphasis)
            kept[-1] = replace(before, text=f"{before.text} {block.text}", emphasis=(*before.emphasis, *emphasis))
        else:
            kept.append(block)
        turned = False
    return kept


def _plain_pages(blocks: Sequence[Block]) -> set[int]:
    """Numbers alone that count the pages: they rise one by one and fall into the middle of sentences."""
    numbers = [
        (i, int(found[1]))
        for i, block in enumerate(blocks)
        if len(block.text) < 12 and (found := _PLAIN_PAGE.fullmatch(block.text))
    ]
    row = [numbers[0]] if numbers else []
    for (_, before), (i, number) in pairwise(numbers):
        if number == before + 1:
            row.append((i, number))
    if len(row) < _FEWEST_PAGES or len(row) < 0.8 * len(numbers):
        return set()
    at = [i for i, _ in row]
    lengths = sorted(sum(len(block.text) for block in blocks[i + 1 : j]) for i, j in pairwise(at))
    cut = [i for i in at if 0 < i < len(blocks) - 1 and not _WHOLE.search(blocks[i - 1].text)]
    if all(blocks[i + 1].text[:1].islower() for i in cut) and len(cut) == len(at) and lengths[0] >= _PAGE_LINE:
        return set(at)
    if not lengths[0] or lengths[len(lengths) // 2] < _PAGE_TEXT:
        # Somebody counts, or the sections of a chapter are counted.
        return set()
    return set(at) if len(cut) * 3 > len(at) else set()


def without_notes(blocks: list[Block], source: Source) -> list[Block]:
    """One chapter's blocks without notes, pleas and endings, which are set aside."""
    blocks = _cut_inline(blocks, source)
    aside: dict[int, str] = {}
    _edges(blocks, aside)
    last = max((i for i, block in enumerate(blocks) if i not in aside and not block.mark), default=-1) + 1
    aside |= _notes(blocks[:last], source)
    _signed_off(blocks, last, aside)
    _labelled(blocks, aside)
    aside |= {
        i: "illustration"
        for i, block in enumerate(blocks)
        if not block.mark and block.text[:1] == "[" and _PICTURE.fullmatch(block.text)
    }
    _edges(blocks, aside)
    if not aside:
        return blocks
    for i in sorted(aside):
        if not blocks[i].mark:
            source.put_aside(aside[i], [blocks[i]])
    return [block for i, block in enumerate(blocks) if i not in aside]


def _cut_inline(blocks: list[Block], source: Source) -> list[Block]:
    """Notes in brackets in the middle of a paragraph are cut out of it."""
    for i, block in enumerate(blocks):
        if block.mark or ("[" not in block.text and "(" not in block.text):
            continue
        spans: list[tuple[int, int]] = []
        for found in _INLINE.finditer(block.text):
            start, end = found.span()
            if start == 0 or (spans and spans[-1] == (0, start)):
                start = 0 if not spans else start
                while end < len(block.text) and block.text[end].isspace():
                    end += 1
            spans.append((start, end))
        if spans and sum(end - start for start, end in spans) < len(block.text) - 2:
            blocks[i] = cut_out(block, spans, "author's note", source)
    return blocks


def _notes(blocks: Sequence[Block], source: Source) -> dict[int, str]:
    aside: dict[int, str] = {}
    for i, block in enumerate(blocks):
        if i in aside or block.mark:
            continue
        if not is_note(block.text):
            if len(block.text) < 60 and _FROM_SOMEBODY.fullmatch(block.text):
                end = i + 1
                while end < len(blocks) and (_is_plainly_note(blocks[end]) or _begs(blocks[end])):
                    end += 1
                if end > i + 1:
                    aside.update(dict.fromkeys(range(i, end), "author's note"))
            continue
        end = _note_end(blocks, i, source)
        aside.update(dict.fromkeys(range(i, end), "author's note"))
    return aside


def _signed_off(blocks: Sequence[Block], end: int, aside: dict[int, str]) -> None:
    """A few paragraphs below a chapter's last rule that all speak to its readers."""
    rule = next((i for i in range(end - 1, -1, -1) if blocks[i].mark), -1)
    rest = [i for i in range(rule + 1, end) if i not in aside]
    if rule <= 0 or not rest or len(rest) > _MAX_LAST_PARAGRAPHS:
        return
    told = sum(len(blocks[i].text) for i in range(rule) if i not in aside and not blocks[i].mark)
    if told < sum(len(blocks[i].text) for i in rest):
        # A chapter's text stands above what is said of it.
        return
    if all(_is_plainly_note(blocks[i]) or (i > rest[0] and _signs_off(blocks[i].text)) for i in rest) and any(
        _FIRST_PERSON.search(blocks[i].text) for i in rest
    ):
        aside.update(dict.fromkeys(rest, "author's note"))


def _signs_off(text: str) -> bool:
    return len(text) < 60 and _SIGN_OFF.fullmatch(text) is not None


def tells_readers(blocks: Sequence[Block]) -> bool:
    """Whether all paragraphs of what is called a note plainly speak to the story's readers."""
    texts = [block for block in blocks if not block.mark]
    if sum(len(block.text.split()) for block in texts) > _MAX_LAST_NOTE or any(_SPEECH.search(b.text) for b in texts):
        return False
    told = sum(1 for block in texts if _TO_READERS.search(block.text) or _begs(block))
    return told * 2 >= len(texts) and all(_may_be_note(block) or _signs_off(block.text) for block in texts)


def _labelled(blocks: Sequence[Block], aside: dict[int, str]) -> None:
    """What archives print above a chapter under the names "Summary" and "Notes"."""
    at = 0
    for _ in range(3):
        while at < len(blocks) and (blocks[at].mark or at in aside):
            at += 1
        if at + 2 >= len(blocks) or not is_label(blocks[at].text):
            return
        found = _LABEL.fullmatch(blocks[at].text)
        kind = "summary" if found and "summary" in found["kind"].casefold() else "author's note"
        aside[at] = kind
        if found and not found["kind"].casefold().startswith("see") and not _SPEECH.search(blocks[at + 1].text):
            at += 1
            aside[at] = kind
            while kind != "summary" and at + 1 < len(blocks) and _is_plainly_note(blocks[at + 1]):
                at += 1
                aside[at] = kind
        at += 1


def _note_end(blocks: Sequence[Block], start: int, source: Source) -> int:
    """The index after the last paragraph of the note that begins at ``start``."""
    text = blocks[start].text
    opener = text.lstrip("*_ ")[:1]
    if opener in "[({<" and opener:
        closer = {"[": "]", "(": ")", "{": "}", "<": ">"}[opener]
        for i in range(start, min(len(blocks), start + _MAX_NOTE)):
            if closer in blocks[i].text[-4:]:
                return i + 1
            if blocks[i].mark:
                break
    found = _NOTE.match(text, 0, _NOTE_WITHIN)
    alone = found is not None and found.end() >= len(text.rstrip(" *_:.-~="))
    rule = next(
        (
            i
            for i in range(start + 1, min(len(blocks), start + _MAX_NOTE))
            if blocks[i].mark or _NOTE_END.fullmatch(blocks[i].text)
        ),
        None,
    )
    following = start + 1
    replies = alone and _REPLIES.match(text) is not None
    if rule is not None and _is_note_body(blocks[start + 1 : rule], alone, replies):
        closing = not blocks[rule].mark or (start > 0 and blocks[start - 1].mark)
        return rule + (1 if closing and not blocks[rule].mark else 0)
    if (
        rule is None
        and len(blocks) - start <= _MAX_NOTE
        and start > len(blocks) // 2
        and _is_note_body(blocks[start + 1 :], alone, replies)
    ):
        return len(blocks)
    below_text = start > 0 and blocks[start - 1].mark and not all(block.mark for block in blocks[:start])
    if rule is None and below_text and len(blocks) - start <= _MAX_NOTE:
        rest = blocks[start + 1 :]
        if sum(len(block.text.split()) for block in rest) <= _MAX_LAST_NOTE and all(map(_may_be_note, rest)):
            return len(blocks)
    if alone and following < len(blocks) and not blocks[following].mark and not _SPEECH.search(blocks[following].text):
        following += 1
    while following < len(blocks) and _is_plainly_note(blocks[following]):
        following += 1
    if following < len(blocks) and not blocks[following].mark and (alone or following - start > 1):
        source.warn(blocks[following].line, PROBLEMS["note_end_doubted"].format(line=blocks[start].line))
    return following


def _is_note_body(blocks: Sequence[Block], alone: bool, replies: bool = False) -> bool:
    """Whether what stands between a note's first paragraph and the next rule is the rest of it."""
    if not blocks:
        return True
    if any(block.mark or block.heading for block in blocks):
        return False
    if sum(len(block.text.split()) for block in blocks) > _MAX_NOTE_WORDS:
        return False
    if any(_SPEECH.search(block.text) for block in blocks):
        return False
    if replies and all(_REPLY.fullmatch(block.text) or _TO_READERS.search(block.text) for block in blocks):
        return True
    told = sum(1 for block in blocks if _TO_READERS.search(block.text) or _BEGS.match(block.text))
    return told * 2 >= len(blocks) or (
        alone and len(blocks) <= 2 and told + sum(bool(_FIRST_PERSON.search(b.text)) for b in blocks) > 0
    )


def _may_be_note(block: Block) -> bool:
    text = block.text
    if block.mark or block.heading or _SPEECH.search(text):
        return False
    return _TO_READERS.search(text) is not None or _FIRST_PERSON.search(text) is not None


def _is_plainly_note(block: Block) -> bool:
    if block.mark or block.heading or _SPEECH.search(block.text):
        return False
    told = len({word.casefold() for word in _TO_READERS.findall(block.text)})
    return (
        told >= 2
        or (told == 1 and _FIRST_PERSON.search(block.text) is not None and len(block.text) < 200)
        or is_note(block.text)
    )


def _edges(blocks: Sequence[Block], aside: dict[int, str]) -> None:
    """Endings and pleas for reviews at the end of a chapter, pleas also at its beginning."""
    kept = [i for i in range(len(blocks)) if i not in aside and not blocks[i].mark]
    if len(kept) < 2:
        return
    while len(kept) > 1 and is_edge(blocks[kept[0]].text):
        aside[kept.pop(0)] = "beginning"
    for i in kept[:3]:
        if len(blocks[i].text) < _MAX_BEG and _DISOWNS.match(blocks[i].text) and len(kept) > 3:
            aside[i] = "disclaimer"
        elif not is_note(blocks[i].text):
            break
    kept = [i for i in kept if i not in aside]
    ends = [i for i in kept[-_END_PARAGRAPHS:] if is_end(blocks[i].text)]
    if ends:
        first = ends[0]
        after = [i for i in kept if i > first]
        if all(_is_tail(blocks[i]) for i in after):
            aside.update({i: _tail_kind(blocks[i]) for i in (first, *after)})
    left = [i for i in kept if i not in aside]
    if len(left) > 2 and _signs_off(blocks[left[-1]].text) and _begs(blocks[left[-2]]):
        aside[left[-1]] = "plea"
    for i in reversed([i for i in kept if i not in aside][-3:]):
        keyed = _TAIL_KEY.fullmatch(blocks[i].text)
        contact = _is_contact(blocks[i].text)
        if not keyed and not contact and not _begs(blocks[i]):
            break
        aside[i] = keyed["kind"].casefold() if keyed else "contact" if contact else "plea"
    left = [i for i in kept if i not in aside]
    if (
        len(left) > 1
        and _begs(blocks[left[0]])
        and any(j in aside or blocks[j].mark for j in (left[0] - 1, left[0] + 1) if 0 <= j < len(blocks))
    ):
        aside[left[0]] = "plea"


def _tail_kind(block: Block) -> str:
    keyed = _TAIL_KEY.fullmatch(block.text)
    if keyed:
        return keyed["kind"].casefold()
    return "end" if is_end(block.text) else "plea" if _begs(block) else "author's note"


def _is_tail(block: Block) -> bool:
    if _is_contact(block.text):
        return True
    return is_end(block.text) or _begs(block) or _is_plainly_note(block) or _TAIL_KEY.fullmatch(block.text) is not None


def _is_contact(text: str) -> bool:
    return len(text) <= _MAX_BEG and _CONTACT.fullmatch(text) is not None


def _begs(block: Block) -> bool:
    return len(block.text) <= _MAX_BEG and _BEGS.match(block.text) is not None and not _SPEECH.search(block.text)
