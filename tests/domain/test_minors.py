"""What a story is refused for, and what only sounds like it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.domain.labels import is_label
from bot.domain.minors import is_refused, refused_tag
from bot.domain.story import Manuscript, Rating, SetAside
from tests.support.builders import manuscript

REFUSED = [
    "Underage",
    "underage",
    "Underage Sex",
    "Underage - Sex",
    "Extremely Underage",
    "Underaged",
    "Implied/Referenced Underage Sex",
    "Underage Rape/Non-con",
    "Non-consensual Underage Sex",
    "Underage Masturbation",
    "Explicit Sexual Content Involving Underage Characters",
    "Lolicon",
    "shotacon",
    "Straight Shota",
    "loli porn",
    "Child Porn",
    "Child Pornography",
    "kiddie porn",
    "Sex with a Minor",
    "Sexual content involving minors",
    "Sexualisation of minors",
    "Sexualized children",
    "Adult/Minor",
    "Adult/Child Relationship",
    "Minor/Adult",
    "Pedophilia",
    "Paedophilia",
    "Under-age sex",
    "Under age sex",
    "Underage (16)",
    "#underage",
    "#ChildPorn",
    "Underage?",
    "Underage!Harry",
    "Implied Underage",
    "Mild Underage",
    "underage!sex",
    "UnderageSex",
    "underagesex",
    "Underage/Chan",
    "Underage / Chan",
    "Underage & Non-Con",
    "Underage+",
    "Sex between minors",
    "Two minors having sex",
    "Children having sex",
    "Minor/Minor",
    "Adult Minor Relationship",
    "adult x minor",
    "13-year-old girl/40-year-old man sex",
    "Child rape",
    "Child Prostitution",
    "Implied Pedophilia",
    "Implied/Referenced Pedophilia",
    "Pedophile",
    "ecchi loli",
    "cub porn",
    "Underage Sex - Freeform",
    "Underage - Freeform",
    "Adult/Minor - Relationship",
    "Under\xadage Sex",
    "Under\u200bage",
    "Ｕｎｄｅｒａｇｅ",
    "Pédophilie",
    "ロリコン",
    "ﾛﾘｺﾝ",
    "ショタコン",
    "Педофилия",
    "未成年性行为",
    "Implied/Referenced Underage",
    "Sex mit Minderjährigen",
    "Rape/Underage",
    "No plot just underage sex",
    "underage no-consent sex",
    "13-year-old who does not want sex with a man",
    "Loli",
    "#loli",
    "LoliCon",
    "(Underage)",
    "Underage:",
    "underage.sex",
    "Sex with a 15-year-old",
    "Adult/Minor family sex",
    "Rape of a minor",
    "Underage Incest",
    "Sexual Content Between Minors",
    "Adult×Minor",
    "Minor/Adult Relationship",
    "Non-Con/Underage",
]
FINE = [
    "Underage Drinking",
    "Underage Smoking",
    "Underage Drug Use",
    "Canon Underage Character",
    "Underage Character(s)",
    "Underage Wizards",
    "Minor Character Death",
    "Minor Violence",
    "Minor Sexual Content",
    "Minor Smut",
    "minor sexual references",
    "C-Minor",
    "Age Difference",
    "Age Gap",
    "Aged-Up Character(s)",
    "Barely Legal",
    "No Underage Sex",
    "no underage",
    "Not Underage",
    "No minors, no sex",
    "No sexual content involving minors",
    "Child Abuse",
    "Past Child Sexual Abuse",
    "Child Sexual Abuse",
    "Sex Education",
    "Child sex education",
    "Childbirth",
    "Kid Fic",
    "Children",
    "Child Marriage",
    "Teen And Up Audiences",
    "Rated Teen for sexual references",
    "Teen Pregnancy",
    "Shota Aizawa is tired",
    "Loli-pop shop",
    "Lolita by Nabokov, discussed",
    "Platonic Adult/Child Relationship",
    "Parent/Child Incest is never shown",
    "Explicit Sexual Content",
    "Graphic Depictions Of Violence",
    "Rape/Non-Con",
    "Creator Chose Not To Use Archive Warnings",
    "Schoolgirl uniform",
    "Anti-pedophilia",
    "Mentions of pedophilia",
    "Sex with kids asleep upstairs",
    "Smut involving no minors",
    "Child/Adult found family",
    "Adult/Child mentorship",
    "No one underage in sex scenes",
    "No underage",
    "Not underage",
    "Investigating child pornography",
    "Shota",
    "Past child abuse (not shown)",
    "Canon Underage Character(s)",
    "Minor injuries",
    "A minor",
    "Lolita fashion",
    "Teacher/Student",
    "College AU",
    "Underage: none",
    "Underage Sex: none",
    "Sex with minors: no",
    "Underage Drinking and Smut",
    "No rape/underage",
    "No Underage/Non-Con",
    "18+ smut minors dni",
    "No Minors - Smut",
    "Not suitable for minors: sexual content",
    "Child rape survivor",
    "Mentions of child rape",
    "Sex with a minor plot",
    "Smut with a minor character",
    "sex of the child",
    "Children and sex",
    "Underage Characters No Sex",
    "Adult/Minor character death",
    "Sonata in C Minor/A Minor",
    "Sex with my kid's teacher",
    "10-year-old marriage, sex",
    "Kein Sex mit Minderjährigen",
    "Sex with minor injuries",
    "Childhood friends having sex",
    "Kids having sex ed",
    "Kid Fic Smut",
    "Child & Adult perspectives",
    "Pedophile hunters",
    "No pedophilia",
    "Child protection",
    "Minors beware: sex ahead",
    "Bear/Cub Sex",
    "Sex with children is a crime",
]


@pytest.mark.parametrize("tag", REFUSED)
def test_a_tag_that_says_so_is_refused(tag: str):
    assert is_refused(tag)


@pytest.mark.parametrize("tag", FINE)
@pytest.mark.parametrize("rating", [Rating.TEEN, Rating.MATURE])
def test_a_tag_that_only_sounds_like_it_is_not(tag: str, rating: Rating):
    assert not is_refused(tag, rating)


@pytest.mark.parametrize(
    "tag", ["Statutory Rape", "Underage Relationships", "Underage Kissing", "Underage Character(s)"]
)
def test_some_tags_are_refused_of_explicit_stories_alone(tag: str):
    assert is_refused(tag, Rating.EXPLICIT)
    assert not is_refused(tag, Rating.TEEN)


def story(*aside: tuple[str, str], warnings: tuple[str, ...] = ()) -> Manuscript:
    pieces = tuple(SetAside(kind, text, "a.txt", n) for n, (kind, text) in enumerate(aside, 1))
    return replace(manuscript(["She rowed."]), warnings=warnings, set_aside=pieces)


def test_warnings_count():
    assert refused_tag(story(warnings=("Violence", "Underage Sex"))) == "Underage Sex"


@pytest.mark.parametrize("kind", ["tags", "additional tags", "archive warning", "category", "genres"])
def test_tags_of_a_header_count_one_by_one(kind: str):
    assert refused_tag(story((kind, "Fluff, Lolicon; Angst"))) == "Lolicon"
    assert refused_tag(story((kind, "Minor Character Death, Sex"))) is None


def test_a_list_of_tags_in_front_of_a_story_counts():
    assert refused_tag(story(("front", "Archive Warning:"), ("front", "Underage"))) == "Underage"
    assert refused_tag(story(("front", "Additional Tags: Fluff, Shotacon"))) == "Shotacon"
    assert refused_tag(story(("front", "Characters:"), ("front", "Shota"))) is None


@pytest.mark.parametrize("kind", ["author's note", "disclaimer", "front", "summary", "characters", "end"])
def test_what_is_no_list_of_tags_does_not(kind: str):
    assert refused_tag(story((kind, "Underage sex is not what this is about"))) is None


def test_prose_is_never_looked_at():
    assert refused_tag(manuscript(["Underage", "Lolicon. Child porn. Sex with a minor."])) is None


@pytest.mark.parametrize(
    "name",
    ["Content_Warnings", "archive_warnings", "Warnings/tags", "Warning(s)", "CW", "Author's tags", "Relationship"],
)
def test_a_list_of_tags_has_many_names(name: str):
    assert is_label(name)
    assert refused_tag(story((name.casefold(), "[Fluff, Underage]"))) == "Underage"


@pytest.mark.parametrize("name", ["characters", "summary", "notes", "archive", "author's note", "story"])
def test_what_is_called_otherwise_is_no_list_of_tags(name: str):
    assert not is_label(name)


@pytest.mark.parametrize(
    ("text", "tag"),
    [
        ("M CW: underage sex TW: gore", "underage sex"),
        ("M\nTags: Fluff, Lolicon", "Lolicon"),
        ("M Warnings/Tags: Fluff; Underage Sex Summary: they row", "Underage Sex"),
        ("M Warnings: none Summary: underage sex is what the trial is about", None),
        ("M, and the warnings: underage sex is not in here", None),
    ],
)
def test_a_label_may_stand_within_the_value_of_another(text: str, tag: str | None):
    assert refused_tag(story(("summary", text))) == tag


@pytest.mark.parametrize(
    "text",
    [
        "- Violence - Underage",
        "Violence, Underage",
        '["Violence", "Underage"]',
        "Violence；Underage",
    ],
)
def test_lists_are_parted_however_they_are_written(text: str):
    assert refused_tag(story(("tags", text))) == "Underage"
    if not text.startswith("- "):
        assert refused_tag(story(warnings=(text,))) == "Underage"


def test_hashtags_need_no_commas():
    assert refused_tag(story(("tags", "#angst #underage #rain"))) == "#underage"


@pytest.mark.parametrize(
    "head", ["Warnings: underage sex", "TW: gore\n\nTags: Fluff, Lolicon", "*Content warning:* Underage"]
)
def test_a_chapters_own_tags_below_its_heading_count(head: str):
    assert refused_tag(manuscript(["She rowed."], [head + "\n\nShe rowed on."])) is not None


@pytest.mark.parametrize(
    "text",
    [
        "She rowed.\n\nTags: Underage Sex",
        "Warning: underage drinking.\n\nShe rowed.",
        "She read: tags: lolicon",
        "Warning: the sign went on for long. " + "It named every law there was. " * 20 + "Sex with minors was one.",
    ],
)
def test_a_label_within_the_story_is_prose(text: str):
    assert refused_tag(manuscript([text])) is None
