"""``/check``, and what moderators are told unasked."""

from __future__ import annotations

CHECK_TITLE = "Check"
CHECK_GOOD = "All is well."
CHECK_ONE = "One thing needs you."
CHECK_SEVERAL = "{count} things need you."
CHECK_ROW = "**{number}.** {sentence}"
CHECK_MORE = "… and {count} more. Mend these first, then check again."
CHECK_SERIALS = "Last and next"
CHECK_GROUPS = {
    "serial": "Serials",
    "channel": "Channels",
    "role": "Roles",
    "notices": "Notices",
    "index": "Search",
    "clock": "Clock",
}
CHECK_GROUP = "**{group}**"
CHECK_NO_SERIAL = "No serial runs here. Start one with /serial start."
CHECK_SERIALS_MORE = "… and {count} more: /serial list"

CHECK_COMING = "{title} in {channel}: chapter {number} {when}."
CHECK_POSTING = "{title} in {channel}: a chapter is on its way."
CHECK_PAUSED = "{title} in {channel}: paused."
CHECK_RESTING = "{title} in {channel}: all {posted} posted; it rests until /library add brings more."
CHECK_LAST = "Last: [chapter {number}]({link}) {when}."
CHECK_LAST_NO_LINK = "Last: chapter {number} {when}."
CHECK_LAST_GONE = "Last: a chapter that is no longer in the story, {when}."

NAMED = "“{title}”"
UNNAMED = "A story that may not be named here"

# What a check finds, each with what mends it.
FINDINGS = {
    "serial_paused": "{title} in {channel} is paused: {reason}. Put that right, then press Go on.",
    "serial_slow": "{title} in {channel}: a chapter has been on its way since {since}. Press Go on to try again now.",
    "serial_stuck": "{title} in {channel} has chapters left and no date. Press Go on to post the next one now.",
    "serial_overdue": "{title} in {channel}: the next chapter was due {since}. Press Go on to post it now.",
    "serial_withdrawn": ("{title} in {channel} was withdrawn, so none of it is posted any more. Press End it."),
    "serial_rating": (
        "{title} is rated {rating}, which this server's settings do not allow, so {channel} gets none of it. "
        "Allow that rating under Setup, or leave it so."
    ),
    "serial_open": (
        "{title} is rated {rating}, and {channel} is not age-restricted, so nothing of it is posted there. Switch on "
        "“Age-Restricted Channel” in that channel's settings."
    ),
    "serial_behind": (
        "{title} in {channel}: {chapters} came in behind what has been posted. Nobody is shown that yet. Post it "
        "now, or release it with /library show."
    ),
    "serial_channel_gone": (
        "{title}: its channel is gone, or I can no longer see it. If it still exists, give my role View Channel there "
        "and check again; otherwise press End it."
    ),
    "serial_hidden": (
        "{title}: readers cannot see {channel} ({roles} cannot), so what is posted there is not shown to them "
        "elsewhere. Open that channel, or choose the channel where your readers talk under Setup; or release by hand "
        "with /library show."
    ),
    "serial_unshown": (
        "{title} in {channel}: {posted}, and readers are not shown all of that elsewhere. Release it with /library "
        "show."
    ),
    "channel_lacks": ("In {channel} I lack {permissions}. Give them to my role: that channel's settings, Permissions."),
    "channel_forgotten": (
        "“{setting}” names a channel that is gone, or that I can no longer see. Let me see it, or press Forget."
    ),
    "role_forgotten": "“{setting}” names a role that is gone. Press Forget, then choose another under Setup.",
    "role_silent": (
        "A mention of {role} notifies nobody. Switch on “Allow anyone to @mention this role” in that role's settings."
    ),
    "notices_nowhere": "{notices} for moderators, and there is no channel for them. Choose one under Setup.",
    "notices_wait": "{notices} for {channel} could not be sent yet. I try again every few minutes.",
    "index_stale": "Searches go by an older library, and bringing that up to date failed. Press Rebuild to try again.",
    "clock_fast": "My machine's clock is {seconds} s fast, so chapters come early. Whoever runs me can set it.",
    "clock_slow": "My machine's clock is {seconds} s slow, so chapters come late. Whoever runs me can set it.",
}

ONE_BEHIND = "chapter {number}"
SEVERAL_BEHIND = "chapters {numbers}"
ONE_UNSHOWN = "one chapter was posted"
SEVERAL_UNSHOWN = "{count} chapters were posted"
ONE_NOTICE = "One notice waits"
SEVERAL_NOTICES = "{count} notices wait"

# Buttons
CHECK_BUTTON = "{number}: {label}"
CHECK_BUTTONS = {
    "go": "Go on",
    "end": "End it",
    "behind": "Post chapter {chapter}",
    "index": "Rebuild",
    "forget": "Forget",
    "setup": "Setup",
}
BUTTON_CHECK_AGAIN = "Check again"

# What a button did
CHECK_DONE = {
    "posted": "{title}: the chapter stands in {channel}.",
    "paused": "{title} could not go on: {reason}.",
    "waiting": "{title}: the chapter is on its way to {channel}.",
    "index": "The library can be searched as it stands.",
    "forget": "“{setting}” is empty now.",
}

# What moderators are told unasked
NOTICES = {
    "serial_paused": "{title} in {channel} is paused: {reason}. Put that right, then type /check and press Go on.",
    "serial_rests": (
        "{title} in {channel} has posted all its chapters, and rests. /library add brings in more; then it goes on by "
        "itself."
    ),
    "chapters_inserted": (
        "{title} in {channel}: {chapters} came in behind what has been posted. Nobody is shown that before you post or "
        "release it: type /check."
    ),
    "posted_text_grew": (
        "{title} in {channel}: a new version of the story puts much new text into what has been posted. Readers can "
        "quote and find that now. Nothing is posted again."
    ),
}
ONE_INSERTED = "a chapter"
SEVERAL_INSERTED = "{count} chapters"
