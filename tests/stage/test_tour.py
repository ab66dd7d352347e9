"""The two commands that show the bot at work, on the stories that come with it."""

from __future__ import annotations

import asyncio
import builtins
import io
import json
import os
import re
import signal

import aiohttp
import pytest

from bot.app import open_app
from bot.config import Config
from bot.domain.errors import BadInput
from bot.stage import tour
from bot.stage.preview import run_preview
from bot.stage.tryout import run_try


async def tried(*steps, actor="reader", channel="talk", database=None):
    """The steps' exit code and JSON lines."""
    out = io.StringIO()
    code = await run_try(steps, actor=actor, channel=channel, as_json=True, database=database, out=out)
    return code, [json.loads(line) for line in out.getvalue().splitlines()]


async def toured():
    """The tour's exit code and text."""
    out = io.StringIO()
    code = await run_try([], actor="reader", channel="talk", as_json=False, database=None, out=out)
    return code, out.getvalue()


async def test_the_tour_tells_what_happens():
    code, text = await toured()
    assert code == 0, text
    for moment in tour.MOMENTS:
        for step in moment.steps:
            assert f"{moment.actor} in #{moment.channel} › {step}" in text
    assert "only in age-restricted channels" not in text.split("late-night ›")[1]
    assert "1 of 5 posted" in text


async def test_the_tour_says_where_something_goes_otherwise(monkeypatch):
    monkeypatch.setattr(tour, "MOMENTS", (tour.Moment("quote", "reader", "talk", ("press Another",)),))
    code, text = await toured()
    assert code == 1
    assert "otherwise" in text


async def test_steps_of_one_s_own():
    code, lines = await tried(
        "/quote",
        "press Another",
        '/find words:"sugr realy was a dentist"',
        "as moderator",
        "in chapters",
        '/serial start "The Salt Door" #chapters day now',
        "as reader",
        "react ❤️ [2]",
        "wait 1d",
        "restart",
        "/top",
    )
    assert code == 0
    by_step = {line["step"]: line for line in lines}
    assert by_step["/quote"]["buttons"] == ["Another", "Context"]
    assert "Sugar really was a dentist" in by_step['/find words:"sugr realy was a dentist"']["text"]
    assert "Chapter 1: The Loaf" in by_step['/serial start "The Salt Door" #chapters day now']["text"]
    assert "Chapter 2" in by_step["wait 1d"]["text"]
    assert "❤️ 1" in by_step["/top"]["text"]


async def test_a_refusal_is_told_and_counts():
    code, (line,) = await tried('/quote story:"Nine Men and a Piano"')
    assert code == 1
    assert line["ephemeral"]
    assert line["error"] == line["text"]
    assert "age-restricted" in line["error"]


async def test_a_step_that_cannot_be_read_stops_before_anything_is_done(tmp_path):
    out = io.StringIO()
    for steps in (["/quote", "dance"], ["/quote", "/dance"], ["/quote", "in nowhere"]):
        with pytest.raises(BadInput):
            await run_try(steps, actor="reader", channel="talk", as_json=True, database=None, out=out)
    assert out.getvalue() == ""


@pytest.mark.parametrize(
    ("where", "key"),
    [
        ({"actor": "nobody"}, "stage_unknown_person"),
        ({"channel": "nowhere"}, "stage_unknown_channel"),
    ],
)
async def test_who_and_where_must_be_there(where, key):
    with pytest.raises(BadInput) as caught:
        await tried("/quote", **where)
    assert caught.value.key == key


async def test_a_database_of_one_s_own_is_copied_and_left_alone(tmp_path):
    path = tmp_path / "mine.db"
    async with open_app(Config(database=path)):
        pass
    before = path.read_bytes()
    _, (line,) = await tried("/stories", database=path)
    # The stories that come with the bot are for those who have none.
    assert "no story to read" in line["text"]
    assert path.read_bytes() == before


async def test_without_simcord_one_sentence_says_what_to_install(monkeypatch):
    real = builtins.__import__

    def missing(name, *args, **kwargs):
        if name.startswith("bot.stage") and name != "bot.stage.tryout":
            raise ModuleNotFoundError("No module named 'simcord'", name="simcord")
        return real(name, *args, **kwargs)

    monkeypatch.setattr(builtins, "__import__", missing)
    with pytest.raises(BadInput) as caught:
        await tried("/quote")
    assert (caught.value.key, caught.value.values) == ("extra_missing", {"command": "try"})


class Output(io.StringIO):
    """What the preview prints; sets ``ready`` when the address is there."""

    def __init__(self) -> None:
        super().__init__()
        self.ready = asyncio.Event()

    def write(self, text: str) -> int:
        written = super().write(text)
        if self.address:
            self.ready.set()
        return written

    @property
    def address(self) -> str | None:
        last = self.getvalue().rstrip("\n").rpartition("\n")[2]
        return last if re.fullmatch(r"http://127\.0\.0\.1:\d+/#\S+", last) else None


async def served(channel="chapters", port=0, database=None):
    """Start the preview; once it is ready, what it has printed and its task."""
    out = Output()
    task = asyncio.create_task(run_preview(channel=channel, port=port, database=database, out=out))
    ready = asyncio.create_task(out.ready.wait())
    await asyncio.wait((task, ready), return_when=asyncio.FIRST_COMPLETED)
    ready.cancel()
    if task.done():
        task.result()
    return out, task


@pytest.mark.parametrize("end", [signal.SIGINT, signal.SIGTERM])
async def test_the_preview_serves_until_it_is_told_to_stop(end):
    pytest.importorskip("markdown_it", reason="the page's own packages are not installed")
    former = signal.getsignal(end)
    out, task = await served()
    assert "Sugar really was a dentist" in out.getvalue()
    assert out.address is not None
    async with aiohttp.ClientSession() as http, http.get(out.address) as answer:
        assert answer.status == 200
    os.kill(os.getpid(), end)
    assert await asyncio.wait_for(task, 30) == 0
    assert signal.getsignal(end) == former


async def test_the_preview_s_serial_posts_into_the_channel_shown():
    pytest.importorskip("markdown_it", reason="the page's own packages are not installed")
    for channel in ("late-night", "mods"):
        out, task = await served(channel)
        assert f'/serial start story:"The Salt Door" channel:#{channel}' in out.getvalue()
        os.kill(os.getpid(), signal.SIGTERM)
        await task


async def test_the_preview_of_a_database_without_stories_has_no_serial(tmp_path):
    pytest.importorskip("markdown_it", reason="the page's own packages are not installed")
    path = tmp_path / "mine.db"
    async with open_app(Config(database=path)):
        pass
    out, task = await served(database=path)
    assert "no story that may be shown" in out.getvalue()
    os.kill(os.getpid(), signal.SIGTERM)
    await task


async def test_the_preview_names_a_port_in_use_and_a_channel_that_is_not_there():
    pytest.importorskip("markdown_it", reason="the page's own packages are not installed")
    server = await asyncio.start_server(lambda *_: None, "127.0.0.1", 0)
    async with server:
        port = server.sockets[0].getsockname()[1]
        with pytest.raises(BadInput) as caught:
            await served(port=port)
    assert caught.value.key == "port_in_use"
    with pytest.raises(BadInput) as caught:
        await served("nowhere")
    assert caught.value.key == "stage_unknown_channel"
