"""The commands, by audience."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.discord_ui.cogs.check import CheckCog
from bot.discord_ui.cogs.library import LibraryCog
from bot.discord_ui.cogs.lookup import LookupCog
from bot.discord_ui.cogs.progress import ProgressCog
from bot.discord_ui.cogs.quotes import QuotesCog
from bot.discord_ui.cogs.reactions import ReactionsCog
from bot.discord_ui.cogs.serials import SerialsCog
from bot.discord_ui.cogs.setup import SetupCog
from bot.discord_ui.cogs.shelf import ShelfCog

if TYPE_CHECKING:
    from bot.discord_ui.client import InglenookClient


async def load_cogs(client: InglenookClient) -> None:
    """Give the client all its commands."""
    for cog in (QuotesCog, LookupCog, ShelfCog, ProgressCog, ReactionsCog, SerialsCog, LibraryCog, SetupCog, CheckCog):
        await client.add_cog(cog(client))
