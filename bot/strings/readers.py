"""What readers are answered."""

from __future__ import annotations

# What a place allows: the same words whatever the question was.
HERE = "Here: {ratings}; serials up to what has been posted."
HERE_EVERY_RATING = "stories of every rating"
HERE_RATINGS = "{ratings} stories"
HERE_NO_RATING = "no stories"
HERE_ELSEWHERE = "{ratings} stories answer in age-restricted channels only."
BUTTON_READ = "I've read this"

BUTTON_LIFT = "Show me all that is posted"
BUTTON_NOTHING_READ = "I have read nothing yet"

# /progress, and “I've read this”
PROGRESS_UP_TO = "“{title}”: you have read up to {chapter}."
PROGRESS_STAYED = "“{title}”: you had come further already, so it stays at {chapter}."
PROGRESS_NOTHING = "“{title}”: you have read nothing of it yet."
PROGRESS_OPEN = "“{title}”: you hide nothing from yourself. I show you all that is posted here."
PROGRESS_BINDS = (
    "What comes after it is hidden from whatever I show you alone: suggestions, Context, /stories, and every private "
    "answer. Answers that all can see still go by what is posted here."
)
PROGRESS_HOW = (
    "Press “I've read this” under a chapter to move on, or type /progress with a chapter. It is kept for this server "
    "alone, and nobody else sees it."
)
PROGRESS_EVERYTHING = "everything: hide nothing"
PROGRESS_NONE = "nothing yet: hide all of it"

INCIDENT = "Something went wrong on my side; nothing of yours is lost. Tell whoever runs me this code: {code}"

# /quote, /find
MENU_WHICH_SCENE = "Which scene is this from?"
BUTTON_ANOTHER = "Another"
BUTTON_CONTEXT = "Context"
FOUND = "Found it."
UNSURE = "I am not sure. The closest that I have:"
ALSO = "Also close"
OTHER_FOUND = "Another match. It fits as well."
OTHER_UNSURE = "Another match. I am not sure about it."
AROUND_IT = "More around it"
OTHERS_MENU = "Other matches"
BUTTON_MORE = "More around it"
BUTTON_SHARE = "Share"
BUTTON_REMOVE = "Remove"
POSTED = "Posted here"
POSTED_LINK = "[Read it where it was posted]({link})"
SUGGESTION = "{line} — {story}, {chapter}"

# /stories
SHELF_TITLE = "Stories"
SHELF_EMPTY = "There is no story to read here yet. {here}"
SHELF_ROW = "**{title}** {by}\n{rating} · {chapters} · {words} words"
SHELF_ROW_NOTHING = "**{title}** {by}\n{rating} · nothing of it to read here yet"
SHELF_MORE = "… and {count} more. Type a part of the title in /stories to find it."
STORY_DETAILS = "{rating} · {chapters} · {words} words · {minutes} min of reading"
STORY_NOTHING = "{rating} · Nothing of it has been posted here yet."
STORY_UNREAD = "{rating} · Nothing of it that you are shown yet. /progress says how far you have read."
STORY_CHOICE = "{title} — {whose}"
FIELD_WARNINGS = "Warnings"
FIELD_PERMISSION = "Here by permission of"
FIELD_SOURCE = "Source"
NO_WARNINGS = "none given"
PERMISSION = {
    "author": "its author",
    "licence": "its licence",
    "public domain": "public domain",
    "unknown": "nobody on record",
}
PERMISSION_SHOWN = {
    True: "{source}: the full text",
    False: "{source}: quotes and search only",
}

# /top
TOP_TITLE = "Scenes that moved this server"
TOP_EMPTY = "Nobody has reacted to a scene yet. React to a part of a chapter or to a quote, and it counts. {here}"
TOP_ROW = "**{place}.** {tallies} · [{story}, {chapter}, {scene}]({link})\n{opening}"
TOP_ROW_NO_LINK = "**{place}.** {tallies} · {story}, {chapter}, {scene}\n{opening}"

# /help
HELP_TITLE = "Inglenook"
HELP_READERS = (
    "**Readers**\n"
    "/quote: a line at random; press Another or Context\n"
    "/find: the line that you half remember, with suggestions as you type\n"
    "Right-click a message, Apps, “Which scene is this from?”: where it is quoted from\n"
    "/stories: what there is to read; /top: the scenes that moved this server\n"
    "/progress, or “I've read this” under a chapter: hide what you have not read"
)
HELP_REACTIONS = "React to any part of a posted chapter, or to a quote: it counts for that scene."
HELP_MODERATORS = (
    "**Moderators**\n"
    "/check: what needs you, and what mends it\n"
    "/setup: channels, roles, ratings and your first serial, in one panel\n"
    "/serial start: post a story here, chapter by chapter\n"
    "/serial now: post the next chapter at once\n"
    "/serial list: what runs where, and when the next chapter comes\n"
    "/library show: look ahead, or release chapters by hand\n"
    "/library add: a story of this server's own, from a file that you attach"
)
