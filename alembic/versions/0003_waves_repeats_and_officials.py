"""first waves, repeated rounds, people who want no reminder, chats of officials."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0003"
down_revision: str | Sequence[str] | None = "0002"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "muted",
        sa.Column("round_id", BIG, nullable=False),
        sa.Column("person_id", BIG, nullable=False),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_muted_round_id_round")),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_muted_person_id_person"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("round_id", "person_id", name=op.f("pk_muted")),
    )
    with op.batch_alter_table("muted", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_muted_person_id"), ["person_id"], unique=False)
    for name in ("staff_code", "staff_chat"):
        op.create_table(
            name,
            sa.Column("digest", sa.String(length=64), nullable=False),
            sa.Column("staff_id", BIG, nullable=False),
            sa.Column(
                "expires_at" if name == "staff_code" else "since",
                sa.DateTime(timezone=True),
                nullable=False,
            ),
            sa.ForeignKeyConstraint(
                ["staff_id"], ["staff.id"], name=op.f(f"fk_{name}_staff_id_staff"), ondelete="CASCADE"
            ),
            sa.PrimaryKeyConstraint("digest", name=op.f(f"pk_{name}")),
        )
        with op.batch_alter_table(name, schema=None) as batch_op:
            batch_op.create_index(batch_op.f(f"ix_{name}_staff_id"), ["staff_id"], unique=False)
    with op.batch_alter_table("round", schema=None) as batch_op:
        batch_op.add_column(sa.Column("wave_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("continue_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("repeat", sa.String(length=64), nullable=True))
        batch_op.add_column(sa.Column("follows", sa.BigInteger(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("round", schema=None) as batch_op:
        for name in ("follows", "repeat", "continue_at", "wave_at"):
            batch_op.drop_column(name)
    for name in ("staff_chat", "staff_code", "muted"):
        op.drop_table(name)
