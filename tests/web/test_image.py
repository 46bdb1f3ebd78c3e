"""The image's health check, run as Docker runs it, against the real pages."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit

from scripted import serving
from sqlalchemy import text

ROOT = Path(__file__).parents[2]


def health(address: str) -> int:
    """The exit code of the HEALTHCHECK in the Dockerfile, for the pages at this address: 0 is healthy."""
    found = re.search(r"^HEALTHCHECK .*CMD (\[.*])$", (ROOT / "Dockerfile").read_text(encoding="utf-8"), re.MULTILINE)
    assert found is not None
    program, *arguments = json.loads(found[1])
    assert program == "python"
    settings = {"LANGNGHE_WEB__PORT": str(urlsplit(address).port), "HTTP_PROXY": "http://127.0.0.1:9"}
    return subprocess.run(
        [sys.executable, *arguments], cwd=ROOT, env=os.environ | settings, stderr=subprocess.DEVNULL, check=False
    ).returncode


def test_the_image_is_healthy_as_long_as_the_pages_can_serve_and_not_behind_a_proxy(site):
    with serving(site) as address:
        assert health(address) == 0
    assert health(address) == 1


def test_the_image_is_not_healthy_on_an_old_schema(site):
    with site.database.transaction() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '0001'"))
    with serving(site) as address:
        assert health(address) == 1
