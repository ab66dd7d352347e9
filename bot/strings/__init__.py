"""Every sentence that a person can see, with named fields; its pages are read as one.

Whoever fills a field escapes it for where it is shown. A refusal says what to do next.
"""

from __future__ import annotations

from bot.strings.checks import *
from bot.strings.commands import *
from bot.strings.counts import *
from bot.strings.problems import *
from bot.strings.readers import *
from bot.strings.refusals import *
from bot.strings.reports import *
from bot.strings.serials import *
from bot.strings.setup import *
from bot.strings.shelves import *
from bot.strings.stage import *
from bot.strings.terminal import *
from bot.strings.uploads import *
