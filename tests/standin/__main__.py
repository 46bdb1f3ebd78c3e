"""The stand-in as a process of its own, for benches: prints one line of JSON with `base_url` and `token`."""

import argparse
import asyncio
import json
import signal

from standin.control import add_controls
from standin.faults import Fault
from standin.flood import Limit
from standin.server import TelegramStandIn


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m standin", description=__doc__)
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--people", type=int, default=0, help="people 1 to N, who wrote to the bot before")
    parser.add_argument("--rate", type=int, help="messages a second before 429")
    parser.add_argument("--latency", type=float, default=0.0, help="seconds of a round trip")
    parser.add_argument("--jitter", type=float, default=0.0, help="seconds, more or less")
    asyncio.run(serve(parser.parse_args()))


async def serve(options: argparse.Namespace) -> None:
    telegram = TelegramStandIn(port=options.port, limit=Limit(options.rate) if options.rate else None)
    telegram.acquaint(range(1, options.people + 1))
    if options.latency:
        telegram.fail("*", Fault.latency(options.latency, options.jitter), times=None)
    add_controls(telegram)
    stopped = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stopped.set)
    async with telegram:
        print(json.dumps({"base_url": telegram.base_url, "token": telegram.token}), flush=True)
        await stopped.wait()


if __name__ == "__main__":
    main()
