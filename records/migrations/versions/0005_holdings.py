"""承接：卷宗写明现在由谁承接、何日确定。"""

from __future__ import annotations

import json

import sqlalchemy as sa
from alembic import op

from records.database.columns import Moment
from rulebooks.days.working_days import BEIJING

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """加列与索引；已经确定的取自流水，其后失效的由重建卷宗改正。"""
    op.add_column("cases", sa.Column("implementer", sa.String(), nullable=True))
    op.add_column("cases", sa.Column("selected_on", sa.Date(), nullable=True))
    op.create_index("ix_cases_implementer", "cases", ["implementer"], unique=False)
    connection = op.get_bind()
    chosen = connection.execute(
        sa.select(_EVENTS.c.case, _EVENTS.c.content, _EVENTS.c.occurred_at)
        .where(_EVENTS.c.kind == "selected")
        .order_by(_EVENTS.c.case, _EVENTS.c.sequence)
    ).all()
    for row in chosen:
        connection.execute(
            sa.update(_CASES)
            .where(_CASES.c.number == row.case)
            .values(
                implementer=json.loads(row.content)["implementer"],
                selected_on=row.occurred_at.astimezone(BEIJING).date(),
            )
        )


def downgrade() -> None:
    """不提供退回，以免误删。

    Raises:
        NotImplementedError: 总是。
    """
    raise NotImplementedError("卷宗已经写明由谁承接，不能退回；需要时请由备份恢复。")


_CASES = sa.table(
    "cases",
    sa.column("number", sa.String),
    sa.column("implementer", sa.String),
    sa.column("selected_on", sa.Date),
)
_EVENTS = sa.table(
    "events",
    sa.column("case", sa.String),
    sa.column("sequence", sa.Integer),
    sa.column("kind", sa.String),
    sa.column("content", sa.Text),
    sa.column("occurred_at", Moment()),
)
