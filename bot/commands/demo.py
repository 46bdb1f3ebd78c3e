"""`demo`: the whole program on SQLite in a folder of its own, with sample data; no token, no network."""

import asyncio
import os
import secrets
import sys
import webbrowser
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from bot.app import App
    from bot.config import Config
    from storage.database import Database

NAME = "demo"


@click.command()
@click.option("--port", type=click.IntRange(0, 65535), default=8080, show_default=True)
@click.option("--data", type=click.Path(path_type=Path, file_okay=False), default=Path("demo-data"), show_default=True)
@click.option("--no-browser", is_flag=True, help="Don't open a browser.")
def demo(port: int, data: Path, no_browser: bool) -> None:
    """Everything at once, to look at: sample units, simulated ballots, pages to answer on."""
    from bot.app import make_world, run_until_stopped
    from bot.logs import set_up_logs
    from bot.samples import make_closed_round, make_sample
    from storage.database import Database
    from storage.schema import upgrade

    config = _config(port, data)
    set_up_logs("WARNING", "auto")
    upgrade(config.database.url)
    database = Database(config.database.url)
    now = datetime.now(UTC)
    try:
        ballots = make_closed_round(database, make_world(config), now)
        if ballots:
            click.echo(f"Đã mô phỏng {ballots} phiếu trong một đợt đã đóng.")
        make_sample(database, make_world(config).vault, now, config.sending.windows)
        password = _sign_in(database, data, now)
    finally:
        database.close()

    def ready(app: "App") -> None:
        address = f"http://127.0.0.1:{app.port}"
        click.echo(
            f"""
Lắng Nghe, bản chạy thử với số liệu mẫu (không phải số liệu chính thức)

  Trang chủ            {address}/
  Trả lời khảo sát     {address}/s/{_code(app)}
  Trò chuyện           {address}/chat
  Kết quả công khai    {address}/results
  Cán bộ               {address}/staff     tên: {NAME}   mật khẩu: {password}

  Dữ liệu nằm trong {data}/ ; dừng bằng Ctrl+C, chạy lại là tiếp tục chỗ cũ.
"""
        )
        if not no_browser and sys.stdout.isatty() and (os.environ.get("DISPLAY") or sys.platform == "darwin"):
            webbrowser.open(address)

    asyncio.run(run_until_stopped(config, ready, sample=True))


def _config(port: int, data: Path) -> "Config":
    from bot.config import Config, DatabaseSection, OrganisationSection, SecrecySection, WebSection

    data.mkdir(parents=True, exist_ok=True)
    # Nothing from the environment or a file: the demo needs no configuration and sends nothing anywhere.
    return Config.model_construct(
        database=DatabaseSection(url=f"sqlite:///{data}/langnghe.db"),
        secrecy=SecrecySection(folder=data / "secrets"),
        organisation=OrganisationSection(
            name="Bản chạy thử Lắng Nghe", retention="đến khi bà con xóa hoặc xóa thư mục chạy thử"
        ),
        web=WebSection(port=port),
    )


def _code(app: "App") -> str:
    from sqlalchemy import select

    from storage.tables import Round
    from surveys.rounds.states import RoundState

    code = app.database.read_now(
        lambda connection: connection.execute(
            select(Round.code).where(Round.state == RoundState.OPEN).order_by(Round.id).limit(1)
        ).scalar()
    )
    return code or ""


def _sign_in(database: "Database", data: Path, now: datetime) -> str:
    """The demo's password: made at the first start, kept beside the data."""
    from bot.commands.staff import add_account
    from surveys.roles import Role
    from surveys.unit_names import find_units

    path = data / "demo-sign-in.txt"
    if path.exists():
        return path.read_text(encoding="utf-8").strip()
    password = f"lang-nghe-{secrets.token_hex(3)}"
    with database.transaction() as connection:
        [province] = find_units(connection, ["92"])
        # Who only looks: with one official to close rounds, nobody could, for that takes two.
        add_account(connection, name=NAME, role=Role.STAFF, unit_id=province, password=password, now=now)
    path.touch(mode=0o600)
    path.write_text(password + "\n", encoding="utf-8")
    return password
