"""One loopback address in front of Odoo's two: websockets go to the evented one."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

HEAD_LIMIT = 64 * 1024


@contextmanager
def serve(port: int, web_port: int, websocket_port: int) -> Iterator[str]:
    """Address of a proxy that runs in a thread while the block does."""
    loop = asyncio.new_event_loop()

    async def route(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError, asyncio.IncompleteReadError):
            head = await reader.readuntil(b"\r\n\r\n")
            is_websocket = head.split(b" ", 2)[1].startswith(b"/websocket")
            target = websocket_port if is_websocket else web_port
            back, forth = await asyncio.open_connection("127.0.0.1", target)
            if not is_websocket:
                # A worker would wait two seconds for the next request.
                head = head.replace(b"keep-alive", b"close")
            forth.write(head)
            await asyncio.gather(_pump(reader, forth), _pump(back, writer))

    async def start() -> asyncio.Server:
        return await asyncio.start_server(route, "127.0.0.1", port, limit=HEAD_LIMIT)

    server = loop.run_until_complete(start())
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        loop.call_soon_threadsafe(server.close)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(5)


async def _pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with suppress(OSError):
        while data := await reader.read(HEAD_LIMIT):
            writer.write(data)
            await writer.drain()
    writer.close()
