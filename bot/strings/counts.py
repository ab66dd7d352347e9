"""Names of chapters, scenes and days, and how many there are of a thing."""

from __future__ import annotations

LIST_TWO = "{first} and {last}"
LIST_MORE = "{first}, {rest}"

BY = "by {authors}"
DAY = "{day} {month} {year}"
MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip

CHAPTER = "Chapter {number}"
CHAPTER_TITLED = "Chapter {number}: {title}"
SCENE = "scene {number}"
ONE_CHAPTER = "1 chapter"
CHAPTERS = "{count} chapters"
ONE_SCENE = "1 scene"
SCENES = "{count} scenes"
ONE_STORY = "1 story"
STORIES = "{count} stories"
ONE_SERIAL = "1 serial"
SERIALS = "{count} serials"
