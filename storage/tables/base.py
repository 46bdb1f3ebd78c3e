"""What every table shares: naming of constraints, and moments that are always aware UTC."""

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    CheckConstraint,
    DateTime,
    Dialect,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Text,
)
from sqlalchemy.orm import DeclarativeBase
from sqlalchemy.types import TypeDecorator

_VIETNAM = timezone(timedelta(hours=7))

CONVENTION = {  # alembic's batch mode on SQLite needs every constraint to have a name
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class Moment(TypeDecorator[datetime]):
    """An aware UTC datetime; SQLite, which keeps no zone, gets and gives UTC."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment needs a time zone")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Day(Moment):
    """A moment of which only the day is kept, in Vietnam. How long somebody took hints at what they answered."""

    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return super().process_bind_param(day_of(value) if value and value.tzinfo else value, dialect)


def day_of(moment: datetime) -> datetime:
    """The beginning of its day in Vietnam."""
    return moment.astimezone(_VIETNAM).replace(hour=0, minute=0, second=0, microsecond=0)


# SQLite numbers rows by itself only for INTEGER PRIMARY KEY.
BigId = BigInteger().with_variant(Integer, "sqlite")


class Base(DeclarativeBase):
    metadata = MetaData(naming_convention=CONVENTION)
    type_annotation_map = {  # noqa: RUF012  (SQLAlchemy's own declaration)
        datetime: Moment,
        dict[str, Any]: JSON,
        list[Any]: JSON,
        bytes: LargeBinary,
        str: Text,
        int: BigInteger,
    }


Short = String(64)


def one_of(column: str, *values: str) -> CheckConstraint:
    """Only these values: the closed sets of the code above, which a test compares with them."""
    listed = ", ".join(f"'{value}'" for value in values)
    return CheckConstraint(f"{column} IN ({listed})", name=column)


# How a ballot came in.
MODES = ("self", "assisted", "kiosk", "paper")
