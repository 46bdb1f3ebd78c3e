"""Configuration: `config.toml` and `LANGNGHE_SECTION__KEY`, parsed once into typed values."""

import os
import re
import stat
import tomllib
from datetime import time, timedelta
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from bot.channels.registry import capabilities, rates
from faq.emergency import ROLES, OwnNumbers
from surveys.organisation import NO_NAME, NO_RETENTION, Organisation
from surveys.rounds.quiet_hours import QuietHours
from surveys.rounds.send_policy import Sending

_PREFIX = "LANGNGHE_"
_TELEPHONE = re.compile(r"\+?\d(?:[ .-]?\d){2,14}")
Port = Annotated[int, Field(ge=0, le=65535)]


class ConfigError(Exception):
    """One line that names the key and what to mend."""


class Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class DatabaseSection(Section):
    url: str = "sqlite:///data/langnghe.db"


class SecrecySection(Section):
    folder: Path = Path("data/secrets")
    small_cells: Annotated[int, Field(ge=5, le=1000)] = 10


class OrganisationSection(Section):
    name: str = NO_NAME
    contact: str = ""
    retention: str = NO_RETENTION


class TelegramSection(Section):
    token: SecretStr = SecretStr("")
    base_url: str = "https://api.telegram.org/bot"
    mode: Literal["polling", "webhook"] = "polling"
    rate: Annotated[float, Field(gt=0, le=1000)] = 30
    paid_broadcast: bool = False
    webhook_url: str = ""
    webhook_secret: SecretStr = SecretStr("")
    proxy: str = ""

    @field_validator("base_url")
    @classmethod
    def _ends_in_bot(cls, value: str) -> str:
        if not value.startswith(("http://", "https://")) or not value.rstrip("/").endswith("/bot"):
            raise ValueError("phải là địa chỉ http(s) kết thúc bằng /bot")
        return value.rstrip("/")

    @field_validator("webhook_secret")
    @classmethod
    def _allowed_letters(cls, value: SecretStr) -> SecretStr:
        secret = value.get_secret_value()
        if secret and not (len(secret) <= 256 and secret.replace("-", "").replace("_", "").isalnum()):
            raise ValueError("chỉ gồm A-Z a-z 0-9 _ - và tối đa 256 ký tự")
        return value

    @property
    def enabled(self) -> bool:
        return bool(self.token.get_secret_value())


class WebSection(Section):
    enabled: bool = True
    host: str = "127.0.0.1"
    port: Port = 8080
    public_url: str = ""
    secure_cookies: bool = False


class QuietHoursSection(Section):
    start: time = time(21)
    end: time = time(7)


class RoundsSection(Section):
    first_wave: Annotated[float, Field(ge=0, lt=1)] = 0.0
    continue_after_minutes: Annotated[int, Field(ge=0, le=7 * 24 * 60)] = 0
    most_errors: Annotated[float, Field(ge=0, le=1)] = 0.2


class PaperSection(Section):
    second_typing: Annotated[float, Field(ge=0, le=1)] = 0.0
    templates: str = ""


class HelpersSection(Section):
    per_day: Annotated[int, Field(ge=1, le=1000)] = 20


class NumbersSection(Section):
    duty: str = ""
    police: str = ""
    fire: str = ""
    medical: str = ""
    rescue: str = ""
    child: str = ""

    @field_validator("*")
    @classmethod
    def _can_be_called(cls, value: object) -> object:
        if isinstance(value, str) and value and not _TELEPHONE.fullmatch(value):
            raise ValueError("phải là một số điện thoại, 3 đến 15 chữ số")
        return value


class EmergencySection(NumbersSection):
    communes: dict[str, NumbersSection] = {}

    @property
    def numbers(self) -> OwnNumbers:
        """The same as plain values."""
        own = self.model_dump()
        return OwnNumbers(everywhere={role: own[role] for role in ROLES}, communes=own["communes"])


class FaqSection(Section):
    encoder: str = ""


class LogSection(Section):
    level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"
    format: Literal["auto", "json", "text"] = "auto"


class Config(BaseSettings):
    """Everything that can be set. Only `bot/` sees it; the rest gets plain values."""

    model_config = SettingsConfigDict(env_prefix=_PREFIX, env_nested_delimiter="__", extra="forbid", frozen=True)

    database: DatabaseSection = DatabaseSection()
    secrecy: SecrecySection = SecrecySection()
    organisation: OrganisationSection = OrganisationSection()
    telegram: TelegramSection = TelegramSection()
    web: WebSection = WebSection()
    quiet_hours: QuietHoursSection = QuietHoursSection()
    rounds: RoundsSection = RoundsSection()
    paper: PaperSection = PaperSection()
    helpers: HelpersSection = HelpersSection()
    emergency: EmergencySection = EmergencySection()
    faq: FaqSection = FaqSection()
    log: LogSection = LogSection()

    @property
    def site(self) -> str:
        """The address of our pages, for QR codes; without a public one that of this machine."""
        return self.web.public_url.rstrip("/") or f"http://{self.web.host}:{self.web.port}"

    @property
    def asker(self) -> Organisation:
        """Who asks, as a plain value."""
        return Organisation(self.organisation.name, self.organisation.contact, self.organisation.retention)

    @property
    def sending(self) -> Sending:
        """How broadcasts are sent, as plain values."""
        minutes = self.rounds.continue_after_minutes
        able = capabilities(self)
        return Sending(
            rate=min(rates(self).values(), default=self.telegram.rate),
            quiet=QuietHours(self.quiet_hours.start, self.quiet_hours.end),
            first_wave=self.rounds.first_wave,
            continue_after=timedelta(minutes=minutes) if minutes else None,
            most_errors=self.rounds.most_errors,
            windows={name: each.window for name, each in able.items() if each.can_push},
        )

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        return env_settings, init_settings  # the environment overrides the file


def load_config(path: Path | None) -> Config:
    """Read the file (or `config.toml` here, or nothing but defaults). Raises `ConfigError`."""
    if path is None:
        path = Path("config.toml")
        values = _read(path) if path.exists() else {}
    elif path.exists():
        values = _read(path)
    else:
        raise ConfigError(f"{path}: không có tệp cấu hình này")
    _check_environment()
    try:
        config = Config(**values)
    except ValidationError as error:
        raise ConfigError(_explain(error, path)) from None
    if config.telegram.mode == "webhook" and config.telegram.enabled:
        if not config.telegram.webhook_secret.get_secret_value():
            raise ConfigError("telegram.webhook_secret: chế độ webhook cần một chuỗi bí mật")
        if not config.telegram.webhook_url and not config.web.public_url:
            raise ConfigError("telegram.webhook_url: chế độ webhook cần địa chỉ công khai")
    return config


def _check_environment() -> None:
    """pydantic-settings looks up the names it knows; a slip in a section's name would change nothing, silently."""
    for name in os.environ:
        section, _, key = name.removeprefix(_PREFIX).partition("__")
        if not name.startswith(_PREFIX) or (not key and section.lower() not in Config.model_fields):
            continue  # not ours, or a switch of the tests such as LANGNGHE_KILLS
        if not key:
            raise ConfigError(f"{name}: thiếu khóa; viết như {_PREFIX}TELEGRAM__TOKEN")
        if section.lower() not in Config.model_fields:
            raise ConfigError(f"{name}: không có mục này; xem config.example.toml")


def _read(path: Path) -> dict[str, Any]:
    try:
        values = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ConfigError(f"{path}: không đọc được ({error.strerror})") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path}: không phải TOML đúng ({error})") from None
    telegram = values.get("telegram")
    secret = isinstance(telegram, dict) and (telegram.get("token") or telegram.get("webhook_secret"))
    if secret and path.stat().st_mode & stat.S_IROTH:
        raise ConfigError(f"{path}: telegram.token nằm trong tệp ai cũng đọc được; hãy chạy: chmod 600 {path}")
    return values


_REASONS = {
    "extra_forbidden": "không có khóa này; xem config.example.toml",
    "missing": "thiếu giá trị",
}


def _explain(error: ValidationError, path: Path) -> str:
    first = error.errors(include_url=False, include_input=False)[0]  # the input may be a token
    key = ".".join(str(part) for part in first["loc"])
    reason = _REASONS.get(first["type"]) or first["msg"].removeprefix("Value error, ")
    return f"{path} hoặc LANGNGHE_{key.replace('.', '__').upper()}: {key}: {reason}"
