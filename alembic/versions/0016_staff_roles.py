"""staff roles: a role is one that there is."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from alembic.util import CommandError

revision: str = "0016"
down_revision: str | Sequence[str] | None = "0015"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

ROLES = ("official", "staff", "helper")


def upgrade() -> None:
    staff = sa.table("staff", sa.column("name", sa.String), sa.column("role", sa.String))
    strange = op.get_bind().execute(sa.select(staff.c.name, staff.c.role).where(staff.c.role.not_in(ROLES))).all()
    if strange:
        named = "; ".join(f"“{name}” có vai trò “{role}”" for name, role in strange)
        raise CommandError(
            f"tài khoản {named}, mà vai trò chỉ là {', '.join(ROLES)}; sửa rồi chạy lại: "
            "UPDATE staff SET role = 'helper' WHERE name = …"
        )
    with op.batch_alter_table("staff") as table:
        table.create_check_constraint(op.f("ck_staff_role"), "role IN ('official', 'staff', 'helper')")


def downgrade() -> None:
    with op.batch_alter_table("staff") as table:
        table.drop_constraint(op.f("ck_staff_role"), type_="check")
