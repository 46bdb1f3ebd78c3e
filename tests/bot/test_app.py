"""The program's own door."""

import asyncio
import socket

from bot.app import _listening


async def test_an_answer_goes_out_without_waiting_for_the_one_before_to_be_acknowledged() -> None:
    delayed: list[bool] = []

    async def accept(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        accepted = writer.get_extra_info("socket")
        delayed.append(not accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY))
        writer.close()

    with _listening("127.0.0.1", 0) as listener:
        async with await asyncio.start_server(accept, sock=listener):
            reader, writer = await asyncio.open_connection(*listener.getsockname())
            await reader.read()
            writer.close()
    assert delayed == [False]
