"""Templates of pages are compiled once a process, not once for each site that a test builds: that took most of the time
of the tests of pages. Importing this is enough."""

from types import CodeType

from jinja2 import BytecodeCache, Environment
from jinja2.bccache import Bucket


class Compiled(BytecodeCache):
    """Keeps the code itself, by the file and what is in it."""

    def __init__(self) -> None:
        self._code: dict[tuple[str, str], CodeType | None] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        bucket.code = self._code.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._code[bucket.key, bucket.checksum] = bucket.code


_COMPILED = Compiled()
Environment.bytecode_cache = property(lambda self: _COMPILED, lambda self, value: None)  # type: ignore[assignment]
