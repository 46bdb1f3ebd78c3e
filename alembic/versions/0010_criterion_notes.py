"""notes of staff on the indicators."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0010"
down_revision: str | Sequence[str] | None = "0009"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "criterion_note",
        sa.Column("id", number, nullable=False),
        sa.Column("unit_id", number, nullable=False),
        sa.Column("criteria", sa.String(length=64), nullable=False),
        sa.Column("code", sa.String(length=64), nullable=False),
        sa.Column("about", sa.Text(), nullable=False),
        sa.Column("says", sa.String(length=64), nullable=False),
        sa.Column("value", sa.Double(), nullable=True),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("dated", sa.Date(), nullable=False),
        sa.Column("entered_by", sa.Text(), nullable=False),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_criterion_note_unit_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_criterion_note")),
    )
    op.create_index("ix_criterion_note_unit", "criterion_note", ["unit_id", "criteria", "code"])


def downgrade() -> None:
    op.drop_table("criterion_note")
