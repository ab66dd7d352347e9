"""What moderators read of a file that they attach."""

from __future__ import annotations

# /library
BUTTON_ACCEPT = "Accept"
BUTTON_DISCARD = "Discard"
UPLOAD = {
    "size": "{chapters}, {scenes}, {words} words",
    "anywhere": "Rating: {rating}. It may be shown in every channel.",
    "restricted": "Rating: {rating}. It may be shown in age-restricted channels only.",
    "kept_rating": "The file says {rating}, so it counts as {rating}: a rating can be made stricter here, never laxer.",
    "unrated": (
        "Unrated, and so it may be shown in age-restricted channels only. If you know better, discard it and add it "
        "again with its rating."
    ),
    "unnamed": "In this channel it is called by its file's name; its title may stand in age-restricted channels only.",
    "new": "New in this server.",
    "again": (
        "It replaces the text that this server has: {kept} scenes stay themselves ({edited} of them edited) and keep "
        "their reactions, {new} are new, {gone} are gone."
    ),
    "restated": "Changes its {fact}: {before} → {after}",
    "none": "none",
    "set_aside": "Set aside: kept out of quotes, search and chapters",
    "aside": "{kind}: {words} words",
    "problems": "Worth a look",
    "problem_unnamed": "1 place. Type /library add in an age-restricted channel to read what is doubtful there.",
    "problems_unnamed": (
        "{count} places. Type /library add in an age-restricted channel to read what is doubtful in them."
    ),
    "problems_more": "… and {count} more",
    "nothing_stored": "Nothing is stored before you accept.",
    "stored": "“{title}” is in this server's library now. /stories shows it, wherever its rating allows.",
    "stored_again": "“{title}” has its new text: {kept} of {scenes} scenes keep their reactions.",
    "discarded": "{file} was discarded, and nothing was stored.",
}
