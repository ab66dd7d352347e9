"""What an author should know of a story that was read all the same."""

from __future__ import annotations

# What an author should know of a story that was read all the same.
PROBLEMS = {
    "pages_missing": "{count} pages of the book are missing and were left out: {names}",
    "pages_broken": "{count} pages of the book are damaged and were left out: {names}",
    "pages_guessed": "the book does not say in which order its pages are read; they stand in the order of their names",
    "page_flattened": "the page nests its elements too deep; it was read without its inner markup",
    "entities_ignored": "the page declares entities of its own; they were not expanded",
    "file_left_out": "{name} was left out; I read {formats}",
    "characters_lost": "{count} characters stand as “�”; save the file as UTF-8 and import it again",
    "story_file_prose": "text in story.md is not read beside chapter files; move it into a chapter's file",
    "blank_lines_doubted": (
        "additional blank lines before line {lines} are not taken for scene breaks; put * * * where one is meant"
    ),
    "ratings_differ": ("its files state different ratings; it counts as {rating}, the highest ({stated} stands first)"),
    "chapters_counted_on": "the chapter numbers begin again here and are counted on: this is chapter {number}",
    "correction_stale": "your {kind} before “{after} …” fits nowhere any more; it is kept in case the words come back",
    "note_end_doubted": "the author's note of line {line} may go on here; what may be story was kept as story",
    "front_matter_unknown": "nothing is known of “{key}” in the front matter; it was left out",
    "quote_marks_removed": "every line is quoted with “>”; the marks were taken off",
    "front_doubted": "what stands before the first chapter reads like story and was kept as a chapter",
    "marks_no_breaks": "marks that frame an inset or only space the text were taken for no scene breaks: lines {lines}",
    "breaks_proposed": "a scene may begin here though nothing marks it: lines {lines}",
    "breaks_taken": "a scene begins here though nothing marks it (time and people change): lines {lines}",
    "mojibake_repaired": "{count} characters that an earlier program had garbled were put right",
    "encoding_named": "the file is not UTF-8; it was read as {encoding}, so look at its accents and quotes",
    "rating_unknown": "the rating “{value}” is not known, so the story counts as unrated",
}
