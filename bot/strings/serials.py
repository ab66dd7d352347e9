"""Serials, and the cards and pauses of their chapters."""

from __future__ import annotations

# Why a serial is paused, where moderators read it.
PAUSES = {
    "chapter_gone": "the chapter is no longer in the story",
    "story_withdrawn": "the story was withdrawn",
    "channel_not_restricted": (
        "the story's rating needs an age-restricted channel, and the channel is none: one of the two has changed"
    ),
    "rating_not_allowed": "this server's settings no longer allow stories of that rating",
    "channel_gone": "the channel is gone, or I can no longer see it",
    "channel_forbidden": "I may no longer post in the channel",
    "channel_unreadable": (
        "a message may or may not have arrived, and I may not read the channel's history to find out"
    ),
    "discord_refused": "Discord refused a message",
}

# Why a story may not be posted in full
NO_FULL_TEXT = {
    "excerpts": "its permission covers excerpts (quotes and search), not the full text",
    "unknown": "nobody is on record who has allowed that",
}

# Cards of a drop
OPENING_CARD = "## {title}\n**{chapter}**\n-# {details}"
OPENING_WARNINGS = "Warnings: {warnings}"
READING_TIME = "{minutes} min"
SCENE_BREAK = "⁂"
END_CARD = "-# End of {chapter} · React to the part that moved you."
END_CARD_NEXT = "-# End of {chapter} · React to the part that moved you. Next: {when}"

# /serial
SERIAL_STARTED = "“{title}” starts in {channel}. Its chapters come:\n{dates}"
SERIAL_HIDES = "Until its chapters are posted, readers are shown nothing of it. /library show can release some before."
SERIAL_HIDDEN = (
    "⚠️ Readers cannot see {channel} ({who} cannot), so what is posted there does not count as known to them, and they "
    "are shown nothing of it elsewhere. Open that channel, or choose the channel where your readers talk in /setup, or "
    "release by hand with /library show."
)
EVERYONE = "@everyone"
SERIAL_ENDED = (
    "{title} has ended in {channel}: nothing more of it is posted there. What readers were shown stays, and the rest "
    "stays hidden from them: /library show releases more. /serial start takes it up again where it stopped."
)
SERIAL_DATE_NOW = "- now"
SERIAL_DATE = "- {when}"
SERIAL_ON_ITS_WAY = "The next chapter of “{title}” is on its way to {channel}."
SERIAL_POSTED = "The next chapter of “{title}” stands in {channel}."
SERIAL_NOT_POSTED = (
    "The next chapter of “{title}” could not be posted: {reason}. Put that right, then type /serial now again."
)
SERIAL_NO_CHANNEL = (
    "The next chapter of “{title}” could not be posted: {reason}. If the channel still exists, give my role View "
    "Channel there, then type /serial now; otherwise type /serial end, and start the story elsewhere."
)
SERIAL_WAITING = "Discord is slow to take the next chapter of “{title}”. It will stand in {channel} as soon as it can."
SERIALS_TITLE = "Serials"
SERIALS_EMPTY = "No serial runs here. Start one with /serial start."
SERIALS_ELSEWHERE = {
    "restricted": "And {count} that may be named in age-restricted channels only: type /serial list in one.",
    "rating": "And {count} of a rating that this server's settings do not allow: see /setup.",
    "withdrawn": "And {count} whose story was withdrawn: /check can end it.",
}
SERIAL_ROW_ACTIVE = "**{title}** in {channel}: {posted} of {chapters} posted. Next: {when}"
SERIAL_ROW_PAUSED = (
    "**{title}** in {channel}: {posted} of {chapters} posted. Paused: {reason}. Put that right, then type /serial now."
)
SERIAL_ROW_NO_CHANNEL = (
    "**{title}** in {channel}: {posted} of {chapters} posted. Paused: {reason}. If the channel still exists, give my "
    "role View Channel there, then type /serial now; otherwise type /serial end."
)
SERIAL_ROW_RESTING = "**{title}** in {channel}: all {posted} posted. It rests until there are more chapters."
