"""Configuration: one line that names the key when something is wrong."""

import re
from pathlib import Path

import pytest

from bot.config import Config, ConfigError, load_config


@pytest.fixture
def write(tmp_path: Path):  # type: ignore[no-untyped-def]
    def file(text: str, mode: int = 0o600) -> Path:
        path = tmp_path / "config.toml"
        path.write_text(text, encoding="utf-8")
        path.chmod(mode)
        return path

    return file


def test_without_a_file_everything_has_a_default(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    config = load_config(None)
    assert config == Config() and not config.telegram.enabled and config.web.enabled


def test_a_config_file_in_the_folder_is_read_by_itself(
    write,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,  # type: ignore[no-untyped-def]
) -> None:
    write("[web]\nport = 9001\n")
    monkeypatch.chdir(tmp_path)
    assert load_config(None).web.port == 9001


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("[web]\nprot = 1\n", "web.prot"),
        ("[nonsense]\na = 1\n", "nonsense"),
        ("web = 3\n", "web"),
        ('[web]\nport = "many"\n', "web.port"),
        ("[web]\nport = 70000\n", "web.port"),
        ("[web]\nenabled = 'perhaps'\n", "web.enabled"),
        ("[telegram]\nrate = 0\n", "telegram.rate"),
        ("[telegram]\nmode = 'both'\n", "telegram.mode"),
        ("[telegram]\nbase_url = 'https://api.telegram.org'\n", "telegram.base_url"),
        ("[telegram]\nbase_url = 'ftp://x/bot'\n", "telegram.base_url"),
        ("[telegram]\nwebhook_secret = 'có dấu cách'\n", "telegram.webhook_secret"),
        ("[log]\nlevel = 'LOUD'\n", "log.level"),
        ("[emergency]\nfire = 'gọi anh Ba'\n", "emergency.fire"),
        ("[emergency.communes.31582]\nduty = '1'\n", "emergency.communes.31582.duty"),
    ],
)
def test_what_is_wrong_is_one_line_naming_file_environment_and_key(write, text: str, key: str) -> None:  # type: ignore[no-untyped-def]
    path = write(text)
    with pytest.raises(ConfigError) as caught:
        load_config(path)
    said = str(caught.value)
    assert "\n" not in said and said.startswith(f"{path} hoặc LANGNGHE_{key.replace('.', '__').upper()}: {key}: ")


def test_a_file_that_is_not_there_or_no_toml_is_said_so(write, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(ConfigError, match="không có tệp cấu hình này"):
        load_config(tmp_path / "none.toml")
    with pytest.raises(ConfigError, match="không phải TOML đúng"):
        load_config(write("[web\n"))
    (tmp_path / "folder").mkdir()
    with pytest.raises(ConfigError, match="không đọc được"):
        load_config(tmp_path / "folder")


@pytest.mark.parametrize("key", ["token", "webhook_secret"])
def test_a_secret_in_a_file_that_everybody_may_read_is_refused(write, key: str) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(ConfigError, match="chmod 600") as caught:
        load_config(write(f'[telegram]\n{key} = "123456-abc"\n', 0o644))
    assert "123456-abc" not in str(caught.value)
    assert load_config(write(f'[telegram]\n{key} = "123456-abc"\n'))
    assert load_config(write('[telegram]\ntoken = ""\n', 0o644))


def test_the_environment_wins_over_the_file(write, monkeypatch: pytest.MonkeyPatch) -> None:  # type: ignore[no-untyped-def]
    path = write('[telegram]\nrate = 5\nmode = "polling"\n')
    monkeypatch.setenv("LANGNGHE_TELEGRAM__RATE", "7")
    monkeypatch.setenv("LANGNGHE_TELEGRAM__TOKEN", "1:abc")
    monkeypatch.setenv("LANGNGHE_TELEGRAM__BASE_URL", "http://127.0.0.1:8081/bot")
    telegram = load_config(path).telegram
    assert (telegram.rate, telegram.mode, telegram.base_url) == (7, "polling", "http://127.0.0.1:8081/bot")
    assert telegram.enabled and telegram.token.get_secret_value() == "1:abc"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("LANGNGHE_TELEGRAM__TOKN", "1:abc"),
        ("LANGNGHE_WEB__PORT", "many"),
        ("LANGNGHE_DATABSE__URL", "sqlite:///x.db"),
        ("LANGNGHE_TELEGRAM", "not json"),
    ],
)
def test_a_slip_in_the_environment_is_an_error_too(
    name: str, value: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv(name, value)
    with pytest.raises(ConfigError, match=name) as caught:
        load_config(None)
    assert "\n" not in str(caught.value) and "1:abc" not in str(caught.value)


def test_a_webhook_needs_a_secret_and_a_public_address(write) -> None:  # type: ignore[no-untyped-def]
    base = '[telegram]\ntoken = "1:a"\nmode = "webhook"\n'
    with pytest.raises(ConfigError, match=r"^telegram\.webhook_secret: "):
        load_config(write(base))
    with pytest.raises(ConfigError, match=r"^telegram\.webhook_url: "):
        load_config(write(base + 'webhook_secret = "s"\n'))
    assert load_config(write(base + 'webhook_secret = "s"\n[web]\npublic_url = "https://xa.example"\n'))


def test_secrets_do_not_show_when_the_configuration_is_printed(write) -> None:  # type: ignore[no-untyped-def]
    config = load_config(write('[telegram]\ntoken = "1:verysecret"\nwebhook_secret = "alsosecret"\n'))
    assert not re.search("verysecret|alsosecret", f"{config!r} {config}")


def test_a_communes_own_numbers_come_from_the_file(write) -> None:  # type: ignore[no-untyped-def]
    path = write('[emergency]\nmedical = "100"\n[emergency.communes.31582]\nduty = "0200 300"\n')
    numbers = load_config(path).emergency.numbers
    assert numbers.at("31582") == {"medical": "100", "duty": "0200 300"} and numbers.at("") == {"medical": "100"}
