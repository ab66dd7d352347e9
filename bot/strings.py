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
    "correction_nowhere": (
        "--{kind} {line} fits no place in {file}. inglenook import --dry-run --lines lists the lines: "
        "for --break take a paragraph's, for --join a scene's first; a chapter's first paragraph always begins a scene."
    ),
    "correction_ambiguous": (
        "--{kind} {line} means several places in {file}. inglenook import --dry-run --lines names each, such as "
        "--{kind} 2:{line} for chapter 2, or {line}.3 for the third paragraph in that line."
    ),
    "import_bad_line": "“{text}” is no line number. Write --break 120, or --break 3:120 for a line in chapter 3.",
    "import_one_file": "{option} is for one story at a time. Name a single file or folder.",
    "import_chapter_of": "--chapter needs --story, so that I know whose chapter it becomes: --story SLUG --chapter N",
    "import_no_story": "There is no story “{slug}” in the library. There are: {known}.",
    "import_not_one_chapter": (
        "{file} holds {count} chapters, so it cannot become chapter {number}. Leave --chapter out, or give me a file "
        "of one chapter."
    ),
    "library_empty": "The library in {path} is empty. Bring a story in with: inglenook import PATH",
    "serial_channel_not_restricted": (
        "The rating of “{title}” is {rating}, and mature, explicit and unrated stories may be posted in "
        "age-restricted channels only; {channel} is not one. Pick an age-restricted channel, or switch on "
        "“Age-Restricted Channel” in that channel's settings. A story that is unrated by mistake can be given its "
        "rating by whoever runs this bot."
    ),
    "serial_needs_full_text": (
        "“{title}” cannot be posted chapter by chapter: {reason}. Quotes and search go on as before. With the "
        "author's consent, or a licence that allows it, whoever brought the story in can put that right: in its "
        "front matter, “permission: author” (or licence, or public domain); or by importing it again with --set "
        'permission=author --set permission-for="full text"; for a story of this server, with /library add and '
        "its option permission."
    ),
    "upload_gone": (
        "That file does not wait any longer: I have been restarted, or others came after it. Attach it again with "
        "/library add; nothing was stored. {here}"
    ),
    "upload_several": ("{file} holds {count} stories. Attach them one by one, so that you see what becomes of each."),
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
    "archive_no_story": "{file} holds no story. I read {formats}, also packed into a zip archive.",
    "archive_damaged": "{file} is damaged, or is no zip archive at all. Download or pack it again.",
    "archive_encrypted": "{file} is locked with a password. Unpack it, then import the folder.",
    "archive_too_many": "{file} holds more than {limit} files. Unpack it, and import its folders one by one.",
    "archive_bomb": "{file} unpacks to more than {limit} MB of text, which no story is. Nothing of it was read.",
    "epub_no_book": "{file} holds no pages of a book. Export it again as EPUB.",
    "epub_protected": (
        "{file} is protected by DRM ({scheme}), so its text cannot be read. Ask its author for a copy without it."
    ),
    "page_not_text": (
        "{file} is no page of text, whatever its name says. Export it again as HTML or EPUB, or as plain text."
    ),
    "page_too_intricate": "{file} has more than {limit} tags. Save its text as plain text, then import that.",
    "page_too_deep": "{file} nests its elements too deep to be read. Save its text as plain text, then import that.",
    "story_too_large": "{file} holds more than {limit} {what}, which no story does. Cut it into several.",
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
    "story_loses_chapters": (
        "“{title}” would lose text that is stored: what you bring in does not hold chapter {numbers} (now {before} "
        "words, then {after}). If that is meant, import it again with --allow-shrink."
    ),
    "story_loses_words": (
        "“{title}” would lose more than a tenth of its text: now {before} words, then {after}. If that is meant, "
        "import it again with --allow-shrink."
    ),
    "story_loses_chapters_here": (
        "“{title}” would lose text that is stored: your file does not hold chapter {numbers} (now {before} words, "
        "then {after}). Attach the whole story; or, if that is meant, use /library add again with shorter: True."
    ),
    "story_loses_words_here": (
        "“{title}” would lose more than a tenth of its text: now {before} words, then {after}. Attach the whole "
        "story; or, if that is meant, use /library add again with shorter: True."
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
    "export_no_story": "There is no story “{slug}” to export. There are: {known}.",
    "export_exists": "{path} is there already. Name another place with --to, or write over it with --force.",
    "export_failed": "{path} could not be written: {reason}.",
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
    "pages_missing": "{count} pages of the book are missing and were left out: {names}",
    "pages_broken": "{count} pages of the book are damaged and were left out: {names}",
    "pages_guessed": "the book does not say in which order its pages are read; they stand in the order of their names",
    "page_flattened": "the page nests its elements too deep; it was read without its inner markup",
    "entities_ignored": "the page declares entities of its own; they were not expanded",
    "file_left_out": "{name} was left out; I read {formats}",
    "encoding_guessed": ("the file is not UTF-8; it was read as Windows-1252, so look at its accents and quotes"),
    "characters_lost": "{count} characters stand as “�”; save the file as UTF-8 and import it again",
    "story_file_prose": "text in story.md is not read beside chapter files; move it into a chapter's file",
    "blank_lines_doubted": (
        "additional blank lines before line {lines} are not taken for scene breaks; put * * * where one is meant"
    ),
    "ratings_differ": ("its files state different ratings; it counts as {rating}, the highest ({stated} stands first)"),
    "chapters_counted_on": "the chapter numbers begin again here and are counted on: this is chapter {number}",
    "correction_stale": "your {kind} before “{after} …” fits nowhere any more; it is kept in case the words come back",
    "note_end_doubted": "the author's note of line {line} may go on here; what may be story was kept as story",
    "front_doubted": "what stands before the first chapter reads like story and was kept as a chapter",
    "marks_no_breaks": "marks that frame an inset or only space the text were taken for no scene breaks: lines {lines}",
    "breaks_proposed": "a scene may begin here though nothing marks it: lines {lines}",
    "breaks_taken": "a scene begins here though nothing marks it (time and people change): lines {lines}",
    "mojibake_repaired": "{count} characters that an earlier program had garbled were put right",
    "encoding_named": "the file is not UTF-8; it was read as {encoding}, so look at its accents and quotes",
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

# Why a story may not be posted in full
NO_FULL_TEXT = {
    "excerpts": "its permission covers excerpts (quotes and search), not the full text",
    "unknown": "nobody is on record who has allowed that",
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
PERMISSION_SHOWN = {
    True: "{source}: the full text",
    False: "{source}: quotes and search only",
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
    "/serial list: what runs where, and when the next chapter comes\n"
    "/library add: a story of this server's own, from a file that you attach"
)

# /library
BUTTON_ACCEPT = "Accept"
BUTTON_DISCARD = "Discard"
UPLOAD = {
    "size": "{chapters}, {scenes}, {words} words",
    "anywhere": "Rating: {rating}. It may be shown in every channel.",
    "restricted": "Rating: {rating}. It may be shown in age-restricted channels only.",
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
    "set_aside": "Set aside: kept out of quotes, search and chapters",
    "aside": "{kind}: {words} words",
    "problems": "Worth a look",
    "problems_more": "… and {count} more",
    "nothing_stored": "Nothing is stored before you accept.",
    "stored": "“{title}” is in this server's library now. /stories shows it, wherever its rating allows.",
    "stored_again": "“{title}” has its new text: {kept} of {scenes} scenes keep their reactions.",
    "discarded": "{file} was discarded, and nothing was stored.",
}

COMMANDS = {
    "library": "The stories of this server",
    "library_add": "Add a story to this server; I show you what I understood before anything is stored",
    "library_add_file": "The story: text, Markdown, HTML, EPUB, or a zip of its chapters",
    "library_add_title": "Its title, if the file does not say it rightly",
    "library_add_rating": "Its rating, if the file does not say it rightly",
    "library_add_permission": "On whose word it is here, and for what; posting chapters needs the full text",
    "library_add_shorter": "Replace the stored text even if chapters or much of it would be lost",
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
IMPORT_READING = "Reading {name}"
IMPORT_COMPARING = "Comparing {name} with what is stored"
IMPORT_STORING = "Storing {name}"
IMPORT_INDEXING = "Making it searchable"
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

EXPORT_DONE = "{title} is exported: {chapters} in {path}"
EXPORT_NO_STORIES = "none"
BACKUP_DONE = "The backup {path} is whole: {stories}, {lines} lines, {size} MB."

CLI = {
    "description": "Inglenook gives a Discord community its stories.",
    "run": "run the bot on Discord (asks for the token on a terminal where none is set)",
    "try": "play a tour, or steps of your own, on a simulated Discord; needs no account",
    "preview": "the bot on a simulated Discord in a local browser page; needs no account",
    "import": "bring stories in: files, or folders of them; --dry-run shows what is understood first",
    "check": "say whether configuration, database and stories are good",
    "export": "write a stored story to files, from which it comes back exactly as it is; or as plain text",
    "export_story": "the story's short name, as import and /stories give it",
    "export_format": "markdown: a folder that can be imported again (the default); text: one file to read",
    "export_to": "the folder to put it into (the working directory, unless given)",
    "export_server": "export a story of the server with this id, instead of one that is offered to all",
    "export_force": "write over what is there",
    "backup": "write a consistent, checked copy of the database; the bot may go on running",
    "config": "the configuration file (inglenook.toml, if it is there)",
    "db": "the database file, instead of the configured one",
    "db_stage": "try it on a copy of this database; without it the stories in corpus/ are loaded",
    "verbose": "show where in the program an error arose",
    "paths": "a file or a folder",
    "check_paths": "also read these story files or folders, without storing them",
    "backup_path": "the file to write; it must not be there yet",
    "set": (
        "override what the files say; may be repeated. KEY is title, author, rating, warnings, language, summary, "
        "source, slug, permission (author, licence, public domain, unknown) or permission-for (excerpts, full text)"
    ),
    "title": "the story's title; with --chapter, the chapter's",
    "author": "the author, or several with commas between them",
    "story": "the stored story that the file belongs to, by its short name (with --chapter: only that chapter)",
    "chapter": "the file becomes, or replaces, chapter N of --story; its other chapters stay as they are",
    "allow_shrink": "let a story lose chapters, or more than a tenth of its words",
    "dry_run": "only say what was understood and what would change; write nothing",
    "import_json": "print one JSON object a story, one on each line",
    "lines": "with --json: the text of every line; with --dry-run: the line number of every paragraph",
    "break": "a scene begins at this line of the file (or CHAPTER:LINE); remembered; may be repeated",
    "join": "no scene begins at this line of the file (or CHAPTER:LINE); remembered; may be repeated",
    "import_verbose": "list everything, however long, and show where in the program an error arose",
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
