"""What people see: every message and embed, with ordinary stories and with the worst ones."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import discord
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import strings
from bot.discord_ui import render
from bot.discord_ui.render import DiscordTypesetter
from bot.domain.access import Place
from bot.domain.drops import MessageKind
from bot.domain.excerpt import opening
from bot.domain.passages import ListedChapter, Passage
from bot.domain.settings import Settings
from bot.domain.story import (
    ChapterId,
    Emphasis,
    LineId,
    Permission,
    PermissionFor,
    PermissionFrom,
    Rating,
    SceneId,
    StoryId,
)
from bot.services.drops import plan
from bot.services.lookup import Match
from bot.services.progress import Progress
from bot.services.releases import Release, Shown, Standing, State
from tests.support import here
from tests.support.builders import (
    NOON,
    adult_place,
    cleared,
    heading,
    moved_scene,
    open_place,
    passage,
    serial_card,
    stored_chapter,
    stored_scene,
    story_card,
    terms,
)
from tests.support.laws import LAW, emphasis_in, story_text
from tests.support.markdown_reader import BOLD, ITALIC, as_discord_reads, read_back

TEXT = "He never looked back. The river remembers every oar. Nobody answered."
LINE = "The river remembers every oar."

NASTY = "@everyone **x** <@1> [a](https://a.example) ||b|| `c` _d_ :fire:"
"""A name that wants to be a mention, a link and much else."""

LONG = "*" * 400
"""A name of which every character needs a backslash."""


def units(text: str | None) -> int:
    return len((text or "").encode("utf-16-le")) // 2


def assert_fits(embed: discord.Embed) -> None:
    """Within Discord's limits, counted in whichever unit is larger."""
    assert units(embed.title) <= 256
    assert units(embed.description) <= 4096
    assert units(embed.footer.text) <= 2048
    assert units(embed.author.name) <= 256
    assert len(embed.fields) <= 25
    for field in embed.fields:
        assert 1 <= units(field.name) <= 256
        assert 1 <= units(field.value) <= 1024
    texts = [embed.title, embed.description, embed.footer.text, embed.author.name]
    texts += [text for field in embed.fields for text in (field.name, field.value)]
    assert sum(map(units, texts)) <= 6000


def everything(embed: discord.Embed) -> str:
    """All that can be read in it, markup undone."""
    marked = [embed.title, embed.description, *(f.value for f in embed.fields)]
    plain = [embed.author.name, embed.footer.text]
    return "\n".join([as_discord_reads(text).text for text in marked if text] + [t for t in plain if t])


def made(*contents: str | None) -> list[str]:
    """What Discord would make of the contents beside text and emphasis."""
    return [thing for content in contents if content for thing in as_discord_reads(content).made]


def match(item: Passage, score: float = 0.9) -> Match:
    return Match(cleared(item), score)


# ------------------------------------------------------------------------------------------------ quotes


def test_a_quote_shows_the_line_its_story_chapter_and_author():
    embed = render.quote(cleared(passage(LINE)))

    assert embed.description == LINE
    assert embed.author.name == "The Salt Door"
    assert embed.footer.text == "Chapter 2: Nine for breakage · scene 3 · by Peg Lanyon"


def test_a_quote_without_authors_or_chapter_title_leaves_them_out():
    embed = render.quote(cleared(passage(LINE, heading=heading(authors=[], chapter_title=None))))
    assert embed.footer.text == "Chapter 2 · scene 3"


def test_a_quote_keeps_its_authors_italics():
    run = Emphasis(LINE.index("every"), LINE.index("every") + 5, italic=True, bold=False)
    embed = render.quote(cleared(passage(LINE, emphasis=[run])))

    assert as_discord_reads(embed.description or "").styled(ITALIC) == "every"


def test_context_shows_the_line_in_bold_among_its_neighbours():
    embed = render.context(cleared(passage(TEXT, focus=LINE)))
    reading = as_discord_reads(embed.description or "")

    assert reading.text == TEXT
    assert reading.styled(BOLD) == LINE


@pytest.mark.parametrize("character", ["*", "😭", "_", "a"])
def test_context_fits_whatever_its_lines_are_made_of(character: str):
    lines = [character * 300 for _ in range(7)]
    text = "\n".join(lines)
    item = passage(text)
    focus = (3 * 301, 3 * 301 + 300)
    embed = render.context(
        cleared(Passage(heading=item.heading, text=text, emphasis=(), focus=focus, line_id=LineId(1), terms=item.terms))
    )

    assert_fits(embed)
    assert character * 300 in as_discord_reads(embed.description or "").styled(BOLD)


# -------------------------------------------------------------------------------------------------- find


def test_the_best_match_shows_the_remembered_words_in_bold():
    start = LINE.index("river")
    embed = render.matches([match(passage(TEXT, focus=LINE))], (start, start + len("river remembers")))
    reading = as_discord_reads(embed.description or "")

    assert embed.title == strings.FOUND
    assert reading.text == TEXT
    assert reading.styled(BOLD) == "river remembers"
    assert embed.fields == []


def test_without_the_words_the_whole_line_is_in_bold():
    embed = render.matches([match(passage(TEXT, focus=LINE))], None)
    assert as_discord_reads(embed.description or "").styled(BOLD) == LINE


def test_other_sure_matches_are_named_beside_a_sure_one():
    others = [match(passage("Another river.", line_id=2), 0.6), match(passage("A brook.", line_id=3), 0.3)]
    embed = render.matches([match(passage(LINE)), *others], None)
    (field,) = embed.fields

    assert field.name == strings.ALSO
    assert field.value == "Another river. — *The Salt Door*, Chapter 2"


def test_an_unsure_match_says_so_and_shows_all_that_is_close():
    others = [match(passage("Another river.", line_id=2), 0.3), match(passage("A brook.", line_id=3), 0.2)]
    embed = render.matches([match(passage(LINE), 0.4), *others], None)

    assert embed.title == strings.UNSURE
    assert [line.split(" — ")[0] for line in (embed.fields[0].value or "").splitlines()] == [
        "Another river.",
        "A brook.",
    ]


def test_long_matches_leave_whole_rows_out_instead_of_cutting_one():
    others = [match(passage(LONG[:300], line_id=n, heading=heading(LONG))) for n in range(2, 7)]
    embed = render.matches([match(passage(LINE)), *others], None)

    assert_fits(embed)
    for row in (embed.fields[0].value or "").splitlines():
        read_back(row)  # fails on half a backslash or an open emphasis
        assert row.endswith("Chapter 2")


@LAW
@given(
    line=story_text(min_size=1, max_pieces=80),
    title=story_text(min_size=1),
    chapter=st.one_of(st.none(), story_text(min_size=1)),
    data=st.data(),
)
def test_a_suggestion_is_as_long_as_discord_takes_it(line: str, title: str, chapter: str | None, data: st.DataObject):
    around = data.draw(
        st.one_of(st.none(), st.tuples(*[st.integers(0, len(line))] * 2).map(lambda pair: (min(pair), max(pair))))
    )
    item = passage(line, heading=heading(title, chapter_title=chapter))
    shown = render.suggestion(match(item), around)

    assert 1 <= len(shown) <= render.CHOICE
    assert "\n" not in shown


def test_a_suggestion_shows_the_line_and_where_it_stands():
    item = passage(LINE, heading=heading("The Salt Door", chapter_title=None))
    assert render.suggestion(match(item), None) == "The river remembers every oar. — The Salt Door, Chapter 2"


@pytest.mark.parametrize("word", ["alpha", "delta", "kappa", "omega"])
def test_a_suggestion_of_a_long_line_shows_the_words_that_were_typed(word: str):
    filler = " and then some more of the same "
    line = filler.join(["alpha", "beta", "gamma", "delta", "epsilon", "kappa", "lambda", "omega"])
    around = (line.index(word), line.index(word) + len(word))

    assert word in render.suggestion(match(passage(line)), around)


# ------------------------------------------------------------------------------------------------- shelf


def test_the_shelf_names_every_story_and_what_this_channel_allows():
    stories = [
        cleared(story_card("The Salt Door")),
        cleared(story_card("One Page", story_id=2, chapters=1, authors=[])),
    ]
    embed = render.shelf(stories, open_place())
    text = everything(embed)

    assert "The Salt Door by Peg Lanyon" in text
    assert "teen · 5 chapters · 4,600 words" in text
    assert "One Page" in text
    assert "1 chapter ·" in text
    assert embed.footer.text == here.OPEN


def test_an_empty_shelf_says_what_this_channel_allows():
    embed = render.shelf([], adult_place())
    assert here.RESTRICTED in (embed.description or "")


@pytest.mark.parametrize("title", ["A Story", LONG])
def test_a_full_shelf_says_how_many_more_there_are(title: str):
    stories = [cleared(story_card(title, story_id=n, authors=[title])) for n in range(1, 41)]
    embed = render.shelf(stories, open_place())
    more = (embed.description or "").splitlines()[-1]

    assert_fits(embed)
    shown = sum(line.startswith("**") for line in (embed.description or "").splitlines())
    assert more == strings.SHELF_MORE.format(count=40 - shown)


def test_a_storys_card_tells_what_there_is_to_know():
    card = story_card(
        warnings=["Violence", "Broken bones"],
        source="https://a.example/works/under_the_door",
        permission=Permission(PermissionFrom.LICENCE, PermissionFor.FULL_TEXT),
    )
    embed = render.story(cleared(card), open_place())
    fields = {field.name: field.value for field in embed.fields}

    assert (embed.title, embed.author.name, embed.description) == (
        "The Salt Door",
        "Peg Lanyon",
        "A loaf, a door, a goat.",
    )
    assert fields[strings.FIELD_WARNINGS] == "Violence, Broken bones"
    assert fields[strings.FIELD_PERMISSION] == "its licence: the full text"
    assert made(fields[strings.FIELD_SOURCE]) == ["address: https://a.example/works/under_the_door"]
    assert "teen · 5 chapters · 4,600 words · 20 min of reading" in (embed.footer.text or "")
    assert here.OPEN in (embed.footer.text or "")


def test_a_storys_card_leaves_out_what_is_not_known():
    embed = render.story(cleared(story_card(authors=[], warnings=[], source="", summary="")), open_place())
    fields = {field.name: field.value for field in embed.fields}

    assert embed.author.name is None
    assert fields[strings.FIELD_WARNINGS] == strings.NO_WARNINGS
    assert strings.FIELD_SOURCE not in fields


@pytest.mark.parametrize("source", PermissionFrom)
def test_every_kind_of_permission_has_its_words(source: PermissionFrom):
    card = story_card(permission=Permission(source, PermissionFor.EXCERPTS))
    embed = render.story(cleared(card), open_place())
    said = {field.value for field in embed.fields}
    assert f"{strings.PERMISSION[source.value]}: quotes and search only" in said


def test_a_source_that_is_no_plain_address_is_no_link():
    embed = render.story(cleared(story_card(source="[free](https://a.example) https://b.example/||x||")), open_place())
    assert made(*(field.value for field in embed.fields)) == []


# --------------------------------------------------------------------------------------------------- top


def test_the_top_names_each_scene_with_its_reactions_and_a_way_there():
    embed = render.top([cleared(moved_scene(tallies=[("❤️", 3), ("😭", 1)]))], open_place())

    assert embed.title == strings.TOP_TITLE
    assert "**1.** ❤️ 3 😭 1" in (embed.description or "")
    assert "[The Salt Door, Chapter 2, scene 3](https://discord.com/channels/100/10/555)" in (embed.description or "")
    assert "The river remembers" in (embed.description or "")


def test_a_scene_whose_messages_are_gone_has_no_link():
    embed = render.top([cleared(moved_scene(message_id=None))], open_place())
    assert "The Salt Door, Chapter 2, scene 3" in (embed.description or "")
    assert "https://" not in (embed.description or "")


def test_where_nobody_has_reacted_it_says_how_to():
    embed = render.top([], open_place())
    assert embed.description == strings.TOP_EMPTY.format(here=here.OPEN)


# ----------------------------------------------------------------------------------------------- serials


def test_serials_are_shown_with_where_and_when():
    embed = render.serials([cleared(serial_card(posted=2, chapters=5, next_due=NOON))], {})
    assert embed.description == ("**The Salt Door** in <#10>: 2 of 5 posted. Next: <t:1767268800:F> (<t:1767268800:R>)")


@pytest.mark.parametrize("reason", strings.PAUSES)
def test_a_paused_serial_says_why_and_how_it_goes_on(reason: str):
    embed = render.serials([cleared(serial_card(state="paused", reason=reason))], {})

    assert strings.PAUSES[reason] in (embed.description or "")
    assert "/serial now" in (embed.description or "")


def test_a_resting_serial_says_so():
    embed = render.serials([cleared(serial_card(state="resting", next_due=None, posted=5))], {})
    assert "all 5 posted" in (embed.description or "")


def test_serials_that_may_not_be_named_here_are_counted():
    said = render.serials([], {"rating": 2, "withdrawn": 3}).description or ""
    assert said.splitlines() == [
        strings.SERIALS_ELSEWHERE["rating"].format(count=2),
        strings.SERIALS_ELSEWHERE["withdrawn"].format(count=3),
    ]
    assert render.serials([], {}).description == strings.SERIALS_EMPTY


def test_very_many_serials_leave_whole_rows_out():
    cards = [cleared(serial_card(n, story_title=LONG[:200])) for n in range(60)]
    embed = render.serials(cards, {"restricted": 3})

    assert_fits(embed)
    rows = (embed.description or "").splitlines()
    assert rows[-1] == strings.SERIALS_ELSEWHERE["restricted"].format(count=3)
    assert all(row.endswith(":R>)") for row in rows[:-1])


def test_a_moment_is_shown_in_each_readers_own_time():
    assert render.moment(NOON + timedelta(microseconds=999_999)) == "<t:1767268800:F> (<t:1767268800:R>)"


def test_the_first_date_is_now_where_it_is():
    later = NOON + timedelta(days=1)
    assert render.dates([NOON, later], at_once=True).splitlines() == [
        strings.SERIAL_DATE_NOW,
        strings.SERIAL_DATE.format(when=render.moment(later)),
    ]
    assert render.moment(NOON) in render.dates([NOON], at_once=False)


# -------------------------------------------------------------------------------------------------- help


def test_help_tells_moderators_more_than_readers():
    reader = render.help_page(open_place(), moderator=False).description or ""
    moderator = render.help_page(open_place(), moderator=True).description or ""

    assert "/quote" in reader
    assert "/serial" not in reader
    assert moderator.startswith(reader)
    assert "/serial start" in moderator


def test_what_a_channel_allows_is_said_in_the_same_words_everywhere():
    for place, words in ((open_place(), here.OPEN), (adult_place(), here.RESTRICTED)):
        assert render.here(place) == words
        assert render.help_page(place, moderator=False).footer.text == words


# ------------------------------------------------------------------------------------------------- drops


def test_the_opening_card_tells_what_follows():
    scene = stored_scene("word " * 460)
    chapter = stored_chapter(scene, warnings=["Violence", "Grief"], terms=terms(Rating.MATURE))
    card = DiscordTypesetter().opening_card(cleared(chapter), Settings())

    assert card.splitlines() == [
        "## The Salt Door",
        "**Chapter 2: Nine for breakage**",
        "-# by Peg Lanyon · mature · 2 min",
        "-# Warnings: Violence, Grief",
    ]


def test_the_opening_card_leaves_out_what_is_not_known():
    chapter = stored_chapter(title=None, authors=[])
    card = DiscordTypesetter().opening_card(cleared(chapter), Settings())
    assert card.splitlines() == ["## The Salt Door", "**Chapter 2**", "-# teen · 1 min"]


def test_the_end_card_says_what_ended_and_when_it_goes_on():
    typesetter, chapter = DiscordTypesetter(), cleared(stored_chapter())

    assert typesetter.end_card(chapter, None) == (
        "-# End of Chapter 2: Nine for breakage · React to the part that moved you."
    )
    assert typesetter.end_card(chapter, NOON).endswith(f"Next: {render.moment(NOON)}")


def test_cards_fit_whatever_the_story_is_called():
    chapter = cleared(stored_chapter(title=LONG, story_title=LONG, authors=[LONG] * 5, warnings=[LONG] * 50))
    typesetter = DiscordTypesetter()

    for card in (typesetter.opening_card(chapter, Settings()), typesetter.end_card(chapter, NOON)):
        assert typesetter.width(card) <= typesetter.limit


def test_width_counts_as_discord_may():
    assert DiscordTypesetter().width("a😭") == 3


class _Narrow(DiscordTypesetter):
    limit = 120


@st.composite
def _scenes(draw: st.DrawFn):
    text = draw(story_text(min_size=1, max_pieces=80))
    return stored_scene(text, emphasis=draw(emphasis_in(text)))


@LAW
@given(scene=_scenes())
def test_the_parts_of_a_scene_read_together_are_the_scene(scene):
    """Undoing the rendering of each part gives its span, white space at the edges aside."""
    typesetter = _Narrow()
    planned = plan(cleared(stored_chapter(scene)), typesetter, Settings(), None)
    parts = [message for message in planned if message.kind is MessageKind.PART]

    assert [part.start for part in parts] == [0, *(part.end for part in parts)][: len(parts)]
    assert parts[-1].end == len(scene.text)
    for part in parts:
        assert read_back(part.content).text == scene.text[part.start : part.end].strip()
        assert typesetter.width(part.content) <= typesetter.limit


# ----------------------------------------------------------------------- names that want to be something else


def test_no_name_becomes_markup_anywhere():
    card = story_card(NASTY, authors=[NASTY], warnings=[NASTY], summary=NASTY, source=NASTY)
    line = passage(NASTY, heading=heading(NASTY, authors=[NASTY], chapter_title=NASTY))
    chapter = cleared(stored_chapter(title=NASTY, story_title=NASTY, authors=[NASTY], warnings=[NASTY]))
    place = open_place()
    typesetter = DiscordTypesetter()
    shelf, story = render.shelf([cleared(card)], place), render.story(cleared(card), place)
    top = render.top([cleared(moved_scene(NASTY, heading=line.heading, message_id=None))], place)
    found = render.matches([match(line), match(line)], None)
    row = render.serials([cleared(serial_card(story_title=NASTY, state="resting", next_due=None))], {})
    texts = [render.quote(cleared(line)).description, found.description, story.title, story.description]
    texts += [field.value for field in (*story.fields, *found.fields)]

    assert made(*texts) == []
    # The rest begins with small print or a heading of our own, and nothing else is made of it.
    for text in (shelf.description, top.description, typesetter.opening_card(chapter, Settings())):
        assert {thing.split(":")[0] for thing in made(text)} <= {"subtext", "heading"}
    assert {thing.split(":")[0] for thing in made(typesetter.end_card(chapter, None))} == {"subtext"}
    assert [thing.split(":")[0] for thing in made(row.description)] == ["mention"], "the channel, no more"
    for embed in (shelf, story):
        assert NASTY in everything(embed)


@pytest.mark.parametrize("name", [LONG, "😭" * 300, "a" * 5000, "long name " * 60])
def test_everything_fits_whatever_the_story_is_called(name: str):
    card = cleared(story_card(name, authors=[name] * 3, warnings=[name] * 9, summary=name * 3, source=name, slug="x"))
    line = passage(LINE, heading=heading(name, authors=[name] * 3, chapter_title=name))
    scene = moved_scene(
        opening(name, 90),
        heading=line.heading,
        tallies=[("<a:thirty_two_characters_long_emoji_:12345678901234567890>", 99)] * 8,
    )
    place = open_place()
    for embed in (
        render.quote(cleared(line)),
        render.context(cleared(line)),
        render.matches([match(line)] * 6, None),
        render.shelf([card] * 30, place),
        render.story(card, place),
        render.top([cleared(scene)] * 5, place),
        render.serials(
            [cleared(serial_card(story_title=name, state="paused", reason="channel_gone"))] * 30, {"rating": 1}
        ),
    ):
        assert_fits(embed)
        assert (embed.description or "").strip()
    assert len(render.suggestion(match(line), None)) <= render.CHOICE


# ------------------------------------------------------------------------- how far a reader has come, and ahead


def listed_chapter(number: int = 2, title: str | None = "Nine for breakage", *, words: int = 900) -> ListedChapter:
    return ListedChapter(
        id=ChapterId(number),
        story_id=StoryId(1),
        number=number,
        title=title,
        words=words,
        scenes=(SceneId(number * 10),),
        terms=terms(),
    )


def kept(
    number: int | None = 2, *, limited: bool = True, stayed: bool = False, title: str = "The Salt Door"
) -> Progress:
    chapter = cleared(listed_chapter(number)) if number is not None else None
    return Progress(cleared(story_card(title)), limited=limited, chapter=chapter, stayed=stayed)


def test_progress_says_how_far_and_what_follows_from_it():
    said = render.progress(kept(), open_place())
    assert said.startswith("“The Salt Door”: you have read up to Chapter 2: Nine for breakage.")
    assert strings.PROGRESS_BINDS in said
    assert said.endswith(f"-# {here.OPEN}")
    assert "further already, so it stays at Chapter 2" in render.progress(kept(stayed=True), open_place())
    assert "read nothing of it yet" in render.progress(kept(None), open_place())
    free = render.progress(kept(None, limited=False), open_place())
    assert strings.PROGRESS_BINDS not in free
    assert "hide nothing" in free


def test_progress_fits_and_makes_nothing_of_a_name():
    for name in (NASTY, LONG, "😭" * 300):
        said = render.progress(kept(title=name), adult_place())
        assert units(said) <= 2000
    said = render.progress(kept(title=NASTY), adult_place())
    assert [thing for thing in made(said) if not thing.startswith("subtext")] == []


def shown(*states: State, title: str | None = "Nine for breakage") -> Shown:
    chapters = [Standing(cleared(listed_chapter(n, title)), state) for n, state in enumerate(states, 1)]
    return Shown(cleared(story_card()), chapters)


def test_a_moderator_sees_how_every_chapter_stands():
    embed = render.shown(shown(State.POSTED, State.RELEASED, State.NOT_YET), open_place())
    first, *rows = (embed.description or "").splitlines()
    assert "shown 2 of 3 chapters" in first
    assert rows == [
        "**Chapter 1: Nine for breakage** · 900 words · posted",
        "**Chapter 2: Nine for breakage** · 900 words · shown to readers",
        "**Chapter 3: Nine for breakage** · 900 words · not yet",
    ]
    assert strings.SHOWN_ALL in (render.shown(shown(State.POSTED), open_place()).description or "")


@pytest.mark.parametrize("title", ["A Chapter", LONG])
@pytest.mark.parametrize("posted", [0, 1, 40, 99, 100])
def test_of_many_chapters_those_around_the_first_to_come_are_listed(posted: int, title: str):
    embed = render.shown(shown(*[State.POSTED] * posted, *[State.NOT_YET] * (100 - posted), title=title), open_place())
    assert_fits(embed)
    rows = (embed.description or "").splitlines()
    listed = [int(row.split("Chapter ")[1].split(":")[0]) for row in rows if row.startswith("**")]
    before = [int(row.split()[1]) for row in rows if "before these" in row]
    after = [int(row.split()[2]) for row in rows if row.startswith("… and")]
    assert listed == list(range(listed[0], listed[-1] + 1))
    assert sum(before) == listed[0] - 1
    assert sum(after) == 100 - listed[-1]
    if posted < 100:
        assert posted + 1 in listed


@pytest.mark.parametrize(
    ("numbers", "words"),
    [
        ([4], "chapter 4"),
        ([4, 5], "chapters 4 and 5"),
        ([4, 5, 6], "chapters 4 to 6"),
        ([2, 4, 5, 6, 9], "chapters 2, 4 to 6 and 9"),
    ],
)
def test_a_release_names_its_chapters(numbers: list[int], words: str):
    release = Release(cleared(story_card()), [cleared(listed_chapter(n)) for n in numbers])
    asked = render.release_asked(release, changed=False)
    assert f"able to quote and find {words} of “The Salt Door”" in asked
    assert "cannot be taken back" in asked
    assert render.release_asked(release, changed=True).endswith(asked)
    assert render.released(release) == f"Readers here can now quote and find {words} of “The Salt Door”."


def test_a_release_of_very_many_chapters_fits():
    release = Release(cleared(story_card(LONG)), [cleared(listed_chapter(n)) for n in range(1, 4000, 2)])
    assert units(render.release_asked(release, changed=True)) <= 2000


@LAW
@given(scenes=st.lists(story_text(min_size=1, max_pieces=80), min_size=1, max_size=4))
def test_the_pages_of_a_chapter_read_ahead_are_what_would_be_posted(scenes: list[str]):
    chapter = cleared(stored_chapter(*[stored_scene(text, scene_id=n) for n, text in enumerate(scenes, 1)]))
    pages = render.ahead_pages(chapter)
    posted = [m.content for m in plan(chapter, DiscordTypesetter(), Settings(), None)][1:-1]
    assert "\n\n".join(pages) == "\n\n".join(posted)
    for number in range(len(pages)):
        assert_fits(render.ahead(chapter, pages, number, Settings(), shown=False))


def test_a_page_read_ahead_says_who_sees_it_and_warns_before_the_first():
    chapter = cleared(stored_chapter(warnings=["Violence"], title=NASTY, story_title=NASTY))
    first = render.ahead(chapter, ["One.", "Two."], 0, Settings(hide_warnings=True), shown=False)
    second = render.ahead(chapter, ["One.", "Two."], 1, Settings(hide_warnings=True), shown=True)
    assert [field.value for field in first.fields] == ["||Violence||"]
    assert second.fields == []
    assert first.footer.text == strings.LOOK_PAGE.format(page=1, pages=2)
    assert second.footer.text == strings.LOOK_PAGE_SHOWN.format(page=2, pages=2)
    assert made(first.title) == []


def test_warnings_stand_behind_a_spoiler_bar_where_the_server_wants_that():
    chapter = cleared(stored_chapter(warnings=["Violence", "a || b"]))
    for hidden in (False, True):
        bar = "||" if hidden else ""
        listed = f"{bar}Violence, a \\|\\| b{bar}"
        card = DiscordTypesetter().opening_card(chapter, Settings(hide_warnings=hidden))
        assert card.splitlines()[-1] == f"-# Warnings: {listed}"
        story = render.story(cleared(story_card(warnings=["Violence", "a || b"])), open_place(), hide_warnings=hidden)
        assert story.fields[0].value == listed
    none = render.story(cleared(story_card(warnings=[])), open_place(), hide_warnings=True)
    assert none.fields[0].value == strings.NO_WARNINGS


def test_the_opening_card_mentions_the_role_that_is_to_be_told():
    card = DiscordTypesetter().opening_card(cleared(stored_chapter()), Settings(ping_role=77))
    assert card.splitlines()[0] == "<@&77>"


@pytest.mark.parametrize("ratings", [[], ["general"], ["general", "mature"], ["explicit"], ["teen", "unrated"]])
@pytest.mark.parametrize("restricted", [False, True])
def test_the_line_names_what_moderators_allow_as_far_as_the_channel_does(ratings: list[str], restricted: bool):
    allowed = frozenset(map(Rating, ratings))
    line = render.here(Place(100, 10, restricted, allowed))
    here_part, _, elsewhere = line.partition("; serials up to what has been posted.")
    for rating in Rating:
        adult = rating not in (Rating.GENERAL, Rating.TEEN)
        assert (rating.value in here_part) == (rating in allowed and (restricted or not adult))
        assert (rating.value in elsewhere.casefold()) == (rating in allowed and adult and not restricted)


# --------------------------------------------------------------- warnings before text, and stories without any


@pytest.mark.parametrize(("hidden", "line"), [(False, "Warnings: Violence"), (True, "Warnings: ||Violence||")])
def test_a_storys_warnings_stand_before_its_text_wherever_that_is_shown(hidden: bool, line: str):
    warned = passage(TEXT, focus=LINE, warnings=["Violence"])
    for embed in (
        render.quote(cleared(warned), hide_warnings=hidden),
        render.context(cleared(warned), hide_warnings=hidden),
        render.matches([match(warned)], None, hide_warnings=hidden),
    ):
        first, rest = (embed.description or "").split("\n", 1)
        assert first == line
        assert as_discord_reads(rest).text == TEXT


def test_a_match_is_warned_of_for_every_story_that_is_shown_beside_it():
    found = [match(passage(LINE)), match(passage("A brook.", line_id=2, warnings=["Flood", "Death"]))]
    assert (render.matches(found, None).description or "").startswith("Warnings: Flood, Death\n")
    unlikely = [found[0], match(found[1].passage.item, 0.1)]
    assert render.matches(unlikely, None).description == f"**{LINE}**", "it is not shown, so nobody is warned"


def test_a_story_without_warnings_has_no_line_of_them():
    assert render.quote(cleared(passage(LINE))).description == LINE


@pytest.mark.parametrize("name", ["||", NASTY, LONG, "😭" * 3000])
def test_warnings_fit_and_stay_behind_their_bar(name: str):
    text = "\n".join("x" * 300 for _ in range(13))
    warned = replace(passage(text, warnings=[name] * 9), focus=(301, 601))
    for embed in (
        render.context(cleared(warned), hide_warnings=True),
        render.matches([match(warned)], None, hide_warnings=True),
    ):
        assert_fits(embed)
        first = (embed.description or "").split("\n", 1)[0]
        assert sorted(thing.split(":")[0] for thing in made(first)) == ["spoiler"]


def test_a_story_of_which_nothing_is_shown_says_so_kindly():
    empty = cleared(story_card(chapters=0, words=0))
    for limited, said in ((False, "Nothing of it has been posted here yet."), (True, "/progress")):
        footer = render.story(empty, open_place(), limited=limited).footer.text or ""
        assert said in footer
        assert "min of reading" not in footer
    row = render.shelf([empty], open_place()).description or ""
    assert "nothing of it to read here yet" in row
    assert "0 words" not in row


def test_stories_are_told_apart_where_titles_repeat():
    stories = [
        story_card("Salt", story_id=1, authors=["Peg"]),
        story_card("SALT", story_id=2, authors=["Tam", "Ilse"]),
        story_card("Bread", story_id=3),
    ]
    assert render.story_choices([cleared(s) for s in stories]) == ["Salt — Peg", "SALT — Tam, Ilse", "Bread"]


def test_stories_of_one_author_and_title_are_told_apart_by_their_short_names():
    stories = [story_card("Salt", story_id=n, slug=slug) for n, slug in enumerate(("salt", "salt-2"))]
    assert render.story_choices([cleared(s) for s in stories]) == ["Salt — salt", "Salt — salt-2"]


@pytest.mark.parametrize("name", [LONG, "😭" * 300])
def test_long_titles_and_authors_fit_into_a_suggestion(name: str):
    stories = [cleared(story_card(name, story_id=n, slug=f"s-{n}", authors=[name])) for n in range(2)]
    named = render.story_choices(stories)
    assert max(map(len, named)) <= render.CHOICE
    assert len(set(named)) == 2
