"""Makes messages of what the gate has let through. Nothing else in the bot puts story text in one."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from math import ceil

import discord

from bot import strings
from bot.discord_ui.markdown import escape, write
from bot.domain.access import OPEN_RATINGS, Cleared, Place, allowed_ratings
from bot.domain.drops import MessageKind
from bot.domain.excerpt import opening
from bot.domain.passages import (
    Heading,
    ListedChapter,
    MovedScene,
    Passage,
    SerialCard,
    StoredChapter,
    StoredScene,
    StoryCard,
)
from bot.domain.ranking import FOUND
from bot.domain.settings import Settings
from bot.domain.story import Permission, Rating
from bot.services.drops import plan
from bot.services.library import Added
from bot.services.lookup import Match, is_sure
from bot.services.progress import Progress
from bot.services.releases import Release, Shown, Standing, State
from bot.services.uploads import Offer

EMBER = discord.Colour(0xC8553D)

WORDS_A_MINUTE = 230
"""Silent reading of fiction by adults, the mean of Brysbaert 2019 (238) rounded down."""

SHELF_ROWS = 12
CHOICE = 100
"""The most code points of a suggestion's name and value (Discord)."""

_ALSO_WIDTH = 110

DESCRIPTION, FIELD, SMALL = 4096, 1024, 256
"""What an embed's description, its fields' values, and its title and author hold (Discord)."""

_FACT = 120
"""What either wording of a fact that changes may take up; there are eight facts."""

_NAME = 300
"""What a name from a story may take up among others. Nothing limits how long a title is, or how many
warnings there are, and a message that is too long is not posted at all."""

_PLAIN_ADDRESS = re.compile(r"https?://[\w./?=&%#:+-]+")


def here(place: Place) -> str:
    """What this place allows, in the same words whatever was asked."""
    allowed = allowed_ratings(place)
    if allowed == frozenset(Rating):
        stories = strings.HERE_EVERY_RATING
    elif allowed:
        stories = strings.HERE_RATINGS.format(ratings=_ratings(allowed))
    else:
        stories = strings.HERE_NO_RATING
    line = strings.HERE.format(ratings=stories)
    if elsewhere := place.ratings - allowed:
        line += " " + strings.HERE_ELSEWHERE.format(ratings=_ratings(elsewhere).capitalize())
    return line


def _ratings(ratings: frozenset[Rating]) -> str:
    return _and([rating.value for rating in Rating if rating in ratings])


def _and(items: Sequence[str]) -> str:
    """Items as in a sentence: “a”, “a and b”, “a, b and c”."""
    if len(items) < 2:
        return "".join(items)
    listed = strings.LIST_TWO.format(first=items[-2], last=items[-1])
    for item in reversed(items[:-2]):
        listed = strings.LIST_MORE.format(first=item, rest=listed)
    return listed


class DiscordTypesetter:
    """A drop's messages as plain Discord Markdown, which copies well and suits screen readers."""

    limit = 1900
    """UTF-16 units. Discord takes 2,000 and does not say of what, so this leaves room."""

    def opening_card(self, chapter: Cleared[StoredChapter], settings: Settings) -> str:
        """The role to mention, then title, chapter, authors, rating, reading time and the warnings."""
        item = chapter.item
        details = " · ".join(
            [
                *([_day(item.date)] if item.date else []),
                *([_by(item.authors)] if item.authors else []),
                item.terms.rating.value,
                strings.READING_TIME.format(minutes=_minutes(item.words)),
            ]
        )
        card = strings.OPENING_CARD.format(
            title=_name(item.story_title), chapter=_chapter(item.number, item.title), details=details
        )
        if item.warnings:
            listed = _warnings(item.warnings, 2 * _NAME, hidden=settings.hide_warnings)
            card += f"\n-# {strings.OPENING_WARNINGS.format(warnings=listed)}"
        return f"<@&{settings.ping_role}>\n{card}" if settings.ping_role else card

    def part(self, chapter: Cleared[StoredChapter], scene: StoredScene, start: int, end: int) -> str:
        """A span of one scene, as its author wrote it."""
        return write(scene.text, scene.emphasis, start, end)

    def scene_break(self) -> str:
        """An ornament."""
        return strings.SCENE_BREAK

    def end_card(self, chapter: Cleared[StoredChapter], next_due: datetime | None) -> str:
        """What ended, and when it goes on."""
        name = _chapter(chapter.item.number, chapter.item.title)
        if next_due is None:
            return strings.END_CARD.format(chapter=name)
        return strings.END_CARD_NEXT.format(chapter=name, when=moment(next_due))

    def width(self, content: str) -> int:
        """Length in UTF-16 code units."""
        return _units(content)


def quote(passage: Cleared[Passage], *, hide_warnings: bool = False) -> discord.Embed:
    """A line, or a line with its context, under its story's name, behind its story's warnings."""
    item = passage.item
    text = _warned([passage], hidden=hide_warnings) + write(item.text, item.emphasis)
    return _signed(discord.Embed(description=text, colour=EMBER), item.heading)


def context(passage: Cleared[Passage], *, hide_warnings: bool = False) -> discord.Embed:
    """A line in bold among those around it; by itself where they would not fit."""
    item = passage.item
    warned = _warned([passage], hidden=hide_warnings)
    text = write(item.text, item.emphasis, highlight=item.focus)
    if _units(warned + text) > DESCRIPTION:
        text = write(item.text, item.emphasis, *item.focus, highlight=item.focus)
    embed = discord.Embed(description=warned + text, colour=EMBER)
    return _signed(embed, item.heading)


def _warned(passages: Sequence[Cleared[Passage]], *, hidden: bool) -> str:
    """The line that stands before text of these stories: what their authors warn of."""
    warnings = dict.fromkeys(warning for passage in passages for warning in passage.item.warnings)
    listed = _warnings(list(warnings), _NAME, hidden=hidden)
    return f"{strings.OPENING_WARNINGS.format(warnings=listed)}\n" if listed else ""


def matches(
    found: Sequence[Match],
    highlight: tuple[int, int] | None,
    *,
    hide_warnings: bool = False,
    title: str | None = None,
    link: str | None = None,
) -> discord.Embed:
    """The best match with the matching words in bold, and what else was close, behind all their stories' warnings.

    ``title`` stands in place of how sure it is; ``link`` leads to where the scene was posted.
    """
    best = found[0].passage.item
    sure = is_sure(found)
    start, end = best.focus
    if highlight is not None:
        start, end = start + highlight[0], start + highlight[1]
    others = [match.passage for match in found[1:] if not sure or match.score >= FOUND]
    warned = _warned([found[0].passage, *others], hidden=hide_warnings)
    text = write(best.text, best.emphasis, highlight=(start, end))
    if _units(warned + text) > DESCRIPTION:
        text = write(best.text, best.emphasis, *best.focus, highlight=(start, end))
    embed = discord.Embed(
        title=title or (strings.FOUND if sure else strings.UNSURE), description=warned + text, colour=EMBER
    )
    also = [_also(passage) for passage in others]
    if also:
        embed.add_field(name=strings.ALSO, value="\n".join(_fitting(also, FIELD)), inline=False)
    if link is not None:
        embed.add_field(name=strings.POSTED, value=strings.POSTED_LINK.format(link=link), inline=False)
    return _signed(embed, best.heading)


def fits(match: Match, *, hide_warnings: bool = False) -> bool:
    """Whether a match can be shown with all the lines around it."""
    item = match.passage.item
    warned = _warned([match.passage], hidden=hide_warnings)
    return _units(warned + write(item.text, item.emphasis, highlight=item.focus)) <= DESCRIPTION


def message_link(place: Place, channel_id: int, message_id: int) -> str:
    """The address of a message of that place's server."""
    return f"https://discord.com/channels/{place.guild_id}/{channel_id}/{message_id}"


def suggestion(match: Match, around: tuple[int, int] | None) -> str:
    """One suggestion: the line around the matching words, with story and chapter, at most 100 long."""
    item = match.passage.item
    line = item.text[item.focus[0] : item.focus[1]]
    place = strings.SUGGESTION.format(
        line="", story=opening(item.heading.story_title, 30), chapter=_plain_chapter(item.heading)
    )
    place = opening(place, CHOICE // 2)
    return _window(line, around, CHOICE - len(place) - 1) + " " + place


def story_choices(stories: Sequence[Cleared[StoryCard]]) -> list[str]:
    """Stories as suggestions: their titles, with what tells them apart where titles repeat."""
    titles = Counter(story.item.title.casefold() for story in stories)
    named: list[str] = []
    for item in (story.item for story in stories):
        again = titles[item.title.casefold()] > 1
        named.append(_titled(item.title, ", ".join(item.authors) or item.slug) if again else item.title)
    names = Counter(name.casefold() for name in named)
    for number, story in enumerate(stories):
        if names[named[number].casefold()] > 1:
            named[number] = _titled(story.item.title, story.item.slug)
    return [opening(name, CHOICE) for name in named]


def _titled(title: str, whose: str) -> str:
    whose = opening(whose, CHOICE // 2)
    return strings.STORY_CHOICE.format(title=opening(title, CHOICE - len(whose) - 3), whose=whose)


def shelf(stories: Sequence[Cleared[StoryCard]], place: Place) -> discord.Embed:
    """The stories that may be read here."""
    if not stories:
        return discord.Embed(
            title=strings.SHELF_TITLE, description=strings.SHELF_EMPTY.format(here=here(place)), colour=EMBER
        )
    rows = [
        (strings.SHELF_ROW if story.item.chapters else strings.SHELF_ROW_NOTHING).format(
            title=_name(story.item.title),
            by=_by(story.item.authors) if story.item.authors else "",
            rating=story.item.terms.rating.value,
            chapters=_chapters(story.item.chapters),
            words=f"{story.item.words:,}",
        )
        for story in stories[:SHELF_ROWS]
    ]
    rows = _fitting(rows, DESCRIPTION - FIELD)
    if len(stories) > len(rows):
        rows.append(strings.SHELF_MORE.format(count=len(stories) - len(rows)))
    embed = discord.Embed(title=strings.SHELF_TITLE, description="\n".join(rows), colour=EMBER)
    return embed.set_footer(text=here(place))


def story(
    card: Cleared[StoryCard], place: Place, *, hide_warnings: bool = False, limited: bool = False
) -> discord.Embed:
    """One story's card, its warnings behind a spoiler bar where the server wants that.

    ``limited``: its reader hides from themselves what they have not read.
    """
    item = card.item
    embed = discord.Embed(
        title=_name(item.title, SMALL), description=_name(item.summary, DESCRIPTION // 2), colour=EMBER
    )
    if item.authors:
        embed.set_author(name=_plain(", ".join(item.authors), SMALL))
    embed.add_field(
        name=strings.FIELD_WARNINGS,
        value=_warnings(item.warnings, FIELD, hidden=hide_warnings) or strings.NO_WARNINGS,
    )
    embed.add_field(name=strings.FIELD_PERMISSION, value=_permission(item.permission))
    if item.source:
        embed.add_field(name=strings.FIELD_SOURCE, value=_source(item.source), inline=False)
    details = (
        strings.STORY_DETAILS if item.chapters else strings.STORY_UNREAD if limited else strings.STORY_NOTHING
    ).format(
        rating=item.terms.rating.value,
        chapters=_chapters(item.chapters),
        words=f"{item.words:,}",
        minutes=_minutes(item.words),
    )
    return embed.set_footer(text=f"{details}\n{here(place)}")


def offer(offer: Offer) -> discord.Embed:
    """What was understood of an attached file, before anything is stored."""
    text = strings.UPLOAD
    details = text["size"].format(
        chapters=_chapters(offer.chapters), scenes=_scenes(offer.scenes), words=f"{offer.words:,}"
    )
    rows = [*([_by(offer.authors)] if offer.authors else []), details, _where_shown(offer.rating)]
    if offer.kept_rating:
        rows.append(text["kept_rating"].format(rating=offer.rating.value))
    if not offer.named:
        rows.append(text["unnamed"])
    if (changes := offer.changes) is None:
        rows.append(text["new"])
    else:
        kept, edited = changes.scenes_same, changes.scenes_edited
        rows.append(
            text["again"].format(kept=kept + edited, new=changes.scenes_new, gone=changes.scenes_gone, edited=edited)
        )
    for one in offer.restated:
        before, after = (_name(words or text["none"], _FACT) for words in (one.before, one.after))
        rows.append(text["restated"].format(fact=one.fact, before=before, after=after))
    embed = discord.Embed(title=_name(offer.called, SMALL), description="\n".join(rows), colour=EMBER)
    embed.add_field(name=strings.FIELD_PERMISSION, value=_permission(offer.permission))
    if offer.set_aside:
        pieces = [text["aside"].format(kind=escape(kind), words=f"{words:,}") for kind, words in offer.set_aside]
        embed.add_field(name=text["set_aside"], value="\n".join(_fitting(pieces, FIELD)), inline=False)
    if offer.problem_count and not offer.named:
        key = "problem_unnamed" if offer.problem_count == 1 else "problems_unnamed"
        embed.add_field(name=text["problems"], value=text[key].format(count=offer.problem_count), inline=False)
    elif offer.problem_count:
        problems = _fitting([f"- {_name(problem)}" for problem in offer.problems], FIELD - _NAME)
        if hidden := offer.problem_count - len(problems):
            problems.append(text["problems_more"].format(count=hidden))
        embed.add_field(name=text["problems"], value="\n".join(problems), inline=False)
    return embed.set_footer(text=text["nothing_stored"])


def accepted(added: Added, called: str) -> str:
    """What was stored."""
    if added.new:
        return strings.UPLOAD["stored"].format(title=_name(called))
    return strings.UPLOAD["stored_again"].format(title=_name(called), kept=added.kept_scenes, scenes=added.scenes)


def discarded(name: str) -> str:
    """That nothing was stored."""
    return strings.UPLOAD["discarded"].format(file=_name(name))


def _where_shown(rating: Rating) -> str:
    if rating is Rating.UNRATED:
        return strings.UPLOAD["unrated"]
    where = "anywhere" if rating in OPEN_RATINGS else "restricted"
    return strings.UPLOAD[where].format(rating=rating.value)


def _scenes(count: int) -> str:
    return strings.ONE_SCENE if count == 1 else strings.SCENES.format(count=count)


def top(scenes: Sequence[Cleared[MovedScene]], place: Place) -> discord.Embed:
    """The scenes that moved a server most."""
    rows: list[str] = []
    for number, cleared in enumerate(scenes, 1):
        item = cleared.item
        row = strings.TOP_ROW if item.message_id is not None else strings.TOP_ROW_NO_LINK
        rows.append(
            row.format(
                place=number,
                tallies=" ".join(f"{emoji} {readers}" for emoji, readers in item.tallies[:6]),
                story=_name(item.heading.story_title),
                chapter=_chapter(item.heading.chapter_number, None),
                scene=strings.SCENE.format(number=item.heading.scene_number),
                link=message_link(place, item.channel_id or 0, item.message_id or 0),
                opening=escape(item.opening),
            )
        )
    text = "\n".join(_fitting(rows, DESCRIPTION)) or strings.TOP_EMPTY.format(here=here(place))
    return discord.Embed(title=strings.TOP_TITLE, description=text, colour=EMBER)


def progress(set_to: Progress, place: Place) -> str:
    """Up to where a reader is shown a story, and what follows that."""
    title = _name(set_to.story.item.title)
    if not set_to.limited:
        return f"{strings.PROGRESS_OPEN.format(title=title)}\n{strings.PROGRESS_HOW}\n-# {here(place)}"
    if set_to.chapter is None:
        first = strings.PROGRESS_NOTHING.format(title=title)
    else:
        chapter = _chapter(set_to.chapter.item.number, set_to.chapter.item.title)
        sentence = strings.PROGRESS_STAYED if set_to.stayed else strings.PROGRESS_UP_TO
        first = sentence.format(title=title, chapter=chapter)
    return f"{first}\n{strings.PROGRESS_BINDS} {strings.PROGRESS_HOW}\n-# {here(place)}"


def chapter_choice(chapter: Cleared[ListedChapter]) -> str:
    """A chapter as a suggestion, or as a line of a menu: what Discord shows as it stands."""
    item = chapter.item
    return opening(_chapter_plain(item.number, item.title), CHOICE)


def shown(found: Shown, place: Place) -> discord.Embed:
    """All chapters of a story for a moderator: those around the first that readers are not shown yet."""
    first = next((n for n, standing in enumerate(found.chapters) if standing.state is State.NOT_YET), 0)
    start = max(0, first - _BEFORE)
    rows = _fitting([_shown_row(standing) for standing in found.chapters[start : start + _AROUND]], DESCRIPTION - FIELD)
    more = len(found.chapters) - start - len(rows)
    held = len(found.held_back)
    said = strings.SHOWN_HELD.format(shown=len(found.chapters) - held, chapters=_chapters(len(found.chapters)))
    before = [strings.SHOWN_BEFORE.format(count=start)] if start else []
    after = [strings.SHOWN_AFTER.format(count=more)] if more else []
    text = "\n".join([said if held else strings.SHOWN_ALL, *before, *rows, *after])
    embed = discord.Embed(title=strings.SHOWN_TITLE, description=text, colour=EMBER)
    return embed.set_footer(text=here(place))


_BEFORE, _AROUND = 3, 15
"""Chapters listed before the first that readers are not shown yet, and in all."""


def release_asked(release: Release, *, changed: bool) -> str:
    """What a release by hand would make visible, before it does."""
    asked = strings.RELEASE_ASKED.format(chapters=_numbered(release), title=_name(release.story.item.title))
    return f"{strings.RELEASE_CHANGED} {asked}" if changed else asked


def released(release: Release) -> str:
    """What a release by hand has made visible."""
    return strings.RELEASE_DONE.format(chapters=_numbered(release), title=_name(release.story.item.title))


def ahead_pages(chapter: Cleared[StoredChapter]) -> list[str]:
    """A chapter's text as it would be posted, in as few pages as an embed's description allows."""
    typesetter = DiscordTypesetter()
    pages: list[str] = []
    for message in plan(chapter, typesetter, Settings(), None):
        if message.kind in (MessageKind.OPENING, MessageKind.END):
            continue
        if pages and _units(pages[-1]) + _units(message.content) + 2 <= DESCRIPTION:
            pages[-1] += f"\n\n{message.content}"
        else:
            pages.append(message.content)
    return pages


def ahead(
    chapter: Cleared[StoredChapter], pages: Sequence[str], page: int, settings: Settings, *, shown: bool
) -> discord.Embed:
    """One page of a chapter that a moderator reads ahead; the warnings stand before the first."""
    item = chapter.item
    title = _name(_chapter_plain(item.number, item.title), SMALL)
    embed = discord.Embed(title=title, description=pages[page], colour=EMBER)
    embed.set_author(name=_plain(item.story_title, SMALL))
    if item.warnings and page == 0:
        listed = _warnings(item.warnings, FIELD, hidden=settings.hide_warnings)
        embed.add_field(name=strings.FIELD_WARNINGS, value=listed)
    text = strings.LOOK_PAGE_SHOWN if shown else strings.LOOK_PAGE
    return embed.set_footer(text=text.format(page=page + 1, pages=len(pages)))


def _shown_row(standing: Standing) -> str:
    item = standing.chapter.item
    return strings.SHOWN_ROW.format(
        chapter=_chapter(item.number, item.title), words=f"{item.words:,}", state=strings.STATES[standing.state.value]
    )


def _numbered(release: Release) -> str:
    """“chapter 4”, “chapters 4 and 5”, “chapters 4 to 19 and 21”."""
    numbers = [chapter.item.number for chapter in release.chapters]
    if len(numbers) == 1:
        return strings.ONE_NUMBERED.format(number=numbers[0])
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    named: list[str] = []
    for run in runs:
        if len(run) > 2:
            named.append(strings.NUMBERS_FROM_TO.format(first=run[0], last=run[-1]))
        else:
            named.extend(map(str, run))
    return strings.SEVERAL_NUMBERED.format(numbers=opening(_and(named), _NAME))


def _warnings(warnings: Sequence[str], limit: int, *, hidden: bool) -> str:
    listed = _name(", ".join(warnings), limit - 4)
    return f"||{listed}||" if listed and hidden else listed


def serials(cards: Sequence[Cleared[SerialCard]], elsewhere: Mapping[str, int]) -> discord.Embed:
    """How each serial of a server stands; ``elsewhere`` counts those that may not be named here, by cause."""
    rows = _fitting([_serial_row(card.item) for card in cards], DESCRIPTION - FIELD)
    rows += [strings.SERIALS_ELSEWHERE[cause].format(count=count) for cause, count in sorted(elsewhere.items())]
    return discord.Embed(
        title=strings.SERIALS_TITLE, description="\n".join(rows) or strings.SERIALS_EMPTY, colour=EMBER
    )


def help_page(place: Place, *, moderator: bool) -> discord.Embed:
    """What each role can do, and what this channel allows."""
    sections = [strings.HELP_READERS, strings.HELP_REACTIONS]
    if moderator:
        sections.append(strings.HELP_MODERATORS)
    embed = discord.Embed(title=strings.HELP_TITLE, description="\n\n".join(sections), colour=EMBER)
    return embed.set_footer(text=here(place))


def moment(when: datetime) -> str:
    """A time, shown to each reader in their own zone, and how far away it is."""
    seconds = int(when.timestamp())
    return f"<t:{seconds}:F> (<t:{seconds}:R>)"


def dates(times: Sequence[datetime], *, at_once: bool) -> str:
    """A list of times; ``at_once`` says that the first is this very moment."""
    rows = [strings.SERIAL_DATE.format(when=moment(time)) for time in times]
    if at_once:
        rows[0] = strings.SERIAL_DATE_NOW
    return "\n".join(rows)


def channel(channel_id: int) -> str:
    """A channel's name, as a link."""
    return f"<#{channel_id}>"


def _serial_row(card: SerialCard) -> str:
    values = {
        "title": _name(card.story_title),
        "channel": channel(card.channel_id),
        "posted": card.posted,
        "chapters": card.chapters,
    }
    if card.state == "paused":
        row = strings.SERIAL_ROW_NO_CHANNEL if card.reason == "channel_gone" else strings.SERIAL_ROW_PAUSED
        return row.format(**values, reason=strings.PAUSES[card.reason or ""])
    if card.next_due is None:
        return strings.SERIAL_ROW_RESTING.format(**values)
    return strings.SERIAL_ROW_ACTIVE.format(**values, when=moment(card.next_due))


def _also(passage: Cleared[Passage]) -> str:
    item = passage.item
    line = opening(item.text[item.focus[0] : item.focus[1]], _ALSO_WIDTH)
    story, chapter = _name(item.heading.story_title), _chapter(item.heading.chapter_number, None)
    return f"{escape(line)} — *{story}*, {chapter}"


def _window(line: str, around: tuple[int, int] | None, width: int) -> str:
    """As much of ``line`` as fits, with the words in ``around`` inside."""
    flat = line.replace("\n", " ")
    if len(flat) <= width:
        return flat
    start = max(0, around[0] - width // 4) if around else 0
    if start + width > len(flat):
        start = max(0, len(flat) - width + 1)
    if start == 0:
        return opening(flat, width)
    space = flat.find(" ", start)
    start = space + 1 if 0 <= space < start + 15 else start
    return "…" + opening(flat[start:], width - 1)


def _signed(embed: discord.Embed, heading: Heading) -> discord.Embed:
    embed.set_author(name=_plain(heading.story_title, SMALL))
    details = [_plain_chapter(heading), strings.SCENE.format(number=heading.scene_number)]
    if heading.authors:
        details.append(strings.BY.format(authors=_plain(", ".join(heading.authors), _NAME)))
    return embed.set_footer(text=" · ".join(details))


def _plain_chapter(heading: Heading) -> str:
    if heading.chapter_title:
        title = _plain(heading.chapter_title, _NAME)
        return strings.CHAPTER_TITLED.format(number=heading.chapter_number, title=title)
    return strings.CHAPTER.format(number=heading.chapter_number)


def _chapter_plain(number: int, title: str | None) -> str:
    name = strings.CHAPTER.format(number=number)
    return strings.CHAPTER_TITLED.format(number=number, title=title) if title else name


def _chapter(number: int, title: str | None) -> str:
    if title:
        return strings.CHAPTER_TITLED.format(number=number, title=_name(title))
    return strings.CHAPTER.format(number=number)


def _day(day: date) -> str:
    return strings.DAY.format(day=day.day, month=strings.MONTHS[day.month - 1], year=day.year)


def _permission(permission: Permission) -> str:
    """On whose word a story is here, and for what."""
    source = strings.PERMISSION[permission.source.value]
    return strings.PERMISSION_SHOWN[permission.full_text].format(source=source)


def _by(authors: Sequence[str]) -> str:
    return strings.BY.format(authors=_name(", ".join(authors)))


def _chapters(count: int) -> str:
    return strings.ONE_CHAPTER if count == 1 else strings.CHAPTERS.format(count=count)


def _minutes(words: int) -> int:
    return max(1, ceil(words / WORDS_A_MINUTE))


def _name(text: str, limit: int = _NAME) -> str:
    """``text`` escaped, in at most ``limit`` UTF-16 units."""
    # No code point takes up more than two units once it is escaped.
    return shown if _units(shown := escape(text)) <= limit else escape(opening(text, limit // 2))


def _plain(text: str, limit: int) -> str:
    """``text`` for where Discord reads no markup, in at most ``limit`` UTF-16 units."""
    return text if _units(text) <= limit else opening(text, limit // 2)


def _source(source: str) -> str:
    """Where a story comes from: a link if it is an address and nothing else."""
    if _PLAIN_ADDRESS.fullmatch(source) and _units(source) <= FIELD:
        return source
    return _name(source, FIELD)


def _fitting(rows: Sequence[str], limit: int) -> list[str]:
    """The first of ``rows`` that fit together, each on a line of its own."""
    kept: list[str] = []
    for row in rows:
        limit -= _units(row) + 1
        if limit < -1:
            break
        kept.append(row)
    return kept


def _units(text: str) -> int:
    """Length in UTF-16 code units, in which Discord may count."""
    return len(text.encode("utf-16-le")) // 2
