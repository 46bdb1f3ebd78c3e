"""The register of what people asked about their own data, with the law's deadlines."""

from datetime import date, datetime

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from storage.tables.base import Base, BigId, Short


class DataRequest(Base):
    """One request. Whose it is stands here only as a keyed hash: enough to find it again by the address."""

    __tablename__ = "data_request"
    __table_args__ = (Index("ix_data_request_open", "done_at", "done_by"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    kind: Mapped[str] = mapped_column(Short)  # see, correct, withdraw, delete
    whose: Mapped[str] = mapped_column(Short)  # HMAC of channel and address, in hex
    via: Mapped[str] = mapped_column(Short)  # the channel it came by, or office
    received_at: Mapped[datetime]
    answer_by: Mapped[date]
    done_by: Mapped[date]
    answered_at: Mapped[datetime | None]
    erased_at: Mapped[datetime | None]  # delete: the rows are gone; done once no copy of their bytes is left either
    done_at: Mapped[datetime | None]
