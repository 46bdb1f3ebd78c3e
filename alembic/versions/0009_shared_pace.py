"""one pace for all senders of a bot, and who of them is alive."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0009"
down_revision: str | Sequence[str] | None = "0008"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "pace",
        sa.Column("channel", sa.String(length=64), nullable=False),
        sa.Column("next_slot", sa.BigInteger(), nullable=False),
        sa.Column("paused_until", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("channel", name=op.f("pk_pace")),
    )
    op.create_table(
        "sender",
        sa.Column("owner", sa.String(length=64), nullable=False),
        sa.Column("channel", sa.String(length=64), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("owner", name=op.f("pk_sender")),
    )
    claimed = sa.text("state = 'claimed'")
    op.create_index("ix_delivery_claimed", "delivery", ["lease_until"], sqlite_where=claimed, postgresql_where=claimed)


def downgrade() -> None:
    op.drop_index("ix_delivery_claimed", table_name="delivery")
    op.drop_table("sender")
    op.drop_table("pace")
