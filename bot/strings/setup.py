"""The panel of /setup, and what is said on joining a server."""

from __future__ import annotations

WELCOME = "Thank you for having me: whoever may manage this server can set me up in two minutes, type /setup."

SETUP_TITLE = "## Setting up Inglenook"
SETUP_SAVED = "Each choice is saved at once. You can change it here at any time."
SETUP_PAGES = {"channels": "Channels", "people": "People", "readers": "Readers", "time": "Time"}

SETTING_NAMES = {
    "chapters_channel": "Chapters",
    "talk_channel": "Talk",
    "notices_channel": "Moderators' notices",
    "ping_role": "Role to ping",
    "team_role": "Story team",
    "zone": "Time zone",
    "ratings": "Ratings allowed",
    "hide_warnings": "Warnings",
    "public_channels": "Public answers",
    "pace": "How often",
}
SETTING_MEANS = {
    "chapters_channel": "Where a new serial posts its chapters, unless you choose another channel.",
    "talk_channel": "Where readers talk. Whoever sees this channel counts as a reader.",
    "notices_channel": "Where I tell moderators what needs them, such as a serial that had to pause.",
    "ping_role": "Mentioned once with each new chapter.",
    "team_role": "Its members may use /serial, /library, /check and /setup, but not choose this role.",
    "zone": "When I speak of a time of day in this server, I mean it in this zone.",
    "ratings": "Mature, explicit and unrated stories need an age-restricted channel besides.",
    "hide_warnings": "How a chapter's content warnings look.",
    "public_channels": "Where everybody sees the answers to readers' commands. Elsewhere only the one who asked does.",
    "pace": "How often I answer for all to see in one channel. What comes sooner is answered privately.",
}
SETUP_ROW = "**{name}**: {value}\n-# {means}"
SETUP_NOBODY = "none"

WARNINGS_SHOWN = {False: "in plain sight", True: "behind a spoiler bar"}
PACE_SHOWN = {
    0: "as often as somebody asks",
    60: "once a minute",
    300: "once in five minutes",
    900: "once in fifteen minutes",
}
EVERYWHERE = "everywhere"
NOWHERE = "nowhere"
BUTTON_EVERYWHERE = "Everywhere"
BUTTON_NOWHERE = "Nowhere"
SETUP_AND_MORE = "{list} and {count} more"
SETUP_UNREADABLE = "something else"

# What is not as it should be, and the way out
SETUP_LACKING = "⚠️ In {channel} I lack: {permissions}. To give me that: channel settings → Permissions → {me}."
SETUP_CHANNEL_GONE = "⚠️ This channel is gone, or I no longer see it. Choose another, or press “Forget: {name}”."
SETUP_ROLE_GONE = "⚠️ This role is gone. Choose another, or press “Forget: {name}”."
SETUP_NOT_RESTRICTED = (
    "{channel} is not age-restricted, so mature, explicit and unrated stories stay out of it. That is fine: they "
    "can run in a channel that is."
)
SETUP_NOTICES_PUBLIC = "Everybody can read {channel}. A channel for moderators alone suits notices better."
SETUP_NOT_MENTIONABLE = (
    "⚠️ I cannot mention {role}, so nobody would be notified. Server Settings → Roles → that role → switch on “Allow "
    "anyone to @mention this role”."
)
BUTTON_FORGET = "Forget: {name}"

PERMISSION_NAMES = {
    "view_channel": "View Channel",
    "send_messages": "Send Messages",
    "embed_links": "Embed Links",
    "read_message_history": "Read Message History",
}

# Time
SETUP_REGION = "Region"
SETUP_ZONES_PAGE = "Zones {first} to {last} (page {page} of {pages})"
SETUP_ZONE_IN = "Zone in {region}"
SETUP_CLOCK = "It is {time} there now."
BUTTON_ZONES_BACK = "Earlier zones"
BUTTON_ZONES_ON = "Later zones"
REGION_OTHER = "UTC and others"

# Who changed what
SETUP_CHANGES = "-# Last changes"
SETUP_CHANGE = "-# {who} · {name}: {value} · {when}"
SETUP_NO_CHANGES = "-# Nothing has been changed yet."

# The stories that come with the bot
SETUP_SHELF_EMPTY = "There is no story here yet. Add your own with /library add, or begin with mine:"
BUTTON_SAMPLES = "Add the sample stories"
SAMPLES_ADDED = "✓ {count} sample stories are this server's own now."
SAMPLES_THERE = "The sample stories were here already; nothing has changed."
BUTTON_SAMPLE_SCENE = "Post a sample scene here"
SAMPLE_CARD = "**A sample**: this is how a scene looks here. React to it with any emoji."

# The first serial
BUTTON_FIRST_SERIAL = "Start your first serial"
BUTTON_NEXT_SERIAL = "Start a serial"
DRAFT_TITLE = "## Your first serial"
DRAFT_NEXT_TITLE = "## A serial"
DRAFT_INTRO = "One story, posted chapter by chapter."
DRAFT_ADULT = "-# Mature, explicit and unrated stories are listed where you type /setup in an age-restricted channel."
DRAFT_STORY = "Story"
DRAFT_CHANNEL = "Channel"
DRAFT_EVERY = "How often"
DRAFT_FIRST = "First chapter"
DRAFT_STORY_DETAILS = "{rating} · {chapters} chapters"
DRAFT_MORE = "-# And {count} more: /serial start finds them by their title."
DRAFT_NO_STORY = (
    "No story that I may name here can be posted in full in that channel. Add one with /library add (option "
    "permission: author, licence or public domain), or choose another channel."
)
DRAFT_EVERY_SHOWN = {"week": "once a week", "day": "once a day", "hour": "once an hour"}
DRAFT_FIRST_SHOWN = {"tomorrow": "tomorrow at this time", "now": "now"}
BUTTON_START = "Start"
BUTTON_TO_SETUP = "Back to the setup"
