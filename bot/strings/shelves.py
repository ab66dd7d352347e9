"""Stories as moderators see them: what readers are shown, and what comes."""

from __future__ import annotations

# /library show
STATES = {
    "posted": "posted",
    "released": "shown to readers",
    "not yet": "not yet",
}
SHOWN_TITLE = "Chapters, and what readers here are shown"
SHOWN_ROW = "**{chapter}** · {words} words · {state}"
SHOWN_BEFORE = "… {count} before these"
SHOWN_AFTER = "… and {count} more"
SHOWN_ALL = "Readers here are shown all of it."
SHOWN_HELD = "Readers here are shown {shown} of {chapters}. Only you see this; what is not posted yet is for your eyes."
MENU_LOOK = "Look at a chapter …"
MENU_RELEASE = "Release up to …"
MENU_EARLIER = "Earlier chapters …"
MENU_LATER = "Later chapters …"
BUTTON_RELEASE = "Release"
BUTTON_BACK = "Previous page"
BUTTON_ON = "Next page"
RELEASE_ASKED = (
    "Readers here will be able to quote and find {chapters} of “{title}”. This cannot be taken back from what they "
    "have read. Nothing is posted by it."
)
RELEASE_CHANGED = "The story has changed meanwhile, so I ask again."
RELEASE_DONE = "Readers here can now quote and find {chapters} of “{title}”."
ONE_NUMBERED = "chapter {number}"
SEVERAL_NUMBERED = "chapters {numbers}"
NUMBERS_FROM_TO = "{first} to {last}"
LOOK_PAGE = "Page {page} of {pages} · Only you see this; readers here are not shown it yet."
LOOK_PAGE_SHOWN = "Page {page} of {pages} · Only you see this; readers here are shown this chapter."
