"""Sentences and turns of speech: laws for any text, examples for English and its neighbours."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.domain.dialogue import Marks, marks_of, speeches
from bot.domain.lines import lines_of
from bot.domain.story import MAX_LINE
from tests.support.laws import LAW, story_text


def cut(text: str, marks: Marks | None = None, language: str = "en") -> list[str]:
    return [text[line.start : line.end] for line in lines_of(text, marks, language=language)]


SPEECH = st.lists(
    st.sampled_from(
        [
            *(
                "“",
                "”",
                '"',
                "‘",
                "’",
                "'",
                "«",
                "»",
                "„",
                "—",
                "–",
                "…",
                "...",
                ". . .",
                "?!",
                ".",
                "!",
                "?",
                ",",
            ),
            *(
                " ",
                " ",
                " ",
                "\n",
                "\n\n",
                " said she",
                " Buffy asked",
                "Mr.",
                "e.g.",
                "J.",
                "Go",
                "now",
                "I",
            ),
            *("。", "「", "」", "word " * 30, "x" * 310, "👩\u200d👧", "e\u0301" * 200),
        ]
    ),
    max_size=40,
).map("".join)
TEXT = st.one_of(story_text(), SPEECH)


LANGUAGES = "en fr de es it pt nl sv fi pl ru uk el he ar hi th ja zh ko vi xx".split()
LANGUAGE = st.sampled_from(LANGUAGES)


@LAW
@given(TEXT, LANGUAGE)
@example("a\n\n\n\nb", "en")
@example("“" + "Go. " * 200 + "”", "en")
@example("word " * 62, "en")
@example("“" + "x" * 310 + "”", "ja")
@example("“" + "Va. " * 700 + "”", "fr")
@example("A\u3000. b. c. A\xa0. D.", "he")
def test_lines_and_the_white_space_between_them_give_back_the_text(text: str, language: str):
    lines = lines_of(text, language=language)
    at = 0
    for line in lines:
        assert text[at : line.start].strip() == ""
        assert line.start < line.end
        at = line.end
    assert text[at:].strip() == ""


@LAW
@given(TEXT, LANGUAGE)
def test_a_line_has_no_white_space_at_its_edges_and_stays_in_its_paragraph(text: str, language: str):
    for line in cut(text, language=language):
        assert line == line.strip()
        assert "\n\n" not in line


@LAW
@given(TEXT, LANGUAGE)
def test_no_line_is_longer_than_the_limit(text: str, language: str):
    assert all(len(line) <= MAX_LINE for line in cut(text, language=language))


@LAW
@given(TEXT, st.sampled_from(Marks))
@example('"Go, she said. "Now."', Marks.DOUBLE)
@example("'Go, she said. 'Now.'", Marks.SINGLE)
def test_quotations_are_in_order_and_apart(text: str, marks: Marks):
    at = 0
    for speech in speeches(text, 0, len(text), marks):
        assert at <= speech.start < speech.end <= len(text)
        at = speech.end


@pytest.mark.parametrize(
    "text",
    [
        # A turn keeps its tag, before and after.
        "“Go,” she said. “Now.”",
        '"Go," she said. "Now."',
        '"Where is she?" he asked.',
        '"Where is she?" Buffy asked, tilting her head.',
        '"Hey!" Buffy shouted, stepping forth. "It\'s not nice to hit."',
        '"Shut up," the old man said. "Shut up. I mean it."',
        'He said, "Why?"',
        "He leaned in and whispered: “Go.”",
        "“Look, I know the risks, but Buffy—”",
        "„Geh“, sagte sie. „Jetzt.“",
        "»Geh«, sagte sie. »Jetzt.«",
        "« Va ! » dit-elle. « Maintenant. »",
        "— Vamos — dijo ella—. Ahora.",
        "– Go, she said. Now.",
        "「行け」と彼女は言った。",
        # The same, tag and all, where somebody shrugs between two halves.
        "“We'll be fine.” He shrugged. “Probably.”",
        # Thoughts and their tags.
        "Willow? Buffy thought, Was that Willow?",
        # Abbreviations, initials, ellipses.
        "Mr. Pym met Dr. Bauerstein and Mrs. J. R. Cavendish at St. Osk's.",
        "It was sick, e.g. pale, vs. the others, i.e. us.",
        "He waited… and waited... and left.",
        "Well… I think so.",
        "It came to No. 5, the 5 p.m. train.",
        "What?! she thought.",
        "He called it “the pit” and laughed.",
        "The U.S. Army came.",
        "It is in Vol. II and Ch. III of that book.",
        # An aside inside speech.
        "“You see”—he raised a hand—“there is nothing there.”",
        '"I only thought—" He stopped. "—that you might care."',
    ],
)
def test_is_one_line(text: str):
    assert cut(text) == [text]


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("One. Two! Three? Four", ["One.", "Two!", "Three?", "Four"]),
        ("She smiled. “Come in.” He did.", ["She smiled.", "“Come in.”", "He did."]),
        ('"Spike!" Buffy tackled him.', ['"Spike!"', "Buffy tackled him."]),
        ("“Yes.” “No.”", ["“Yes.”", "“No.”"]),
        (
            "“Perfect,” she muttered. He looked up. She had gone. “So,” he said.",
            ["“Perfect,” she muttered.", "He looked up.", "She had gone.", "“So,” he said."],
        ),
        ("It was 5 p.m. He left.", ["It was 5 p.m.", "He left."]),
        ("It was I. He left.", ["It was I.", "He left."]),
        ("It was Plan B. They went to P. G. Soames.", ["It was Plan B.", "They went to P. G. Soames."]),
        (
            "The bell rang.[1] Nobody came.² It stopped.(3) So.",
            ["The bell rang.[1]", "Nobody came.²", "It stopped.(3)", "So."],
        ),
        ("Ann: hi. so?\nTom: fine lol\nAnn: ok", ["Ann: hi. so?", "Tom: fine lol", "Ann: ok"]),
        ("He waited… Buffy left.", ["He waited…", "Buffy left."]),
        ("“Go.”\n\n“No.”", ["“Go.”", "“No.”"]),
        ("行った。来た。", ["行った。", "来た。"]),
        ("Roses are red,\nviolets blue.\nSo it goes.", ["Roses are red,\nviolets blue.", "So it goes."]),
        # A lost opening mark does not swallow what follows.
        (
            '"I know," Kennedy hissed. Zahra\'s down, she–"',
            ['"I know," Kennedy hissed.', "Zahra's down, she–\""],
        ),
    ],
)
def test_is_cut_into_lines(text: str, lines: list[str]):
    assert cut(text) == lines


def test_single_marks_are_speech_where_a_story_uses_them_so():
    text = "'Go,' she said. 'Don't wait.'\n\nThe slayers' screams rose. 'Tis true."
    assert marks_of(text.split("\n\n")) is Marks.SINGLE
    assert cut(text) == [
        "'Go,' she said. 'Don't wait.'",
        "The slayers' screams rose.",
        "'Tis true.",
    ]


def test_a_long_turn_is_cut_where_it_resumes_then_at_sentences():
    first, second = "“" + "I will not go there. " * 9 + "Never,” she said.", "“" + "Not again. " * 12 + "No.”"
    assert cut(f"{first} {second}") == [first, second]
    speech = cut("“" + "I will not go there. " * 40 + "”")
    assert all(line.endswith(".") for line in speech[:-1])


def test_a_long_sentence_is_cut_at_a_clause_before_a_space_before_a_grapheme():
    clause = "the river remembers every oar, " * 20
    assert all(line.endswith(",") for line in cut(clause))
    words = cut("river " * 100)
    assert all(line.endswith("river") for line in words)
    for lead in ("", "x", "xy"):
        accents = cut(lead + "e\u0301" * 400)
        assert all(not line.startswith("\u0301") for line in accents)
        families = cut(lead + "👩\u200d👧" * 200)
        assert all(line.endswith("👧") and line.lstrip("xy").startswith("👩") for line in families)


@pytest.mark.parametrize(
    "text",
    [
        "Not one of the nine could play a note, which was the only reason he still trusted them.",
        "“There's no good corner on a piano. There's only the one where somebody else is standing.”",
        '"You don\'t love anybody," she said. "You never have. It saves you money."',
        "Nobody in the city ate eel, because everybody in it had somebody in the water.",
    ],
)
def test_is_quotable(text: str):
    assert [line.quotable for line in lines_of(text)] == [True]


@pytest.mark.parametrize(
    "text",
    [
        "“What?” he asked.",
        "He said.",
        "and nothing was ever the same again in all the years that they lived there.",
        "And nothing was ever the same again in all the years that they lived there.",
        "It was never the same again in all the years that they lived there without him.",
        "“Nothing is ever the same again, and nobody ever tells you that it—”",
        "“Nothing is ever the same again, and nobody ever tells you that it is not.",
        "Nothing is ever the same again, and nobody ever tells you that it is not",
        "Late, the Eel Stairs, before light, and nothing ever the same again",
        "These are all the things that nobody ever told us about them:",
        "Never did any " + "nigger" + " see anything like that in all his life, nor ever would.",
    ],
)
def test_is_not_quotable(text: str):
    assert not any(line.quotable for line in lines_of(text))


def test_no_piece_of_a_sentence_that_was_cut_is_quotable():
    text = "Nobody ever told them anything, never, and nothing was ever the same, not once; " * 10
    assert not any(line.quotable for line in lines_of(text))
