"""What is refused: each sentence says what to do next."""

from __future__ import annotations

from bot.domain.errors import UserFacingError

REFUSALS = {
    # Readers
    "nothing_found": "I found nothing like that. {here}",
    "nothing_to_quote": "I have no line to quote here. {here}",
    "story_ambiguous": "Several stories here are called “{name}”. Choose from the suggestions: they name the authors.",
    "story_not_found": ("I have no story called “{name}” here. Pick one from the suggestions, or see /stories. {here}"),
    "old_button": "That button belongs to an older message, and what it showed is no longer here. {here}",
    "not_your_answer": "Only whoever asked, or a moderator, can remove this answer.",
    "no_sharing_here": (
        "I cannot share that here now: moderators want such answers in other channels, or less often. Try again later."
    ),
    "no_chapter_to_read": (
        "I cannot mark that chapter as read: it is not among what this server has posted. Type /progress to say how "
        "far you have read. {here}"
    ),
    "chapter_not_found": (
        "I know of no such chapter here. Type its number, pick a suggestion, or say “nothing yet” or “everything”. "
        "{here}"
    ),
    "server_only": "I answer in servers only. Ask me again in a channel of a server that I am in.",
    # Moderators
    "bad_setting": "--set {setting} cannot be used: {reason}.",
    "bad_forget": "--forget {key} cannot be used: there are {known}.",
    "correction_nowhere": (
        "--{kind} {line} fits no place in {file}. inglenook import --dry-run --lines lists the lines: "
        "for --break take a paragraph's, for --join a scene's first; a chapter's first paragraph always begins a scene."
    ),
    "correction_ambiguous": (
        "--{kind} {line} means several places in {file}. inglenook import --dry-run --lines names each, such as "
        "--{kind} 2:{line} for chapter 2, or {line}.3 for the third paragraph in that line."
    ),
    "import_bad_line": "“{text}” is no line number. Write --break 120, or --break 3:120 for a line in chapter 3.",
    "import_overtaken": "“{title}” is being imported by others, again and again. Try again in a minute.",
    "import_one_file": "{option} is for one story at a time. Name a single file or folder.",
    "import_one_story": (
        "{option} is for one story at a time, and {file} holds {count}. Unpack it, and import them one by one."
    ),
    "import_same_name": (
        "{file} has the short name “{slug}”, under which {other} has just come in, and it would take the place of that "
        "other story. Import it by itself, with --set slug=… for another name."
    ),
    "import_chapter_of": "--chapter needs --story, so that I know whose chapter it becomes: --story SLUG --chapter N",
    "import_bad_chapter": "{number} is no chapter number. Chapters are counted from 1: --story SLUG --chapter 1",
    "import_no_story": (
        "There is no story “{slug}” in the library. There are: {known}. Leave --story out to bring in a new one."
    ),
    "import_not_one_chapter": (
        "{file} holds {count} chapters, so it cannot become chapter {number}. Leave --chapter out, or give me a file "
        "of one chapter."
    ),
    "library_empty": "The library in {path} is empty. Bring a story in with: inglenook import PATH",
    "serial_channel_not_restricted": (
        "The rating of “{title}” is {rating}, and mature, explicit and unrated stories may be posted in "
        "age-restricted channels only; {channel} is not one. Pick an age-restricted channel, or switch on "
        "“Age-Restricted Channel” in that channel's settings."
    ),
    "serial_channel_not_restricted_unrated": (
        "“{title}” is unrated, and mature, explicit and unrated stories may be posted in age-restricted channels only; "
        "{channel} is not one. Pick an age-restricted channel, or switch on “Age-Restricted Channel” in that channel's "
        "settings. If it is unrated by mistake, whoever runs this bot can give it its rating."
    ),
    "serial_channel_not_restricted_unrated_own": (
        "“{title}” is unrated, and mature, explicit and unrated stories may be posted in age-restricted channels only; "
        "{channel} is not one. Pick an age-restricted channel, or switch on “Age-Restricted Channel” in that channel's "
        "settings. If it is unrated by mistake, bring it in again with its rating: /library add, option rating."
    ),
    "serial_rating_not_allowed": (
        "The rating of “{title}” is {rating}, and this server's settings allow no {rating} stories, in {channel} or "
        "anywhere else. /setup changes what is allowed."
    ),
    "serial_needs_full_text": (
        "“{title}” cannot be posted chapter by chapter: {reason}. Quotes and search go on as before. With the "
        "author's consent, or a licence that allows it, whoever brought the story in can put that right: in its "
        "front matter, “permission: author” (or licence, or public domain); or by importing it again with --set "
        'permission=author --set permission-for="full text"; for a story of this server, with /library add and '
        "its option permission."
    ),
    "upload_too_large": (
        "{file} is larger than {limit} MB, and that is the most I take here. Take pictures out of it or zip it, or ask "
        "whoever runs this bot to import it."
    ),
    "upload_accepted": "That file has been accepted already, and its story stands in this server's library.",
    "upload_gone": (
        "That file does not wait any longer: I have been restarted, or others came after it. Attach it again with "
        "/library add; nothing was stored. {here}"
    ),
    "upload_several": ("{file} holds {count} stories. Attach them one by one, so that you see what becomes of each."),
    "serial_exists": "“{title}” already runs in {channel}. See /serial list.",
    "serial_none": "No serial of “{title}” runs here. Start one with /serial start.",
    "serial_several": "“{title}” runs in {channels}. Say which with the option channel.",
    "serial_out_of_chapters": (
        "Every chapter of “{title}” has been posted there already, so none is left to come. More can come once the "
        "story has more chapters."
    ),
    "released_already": "Readers are shown all of that already. Type /library show again to see how it stands now.",
    "channel_unusable": (
        "I may not post in {channel}: there I lack {permissions}. Give them to my role in that channel's "
        "settings under Permissions, then try again."
    ),
    "check_old": "That is no longer so. Type /check to see how it stands now.",
    "moderators_only": (
        "This is for moderators: people who may manage the server, and its story team. Ask one of them to do it, or to "
        "add you: /setup names the story team's role, and an admin can allow you a command under Server Settings → "
        "Integrations."
    ),
    # /setup
    "setup_value": "That cannot be chosen here any more; nothing was changed. Type /setup for a fresh panel.",
    "setup_channel_unknown": (
        "That channel is gone, or is none of this server that I can use here. Choose another; nothing was changed."
    ),
    "setup_role_unknown": "That role is gone, or is none of this server. Choose another; nothing was changed.",
    "setup_role_everyone": (
        "“@everyone” is everybody in this server, so I do not take it here. Choose a role that people are given; "
        "nothing was changed."
    ),
    "setup_team": (
        "Who is in the story team is for people to say who may manage the server. Ask one of them; nothing was changed."
    ),
    "setup_story_gone": "That story is no longer here. Choose another, or type /setup for a fresh panel. {here}",
    "sample_none": (
        "There is no story whose beginning I may show here. Add one with /library add, or try a channel that allows "
        "more. {here}"
    ),
    # Stories
    "file_missing": "There is no file or folder {file}. Check the path.",
    "file_unreadable": "{file} cannot be read: {reason}.",
    "file_empty": "{file} is empty. Leave it out, or put the story into it.",
    "file_not_text": "{file} is no text file. Save it as plain text (UTF-8) or Markdown, then import that.",
    "archive_no_story": "{file} holds no story. I read {formats}; an archive inside an archive is not opened.",
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
    "format_disguised": (
        "{file} is {what}, whatever its name says. Open it in the program that wrote it and save it as .txt, .html or "
        ".epub, then import that."
    ),
    "format_other": "{file} is {what}, which I cannot read. {way}",
    "format_unknown": "{file} has a format that I cannot read. Save it as one that I do: {formats}.",
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
    "story_sexualises_minors": (
        "I am sorry, {file} cannot be imported: it is tagged “{tag}”. I take in no story that shows minors in a sexual "
        "way; Discord forbids it too. Nothing was stored. If the tag is wrong, take it out of the file and try again."
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
    "export_failed": "{path} could not be written: {reason}. Name another place with --to.",
    "find_no_words": "There is no word in that to look for. Give some of the words that you remember of the line.",
    "find_no_story": "There is no story “{slug}” to look through. There are: {known}.",
    "backup_exists": "{path} is already there. Name a file that is not, so that no backup is overwritten.",
    "backup_failed": (
        "The backup {path} could not be written: {reason}. Name a file in a folder that is there, may be written "
        "and has room."
    ),
    "backup_bad": ("The backup {path} did not pass its check: {reason}. It was deleted; the database is untouched."),
    # The steps of “inglenook try”
    "step_unknown": (
        "“{step}” is not a step. A step is a slash command like /quote, or one of: press, choose, react, menu, "
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

# What a file is that cannot be read, by how its name or its bytes begin or end; and the way out
FOREIGN_FORMATS = {
    "docx": "a Word document",
    "doc": "a document of an old word processor",
    "odt": "a document of LibreOffice",
    "rtf": "an RTF document",
    "pages": "a document of Pages",
    "pdf": "a PDF",
    "mobi": "a Kindle book",
    "azw": "a Kindle book",
    "azw3": "a Kindle book",
    "zip": "a packed file (a Word document, a book or a zip archive)",
}
FOREIGN_WAYS = {
    "document": "Open it in a word processor and save it as .html or .txt, then import that.",
    "pdf": "Ask its author for the text, or save it as .txt from a PDF reader, then import that.",
    "kindle": "Convert it to .epub with calibre, then import that.",
}

# Why what follows --set cannot be used
BAD_SETTING = {
    "form": "write it as KEY=VALUE",
    "key": "there are {known}",
    "names": "write a name, or several with commas between them",
    "rating": "ratings are {known}, or what fiction sites call these",
    "language": "a language is a tag such as en or pt-BR",
    "slug": "a slug is made of letters and digits",
    "permission": "permission is one of {known}",
    "permission_for": "permission-for is one of {known}",
    "slug_of_one": "a slug names one story; import the others without it",
}


def is_for_operators(key: str) -> bool:
    """Whether a refusal is none that a person on Discord can act upon: it names a place on the machine that the bot
    runs on, or has no sentence at all.
    """
    return "{path}" in REFUSALS.get(key, "{path}")


def refusal(error: UserFacingError, *, here: str = "", **shown: object) -> str:
    """The sentence of a refusal; ``shown`` are its values as they look where they are shown."""
    return REFUSALS[error.key].format(here=here, **(shown or error.values)).strip()
