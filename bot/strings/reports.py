"""What an import understood, before it and after it."""

from __future__ import annotations

IMPORT_ADDED = "{title} ({slug}): {chapters}, {scenes}, {words} words. {what}"
IMPORT_NEW = "New."
IMPORT_AGAIN = "Imported again: {kept} of {scenes} keep their reactions."
IMPORT_ANYWHERE = "  Rated {rating}: may be shown in every channel."
IMPORT_RESTRICTED = "  Rated {rating}: only in age-restricted channels."
IMPORT_UNRATED = "  Unrated: only in age-restricted channels; --set rating=teen changes that."
IMPORT_PROBLEM = "  {severity}: {where}: {message}"
IMPORT_REFUSED = "Refused: {reason}"
IMPORT_READING = "Reading {name}"
IMPORT_COMPARING = "Comparing {name} with what is stored"
IMPORT_STORING = "Storing {name}"
IMPORT_INDEXING = "Making it searchable"
IMPORT_PROGRESS = "[{bar}] {percent} % · {seconds} s · {what}{files}"
IMPORT_INCIDENT = (
    "something went wrong inside Inglenook ({error}), and nothing of this file was stored; --verbose shows where"
)

# What an import understood, as a person reads it before anything is written
REPORT = {
    "by": "by {authors}",
    "nobody": "by nobody that it names",
    "kind": "{format} · “{slug}” · {language}",
    "language_unknown": "in a language that it does not name",
    "language": "language: {language}",
    "rating": "Rating",
    "anywhere": "{rating}: may be shown in every channel.",
    "restricted": "{rating}: may be shown in age-restricted channels only.",
    "unrated": (
        "unrated, and so may be shown in age-restricted channels only. If you know better, say so: --set rating=teen"
    ),
    "warnings": "Warnings",
    "none": "none",
    "consent": "Consent",
    "source": "Source",
    "summary": "Summary",
    "said": "Said",
    "overruled": "{fact}: {before} in the file; {after} as you said",
    "chapters": "{chapters}, {scenes}, {words}",
    "into": "It becomes chapter {number} of “{title}”; the other chapters stay as they are.",
    "chapter_between": "… {count} more, with {scenes} and {words}; --verbose lists them",
    "untitled": "(no title)",
    "one_word": "1 word",
    "words": "{count} words",
    "breaks": "Scene breaks: {count}",
    "no_breaks": "Scene breaks: none; every chapter is one scene.",
    "break_one": "{kind}, {marker}: line {lines}",
    "break_many": "{kind}, {marker}: lines {lines}",
    "break_bare_one": "{kind}: line {lines}",
    "break_bare_many": "{kind}: lines {lines}",
    "line": "line {line}",
    "and_more": "{shown} and {count} more",
    "corrections": "Your corrections: {count}",
    "aside": "Set aside: {count}, {words}. Kept, but never quoted, searched or posted as story.",
    "nothing_aside": "Set aside: nothing. All of it is story.",
    "one_piece": "1 piece",
    "pieces": "{count} pieces",
    "piece": "{kind}, {where}, {words}: “{first}”",
    "piece_cut": "{kind}, {where}, {words}: “{first} …”",
    "aside_more": "… and {count} more; --verbose lists them",
    "doubtful": "Doubtful: {count}",
    "nothing_doubtful": "Doubtful: nothing.",
    "problem": "{severity}, {where}: {message}",
    "place": "{file}, line {line}",
    "changes": "Against the stored version:",
    "changes_new": "It is not in the library yet.",
    "changes_none": "The library holds the same text already.",
    "changes_text_same": "not a word of the text",
    "rating_changes": "rating: {before} → {after}",
    "rating_opens": "rating: {before} → {after}: it will from now on be shown in every channel",
    "rating_closes": "rating: {before} → {after}: it will from now on be shown in age-restricted channels only",
    "fact_changes": "{fact}: {before} → {after}",
    "fact_rewritten": "{fact}: written anew",
    "chapters_added": "chapters added: {numbers}",
    "chapters_removed": "chapters removed: {numbers}",
    "chapters_edited": "chapters edited: {numbers}",
    "chapters_same": "no chapter added, removed or edited",
    "scenes": "scenes: {same} unchanged, {edited} edited, {new} new, {gone} gone",
    "words_change": "words: {before} before, {after} after ({difference})",
    "too_much": "That takes chapters or more than a tenth of the words away, and is done with --allow-shrink only.",
    "nothing_written": "Nothing was written: this was a dry run.",
}
REPORT_CONSENT = {
    "author": "on its author's word, for {covers}.",
    "licence": "under its licence, for {covers}.",
    "public domain": "in the public domain, for {covers}.",
    "unknown": (
        "nobody's word is recorded, so it is here for {covers}. To post it chapter by chapter, say whose word "
        "you have: --set permission=author (or licence, or public domain)"
    ),
}
REPORT_COVERS = {
    "excerpts": "quotes and search only",
    "full text": "its full text: quotes, search and serials",
}
REPORT_CORRECTION = {
    "break": "line {line}, chapter {chapter}: a scene begins here (--join {named} takes it back)",
    "join": "line {line}, chapter {chapter}: no scene begins here (--break {named} takes it back)",
}
