"""资金账：分录与余额两张表，看守它们的触发器。此前已有的事项由 `records.migrate` 补记。"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from records.database.columns import Moment
from records.migrations.guards import forbid_rewriting
from records.migrations.ledger_guards import guard_ledger

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

CHAIN_MOVES = (
    "'source>approved', 'approved>source', 'approved>committed', 'committed>approved', "
    "'committed>settled', 'settled>committed', 'settled>payable', 'payable>settled', "
    "'payable>paid', 'paid>payable'"
)
OTHER_MOVES = (
    "'source>appropriated', 'appropriated>source', 'appropriated>recognised', "
    "'recognised>appropriated', 'recognised>disbursed', 'disbursed>recognised', "
    "'source>quota', 'quota>source', 'quota>quota'"
)
MOVE = "from_account || '>' || to_account"
RECOGNISED = "from_account = 'appropriated' AND to_account = 'recognised'"


def upgrade() -> None:
    """建立资金账的表与触发器。"""
    _postings()
    op.create_table(
        "balances",
        sa.Column("fund", sa.String(), nullable=False),
        sa.Column("owner", sa.String(), nullable=False),
        sa.Column("account", sa.String(), nullable=False),
        sa.Column("balance_fen", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("account = 'source' OR balance_fen >= 0", name="not_overdrawn"),
        sa.PrimaryKeyConstraint("owner", "fund", "account", name="pk_balances"),
        sqlite_with_rowid=False,
    )
    guard_ledger()
    forbid_rewriting("postings")


def downgrade() -> None:
    """不提供退回，以免误删。

    Raises:
        NotImplementedError: 总是。
    """
    raise NotImplementedError("资金账只增不改，不能退回；需要清空时请删除整个库。")


def _postings() -> None:
    op.create_table(
        "postings",
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("entry", sa.String(), nullable=False),
        sa.Column("case", sa.String(), nullable=True),
        sa.Column("sequence", sa.Integer(), nullable=True),
        sa.Column("claim", sa.String(), nullable=True),
        sa.Column("fund", sa.String(), nullable=False),
        sa.Column("from_owner", sa.String(), nullable=False),
        sa.Column("from_account", sa.String(), nullable=False),
        sa.Column("to_owner", sa.String(), nullable=False),
        sa.Column("to_account", sa.String(), nullable=False),
        sa.Column("amount_fen", sa.BigInteger(), nullable=False),
        sa.Column("ceiling_fen", sa.BigInteger(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("reverses", sa.String(), nullable=True),
        sa.Column("actor", sa.String(), nullable=True),
        sa.Column("occurred_on", sa.Date(), nullable=False),
        sa.Column("recorded_at", Moment(), nullable=False),
        sa.CheckConstraint("amount_fen > 0", name="amount"),
        sa.CheckConstraint("ceiling_fen >= 0", name="ceiling"),
        sa.CheckConstraint("reason <> ''", name="reason"),
        sa.CheckConstraint("reverses <> key", name="reverses"),
        sa.CheckConstraint(f"{MOVE} IN ({CHAIN_MOVES}, {OTHER_MOVES})", name="move"),
        sa.CheckConstraint(
            f'{MOVE} NOT IN ({CHAIN_MOVES}) OR ("case" IS NOT NULL AND sequence IS NOT NULL '
            'AND from_owner = "case" AND to_owner = "case")',
            name="of_a_case",
        ),
        sa.CheckConstraint(
            "sequence IS NOT NULL OR claim IS NOT NULL OR reason IS NOT NULL", name="grounded"
        ),
        sa.CheckConstraint(
            "from_owner <> to_owner OR from_account <> to_account", name="not_in_place"
        ),
        sa.ForeignKeyConstraint(["case"], ["cases.number"], name="fk_postings_case"),
        sa.ForeignKeyConstraint(
            ["case", "sequence"],
            ["events.case", "events.sequence"],
            name="fk_postings_case_sequence",
        ),
        sa.ForeignKeyConstraint(["reverses"], ["postings.key"], name="fk_postings_reverses"),
        sa.ForeignKeyConstraint(["actor"], ["people.id"], name="fk_postings_actor"),
        sa.PrimaryKeyConstraint("key", name="pk_postings"),
        sa.UniqueConstraint("reverses", name="uq_postings_reverses"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_postings_case", "postings", ["case"], unique=False)
    for side in ("from", "to"):
        op.create_index(
            f"ix_postings_{side}_owner",
            "postings",
            [f"{side}_owner", "fund", f"{side}_account"],
            unique=False,
        )
    op.create_index(
        "uq_postings_recognised",
        "postings",
        ["case", "fund"],
        unique=True,
        sqlite_where=sa.text(RECOGNISED),
        postgresql_where=sa.text(RECOGNISED),
    )
