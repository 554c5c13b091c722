"""The application that is built when it is needed."""

import asyncio
import subprocess
import sys
import threading

import pytest

from matinee.web.asgi import App, Message, Receive, Reply, Scope, Send
from matinee.web.on_demand import OnDemand

SCOPE: Scope = {"type": "http", "method": "GET", "headers": []}


async def _call(app: App, method: str = "GET") -> list[Message]:
    sent: list[Message] = []

    async def receive() -> Message:
        return {"type": "http.disconnect"}

    async def send(message: Message) -> None:
        sent.append(message)

    await app({**SCOPE, "method": method}, receive, send)
    return sent


async def test_requests_wait_for_one_build() -> None:
    may_build, builds = threading.Event(), []

    def build() -> App:
        may_build.wait(60)
        builds.append(threading.current_thread())
        return Reply(204)

    app = OnDemand(build)
    calls = [asyncio.ensure_future(_call(app)) for _ in range(3)]
    warming = asyncio.ensure_future(app.warm())
    impatient = asyncio.ensure_future(_call(app))
    await asyncio.sleep(0)
    impatient.cancel()
    may_build.set()
    async with asyncio.timeout(60):
        await warming
        assert [messages[0]["status"] for messages in await asyncio.gather(*calls)] == [204] * 3
    assert len(builds) == 1
    assert builds[0] is not threading.main_thread()


async def test_build_that_fails_fails_every_request() -> None:
    def build() -> App:
        raise ZeroDivisionError

    app = OnDemand(build)
    for _ in range(2):
        with pytest.raises(ZeroDivisionError):
            await _call(app)


async def test_head_is_asked_as_get_without_changing_the_servers_scope() -> None:
    methods: list[str] = []

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        methods.append(scope["method"])

    await _call(OnDemand(lambda: app), "HEAD")
    assert methods == ["GET"]


def test_front_door_imports_no_framework() -> None:
    script = (
        "import sys, matinee.web.app, matinee.web.server;"
        "print(*sorted({name.partition('.')[0] for name in sys.modules} "
        "& {'fastapi', 'pydantic', 'starlette', 'anyio', 'sqlalchemy', 'httpx', 'libtorrent', 'av'}))"
    )
    run = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, timeout=60
    )
    assert run.stdout.strip() == ""
