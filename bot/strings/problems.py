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
        "additional blank lines stand before this{lines} and are not taken for scene breaks; "
        "put * * * where one is meant"
    ),
    "rating_said": (
        "the file is rated {rating}, which is stricter than {said}; {said} is kept, as you said at an earlier import, "
        "and --forget rating lets the file's word count"
    ),
    "ratings_differ": ("its files state different ratings; it counts as {rating}, the highest ({stated} stands first)"),
    "chapters_pushed": (
        "what stands before “{heading}” has no number of its own and takes the next one: this is chapter {number}"
    ),
    "chapter_twice_counted": (
        "“{heading}” has the number of the chapter before it (line {other}); this is chapter {number}"
    ),
    "chapter_note_doubted": "“{heading}” may be only a note to the readers; it was kept as a chapter",
    "may_be_headings": "lines in capitals may be headings and were kept as story: lines {lines}",
    "unseen_removed": "{count} invisible characters (zero-width, or turning the direction of writing) were taken out",
    "accents_piled": "{count} letters carry more accents than any language has; they were left as they are",
    "mojibake_left": "{count} characters look garbled by an earlier program and were left; correct them in the file",
    "page_in_text": "the file holds a web page, whatever its name says, and was read as one",
    "pages_as_chapters": (
        "the book has no headings and no table of contents; each of its {count} pages of some length is a chapter"
    ),
    "link_left_out": "{name} is a link and was not followed; put the file itself there",
    "entry_twice": "{name} stands in the archive twice; the later one was read",
    "nuls_removed": "{count} NUL characters, which some program left in the file, were taken out",
    "chapters_counted_on": "the chapter numbers begin again here and are counted on: this is chapter {number}",
    "correction_stale": "your {kind} before “{after} …” fits nowhere any more; it is kept in case the words come back",
    "note_end_doubted": "the author's note of line {line} may go on here; what may be story was kept as story",
    "front_matter_unknown": "nothing is known of “{key}” in the front matter; it was left out",
    "quote_marks_removed": "every line is quoted with “>”; the marks were taken off",
    "front_doubted": "what stands before the first chapter reads like story and was kept as a chapter",
    "marks_no_breaks": "marks that frame an inset or only space the text were taken for no scene breaks{lines}",
    "breaks_proposed": "a scene may begin here though nothing marks it{lines}",
    "breaks_taken": "a scene begins here though nothing marks it (time and people change){lines}",
    "mojibake_repaired": "{count} characters that an earlier program had garbled were put right",
    "encoding_named": "the file is not UTF-8; it was read as {encoding}, so look at its accents and quotes",
    "rating_doubted": "the rating “{value}” is not wholly understood; the story counts as {rating}",
    "rating_several": "the rating “{value}” names several; the story counts as {rating}, the strictest of them",
    "rating_may_rise": "the rating “{value}” may not be the last; the story counts as {rating}",
    "rating_elsewhere": (
        "“{value}” says another rating than the file does elsewhere; the story counts as {rating}, the strictest"
    ),
    "rating_stated": "“{value}” says that there is more for adults here; the story counts as {rating}",
    "header_doubted": (
        "this line reads like one of a header, but what stands above it reads like the story; it was left there"
    ),
    "later_headers": "the file has several headers, each of which begins a part of the story: lines {lines}",
    "rating_tagged": "the tags say “{value}”, so the story counts as {rating}",
    "footer_doubted": (
        "this line reads like one that mailing lists add, but not what stands around it; it was left as story"
    ),
    "beside_left_out": (
        "{name} was left out: the files beside it are named as chapters and it is not; give it a number if it is one"
    ),
    "rating_unknown": "the rating “{value}” is not known, so the story counts as unrated",
}
