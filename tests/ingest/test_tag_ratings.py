"""Tags that say that a story is for adults close it; tags that deny or only mention do not."""

from __future__ import annotations

import pytest

from bot.domain.story import Rating
from bot.ingest.reading import read_attached
from bot.ingest.tagratings import rating_of_tag

RAIN = "The rain came down on the harbour all night, and nobody came.\n"
PAGE = """<html><head><title>Work</title></head><body><div id="preface"><div class="meta"><dl class="tags">
<dt>Rating:</dt><dd>{rating}</dd><dt>Additional Tags:</dt><dd>{tags}</dd></dl><h1>Work</h1>
<div class="byline">by q</div></div></div><div id="chapters" class="userstuff"><p>It rained on the roofs.</p></div>
</body></html>"""


@pytest.mark.parametrize(
    "tag",
    [
        *("Smut", "Eventual Smut", "Porn With Plot", "Porn Without Plot", "PWP - Freeform", "NC17", "NC-17", "lemon"),
        *("Lemons", "NSFW", "18+", "Explicit", "Explicit Sexual Content", "Graphic Sex", "No Plot Only Smut"),
        *("Rape/Non-Con Smut", "explicit content and no regrets", "Hentai", "Sexually Explicit"),
        *("Smut and implied abuse", "Smut that does not fade to black", "Not only smut", "Past abuse and smut"),
    ],
)
def test_explicit(tag: str):
    assert rating_of_tag(tag) is Rating.EXPLICIT


@pytest.mark.parametrize("tag", ["Sexual Content", "Oral Sex", "sex", "Sex Toys", "BDSM", "Adult Themes", "Mature"])
def test_mature(tag: str):
    assert rating_of_tag(tag) is Rating.MATURE


@pytest.mark.parametrize(
    "tag",
    [
        *("No Smut", "Non-Explicit", "Non-Explicit Sexual Content", "Not Explicit", "No smut or explicit content"),
        *("Implied Sexual Content", "Implied/Referenced Sex", "Fade to Black", "Fade to Black Sex", "Mentions of Sex"),
        *("Past Smut", "Rape/Non-Con", "Past Rape/Non-Con", "Explicit Consent", "Explicit Language", "smut-free"),
        *("Unresolved Sexual Tension", "Asexual Character", "Same-Sex Marriage", "Sex Education", "Off-Screen Sex"),
        *(
            "Lemon Cake",
            "Sex (mentioned)",
            "Sex is only implied",
            "Food Porn",
            "Young Adult",
            "Fluff",
            "Graphic Depictions Of Violence",
            "",
        ),
    ],
)
def test_no_rating(tag: str):
    assert rating_of_tag(tag) is None


@pytest.mark.parametrize(
    ("name", "text", "rating"),
    [
        ("a.html", PAGE.format(rating="Teen And Up Audiences", tags="Sexual Content, Smut"), Rating.EXPLICIT),
        ("a.html", PAGE.format(rating="General Audiences", tags="Sexual Content, Fluff"), Rating.MATURE),
        ("a.html", PAGE.format(rating="General Audiences", tags="No Smut, Fluff"), Rating.GENERAL),
        ("a.txt", f"Title: X\nAuthor: Q\nRating: Teen\nTags: fluff, PWP\n\n{RAIN}", Rating.EXPLICIT),
        ("a.txt", f"Title: X\nAuthor: Q\nRating: Teen\nGenre: Smut, PWP\n\n{RAIN}", Rating.EXPLICIT),
        ("a.txt", f"Title: X\nAuthor: Q\nRating: Teen\nKinks: oral sex\n\n{RAIN}", Rating.MATURE),
        ("a.txt", f"Title: X\nAuthor: Q\nRating: Teen\nKeywords: NC17, tea\n\n{RAIN}", Rating.EXPLICIT),
        ("a.txt", f"Title: X\nAuthor: Q\nRating: Teen\nTags: fluff\n\nSmut, said Ida. {RAIN}", Rating.TEEN),
        ("a.txt", f"Title: X\nAuthor: Q\nTags: fluff\n\n{RAIN}", Rating.UNRATED),
        ("a.md", f"---\ntitle: X\nrating: teen\nwarnings: [smut]\n---\n{RAIN}", Rating.EXPLICIT),
    ],
)
def test_a_story_is_rated_at_least_as_its_tags_say(name: str, text: str, rating: Rating):
    (story,) = read_attached(text.encode(), name)
    assert story.rating is rating
    told = [problem.message for problem in story.problems if problem.message.startswith("the tags say")]
    assert bool(told) == (rating in (Rating.MATURE, Rating.EXPLICIT))


def test_the_report_quotes_the_tag():
    (story,) = read_attached(f"Title: X\nAuthor: Q\nRating: PG\nTags: tea, PWP\n\n{RAIN}".encode(), "a.txt")
    assert "the tags say “PWP”, so the story counts as explicit" in [problem.message for problem in story.problems]
