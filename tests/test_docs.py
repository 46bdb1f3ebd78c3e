"""What is written about the configuration is what the program has."""

import tomllib
from datetime import time
from pathlib import Path
from typing import Any

from pydantic import BaseModel, SecretStr

from bot.config import Config, load_config

EXAMPLE = Path(__file__).parent.parent / "config.example.toml"


def fields(model: BaseModel) -> dict[str, Any]:
    """Every setting as `section.key`, with its default as TOML writes it."""
    found: dict[str, Any] = {}
    for section, values in model:
        assert isinstance(values, BaseModel), section
        for key, value in values:
            plain = value.get_secret_value() if isinstance(value, SecretStr) else value
            found[f"{section}.{key}"] = str(plain) if isinstance(plain, Path | time) else plain
    return found


def test_the_example_names_every_setting_with_its_default_and_no_other() -> None:
    written = tomllib.loads(EXAMPLE.read_text(encoding="utf-8"))
    assert {f"{section}.{key}": value for section, keys in written.items() for key, value in keys.items()} == fields(
        Config()
    )


def test_the_example_can_be_used_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_bytes(EXAMPLE.read_bytes())
    path.chmod(0o644)
    assert load_config(path) == Config()


def test_every_setting_of_the_example_has_a_word_of_explanation() -> None:
    section_or_comment = False
    for line in EXAMPLE.read_text(encoding="utf-8").splitlines():
        if line.startswith("#"):
            section_or_comment = True
        elif line.startswith("["):
            section_or_comment = False
        elif "=" in line:
            assert section_or_comment, line
