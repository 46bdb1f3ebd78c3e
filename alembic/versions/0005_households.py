"""households: the register, codes, who holds a card, which households took part."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0005"
down_revision: str | Sequence[str] | None = "0004"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)
SHORT = sa.String(length=64)


def upgrade() -> None:
    op.create_table(
        "register_import",
        sa.Column("id", BIG, nullable=False),
        sa.Column("file", sa.Text(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("added", sa.BigInteger(), nullable=False),
        sa.Column("before", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_register_import")),
    )
    op.create_table(
        "household",
        sa.Column("id", BIG, autoincrement=False, nullable=False),
        sa.Column("unit_id", BIG, nullable=False),
        sa.Column("number", SHORT, nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("sample", sa.Boolean(), nullable=False),
        sa.Column("import_id", BIG, nullable=True),
        sa.Column("voided_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_household_unit_id_unit")),
        sa.ForeignKeyConstraint(
            ["import_id"], ["register_import.id"], name=op.f("fk_household_import_id_register_import")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_household")),
        sa.UniqueConstraint("unit_id", "number", name=op.f("uq_household_unit_id_number")),
    )
    with op.batch_alter_table("household", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_household_import_id"), ["import_id"], unique=False)
    op.create_table(
        "household_code",
        sa.Column("digest", SHORT, nullable=False),
        sa.Column("short_digest", SHORT, nullable=False),
        sa.Column("household_id", BIG, nullable=False),
        sa.Column("kind", SHORT, nullable=False),
        sa.Column("issued_at", MOMENT, nullable=False),
        sa.Column("voided_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(
            ["household_id"],
            ["household.id"],
            name=op.f("fk_household_code_household_id_household"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_household_code")),
        sa.UniqueConstraint("short_digest", name=op.f("uq_household_code_short_digest")),
    )
    with op.batch_alter_table("household_code", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_household_code_household_id"), ["household_id"], unique=False)
        batch_op.create_index(
            "uq_household_code_valid",
            ["household_id", "kind"],
            unique=True,
            sqlite_where=sa.text("voided_at IS NULL"),
            postgresql_where=sa.text("voided_at IS NULL"),
        )
    op.create_table(
        "holder",
        sa.Column("person_id", BIG, nullable=False),
        sa.Column("household_id", BIG, nullable=False),
        sa.Column("since", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_holder_person_id_person"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["household_id"], ["household.id"], name=op.f("fk_holder_household_id_household"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("person_id", "household_id", name=op.f("pk_holder")),
    )
    with op.batch_alter_table("holder", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_holder_household_id"), ["household_id"], unique=False)
    op.create_table(
        "participation",
        sa.Column("round_id", BIG, nullable=False),
        sa.Column("household_id", BIG, nullable=False),
        sa.Column("unit_id", BIG, nullable=False),
        sa.Column("state", SHORT, nullable=False),
        sa.Column("mode", SHORT, nullable=False),
        sa.Column("cursor", sa.Text(), nullable=False),
        sa.Column("started_at", MOMENT, nullable=False),
        sa.Column("submitted_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_participation_round_id_round")),
        sa.ForeignKeyConstraint(
            ["household_id"], ["household.id"], name=op.f("fk_participation_household_id_household")
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_participation_unit_id_unit")),
        sa.PrimaryKeyConstraint("round_id", "household_id", name=op.f("pk_participation")),
    )
    with op.batch_alter_table("participation", schema=None) as batch_op:
        batch_op.create_index("ix_participation_round_unit", ["round_id", "unit_id", "state"], unique=False)
    with op.batch_alter_table("round", schema=None) as batch_op:
        batch_op.add_column(sa.Column("self_declared", sa.Boolean(), nullable=False, server_default=sa.false()))
    with op.batch_alter_table("person", schema=None) as batch_op:
        batch_op.add_column(sa.Column("household_id", BIG, nullable=True))
        batch_op.create_index(batch_op.f("ix_person_household_id"), ["household_id"], unique=False)
        batch_op.create_foreign_key(
            batch_op.f("fk_person_household_id_household"),
            "household",
            ["household_id"],
            ["id"],
            ondelete="SET NULL",
        )


def downgrade() -> None:
    with op.batch_alter_table("person", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_person_household_id_household"), type_="foreignkey")
        batch_op.drop_index(batch_op.f("ix_person_household_id"))
        batch_op.drop_column("household_id")
    with op.batch_alter_table("round", schema=None) as batch_op:
        batch_op.drop_column("self_declared")
    for name in ("participation", "holder", "household_code", "household", "register_import"):
        op.drop_table(name)
