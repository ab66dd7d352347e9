"""`inglenook import` as an operator meets it: on files, with a real database."""

from __future__ import annotations

import io
import json
import re
import sqlite3
import zipfile
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from bot import importing
from bot.cli import main
from bot.config import Config
from bot.domain.errors import BadInput
from bot.importing import ImportOrder, bring_in, progress, stories_in
from bot.ingest.reading import read
from bot.storage.migrate import migrations

CORPUS = Path(__file__).resolve().parents[1] / "corpus"
KEYS = (
    "file ok format title author authors rating warnings language summary source chapters set_aside problems"
).split()

FERRY = """\
Title: The Long Ferry
Author: Ann Other
Rating: PG
Disclaimer: None of this is mine.

The ferry left at nine with nobody aboard but Wick and the goat.

Wick looked back at the harbour. It looked back at her for a while.

* * *

In the morning the salt was gone, and so was the goat.

Nobody said anything about it. Nobody ever did.

TBC
"""
BELL = "Chapter 2: The Second Bell\n\nIt rang over the water, and it rang again.\n\n***\n\nThen it did not.\n"


class Desk:
    """A database, a folder of files, and what was printed last."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.database = folder / "library.db"
        self.code = 0
        self.printed = ""

    def file(self, text: str, name: str = "ferry.txt") -> Path:
        path = self.folder / name
        path.write_text(text, encoding="utf-8")
        return path

    async def bring(self, *paths: Path, **order: Any) -> str:
        out = io.StringIO()
        self.code = await bring_in(Config(database=self.database), ImportOrder(paths=paths, **order), out)
        self.printed = out.getvalue()
        return self.printed

    async def objects(self, *paths: Path, **order: Any) -> list[dict[str, Any]]:
        printed = await self.bring(*paths, as_json=True, **order)
        return [json.loads(line) for line in printed.splitlines()]

    def stored(self, sql: str) -> list[tuple[Any, ...]]:
        with closing(sqlite3.connect(self.database)) as database:
            return database.execute(sql).fetchall()

    def scenes(self) -> list[str]:
        return [
            row[0]
            for row in self.stored(
                "SELECT text FROM scene_revision WHERE revision_id = (SELECT revision_id FROM story) ORDER BY position"
            )
        ]


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


# --------------------------------------------------------------------------------------------- dry runs


async def test_a_dry_run_makes_no_database(desk: Desk):
    page = await desk.bring(desk.file(FERRY), dry_run=True)
    assert "The Long Ferry" in page
    assert [path.name for path in desk.folder.iterdir()] == ["ferry.txt"]


async def test_a_dry_run_leaves_the_database_byte_for_byte(desk: Desk):
    ferry = desk.file(FERRY)
    await desk.bring(ferry)
    before = {path.name: path.read_bytes() for path in desk.folder.rglob("*") if path.is_file()}
    desk.file(FERRY.replace("goat", "lamb"))
    before["ferry.txt"] = ferry.read_bytes()

    await desk.bring(ferry, dry_run=True, breaks=["8"], as_json=True)
    await desk.bring(ferry, dry_run=True, story="the-long-ferry", chapter=2)

    assert {path.name: path.read_bytes() for path in desk.folder.rglob("*") if path.is_file()} == before


async def test_a_dry_run_reads_what_an_older_version_wrote_and_leaves_it_so(desk: Desk):
    with closing(sqlite3.connect(desk.database)) as old:
        old.executescript(migrations()[0])
        old.execute(f"PRAGMA application_id = {0x494E474C}")
        old.execute("PRAGMA user_version = 1")
    before = desk.database.read_bytes()
    assert "not in the library yet" in await desk.bring(desk.file(FERRY), dry_run=True)
    assert desk.database.read_bytes() == before


async def test_another_programs_database_is_refused_by_its_own_name(desk: Desk):
    with closing(sqlite3.connect(desk.database)) as other:
        other.execute("CREATE TABLE bookmarks (url TEXT)")
    with pytest.raises(BadInput) as refused:
        await desk.bring(desk.file(FERRY), dry_run=True)
    assert (refused.value.key, refused.value.values) == ("database_foreign", {"path": desk.database})


async def test_the_page_tells_everything(desk: Desk):
    page = await desk.bring(desk.file(FERRY), dry_run=True)
    for told in (
        "by Ann Other",
        "teen: may be shown in every channel",
        "nobody's word is recorded",
        "1 chapter, 2 scenes, 47 words",
        "ornament, “* * *”: line 12",
        "disclaimer, line 4, 5 words: “None of this is mine.”",
        "Doubtful: nothing.",
        "It is not in the library yet.",
        "Nothing was written",
    ):
        assert told in page, page


async def test_the_page_tells_what_would_change(desk: Desk):
    await desk.bring(desk.file(FERRY))
    page = await desk.bring(desk.file(FERRY.replace("the goat.\n\nWick", "the grey goat.\n\nWick")), dry_run=True)
    assert "chapters edited: 1" in page
    assert "1 unchanged, 1 edited, 0 new, 0 gone" in page
    assert "47 before, 48 after (+1)" in page
    assert "same text already" in await desk.bring(desk.file(FERRY), dry_run=True)


async def test_the_page_tells_what_it_says_otherwise_of_itself_and_what_follows(desk: Desk):
    await desk.bring(desk.file(FERRY), settings=["permission=author"])
    mature = desk.file(FERRY.replace("PG", "R").replace("Ann Other", "Ann Other, Wick"))
    told = (
        "  authors: Ann Other → Ann Other, Wick",
        "  rating: teen → mature: it will from now on be shown in age-restricted channels only",
        "  not a word of the text",
    )
    page = await desk.bring(mature, dry_run=True)
    for line in told:
        assert f"\n{line}\n" in page, page
    page = await desk.bring(mature)
    for line in told:
        assert f"\n  {line}\n" in page, page
    assert "consent: author, full text → unknown, excerpts" in await desk.bring(
        mature, dry_run=True, forget=["permission"]
    )
    assert "same text already" in await desk.bring(mature, dry_run=True)
    page = await desk.bring(mature, dry_run=True, settings=["rating=explicit"])
    assert "rating: mature → explicit\n" in page
    page = await desk.bring(
        mature, dry_run=True, settings=["rating=general", f"summary={'Long. ' * 60}", "language=de"]
    )
    assert "rating: mature → general: it will from now on be shown in every channel" in page
    assert "summary: written anew" in page
    assert "language: none → de" in page


async def test_many_edited_chapters_are_counted(desk: Desk):
    chapters = [f"Chapter {n}: Bell {n}\n\nIt rang {n} times and then it rang no more." for n in range(1, 61)]
    await desk.bring(desk.file("\n\n".join(chapters), "bells.txt"))
    edited = [text.replace("no more", "on") if n % 2 else text for n, text in enumerate(chapters)]
    page = await desk.bring(desk.file("\n\n".join(edited), "bells.txt"), dry_run=True)
    assert "chapters edited: 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22 and 19 more\n" in page


async def test_the_page_warns_of_an_import_that_would_be_refused(desk: Desk):
    await desk.bring(desk.file(FERRY))
    shorter = desk.file(FERRY[: FERRY.index("In the morning")])
    assert "--allow-shrink only" in await desk.bring(shorter, dry_run=True)
    await desk.bring(shorter)
    assert desk.code == 2
    assert len(desk.scenes()) == 2
    await desk.bring(shorter, allow_shrink=True)
    assert (desk.code, len(desk.scenes())) == (0, 1)


async def test_a_long_story_is_condensed_unless_all_is_asked_for(desk: Desk):
    chapters = "\n\n".join(f"Chapter {n}: Bell {n}\n\nIt rang {n} times.\n\n***\n\nThen not." for n in range(1, 41))
    long = desk.file(chapters, "bells.txt")
    page = await desk.bring(long, dry_run=True)
    assert "… 32 more, with 64 scenes" in page
    assert "Bell 5 " in page
    assert "Bell 20" not in page
    assert "Bell 38" in page
    assert re.search(r"lines [\d, ]+ and 33 more", page)
    assert "Bell 20" in await desk.bring(long, dry_run=True, verbose=True)


async def test_every_paragraph_is_named_with_its_line_where_that_is_asked_for(desk: Desk):
    page = await desk.bring(desk.file(FERRY), dry_run=True, lines=True)
    listed = re.findall(r"^ +(\d+)  (\w+)", page, re.MULTILINE)
    assert [pair for pair in listed if pair[1] in ("The", "Wick", "In", "Nobody")] == [
        ("6", "The"), ("8", "Wick"), ("12", "In"), ("14", "Nobody"),
    ]  # fmt: skip


# ------------------------------------------------------------------------------------------------- JSON


@pytest.mark.parametrize("dry_run", [True, False])
async def test_an_object_a_story_whose_words_add_up(desk: Desk, dry_run: bool):
    ferry = desk.file(FERRY)
    told = await desk.objects(ferry, CORPUS, dry_run=dry_run, lines=True)
    stories = [story for path in (ferry, *stories_in(CORPUS)) for story in read(path)]

    assert (desk.code, len(told), len(stories)) == (0, 4, 4)
    for object_, story in zip(told, stories, strict=True):
        assert list(object_) == KEYS
        assert object_["ok"] is True
        assert object_["title"] == story.title
        assert sum(chapter["words"] for chapter in object_["chapters"]) == story.words
        for chapter in object_["chapters"]:
            assert chapter["words"] == sum(scene["words"] for scene in chapter["scenes"])
            assert [scene["break"] == "start" for scene in chapter["scenes"]].index(True) == 0
        for chapter, read_chapter in zip(object_["chapters"], story.chapters, strict=True):
            for scene, read_scene in zip(chapter["scenes"], read_chapter.scenes, strict=True):
                assert (
                    "".join(scene["lines"]).split()
                    == "".join(read_scene.text[line.start : line.end] for line in read_scene.lines).split()
                )
                assert sum(len(line.split()) for line in scene["lines"]) == scene["words"]


async def test_what_is_told_of_one_file(desk: Desk):
    (told,) = await desk.objects(desk.file(FERRY), dry_run=True)
    assert told["file"] == str(desk.folder / "ferry.txt")
    assert (told["format"], told["author"], told["authors"]) == ("text", "Ann Other", ["Ann Other"])
    assert (told["rating"], told["language"]) == ("teen", "und")
    (chapter,) = told["chapters"]
    assert chapter["scenes"] == [
        {"break": "start", "marker": "", "line": 6, "words": 27},
        {"break": "ornament", "marker": "* * *", "line": 12, "words": 20},
    ]
    assert {"kind": "disclaimer", "words": 5, "first": "None of this is mine."} in told["set_aside"]
    assert told["problems"] == []


async def test_a_refused_file_says_so_and_the_others_go_on(desk: Desk):
    junk = desk.folder / "junk.txt"
    junk.write_bytes(bytes(range(256)) * 20)
    told = await desk.objects(junk, desk.folder / "missing.txt", desk.file(FERRY))
    assert desk.code == 2
    assert [object_["ok"] for object_ in told] == [False, False, True]
    assert all(object_["error"] and object_["file"] for object_ in told[:2])
    assert len(desk.scenes()) == 2


async def test_a_refusal_is_an_object_with_these_keys_and_no_others(desk: Desk):
    empty = desk.folder / "empty"
    empty.mkdir()
    blank, missing, unknown = desk.file("", "blank.txt"), desk.folder / "missing.epub", desk.file("x", "letter.docx")
    for dry_run in (True, False):
        told = await desk.objects(empty, blank, missing, unknown, dry_run=dry_run)
        assert desk.code == 2
        assert [list(object_) for object_ in told] == [["file", "ok", "format", "error"]] * 4
        assert [object_["format"] for object_ in told] == ["folder", "text", "epub", "docx"]
        for object_, path in zip(told, (empty, blank, missing, unknown), strict=True):
            assert (object_["file"], object_["ok"]) == (str(path), False)
            assert path.name in object_["error"]
    (told,) = await desk.objects(empty)
    assert (desk.code, told["ok"]) == (2, False)


def zipped(desk: Desk, name: str, **files: str) -> Path:
    path = desk.folder / name
    with zipfile.ZipFile(path, "w") as archive:
        for member, text in files.items():
            archive.writestr(member.replace("__", "/") + ".txt", text)
    return path


async def test_several_stories_of_one_archive_are_named_with_their_part(desk: Desk):
    both = zipped(desk, "shelf.zip", ferry__1=FERRY, bells__1=BELL)
    told = await desk.objects(both, dry_run=True)
    assert [object_["file"] for object_ in told] == [f"{both}/bells", f"{both}/ferry"]
    assert [object_["format"] for object_ in told] == ["zip", "zip"]
    alone = zipped(desk, "alone.zip", ferry__1=FERRY)
    (told,) = await desk.objects(alone, dry_run=True)
    assert told["file"] == str(alone)
    page = await desk.bring(both, dry_run=True)
    assert page.count("It is not in the library yet.\n\n") == 2


@pytest.mark.parametrize(
    ("order", "option"),
    [
        ({"settings": ["slug=one"]}, "--set slug"),
        ({"breaks": ["8"]}, "--break"),
        ({"joins": ["8"]}, "--join"),
        ({"story": "bells"}, "--story"),
    ],
)
async def test_what_one_story_is_meant_by_is_refused_of_several(desk: Desk, order: dict[str, Any], option: str):
    (told,) = await desk.objects(zipped(desk, "shelf.zip", ferry__1=FERRY, bells__1=BELL), **order)
    assert desk.code == 2
    assert told["error"].startswith(f"{option} is for one story at a time, and shelf.zip holds 2")


@pytest.mark.parametrize("dry_run", [True, False])
async def test_another_story_of_the_same_name_does_not_take_the_place_of_the_one_before(desk: Desk, dry_run: bool):
    other = desk.file(FERRY[: FERRY.index("The ferry left")] + "Snow fell on the yard all night.\n", "other.txt")
    again = desk.file("<p>" + FERRY.partition("mine.")[2].replace("\n\n", "<p>"), "the-long-ferry.html")
    told = await desk.objects(desk.file(FERRY), other, again, dry_run=dry_run, allow_shrink=True)
    assert [object_["ok"] for object_ in told] == [True, False, True]
    assert "ferry.txt has just come in" in told[1]["error"]
    assert "--set slug" in told[1]["error"]


async def test_a_fault_of_ours_in_one_file_does_not_stop_the_others(desk: Desk, monkeypatch: pytest.MonkeyPatch):
    def broken(path: Path) -> Any:
        if path.name == "bad.txt":
            raise ZeroDivisionError("a planted fault")
        return read(path)

    monkeypatch.setattr(importing, "read", broken)
    told = await desk.objects(desk.file("Text.", "bad.txt"), desk.file(FERRY), dry_run=True)
    assert (desk.code, [object_["ok"] for object_ in told]) == (2, [False, True])
    assert "a planted fault" in told[0]["error"]


# --------------------------------------------------------------------------------------------- overrides


async def test_what_a_person_says_wins_over_the_file(desk: Desk):
    said = (
        "rating=NC-17", "title=The Short Ferry", "authors=Peg, Wick", "language=pt-BR", "summary=A goat.",
        "warnings=Salt, Goats", "source=https://a.example", "permission=public-domain", "slug=Short Ferry",
    )  # fmt: skip
    (told,) = await desk.objects(desk.file(FERRY), settings=said)
    assert told["rating"] == "explicit"
    assert told["title"] == "The Short Ferry"
    assert told["author"] == "Peg, Wick"
    assert (told["language"], told["summary"], told["warnings"]) == ("pt-BR", "A goat.", ["Salt", "Goats"])
    assert desk.stored(
        "SELECT s.slug, r.permission_source, r.permission_covers FROM story s JOIN revision r ON r.id = s.revision_id"
    ) == [("short-ferry", "public domain", "full text")]


RATED = "SELECT r.rating, r.permission_source, r.authors FROM story s JOIN revision r ON r.id = s.revision_id"


async def test_what_was_said_once_holds_for_later_imports(desk: Desk):
    await desk.bring(desk.file(FERRY), settings=["rating=mature", "permission=author", "author=Peg"])
    again = desk.file(FERRY.replace("the goat.", "the old goat.", 1))
    (told,) = await desk.objects(again, dry_run=True)
    assert (told["rating"], told["author"]) == ("mature", "Peg")
    page = await desk.bring(again, dry_run=True)
    assert "  Said      authors: Ann Other in the file; Peg as you said\n" in page
    assert "            rating: teen in the file; mature as you said\n" in page
    assert "consent: unknown, excerpts in the file; author, full text as you said\n" in page
    assert "rating: teen →" not in page
    printed = await desk.bring(again)
    assert "  rating: teen in the file; mature as you said\n" in printed
    assert desk.stored(RATED) == [("mature", "author", '["Peg"]')]


async def test_what_was_said_is_said_anew_or_forgotten(desk: Desk):
    ferry = desk.file(FERRY)
    await desk.bring(ferry, settings=["rating=mature", "permission=author", "author=Peg"])
    await desk.bring(ferry, settings=["rating=explicit"])
    assert desk.stored(RATED) == [("explicit", "author", '["Peg"]')]
    await desk.bring(ferry, forget=["rating", "permission"], dry_run=True)
    await desk.bring(ferry)
    assert desk.stored(RATED) == [("explicit", "author", '["Peg"]')]
    await desk.bring(ferry, forget=["rating", "permission"])
    assert desk.stored(RATED) == [("teen", "unknown", '["Peg"]')]
    await desk.bring(ferry)
    assert desk.stored(RATED) == [("teen", "unknown", '["Peg"]')]


async def test_nothing_is_said_of_what_says_the_same_as_the_file(desk: Desk):
    await desk.bring(desk.file(FERRY), settings=["rating=teen"])
    assert "as you said" not in await desk.bring(desk.file(FERRY), dry_run=True)


async def test_a_file_that_is_stricter_than_what_was_said_of_it_is_doubtful(desk: Desk):
    await desk.bring(desk.file(FERRY), settings=["rating=general"])
    assert "stricter than general" in " ".join((await desk.bring(desk.file(FERRY), dry_run=True)).split())
    assert "stricter" not in await desk.bring(desk.file(FERRY), dry_run=True, settings=["rating=general"])
    assert "stricter" not in await desk.bring(desk.file(FERRY.replace("PG", "G")), dry_run=True)


async def test_a_chapter_that_makes_a_story_stricter_is_not_hidden_by_what_was_said_before(desk: Desk):
    await desk.bring(desk.file(FERRY), settings=["rating=general", "warnings=Salt"])
    kiss = desk.file("Rating: NC-17\nWarnings: Kisses\n\nThey kissed.", "kiss.txt")
    await desk.bring(kiss, story="the-long-ferry", chapter=2)
    both = desk.file(FERRY.replace("TBC", "Chapter 2\n\nThey kissed."))
    await desk.bring(both)
    assert desk.code == 0
    assert desk.stored("SELECT rating, warnings FROM revision") == [("explicit", '["Salt", "Kisses"]')]


@pytest.mark.parametrize("key", ["slug", "colour", "", "rating=teen"])
async def test_a_key_of_which_nothing_can_be_said_cannot_be_forgotten(desk: Desk, key: str):
    with pytest.raises(BadInput) as refused:
        await desk.bring(desk.file(FERRY), forget=[key])
    assert refused.value.key == "bad_forget"
    assert not desk.database.exists()


@pytest.mark.parametrize(
    "said",
    [
        "rating",
        "rating=",
        "rating=spicy",
        "author=",
        "author=,",
        "permission-for=all",
        "colour=red",
        "language=a b",
        "permission=mine",
        "slug=!!",
    ],
)
async def test_a_setting_that_cannot_be_used_is_refused_before_anything_is_read(desk: Desk, said: str):
    with pytest.raises(BadInput) as refused:
        await desk.bring(desk.file(FERRY), settings=[said])
    assert refused.value.key == "bad_setting"
    assert not desk.database.exists()


async def test_a_file_becomes_a_chapter_and_the_others_keep_their_ids(desk: Desk):
    await desk.bring(desk.file(FERRY), settings=["rating=teen", "permission=author"])
    before = desk.stored("SELECT scene_id, text FROM scene_revision ORDER BY position")

    page = await desk.bring(desk.file(BELL, "bell.txt"), story="the-long-ferry", chapter=2, dry_run=True)
    assert "It becomes chapter 2 of “The Long Ferry”" in page
    assert "chapters added: 2" in page
    assert "teen: may be shown" in page
    await desk.bring(desk.file(BELL, "bell.txt"), story="the-long-ferry", chapter=2)

    after = desk.stored("SELECT scene_id, text FROM scene_revision ORDER BY position")
    assert after[: len(before)] == before
    assert [text for _, text in after[len(before) :]] == [
        "It rang over the water, and it rang again.",
        "Then it did not.",
    ]
    assert desk.stored("SELECT number, title FROM chapter_revision ORDER BY position") == [
        (1, None),
        (2, "The Second Bell"),
    ]

    await desk.bring(desk.file(BELL + "\nIt stayed silent.\n", "bell.txt"), story="the-long-ferry", chapter=2,
                     settings=["title=Silence"])  # fmt: skip
    assert desk.stored("SELECT number, title FROM chapter_revision ORDER BY position")[1] == (2, "Silence")
    assert desk.stored("SELECT title, rating FROM revision") == [("The Long Ferry", "teen")]


async def test_a_stricter_chapter_makes_the_story_stricter(desk: Desk):
    await desk.bring(desk.file(FERRY))
    await desk.bring(desk.file("Rating: NC-17\n\nThey kissed.", "kiss.txt"), story="the-long-ferry", chapter=2)
    assert desk.stored("SELECT rating FROM revision") == [("explicit",)]


@pytest.mark.parametrize(
    ("order", "key"),
    [
        ({"chapter": 2}, "import_chapter_of"),
        ({"chapter": 0, "story": "the-long-ferry"}, "import_bad_chapter"),
        ({"breaks": ["soon"]}, "import_bad_line"),
        ({"joins": ["-3"]}, "import_bad_line"),
    ],
)
async def test_what_cannot_be_meant_is_refused(desk: Desk, order: dict[str, Any], key: str):
    with pytest.raises(BadInput) as refused:
        await desk.bring(desk.file(FERRY), **order)
    assert refused.value.key == key


async def test_a_line_is_of_one_file(desk: Desk):
    with pytest.raises(BadInput) as refused:
        await desk.bring(desk.file(FERRY), desk.file(BELL, "bell.txt"), breaks=["8"])
    assert refused.value.key == "import_one_file"


@pytest.mark.parametrize(
    ("order", "said"),
    [
        ({"story": "no-such", "chapter": 2}, "There are: the-long-ferry"),
        ({"story": "no-such"}, "Leave --story out"),
        ({"breaks": ["99"]}, "fits no place"),
        ({"joins": ["8"]}, "fits no place"),
    ],
)
async def test_a_wish_that_cannot_be_granted_refuses_the_file(
    desk: Desk, capsys: pytest.CaptureFixture[str], order: dict[str, Any], said: str
):
    await desk.bring(desk.file(FERRY))
    await desk.bring(desk.file(FERRY), **order)
    assert desk.code == 2
    assert said in capsys.readouterr().err


# ------------------------------------------------------------------------------------------- corrections


async def test_corrections_are_remembered_over_edits_elsewhere(desk: Desk):
    await desk.bring(desk.file(FERRY), breaks=["14"], joins=["12"])
    corrected = desk.scenes()
    assert [text.split()[0] for text in corrected] == ["The", "Nobody"]

    edited = FERRY.replace("The ferry left", "One more line.\n\nAnd another.\n\nThe ferry left")
    page = await desk.bring(desk.file(edited), dry_run=True)
    assert "Your corrections: 2" in page
    assert "by hand: line 18" in page
    await desk.bring(desk.file(edited))
    assert [text.split()[0] for text in desk.scenes()] == ["One", "Nobody"]


async def test_a_break_and_its_join_leave_what_was_there(desk: Desk):
    await desk.bring(desk.file(FERRY))
    before = desk.stored("SELECT scene_id, text, marker FROM scene_revision ORDER BY position")
    await desk.bring(desk.file(FERRY), breaks=["14"], joins=["12"])
    await desk.bring(desk.file(FERRY), breaks=["12"], joins=["14"])
    after = desk.stored("SELECT text, marker FROM scene_revision ORDER BY position")
    assert after == [(text, marker) for _, text, marker in before]
    assert desk.stored("SELECT count(*) FROM correction") == [(0,)]


async def test_a_correction_that_fits_nowhere_any_more_is_doubtful(desk: Desk):
    await desk.bring(desk.file(FERRY), breaks=["14"])
    gone = (
        FERRY[: FERRY.index("In the morning")] + "All of it was otherwise, and told at the same length as before it.\n"
    )
    (told,) = await desk.objects(desk.file(gone), dry_run=True)
    assert [problem["severity"] for problem in told["problems"]] == ["warning"]
    assert "fits nowhere any more" in told["problems"][0]["message"]


# ---------------------------------------------------------------------------------------------- progress


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(("as_json", "drawn"), [(False, True), (True, False)])
async def test_long_work_is_shown_on_a_terminal_and_cleared_away(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, as_json: bool, drawn: bool
):
    terminal = Terminal()
    monkeypatch.setattr("sys.stderr", terminal)
    monkeypatch.setattr(progress, "LONG", 0.0)
    monkeypatch.setattr(progress, "TICK", 0.001)
    await desk.bring(desk.file(FERRY), dry_run=True, as_json=as_json)
    assert ("ferry.txt" in terminal.getvalue()) == drawn
    if drawn:
        assert terminal.getvalue().endswith("\r\x1b[K")


async def test_one_long_file_moves_the_bar_while_it_is_stored(desk: Desk, monkeypatch: pytest.MonkeyPatch):
    shares: list[float] = []
    real = progress.Progress.says

    def says(self: progress.Progress, what: str, number: int, share: float = 0.0) -> None:
        real(self, what, number, share)
        shares.append(self.done)

    monkeypatch.setattr(progress.Progress, "says", says)
    long = "\n\n".join(f"It rang {n} times. Then it rang no more." for n in range(1500))
    await desk.bring(desk.file(long, "long.txt"), desk.file(FERRY))
    assert shares == sorted(shares)
    assert shares[0] == 0
    assert shares[-1] == pytest.approx(0.95)
    assert len(set(shares)) > 15


async def test_a_long_file_counts_for_more_than_a_short_one(desk: Desk, monkeypatch: pytest.MonkeyPatch):
    long, short = desk.file("x" * 98_000, "long.txt"), desk.file("x" * 10, "short.txt")
    shown = progress.Progress([long, short, desk.folder / "none"], io.StringIO())
    shown.says("", 1)
    assert shown.done == pytest.approx(0.95 * 98_000 / 102_000)
    shown.says("", 3)
    assert shown.done == pytest.approx(0.95)


async def test_nothing_is_drawn_where_nobody_watches(desk: Desk, capsys: pytest.CaptureFixture[str]):
    await desk.bring(desk.file(FERRY))
    assert capsys.readouterr().err == ""


def test_the_command_line_asks_for_what_it_says(desk: Desk, capsys: pytest.CaptureFixture[str]):
    arguments = ["import", str(desk.file(FERRY)), "--db", str(desk.database), "--dry-run", "--json", "--lines"]
    code = main([*arguments, "--title", "Salt", "--author", "Peg, Wick", "--set", "rating=M", "--break", "14"])
    told = json.loads(capsys.readouterr().out)
    assert (code, told["title"], told["authors"], told["rating"]) == (0, "Salt", ["Peg", "Wick"], "mature")
    assert [scene["break"] for scene in told["chapters"][0]["scenes"]] == ["start", "ornament", "by hand"]
    assert told["chapters"][0]["scenes"][2]["lines"] == ["Nobody said anything about it.", "Nobody ever did."]
    assert main([*arguments[:2], "--db", str(desk.database), "--dry-run", "--break", "99"]) == 2
    assert not desk.database.exists()


def test_a_folder_of_folders_is_read_one_by_one(tmp_path: Path):
    for name in ("b10", "b9", ".hidden"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "1.txt").write_text("Text.", encoding="utf-8")
    assert [path.name for path in stories_in(tmp_path)] == ["b9", "b10"]
    assert stories_in(tmp_path / "b9") == [tmp_path / "b9"]
    assert stories_in(tmp_path / "none") == [tmp_path / "none"]
