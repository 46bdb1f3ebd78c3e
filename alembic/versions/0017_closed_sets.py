"""closed sets: a state, a mode, a kind is one of the values that the program knows."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager

import sqlalchemy as sa
from alembic import op
from alembic.operations import BatchOperations
from alembic.util import CommandError

revision: str = "0017"
down_revision: str | Sequence[str] | None = "0016"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_MODES = ("self", "assisted", "kiosk", "paper")
_PARTS = ("started", "submitted")
# (table, column): the values that are allowed from here on.
_SETS: dict[tuple[str, str], tuple[str, ...]] = {
    ("round", "state"): ("draft", "scheduled", "open", "closing", "closed", "published", "cancelled"),
    ("round", "counts"): ("household", "person"),
    ("interview", "state"): _PARTS,
    ("interview", "mode"): _MODES,
    ("participation", "state"): _PARTS,
    ("participation", "mode"): ("", *_MODES),
    ("ballot", "mode"): _MODES,
    ("tally", "mode"): _MODES,
    ("closing", "step"): ("shuffle", "destroy", "compact", "done"),
    ("delivery", "kind"): ("reply", "rehearsal", "invite", "reminder-1", "reminder-2"),
    ("delivery", "state"): (
        *("pending", "held", "claimed", "sent", "unreachable", "rejected", "uncertain", "cancelled", "expired"),
    ),
    ("inbox", "state"): ("new", "done", "quarantined"),
    ("ticket", "state"): ("open", "taken", "answered", "closed"),
    ("faq_question", "state"): ("answered", "disliked", "unanswered", "learnt"),
    ("faq_count", "what"): ("answered", "suggested", "unanswered", "useful", "not_useful"),
    ("assisted", "how"): ("alone", "aloud"),
    ("assisted", "result"): ("", "confirmed", "denied", "unreachable"),
}


def upgrade() -> None:
    _refuse_others()
    for table, columns in _tables():
        with _altered(table) as batch_op:
            for column in columns:
                values = ", ".join(f"'{value}'" for value in _SETS[table, column])
                batch_op.create_check_constraint(op.f(f"ck_{table}_{column}"), f"{column} IN ({values})")


def downgrade() -> None:
    for table, columns in _tables():
        with _altered(table) as batch_op:
            for column in columns:
                batch_op.drop_constraint(op.f(f"ck_{table}_{column}"), type_="check")


def _altered(table: str) -> AbstractContextManager[BatchOperations]:
    """On SQLite the table is made again; ballots lie in the order of their tags before and after."""
    return op.batch_alter_table(table, table_kwargs={"sqlite_with_rowid": False} if table == "ballot" else {})


def _tables() -> Iterator[tuple[str, list[str]]]:
    columns: dict[str, list[str]] = defaultdict(list)
    for table, column in _SETS:
        columns[table].append(column)
    yield from columns.items()


def _refuse_others() -> None:
    """Before anything is changed: one sentence where a row has a value that no program of ours ever wrote."""
    connection = op.get_bind()
    for (table, column), values in _SETS.items():
        held = sa.column(column, sa.String)
        query = sa.select(held, sa.func.count()).select_from(sa.table(table)).where(held.not_in(values))
        found = connection.execute(query.group_by(held).order_by(held)).first()
        if found is not None:
            raise CommandError(
                f"bảng {table}, cột {column}: {found[1]} hàng có giá trị “{found[0]}”, chương trình chỉ dùng: "
                f"{', '.join(value or '(trống)' for value in values)}. Hãy sửa các hàng ấy, rồi chạy lại: "
                "langnghe migrate"
            )
