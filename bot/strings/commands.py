"""Descriptions of the commands and their options."""

from __future__ import annotations

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
