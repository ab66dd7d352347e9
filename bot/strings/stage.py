"""What “inglenook try” and “inglenook preview” say around the bot."""

from __future__ import annotations

# “inglenook try” and “inglenook preview”
STAGE_PRIVATE = "only you can see this"
STAGE_LEFT_OUT = "… and {count} more …"
STAGE_NO_ANSWER = "The bot did not answer; Discord would say: The application did not respond."
STAGE_SLOW = "The bot was still at work after five seconds, and nobody waited any longer."
STAGE_NO_MESSAGE = "There is no such message: of the bot's messages one sees {count} in #{channel}, not {back}."
STAGE_NO_BUTTON = "That message has no button “{label}”. It has: {names}"
STAGE_NO_SELECT = "That message has no menu “{name}”. It has: {names}"
STAGE_NO_ENTRY = "The menu “{name}” has no “{entry}”. It has: {names}"
STAGE_IMPOSSIBLE = "Discord does not let one do that: {reason}"
STAGE_UNSEEN = "The {actor} does not see #{channel}."
STAGE_NOT_OFFERED = "Discord does not offer /{command} to the {actor} here."
STAGE_BUG = "The bot failed: {error}"

TOUR = {
    "start": "This is Inglenook on a simulated Discord. It is the real bot, and nothing leaves this machine.",
    "import": "{count} stories come in:",
    "serial": "A moderator starts a serial of one of them: a chapter a day, the first in a minute.",
    "serial_here": "A moderator starts a serial of one of them here, and its first chapter comes at once.",
    "drop": "The minute passes, and the first chapter stands in #chapters, one message after the other.",
    "reaction": "A scene moves somebody. Any emoji on any part of it counts for that scene.",
    "quote": "A reader asks for a line at random.",
    "suggest": "Another line is on the tip of their tongue. Lines are suggested while they type.",
    "find": "They remember it badly. It is found all the same.",
    "refused": "One of the stories is for adults. Outside age-restricted channels there is no sign of it.",
    "adult": "In an age-restricted channel there is.",
    "top": "What moved this server so far:",
    "restart": "The bot stops and starts again. Nothing is lost, and old buttons still work.",
    "still": "The serial goes on where it was.",
    "end": "That was all. “inglenook preview” shows the same server in your browser.",
    "end_otherwise": "Something above went otherwise than it should; the tour ends here.",
    "nothing": "That database has no story that may be shown in #{channel}, so there is no serial.",
    "address": (
        "#{channel} of the same server is in your browser now, and time goes on there. Type a slash for the "
        "commands, and change who you are at the top. Ctrl-C ends it. The address:"
    ),
}
TOUR_STORY = "{title} · {rating} · {chapters} chapters · {scenes} scenes · {words} words"
