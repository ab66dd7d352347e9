"""Every sentence that a person can see, with named fields.

Whoever fills a field escapes it for where it is shown. A refusal says what to do next.
"""

from __future__ import annotations

from bot.domain.errors import UserFacingError

# What a place allows: the same words whatever the question was.
HERE_OPEN = (
    "Here: general and teen stories; serials up to what has been posted. "
    "Mature, explicit and unrated stories answer in age-restricted channels only."
)
HERE_RESTRICTED = "Here: stories of every rating; serials up to what has been posted."

REFUSALS = {
    # Readers
    "nothing_found": "I found nothing like that. {here}",
    "nothing_to_quote": "I have no line to quote here. {here}",
    "story_not_found": ("I have no story called “{name}” here. Pick one from the suggestions, or see /stories. {here}"),
    "old_button": "That button belongs to an older message, and what it showed is no longer here. {here}",
    "server_only": "I answer in servers only. Ask me again in a channel of a server that I am in.",
    # Moderators
    "bad_setting": "--set {setting} cannot be used: {reason}.",
    "library_empty": "The library in {path} is empty. Bring a story in with: inglenook import PATH",
    "serial_channel_not_restricted": (
        "The rating of “{title}” is {rating}, and mature, explicit and unrated stories may be posted in "
        "age-restricted channels only; {channel} is not one. Pick an age-restricted channel, or switch on "
        "“Age-Restricted Channel” in that channel's settings. A story that is unrated by mistake can be given its "
        "rating by whoever runs this bot."
    ),
    "serial_exists": "“{title}” already runs in {channel}. See /serial list.",
    "serial_none": "No serial of “{title}” runs here. Start one with /serial start.",
    "serial_several": "“{title}” runs in {channels}. Say which with the option channel.",
    "serial_out_of_chapters": ("Every chapter of “{title}” has been posted. The serial rests until there are more."),
    "channel_unusable": (
        "I may not post in {channel}: there I lack {permissions}. Give them to my role in that channel's "
        "settings under Permissions, then try again."
    ),
    "missing_permission": (
        "This command is for moderators (people who may manage the server). Ask one of them, or have an "
        "admin allow it for you under Server Settings → Integrations."
    ),
    # Stories
    "file_missing": "There is no file or folder {file}. Check the path.",
    "file_unreadable": "{file} cannot be read: {reason}.",
    "file_empty": "{file} is empty. Leave it out, or put the story into it.",
    "file_not_text": "{file} is no text file. Save it as plain text (UTF-8) or Markdown, then import that.",
    "file_too_large": "{file} is larger than {limit} MB. Cut it into one file a chapter, in one folder.",
    "too_many_files": "{file} holds more than {limit} files. Import its folders one by one.",
    "format_unknown": "{file} has a format that I cannot read. I read {formats}.",
    "story_empty": "{file} holds no story text, only what stands around one. Check that nothing was cut off.",
    "front_matter_open": (
        "The front matter of {file} does not end within {limit} KB. Close it with a line that holds only ---."
    ),
    "front_matter_too_long": "The front matter of {file} is longer than {limit} KB. Shorten it.",
    "front_matter_yaml": (
        "The front matter of {file} cannot be read at line {line}. Write it as key: value, and put quotes "
        "around a value that holds a colon."
    ),
    "front_matter_key": "{file}, line {line}: nothing is known of “{key}”. There are: {known}.",
    "front_matter_value": "{file}, line {line}: {key} cannot be “{value}”. It is {expected}.",
    "chapter_twice": (
        "Chapter {number} stands twice: at line {line} of {file} and at line {other_line} of {other_file}. "
        "Change one of the numbers."
    ),
    # The database
    "database_locked": (
        "The database {path} is held by another program and did not come free. Close what uses it (a backup "
        "tool, another Inglenook that hangs), then try again."
    ),
    "database_read_only": ("The database {path} cannot be written. Allow this user to write the file and its folder."),
    "database_corrupt": (
        "The file {path} is damaged or is not a SQLite database. Put a backup in its place, or name another "
        "file with --db."
    ),
    "database_unopenable": (
        "The database {path} cannot be opened. Make sure that its folder exists and may be written, or name "
        "another file with --db."
    ),
    "database_foreign": "The database {path} belongs to another program. Name another file with --db.",
    "database_newer": (
        "The database {path} was written by a newer Inglenook (schema {version}; this one knows {known}). "
        "Install the newer version again."
    ),
    "database_missing": "There is no database {path}. Name the right one with --db, or import a story first.",
    "disk_failed": "The disk that holds {path} is full or failing. Free some space or move the database.",
    "database_not_on_volume": (
        "The database {path} lies inside the container and would be lost with it. Mount a volume there (for "
        "example: docker run -v inglenook:/data …)."
    ),
    # Configuration
    "config_missing": ("There is no configuration file {path}. Leave --config out, or copy config.example.toml there."),
    "config_unreadable": "The configuration file {path} cannot be read: {reason}.",
    "config_bad": "The configuration in {path} has {count}:\n{problems}",
    "token_missing": (
        "There is no token. Set INGLENOOK_TOKEN, or put it into a file and name that in "
        "INGLENOOK_TOKEN_FILE, or start “inglenook run” on a terminal, which asks for it."
    ),
    "token_malformed": (
        "This is no bot token: one has three parts with dots between. Copy it anew in the developer portal: "
        "your application, Bot, Reset Token."
    ),
    "token_unreadable": "The token file {path} cannot be read: {reason}.",
    "token_wrong": (
        "Discord does not know this token. Copy it anew in the developer portal: your application, Bot, Reset Token."
    ),
    "discord_unreachable": ("Discord cannot be reached. Check this machine's internet connection, then try again."),
    "extra_missing": (
        "“inglenook {command}” needs one more package. Install it with: pip install 'inglenook[{command}]' "
        "(in a clone: pip install -e '.[{command}]')."
    ),
    "port_in_use": "Port {port} is taken by another program. Choose another with --port.",
    "corpus_empty": "There is no story in {path}. Import one, or name a folder that holds stories.",
    "backup_exists": "{path} is already there. Name a file that is not, so that no backup is overwritten.",
    "backup_failed": (
        "The backup {path} could not be written: {reason}. Name a file in a folder that is there, may be written "
        "and has room."
    ),
    "backup_bad": ("The backup {path} did not pass its check: {reason}. It was deleted; the database is untouched."),
    # The steps of “inglenook try”
    "step_unknown": (
        "“{step}” is not a step. A step is a slash command like /quote, or one of: press, react, menu, "
        "suggest, wait, restart, as, in (see inglenook try --help)."
    ),
    "step_slash_alone": "A slash needs a command behind it, like /quote; /help lists them.",
    "step_incomplete": "“{verb}” needs something behind it, like: {example}",
    "step_wait": "“{text}” is not a time. Write a number with s, m, h, d or w, up to a year: 30s, 10m, 7d.",
    "step_target": (
        "[{target}] points at no message. Write [last] for the bot's last message, [2] for the one before."
    ),
    "step_quote_open": "A quotation mark is opened and never closed in: {text}",
    "step_after_quotes": "Nothing but [last] or a number like [2] can follow the quotation marks in: {step}",
    "step_command": "There is no command /{command}. There are: {names}",
    "step_menu": "No message has a menu entry “{name}”. There are: {names}",
    "step_option_unknown": "{command} has no option “{option}”. It has: {names}",
    "step_option_twice": "{command} takes the option “{option}” only once.",
    "step_option_missing": '{command} needs its option “{option}”, like: {command} {option}:"…"',
    "step_choice": "{command} does not know “{text}” for “{option}”. Choose from: {names}",
    "step_value": "{command} takes {kind} for “{option}”, and “{text}” is not.",
    "step_too_much": "{command} has no option left for “{text}”.",
    "step_no_suggestions": "{command} suggests nothing for “{option}”.",
    "stage_unknown_channel": "There is no channel “{name}” here. There are: {names}.",
    "stage_unknown_person": "There is nobody called “{name}” here. There are: {names}.",
}

# What an author should know of a story that was read all the same.
PROBLEMS = {
    "file_left_out": "{name} was left out; I read {formats}",
    "encoding_guessed": ("the file is not UTF-8; it was read as Windows-1252, so look at its accents and quotes"),
    "characters_lost": "{count} characters stand as “�”; save the file as UTF-8 and import it again",
    "story_file_prose": "text in story.md is not read beside chapter files; move it into a chapter's file",
    "blank_lines_doubted": (
        "additional blank lines before line {lines} are not taken for scene breaks; put * * * where one is meant"
    ),
    "ratings_differ": ("its files state different ratings; it counts as {rating}, the highest ({stated} stands first)"),
    "chapters_counted_on": "the chapter numbers begin again here and are counted on: this is chapter {number}",
    "rating_unknown": "the rating “{value}” is not known, so the story counts as unrated",
}

INCIDENT = "Something went wrong on my side; nothing of yours is lost. Tell whoever runs me this code: {code}"

# Why a serial is paused, where moderators read it.
PAUSES = {
    "chapter_gone": "the chapter is no longer in the story",
    "story_withdrawn": "the story was withdrawn",
    "channel_not_restricted": "the channel is not age-restricted any more, and the story needs that",
    "channel_gone": "the channel is gone, or I can no longer see it",
    "channel_forbidden": "I may no longer post in the channel",
    "channel_unreadable": (
        "a message may or may not have arrived, and I may not read the channel's history to find out"
    ),
    "discord_refused": "Discord refused a message",
}

# Cards of a drop
OPENING_CARD = "## {title}\n**{chapter}**\n-# {details}"
OPENING_WARNINGS = "Warnings: {warnings}"
READING_TIME = "{minutes} min"
BY = "by {authors}"
DAY = "{day} {month} {year}"
MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
SCENE_BREAK = "⁂"
END_CARD = "-# End of {chapter} · React to the part that moved you."
END_CARD_NEXT = "-# End of {chapter} · React to the part that moved you. Next: {when}"

CHAPTER = "Chapter {number}"
CHAPTER_TITLED = "Chapter {number}: {title}"
SCENE = "scene {number}"

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
ONE_CHAPTER = "1 chapter"
CHAPTERS = "{count} chapters"
PERMISSION = {
    "author": "its author",
    "licence": "its licence",
    "public domain": "public domain",
    "unknown": "nobody on record",
}

# /top
TOP_TITLE = "Scenes that moved this server"
TOP_EMPTY = "Nobody has reacted to a scene yet. React to a part of a chapter or to a quote, and it counts. {here}"
TOP_ROW = "**{place}.** {tallies} · [{story}, {chapter}, {scene}]({link})\n{opening}"
TOP_ROW_NO_LINK = "**{place}.** {tallies} · {story}, {chapter}, {scene}\n{opening}"

# /serial
SERIAL_STARTED = "“{title}” starts in {channel}. Its chapters come:\n{dates}"
SERIAL_DATE_NOW = "- now"
SERIAL_DATE = "- {when}"
SERIAL_ON_ITS_WAY = "The next chapter of “{title}” is on its way to {channel}."
SERIAL_POSTED = "The next chapter of “{title}” stands in {channel}."
SERIAL_NOT_POSTED = (
    "The next chapter of “{title}” could not be posted: {reason}. Put that right, then type /serial now again."
)
SERIAL_WAITING = "Discord is slow to take the next chapter of “{title}”. It will stand in {channel} as soon as it can."
SERIALS_TITLE = "Serials"
SERIALS_EMPTY = "No serial runs here. Start one with /serial start."
SERIALS_ELSEWHERE = "And {count} that may be named in age-restricted channels only: type /serial list in one."
SERIAL_ROW_ACTIVE = "**{title}** in {channel}: {posted} of {chapters} posted. Next: {when}"
SERIAL_ROW_PAUSED = (
    "**{title}** in {channel}: {posted} of {chapters} posted. Paused: {reason}. Put that right, then type /serial now."
)
SERIAL_ROW_RESTING = "**{title}** in {channel}: all {posted} posted. It rests until there are more chapters."

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
    "/serial list: what runs where, and when the next chapter comes"
)

COMMANDS = {
    "quote": "A line at random",
    "quote_story": "From this story only",
    "find": "Find the line that you half remember",
    "find_words": "What you remember, as well as you can",
    "find_story": "In this story only",
    "stories": "What there is to read here",
    "stories_story": "Show this story's card",
    "top": "The scenes that moved this server",
    "help": "What I can do, and what this channel allows",
    "serial": "Post stories chapter by chapter",
    "serial_start": "Post a story in a channel, chapter by chapter",
    "serial_start_story": "Which story",
    "serial_start_channel": "Where its chapters are posted",
    "serial_start_every": "How often (once a week, unless you say)",
    "serial_start_first": "When the first chapter comes (tomorrow at this time, unless you say)",
    "serial_now": "Post the next chapter of a serial at once",
    "serial_now_story": "Of which story",
    "serial_now_channel": "In which channel, if it runs in several",
    "serial_list": "The serials of this server, and when their next chapter comes",
}

# “inglenook try” and “inglenook preview”
STAGE_PRIVATE = "only you can see this"
STAGE_LEFT_OUT = "… and {count} more …"
STAGE_NO_ANSWER = "The bot did not answer; Discord would say: The application did not respond."
STAGE_SLOW = "The bot was still at work after five seconds, and nobody waited any longer."
STAGE_NO_MESSAGE = "There is no such message: of the bot's messages one sees {count} in #{channel}, not {back}."
STAGE_NO_BUTTON = "That message has no button “{label}”. It has: {names}"
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

# On the terminal
RUN_ASK_TOKEN = "Paste the bot's token (it stays hidden), then press Enter: "  # noqa: S105 (a question, no token)
RUN_INVITE = "Invite link, with the least permissions that every feature needs:\n  {link}"
RUN_WAITING = "Connected. I am in no server yet: open the link, choose your server, and come back here."
RUN_READY = "Connected. I am in: {servers}. Type /help there; a moderator starts a story with /serial start."
RUN_JOINED = "I am in “{server}” now. Type /help there; a moderator starts a story with /serial start."
RUN_STOPPING = "Stopping: what is under way is finished first."

IMPORT_ADDED = "{title} ({slug}): {chapters}, {scenes}, {words} words. {what}"
IMPORT_NEW = "New."
IMPORT_AGAIN = "Imported again: {kept} of {scenes} keep their reactions."
IMPORT_ANYWHERE = "  Rated {rating}: may be shown in every channel."
IMPORT_RESTRICTED = "  Rated {rating}: only in age-restricted channels."
IMPORT_UNRATED = "  Unrated: only in age-restricted channels; --set rating=teen changes that."
IMPORT_PROBLEM = "  {severity}: {where}: {message}"
IMPORT_REFUSED = "Refused: {reason}"
ONE_SCENE = "1 scene"
SCENES = "{count} scenes"

CHECK_CONFIG = "Configuration: good ({source})."
CHECK_CONFIG_DEFAULTS = "nothing is set, so the defaults hold"
CHECK_DATABASE = "Database: good ({path}, schema {schema}, {serials} running)."
CHECK_LIBRARY = "Library: {stories}, {lines} lines."
CHECK_STORIES = "Stories in {path}: {count} can be imported."
ONE_STORY = "1 story"
STORIES = "{count} stories"
ONE_SERIAL = "1 serial"
SERIALS = "{count} serials"

BACKUP_DONE = "The backup {path} is whole: {stories}, {lines} lines, {size} MB."

CLI = {
    "description": "Inglenook gives a Discord community its stories.",
    "run": "run the bot on Discord (asks for the token on a terminal where none is set)",
    "try": "play a tour, or steps of your own, on a simulated Discord; needs no account",
    "preview": "the bot on a simulated Discord in a local browser page; needs no account",
    "import": "bring stories in: .txt or .md files, or folders of them",
    "check": "say whether configuration, database and stories are good",
    "backup": "write a consistent, checked copy of the database; the bot may go on running",
    "config": "the configuration file (inglenook.toml, if it is there)",
    "db": "the database file, instead of the configured one",
    "db_stage": "try it on a copy of this database; without it the stories in corpus/ are loaded",
    "verbose": "show where in the program an error arose",
    "paths": "a file or a folder",
    "check_paths": "also read these story files or folders, without storing them",
    "backup_path": "the file to write; it must not be there yet",
    "set": "override what the files say: rating, title, author, language or slug; may be repeated",
    "steps": "a slash command as typed, press, react, menu, suggest, wait, restart, as, in; none: the tour",
    "as": "who acts: reader, moderator or author",
    "channel_try": "where: chapters, talk, late-night or mods",
    "channel_preview": "the channel that the page shows",
    "json": "print one JSON object a step",
    "port": "the page's port (0: any that is free)",
}
CLI_BAD_PORT = "{port} is no port; ports are 0 to 65535"
CLI_INCIDENT = "Something went wrong inside Inglenook: {error}. Run it again with --verbose to see where."


def refusal(error: UserFacingError, *, here: str = "", **shown: object) -> str:
    """The sentence of a refusal; ``shown`` are its values as they look where they are shown."""
    return REFUSALS[error.key].format(here=here, **(shown or error.values)).strip()
