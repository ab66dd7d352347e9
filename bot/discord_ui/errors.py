"""Turns what went wrong into one private sentence: a refusal's own, or an incident code."""

from __future__ import annotations

import logging
import secrets
from typing import TYPE_CHECKING

import discord
from discord import app_commands

from bot import strings
from bot.discord_ui import render
from bot.discord_ui.markdown import escape
from bot.domain.errors import NothingFound, UserFacingError

if TYPE_CHECKING:
    from bot.discord_ui.client import InglenookClient

_log = logging.getLogger(__name__)

_WRAPPERS = (app_commands.CommandInvokeError, app_commands.TransformerError, app_commands.CheckFailure)

_EXPIRED = {10062, 40060}
"""Unknown interaction (too slow, or answered by another process), already acknowledged: nobody to tell."""


async def answer_error(interaction: discord.Interaction[InglenookClient], error: BaseException) -> None:
    """Tell the person; log what is a bug."""
    while isinstance(error, _WRAPPERS) and error.__cause__:
        error = error.__cause__
    if isinstance(error, discord.HTTPException) and error.code in _EXPIRED:
        _log.info("interaction %s could not be answered any more: %s", interaction.id, error.code)
        return
    sentence = None
    try:
        sentence = await _sentence(interaction, error)
    except Exception as worse:  # noqa: BLE001 (to look the sentence up may fail as the command did; a person waits)
        _log.error("no sentence for %s: %s", type(error).__name__, worse)
    if sentence is None:
        code = secrets.token_hex(4)
        _log.error("incident %s", code, exc_info=error)
        sentence = strings.INCIDENT.format(code=code)
    try:
        if interaction.response.is_done():
            await interaction.followup.send(sentence, ephemeral=True)
        else:
            await interaction.response.send_message(sentence, ephemeral=True)
    except discord.HTTPException as unheard:
        _log.info("interaction %s could not be told: %s", interaction.id, unheard)


async def _sentence(interaction: discord.Interaction[InglenookClient], error: BaseException) -> str | None:
    if isinstance(error, app_commands.NoPrivateMessage):
        error = UserFacingError("server_only")
    elif isinstance(error, app_commands.CheckFailure):
        error = UserFacingError("moderators_only")
    elif isinstance(error, app_commands.TransformerError):
        error = NothingFound()
    if not isinstance(error, UserFacingError) or strings.is_for_operators(error.key):
        return None
    place = await interaction.client.places.privately(interaction) if interaction.guild_id is not None else None
    shown = {name: _shown(name, value) for name, value in error.values.items()}
    return strings.refusal(error, here=render.here(place) if place else "", **shown)


def _shown(name: str, value: object) -> str:
    if name == "channel" and isinstance(value, int):
        return render.channel(value)
    if name == "channels" and isinstance(value, tuple):
        return ", ".join(render.channel(one) for one in value)
    return escape(str(value))
