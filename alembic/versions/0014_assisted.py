"""assisted."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0014"
down_revision: str | Sequence[str] | None = "0013"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "assisted",
        sa.Column("round_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("household_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("helper", sa.Text(), nullable=False),
        sa.Column("day", sa.DateTime(timezone=True), nullable=False),
        sa.Column("how", sa.String(length=64), nullable=False),
        sa.Column("drawn", sa.Boolean(), nullable=False),
        sa.Column("result", sa.String(length=64), nullable=False),
        sa.Column("asked_by", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["household_id"], ["household.id"], name=op.f("fk_assisted_household_id_household"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_assisted_round_id_round")),
        sa.PrimaryKeyConstraint("round_id", "household_id", name=op.f("pk_assisted")),
    )
    op.create_index(op.f("ix_assisted_household_id"), "assisted", ["household_id"])
    op.create_index("ix_assisted_helper_day", "assisted", ["helper", "day"])
    with op.batch_alter_table("kiosk") as kiosk:
        kiosk.add_column(sa.Column("household_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True))
        kiosk.create_foreign_key(
            op.f("fk_kiosk_household_id_household"), "household", ["household_id"], ["id"], ondelete="CASCADE"
        )
        kiosk.create_index(op.f("ix_kiosk_household_id"), ["household_id"])


def downgrade() -> None:
    op.execute("DELETE FROM kiosk WHERE household_id IS NOT NULL")
    with op.batch_alter_table("kiosk") as kiosk:
        kiosk.drop_index(op.f("ix_kiosk_household_id"))
        kiosk.drop_constraint(op.f("fk_kiosk_household_id_household"), type_="foreignkey")
        kiosk.drop_column("household_id")
    op.drop_table("assisted")
