"""What readers are answered."""

from __future__ import annotations

# What a place allows: the same words whatever the question was.
HERE_OPEN = (
    "Here: general and teen stories; serials up to what has been posted. "
    "Mature, explicit and unrated stories answer in age-restricted channels only."
)
HERE_RESTRICTED = "Here: stories of every rating; serials up to what has been posted."

INCIDENT = "Something went wrong on my side; nothing of yours is lost. Tell whoever runs me this code: {code}"

# /quote, /find
MENU_WHICH_SCENE = "Which scene is this from?"
BUTTON_ANOTHER = "Another"
BUTTON_CONTEXT = "Context"
FOUND = "Found it."
UNSURE = "I am not sure. The closest that I have:"
ALSO = "Also close"
SUGGESTION = "{line} — {story}, {chapter}"

# /stories
SHELF_TITLE = "Stories"
SHELF_EMPTY = "There is no story to read here yet. {here}"
SHELF_ROW = "**{title}** {by}\n{rating} · {chapters} · {words} words"
SHELF_MORE = "… and {count} more. Type a part of the title in /stories to find it."
STORY_DETAILS = "{rating} · {chapters} · {words} words · {minutes} min of reading"
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
    "/stories: what there is to read; /top: the scenes that moved this server"
)
HELP_REACTIONS = "React to any part of a posted chapter, or to a quote: it counts for that scene."
HELP_MODERATORS = (
    "**Moderators**\n"
    "/serial start: post a story here, chapter by chapter\n"
    "/serial now: post the next chapter at once\n"
    "/serial list: what runs where, and when the next chapter comes\n"
    "/library add: a story of this server's own, from a file that you attach"
)
