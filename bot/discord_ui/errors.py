"""Turns what went wrong into one private sentence: a refusal's own, or an incident code."""

from __future__ import annotations

import logging
import secrets

import discord
from discord import app_commands

from bot import strings
from bot.discord_ui import render
from bot.discord_ui.markdown import escape
from bot.discord_ui.places import place_of
from bot.domain.errors import NothingFound, UserFacingError

_log = logging.getLogger(__name__)

_EXPIRED = {10062, 40060}
"""Unknown interaction (too slow, or answered by another process), already acknowledged: nobody to tell."""


async def answer_error(interaction: discord.Interaction, error: BaseException) -> None:
    """Tell the person; log what is a bug."""
    while isinstance(error, (app_commands.CommandInvokeError, app_commands.TransformerError)) and error.__cause__:
        error = error.__cause__
    if isinstance(error, discord.HTTPException) and error.code in _EXPIRED:
        _log.info("interaction %s could not be answered any more: %s", interaction.id, error.code)
        return
    sentence = _sentence(interaction, error)
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


def _sentence(interaction: discord.Interaction, error: BaseException) -> str | None:
    if isinstance(error, app_commands.NoPrivateMessage):
        error = UserFacingError("server_only")
    elif isinstance(error, app_commands.CheckFailure):
        error = UserFacingError("missing_permission")
    elif isinstance(error, app_commands.TransformerError):
        error = NothingFound()
    if not isinstance(error, UserFacingError):
        return None
    place = place_of(interaction)
    shown = {name: _shown(name, value) for name, value in error.values.items()}
    return strings.refusal(error, here=render.here(place) if place else "", **shown)


def _shown(name: str, value: object) -> str:
    if name == "channel" and isinstance(value, int):
        return render.channel(value)
    if name == "channels" and isinstance(value, tuple):
        return ", ".join(render.channel(one) for one in value)
    return escape(str(value))
