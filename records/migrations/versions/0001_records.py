"""台账的第一版结构：全部的表、检查约束、索引，以及看守只增不改的触发器。"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from records.database.columns import Moment
from records.migrations.guards import forbid_rewriting

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """建立全部的表与触发器。"""
    for build in (_places, _registry, _cases, _events, _work, _papers, _anchors, _house):
        build()
    for table in ("events", "notices", "digests", "digest_heads"):
        forbid_rewriting(table)


def downgrade() -> None:
    """第一版之前没有台账；不提供退回，以免误删。

    Raises:
        NotImplementedError: 总是。
    """
    raise NotImplementedError("第一版之前没有台账，不能退回；需要清空时请删除整个库。")


def _places() -> None:
    op.create_table(
        "organisations",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("level", sa.String(), nullable=False),
        sa.Column("parent", sa.String(), nullable=True),
        sa.Column("phone", sa.String(), nullable=True),
        sa.Column("address", sa.String(), nullable=True),
        sa.Column("email", sa.String(), nullable=True),
        sa.Column("households", sa.Integer(), nullable=True),
        sa.CheckConstraint("households IS NULL OR households >= 0", name="households"),
        sa.CheckConstraint("parent IS NULL OR parent <> id", name="parent"),
        sa.ForeignKeyConstraint(["parent"], ["organisations.id"], name="fk_organisations_parent"),
        sa.PrimaryKeyConstraint("id", name="pk_organisations"),
    )
    op.create_table(
        "people",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_people"),
    )
    op.create_table(
        "appointments",
        sa.Column("person", sa.String(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("organisation", sa.String(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.CheckConstraint("until IS NULL OR until >= since", name="term"),
        sa.ForeignKeyConstraint(
            ["organisation"], ["organisations.id"], name="fk_appointments_organisation"
        ),
        sa.ForeignKeyConstraint(["person"], ["people.id"], name="fk_appointments_person"),
        sa.PrimaryKeyConstraint("person", "role", "organisation", "since", name="pk_appointments"),
    )
    op.create_index(
        "ix_appointments_organisation_role", "appointments", ["organisation", "role"], unique=False
    )


def _registry() -> None:
    op.create_table(
        "implementers",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("city", sa.String(), nullable=False),
        sa.Column("town", sa.String(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.CheckConstraint("until IS NULL OR until >= since", name="term"),
        sa.PrimaryKeyConstraint("id", name="pk_implementers"),
        sa.UniqueConstraint("town", "name", name="uq_implementers_town_name"),
    )
    op.create_table(
        "suspensions",
        sa.Column("implementer", sa.String(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("reason", sa.String(), nullable=False),
        sa.CheckConstraint("until IS NULL OR until >= since", name="term"),
        sa.ForeignKeyConstraint(
            ["implementer"], ["implementers.id"], name="fk_suspensions_implementer"
        ),
        sa.PrimaryKeyConstraint("implementer", "since", name="pk_suspensions"),
    )


def _cases() -> None:
    op.create_table(
        "counters",
        sa.Column("city", sa.String(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.CheckConstraint("last >= 1", name="last"),
        sa.PrimaryKeyConstraint("city", "year", name="pk_counters"),
    )
    op.create_table(
        "cases",
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("city", sa.String(), nullable=False),
        sa.Column("town", sa.String(), nullable=False),
        sa.Column("community", sa.String(), nullable=False),
        sa.Column("place", sa.String(), nullable=False),
        sa.Column("rulebook", sa.String(), nullable=False),
        sa.Column("project_kind", sa.String(), nullable=False),
        sa.Column("category", sa.String(), nullable=False),
        sa.Column("head", sa.Integer(), nullable=False),
        sa.Column("head_digest", sa.String(length=64), nullable=False),
        sa.Column("driven_to", sa.Integer(), nullable=False),
        sa.Column("anchored", sa.Integer(), nullable=False),
        sa.Column("look_at", Moment(), nullable=True),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("stage", sa.String(), nullable=True),
        sa.Column("waits_for", sa.String(), nullable=False),
        sa.Column("duty_count", sa.Integer(), nullable=False),
        sa.Column("outcome", sa.String(), nullable=True),
        sa.Column("budget_fen", sa.BigInteger(), nullable=False),
        sa.Column("contract_fen", sa.BigInteger(), nullable=True),
        sa.Column("audited_fen", sa.BigInteger(), nullable=True),
        sa.Column("paid_fen", sa.BigInteger(), nullable=True),
        sa.Column("opened_at", Moment(), nullable=False),
        sa.Column("established_on", sa.Date(), nullable=True),
        sa.Column("closed_at", Moment(), nullable=True),
        sa.Column("generation", sa.Integer(), nullable=False),
        sa.Column("flow_run_id", sa.String(), nullable=True),
        sa.CheckConstraint("(status = 'closed') = (closed_at IS NOT NULL)", name="closed_at"),
        sa.CheckConstraint("status IN ('open', 'closed')", name="status"),
        sa.CheckConstraint("audited_fen >= 0 AND audited_fen <= contract_fen", name="audited"),
        sa.CheckConstraint("budget_fen >= 0", name="budget"),
        sa.CheckConstraint("contract_fen >= 0 AND contract_fen <= budget_fen", name="contract"),
        sa.CheckConstraint("driven_to >= 0 AND driven_to <= head", name="driven_to"),
        sa.CheckConstraint("generation >= 0", name="generation"),
        sa.CheckConstraint("head >= 0 AND anchored >= 0 AND anchored <= head", name="head"),
        sa.CheckConstraint(
            "paid_fen >= 0 AND paid_fen <= COALESCE(audited_fen, contract_fen)", name="paid"
        ),
        sa.ForeignKeyConstraint(["place"], ["organisations.id"], name="fk_cases_place"),
        sa.PrimaryKeyConstraint("number", name="pk_cases"),
    )
    op.create_index("ix_cases_look_at", "cases", ["look_at"], unique=False)
    op.create_index("ix_cases_place", "cases", ["place", "established_on"], unique=False)
    op.create_index(
        "ix_cases_open",
        "cases",
        ["number"],
        unique=False,
        sqlite_where=sa.text("status = 'open'"),
        postgresql_where=sa.text("status = 'open'"),
    )
    op.create_index(
        "ix_cases_undriven",
        "cases",
        ["number"],
        unique=False,
        sqlite_where=sa.text("driven_to < head"),
        postgresql_where=sa.text("driven_to < head"),
    )


def _events() -> None:
    op.create_table(
        "events",
        sa.Column("case", sa.String(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("stage", sa.String(), nullable=True),
        sa.Column("round", sa.Integer(), nullable=True),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("evidence", sa.Text(), nullable=False),
        sa.Column("occurred_at", Moment(), nullable=False),
        sa.Column("recorded_at", Moment(), nullable=False),
        sa.Column("actor", sa.String(), nullable=True),
        sa.Column("organisation", sa.String(), nullable=True),
        sa.Column("door", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=True),
        sa.Column("command_digest", sa.String(length=64), nullable=True),
        sa.Column("closes", sa.Boolean(), nullable=False),
        sa.Column("backfilled", sa.Boolean(), nullable=False),
        sa.Column("late", sa.Boolean(), nullable=False),
        sa.Column("previous_digest", sa.String(length=64), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.CheckConstraint("(door = 'clock') = (actor IS NULL)", name="actor"),
        sa.CheckConstraint(
            "door IN ('portal', 'command_line', 'import', 'demo', 'clock')", name="door"
        ),
        sa.CheckConstraint(
            "NOT closes OR (stage IS NOT NULL AND round IS NOT NULL)", name="closes"
        ),
        sa.CheckConstraint("length(digest) = 64 AND length(previous_digest) = 64", name="digest"),
        sa.CheckConstraint("occurred_at <= recorded_at", name="occurred_at"),
        sa.CheckConstraint("round IS NULL OR round >= 1", name="round"),
        sa.CheckConstraint("sequence >= 1", name="sequence"),
        sa.ForeignKeyConstraint(["actor"], ["people.id"], name="fk_events_actor"),
        sa.ForeignKeyConstraint(["case"], ["cases.number"], name="fk_events_case"),
        sa.ForeignKeyConstraint(
            ["organisation"], ["organisations.id"], name="fk_events_organisation"
        ),
        sa.PrimaryKeyConstraint("case", "sequence", name="pk_events"),
        sa.UniqueConstraint("key", name="uq_events_key"),
        sqlite_with_rowid=False,
    )
    op.create_index(
        "uq_events_decision",
        "events",
        ["case", "stage", "round"],
        unique=True,
        sqlite_where=sa.text("closes"),
        postgresql_where=sa.text("closes"),
    )


def _work() -> None:
    op.create_table(
        "duties",
        sa.Column("case", sa.String(), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("stage", sa.String(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("label", sa.String(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("organisation", sa.String(), nullable=True),
        sa.Column("actions", sa.Text(), nullable=False),
        sa.Column("opened_at", Moment(), nullable=False),
        sa.Column("due", sa.Date(), nullable=True),
        sa.Column("opens", Moment(), nullable=True),
        sa.Column("overdue", sa.Boolean(), nullable=False),
        sa.Column("severity", sa.String(), nullable=False),
        sa.Column("article", sa.String(), nullable=False),
        sa.Column("provisional", sa.Boolean(), nullable=False),
        sa.CheckConstraint("severity IN ('must', 'should')", name="severity"),
        sa.ForeignKeyConstraint(["case"], ["cases.number"], name="fk_duties_case"),
        sa.ForeignKeyConstraint(
            ["organisation"], ["organisations.id"], name="fk_duties_organisation"
        ),
        sa.PrimaryKeyConstraint("case", "ordinal", name="pk_duties"),
    )
    op.create_index("ix_duties_organisation_role", "duties", ["organisation", "role"], unique=False)
    op.create_table(
        "effects",
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("case", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("started_at", Moment(), nullable=False),
        sa.Column("finished_at", Moment(), nullable=True),
        sa.Column("next_attempt_at", Moment(), nullable=True),
        sa.Column("fault", sa.String(), nullable=True),
        sa.Column("receipt", sa.Text(), nullable=True),
        sa.CheckConstraint("(status = 'done') = (finished_at IS NOT NULL)", name="finished_at"),
        sa.CheckConstraint(
            "(status = 'failed') = (next_attempt_at IS NOT NULL)", name="next_attempt"
        ),
        sa.CheckConstraint("status IN ('running', 'failed', 'done')", name="status"),
        sa.CheckConstraint("attempts >= 1", name="attempts"),
        sa.ForeignKeyConstraint(["case"], ["cases.number"], name="fk_effects_case"),
        sa.PrimaryKeyConstraint("key", name="pk_effects"),
    )
    op.create_index("ix_effects_case", "effects", ["case"], unique=False)
    op.create_index(
        "ix_effects_retry",
        "effects",
        ["next_attempt_at"],
        unique=False,
        sqlite_where=sa.text("status = 'failed'"),
        postgresql_where=sa.text("status = 'failed'"),
    )
    op.create_table(
        "leases",
        sa.Column("case", sa.String(), nullable=False),
        sa.Column("holder", sa.String(), nullable=False),
        sa.Column("fence", sa.Integer(), nullable=False),
        sa.Column("expires_at", Moment(), nullable=False),
        sa.CheckConstraint("fence >= 1", name="fence"),
        sa.ForeignKeyConstraint(["case"], ["cases.number"], name="fk_leases_case"),
        sa.PrimaryKeyConstraint("case", name="pk_leases"),
    )


def _papers() -> None:
    op.create_table(
        "attachments",
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("media_type", sa.String(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("added_by", sa.String(), nullable=True),
        sa.Column("added_at", Moment(), nullable=False),
        sa.CheckConstraint("length(digest) = 64", name="digest"),
        sa.CheckConstraint("size >= 0", name="size"),
        sa.ForeignKeyConstraint(["added_by"], ["people.id"], name="fk_attachments_added_by"),
        sa.PrimaryKeyConstraint("digest", name="pk_attachments"),
    )
    op.create_table(
        "notices",
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("case", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("stage", sa.String(), nullable=True),
        sa.Column("round", sa.Integer(), nullable=True),
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("content_digest", sa.String(length=64), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("replaces", sa.String(), nullable=True),
        sa.Column("issued_at", Moment(), nullable=False),
        sa.CheckConstraint("replaces IS NULL OR replaces <> key", name="replaces"),
        sa.ForeignKeyConstraint(["case"], ["cases.number"], name="fk_notices_case"),
        sa.ForeignKeyConstraint(["digest"], ["attachments.digest"], name="fk_notices_digest"),
        sa.ForeignKeyConstraint(["replaces"], ["notices.key"], name="fk_notices_replaces"),
        sa.PrimaryKeyConstraint("key", name="pk_notices"),
        sa.UniqueConstraint("number", name="uq_notices_number"),
    )
    op.create_index("ix_notices_case", "notices", ["case"], unique=False)
    op.create_table(
        "personal",
        sa.Column("reference", sa.String(), nullable=False),
        sa.Column("salt", sa.LargeBinary(), nullable=True),
        sa.Column("name", sa.String(), nullable=True),
        sa.Column("phone", sa.String(), nullable=True),
        sa.Column("added_at", Moment(), nullable=False),
        sa.Column("erased_at", Moment(), nullable=True),
        sa.CheckConstraint(
            "erased_at IS NULL OR (name IS NULL AND phone IS NULL AND salt IS NULL)", name="erased"
        ),
        sa.PrimaryKeyConstraint("reference", name="pk_personal"),
    )


def _anchors() -> None:
    op.create_table(
        "digests",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("cases", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("previous_digest", sa.String(length=64), nullable=False),
        sa.Column("taken_at", Moment(), nullable=False),
        sa.CheckConstraint("length(digest) = 64", name="digest"),
        sa.PrimaryKeyConstraint("day", name="pk_digests"),
    )
    op.create_table(
        "digest_heads",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("case", sa.String(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["case"], ["cases.number"], name="fk_digest_heads_case"),
        sa.ForeignKeyConstraint(["day"], ["digests.day"], name="fk_digest_heads_day"),
        sa.PrimaryKeyConstraint("day", "case", name="pk_digest_heads"),
    )


def _house() -> None:
    op.create_table(
        "meta",
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_meta"),
    )
    op.create_table(
        "clock",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("real_anchor", Moment(), nullable=False),
        sa.Column("virtual_anchor", Moment(), nullable=False),
        sa.Column("speed", sa.Integer(), nullable=False),
        sa.Column("holds", sa.Boolean(), nullable=False),
        sa.CheckConstraint("id = 1", name="one_row"),
        sa.CheckConstraint("speed >= 0", name="speed"),
        sa.PrimaryKeyConstraint("id", name="pk_clock"),
    )
