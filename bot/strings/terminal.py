"""What the other subcommands print, and their help."""

from __future__ import annotations

# On the terminal
RUN_ASK_TOKEN = "Paste the bot's token (it stays hidden), then press Enter: "  # noqa: S105 (a question, no token)
RUN_INVITE = "Invite link, with the least permissions that every feature needs:\n  {link}"
RUN_WAITING = "Connected. I am in no server yet: open the link, choose your server, and come back here."
RUN_READY = "Connected. I am in: {servers}. Type /help there; a moderator starts a story with /serial start."
RUN_JOINED = "I am in “{server}” now. Type /help there; a moderator starts a story with /serial start."
RUN_STOPPING = "Stopping: what is under way is finished first."

CHECK_CONFIG = "Configuration: good ({source})."
CHECK_CONFIG_DEFAULTS = "nothing is set, so the defaults hold"
CHECK_DATABASE = "Database: good ({path}, schema {schema}, {serials} running)."
CHECK_LIBRARY = "Library: {stories}, {lines} lines."
CHECK_STORIES = "Stories in {path}: {count} can be imported."

EXPORT_DONE = "{title} is exported: {chapters} in {path}"
EXPORT_NO_STORIES = "none"
FIND_LINE = "\n{score}  {text}\n      {story} ({slug}), {chapter}, {scene}. {rating}, {owner}"
FIND_OPERATOR = "offered to all"
FIND_SERVER = "of the server {server}"
FIND_NOTHING = "I found nothing like that. Other words of the line may do; spelling and order hardly matter."
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
    "find": "find the line that you half remember, in every story, whoever owns it and whatever its rating",
    "find_words": "what you remember of it",
    "find_story": "look through this story only, by its short name",
    "find_limit": "so many lines at most (5, unless given; 100 at most)",
    "find_json": "print one JSON object a line that was found",
    "backup": "write a consistent, checked copy of the database; the bot may go on running",
    "config": "the configuration file (inglenook.toml, if it is there)",
    "db": "the database file, instead of the configured one",
    "db_stage": "try it on a copy of this database; without it the stories in corpus/ are loaded",
    "verbose": "show where in the program an error arose",
    "paths": "a file or a folder",
    "check_paths": "also read these story files or folders, without storing them",
    "backup_path": "the file to write; it must not be there yet",
    "set": (
        "override what the files say; remembered; may be repeated. KEY is title, author, rating, warnings, language, "
        "summary, source, slug, permission (author, licence, public domain, unknown) or permission-for (excerpts, "
        "full text)"
    ),
    "forget": "what was said of KEY with --set at earlier imports holds no more: its file's word does; may be repeated",
    "title": "the story's title, as --set title; with --chapter, the chapter's",
    "author": "the author, or several with commas between them, as --set author",
    "story": "the stored story whose new text the file is, by its short name; with --chapter, only that chapter",
    "chapter": "the file becomes, or replaces, chapter N of --story; its other chapters stay as they are",
    "allow_shrink": "let a story lose chapters, or more than a tenth of its words",
    "dry_run": "only say what was understood and what would change; write nothing",
    "import_json": "print one JSON object a story, one on each line; a refused file has ok: false and error",
    "lines": "with --json: the text of every line; with --dry-run: the line number of every paragraph",
    "break": "a scene begins at this line of the file (or CHAPTER:LINE, or LINE.N); remembered; may be repeated",
    "join": "no scene begins at this line of the file (or CHAPTER:LINE, or LINE.N); remembered; may be repeated",
    "import_verbose": "list everything, however long, and show where in the program an error arose",
    "steps": "a slash command as typed, press, choose, react, menu, suggest, wait, restart, as, in; none: the tour",
    "as": "who acts: reader, moderator or author",
    "channel_try": "where: chapters, talk, late-night or mods",
    "channel_preview": "the channel that the page shows",
    "json": "print one JSON object a step",
    "port": "the page's port (0: any that is free)",
}
CLI_BAD_LIMIT = "{limit} is not from 1 to {most}"
CLI_BAD_PORT = "{port} is no port; ports are 0 to 65535"
CLI_INCIDENT = "Something went wrong inside Inglenook: {error}. Run it again with --verbose to see where."
