"""Moderators look ahead, and release chapters by hand."""

from __future__ import annotations

import pytest

from bot import strings
from bot.discord_ui import shelfviews
from tests.journeys.conftest import Person
from tests.support.stories import tale

SERIAL = "The Salt Door"
ADULT = "Nine Men and a Piano"
SHOW = f'/library show story:"{SERIAL}"'
LATER = "Nettle got out the tape and found the crease"


@pytest.fixture
async def serial(moderator):
    await moderator.reads(f'/serial start story:"{SERIAL}" channel:#chapters first:now every:day')


class Desk:
    """A moderator's private page, and its menus."""

    def __init__(self, world, actor="moderator", channel="mods") -> None:
        self.world = world
        self.actor = world.server.actors[actor]
        self.channel = world.server.channels[channel]
        self.person = Person(world, actor, channel)

    def page(self, back=1):
        sights = [s for s in self.world.sights(self.actor, self.channel) if s.private]
        return self.world.message(self.channel, sights[-back])

    def menu(self, what, back=1):
        for row in self.page(back).components:
            for item in row.children:
                if item.custom_id.startswith(f"shelf:1:{what}:"):
                    return item
        raise AssertionError(f"no menu to {what}")

    async def choose(self, what, label, back=1):
        menu = self.menu(what, back)
        value = next(option.value for option in menu.options if option.label.startswith(label))
        return await self.actor.select(self.page(back), [value], custom_id=menu.custom_id)


@pytest.fixture
def desk(world):
    return Desk(world)


async def test_the_page_says_how_every_chapter_stands(serial, desk):
    shown = await desk.person.reads(SHOW)
    assert desk.page().flags.ephemeral
    rows = [line for line in shown.splitlines() if line.startswith("**Chapter")]
    assert len(rows) == 5
    assert "· posted" in rows[0]
    assert all("· not yet" in row for row in rows[1:])
    assert "shown 1 of 5 chapters" in shown
    assert [option.label[:9] for option in desk.menu("release").options] == [f"Chapter {n}" for n in (2, 3, 4, 5)]


async def test_a_release_by_hand_says_first_what_becomes_visible(serial, desk, reader):
    assert (await reader.does(f'/find words:"{LATER}"')).error is not None
    await desk.person.does(SHOW)
    asked = await desk.choose("release", "Chapter 5")
    assert "chapters 2 to 5 of “The Salt Door”" in asked.response.content
    assert "cannot be taken back" in asked.response.content
    assert (await reader.does(f'/find words:"{LATER}"')).error is not None, "nothing happens before it is confirmed"
    done = await desk.person.reads(f'press "{strings.BUTTON_RELEASE}"')
    assert "can now quote and find chapters 2 to 5" in done
    assert "found the crease" in (await reader.reads(f'/find words:"{LATER}"')).replace("**", "")
    assert strings.SHOWN_ALL in await desk.person.reads(SHOW)


async def test_a_chapter_can_be_read_ahead_page_by_page(serial, desk, reader, world):
    await desk.person.does(SHOW)
    first = await desk.choose("look", "Chapter 5")
    assert first.ephemeral
    texts = []
    while True:
        embed = desk.page().embeds[0]
        texts.append(embed.description)
        assert len(embed.description) <= 4096
        assert "Only you see this" in embed.footer.text
        buttons = {item.label: item for row in desk.page().components for item in row.children}
        if buttons[strings.BUTTON_ON].disabled:
            break
        await desk.actor.click(desk.page(), label=strings.BUTTON_ON)
    assert len(set(texts)) == len(texts)
    assert len(texts) == 2
    await desk.actor.click(desk.page(), label=strings.BUTTON_BACK)
    assert desk.page().embeds[0].description == texts[0]
    assert len(" ".join(texts).split()) > 500


async def test_the_menus_outlive_a_restart(serial, desk):
    await desk.person.does(SHOW)
    await desk.person.does("restart")
    assert (await desk.choose("look", "Chapter 2")).ephemeral
    await desk.choose("release", "Chapter 2", back=2)
    await desk.person.does("restart")
    assert "chapter 2 of" in await desk.person.reads(f'press "{strings.BUTTON_RELEASE}"')


async def test_who_is_no_moderator_any_more_can_press_nothing(serial, desk, world):
    await desk.person.does(SHOW)
    await desk.choose("look", "Chapter 5")
    await desk.choose("release", "Chapter 2", back=2)
    roles = [role for role in world.server.guild.roles.values() if role.name == "Moderators"]
    world.env.backend.edit_role(world.server.guild.id, roles[0].id, {"permissions": 0})
    asked, look, shown = (desk.page(back) for back in (1, 2, 3))
    menus = {what: desk.menu(what, 3) for what in ("release", "look")}
    for press in (
        lambda: desk.actor.click(asked, label=strings.BUTTON_RELEASE),
        lambda: desk.actor.click(look, label=strings.BUTTON_ON),
        *(
            lambda menu=menu: desk.actor.select(shown, [menu.options[1].value], custom_id=menu.custom_id)
            for menu in menus.values()
        ),
    ):
        answer = await press()
        assert answer.response.content == strings.REFUSALS["moderators_only"]


async def test_readers_cannot_look(serial, world):
    reader = Person(world, "reader", "talk")
    refused = await reader.does(SHOW)
    assert refused.error is not None
    assert "Chapter 2" not in str(refused)


async def test_adult_titles_are_shown_in_age_restricted_channels_alone(world):
    mods, night = (Person(world, "moderator", channel) for channel in ("mods", "late-night"))
    assert (await mods.does(f'/library show story:"{ADULT}"')).error is not None
    assert ADULT not in (await mods.does("suggest '/library show story:\"nine")).suggestions
    assert ADULT in await night.reads(f'/library show story:"{ADULT}"')


async def test_the_menus_of_a_long_story_turn_their_pages(world, desk, moderator):
    await world.app.library.add(tale("long-song", chapters=60, scenes=1, lines=1))
    await moderator.reads('/serial start story:"Long Song" channel:#chapters every:day')
    await desk.person.does('/library show story:"Long Song"')
    seen = []
    while True:
        options = desk.menu("look").options
        assert len(options) <= 25
        seen += [option.label for option in options if option.label.startswith("Chapter")]
        if options[-1].label != strings.MENU_LATER:
            break
        await desk.choose("look", strings.MENU_LATER)
    assert seen == [f"Chapter {n}" for n in range(1, 61)]
    await desk.choose("release", strings.MENU_EARLIER)
    assert desk.menu("look").options[0].label == strings.MENU_EARLIER


@pytest.mark.parametrize("chosen", ["999999", "none", "page:99", "x", ""])
async def test_a_forged_choice_is_answered_kindly(serial, desk, world, chosen, monkeypatch):
    await desk.person.does(SHOW)
    monkeypatch.setattr(shelfviews, "_chosen", lambda interaction: chosen)
    menu = desk.menu("release")
    answer = await desk.actor.select(desk.page(), [menu.options[0].value], custom_id=menu.custom_id)
    if chosen != "page:99":
        assert answer.response.content.startswith("That button belongs to an older message")
    assert not world.bugs()
