"""台账的表：流水、卷宗、待办、机关与任职、实施主体、附件、公文、摘要、时钟。

流水、公文、每日摘要只增不改，由触发器和数据库角色两层看守；卷宗与待办是流水的投影，
可以随时由流水重建。金额一律为整数分；时刻存协调世界时。
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    PrimaryKeyConstraint,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from records.database.columns import Moment

DIGEST_LENGTH = 64

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

meta = Table(
    "meta",
    metadata,
    Column("key", String, primary_key=True),
    Column("value", Text, nullable=False),
)

clock = Table(
    "clock",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("real_anchor", Moment, nullable=False),
    Column("virtual_anchor", Moment, nullable=False),
    Column("speed", Integer, nullable=False),
    Column("holds", Boolean, nullable=False),
    CheckConstraint("id = 1", name="one_row"),
    CheckConstraint("speed >= 0", name="speed"),
)

counters = Table(
    "counters",
    metadata,
    Column("city", String, nullable=False),
    Column("year", Integer, nullable=False),
    Column("last", Integer, nullable=False),
    PrimaryKeyConstraint("city", "year"),
    CheckConstraint("last >= 1", name="last"),
)

organisations = Table(
    "organisations",
    metadata,
    Column("id", String, primary_key=True),
    Column("name", String, nullable=False),
    Column("level", String, nullable=False),
    Column("parent", String, ForeignKey("organisations.id")),
    Column("phone", String),
    Column("address", String),
    Column("email", String),
    Column("households", Integer),
    Column("city", String),
    Column("document_code", String),
    CheckConstraint("households IS NULL OR households >= 0", name="households"),
    CheckConstraint("parent IS NULL OR parent <> id", name="parent"),
)

people = Table(
    "people",
    metadata,
    Column("id", String, primary_key=True),
    Column("name", String, nullable=False),
)

appointments = Table(
    "appointments",
    metadata,
    Column("person", String, ForeignKey("people.id"), nullable=False),
    Column("role", String, nullable=False),
    Column("organisation", String, ForeignKey("organisations.id"), nullable=False),
    Column("since", Date, nullable=False),
    Column("until", Date),
    PrimaryKeyConstraint("person", "role", "organisation", "since"),
    CheckConstraint("until IS NULL OR until >= since", name="term"),
    Index("ix_appointments_organisation_role", "organisation", "role"),
)

implementers = Table(
    "implementers",
    metadata,
    Column("id", String, primary_key=True),
    Column("name", String, nullable=False),
    Column("city", String, nullable=False),
    Column("town", String, nullable=False),
    Column("since", Date, nullable=False),
    Column("until", Date),
    CheckConstraint("until IS NULL OR until >= since", name="term"),
    UniqueConstraint("town", "name"),
)

suspensions = Table(
    "suspensions",
    metadata,
    Column("implementer", String, ForeignKey("implementers.id"), nullable=False),
    Column("since", Date, nullable=False),
    Column("until", Date),
    Column("reason", String, nullable=False),
    PrimaryKeyConstraint("implementer", "since"),
    CheckConstraint("until IS NULL OR until >= since", name="term"),
)

cases = Table(
    "cases",
    metadata,
    Column("number", String, primary_key=True),
    Column("kind", String, nullable=False),
    Column("title", String, nullable=False),
    Column("city", String, nullable=False),
    Column("town", String, nullable=False),
    Column("community", String, nullable=False),
    Column("place", String, ForeignKey("organisations.id"), nullable=False),
    Column("rulebook", String, nullable=False),
    Column("project_kind", String, nullable=False),
    Column("category", String, nullable=False),
    Column("head", Integer, nullable=False),
    Column("head_digest", String(DIGEST_LENGTH), nullable=False),
    Column("driven_to", Integer, nullable=False),
    Column("anchored", Integer, nullable=False),
    Column("look_at", Moment),
    Column("status", String, nullable=False),
    Column("stage", String),
    Column("waits_for", String, nullable=False),
    Column("duty_count", Integer, nullable=False),
    Column("outcome", String),
    Column("budget_fen", BigInteger, nullable=False),
    Column("contract_fen", BigInteger),
    Column("audited_fen", BigInteger),
    Column("paid_fen", BigInteger),
    Column("opened_at", Moment, nullable=False),
    Column("established_on", Date),
    Column("closed_at", Moment),
    Column("generation", Integer, nullable=False),
    Column("flow_run_id", String),
    Column("duty", String),
    Column("period", String),
    Column("implementer", String),
    Column("selected_on", Date),
    CheckConstraint("head >= 0 AND anchored >= 0 AND anchored <= head", name="head"),
    CheckConstraint("driven_to >= 0 AND driven_to <= head", name="driven_to"),
    CheckConstraint("generation >= 0", name="generation"),
    CheckConstraint("status IN ('open', 'closed')", name="status"),
    CheckConstraint("(status = 'closed') = (closed_at IS NOT NULL)", name="closed_at"),
    CheckConstraint("budget_fen >= 0", name="budget"),
    CheckConstraint("contract_fen >= 0 AND contract_fen <= budget_fen", name="contract"),
    CheckConstraint("audited_fen >= 0 AND audited_fen <= contract_fen", name="audited"),
    CheckConstraint(
        "paid_fen >= 0 AND paid_fen <= COALESCE(audited_fen, contract_fen)", name="paid"
    ),
    Index("ix_cases_look_at", "look_at"),
    Index(
        "ix_cases_undriven",
        "number",
        sqlite_where=text("driven_to < head"),
        postgresql_where=text("driven_to < head"),
    ),
    Index("ix_cases_place", "place", "established_on"),
    Index("ix_cases_implementer", "implementer"),
    Index(
        "ix_cases_open",
        "number",
        sqlite_where=text("status = 'open'"),
        postgresql_where=text("status = 'open'"),
    ),
    # 一个机关一项义务一期只有一件报送件。
    Index(
        "ix_cases_submission",
        "city",
        "duty",
        "period",
        "place",
        unique=True,
        sqlite_where=text("duty IS NOT NULL"),
        postgresql_where=text("duty IS NOT NULL"),
    ),
)

events = Table(
    "events",
    metadata,
    Column("case", String, ForeignKey("cases.number"), nullable=False),
    Column("sequence", Integer, nullable=False),
    Column("kind", String, nullable=False),
    Column("stage", String),
    Column("round", Integer),
    Column("content", Text, nullable=False),
    Column("evidence", Text, nullable=False),
    Column("occurred_at", Moment, nullable=False),
    Column("recorded_at", Moment, nullable=False),
    Column("actor", String, ForeignKey("people.id")),
    Column("organisation", String, ForeignKey("organisations.id")),
    Column("door", String, nullable=False),
    Column("key", String),
    Column("command_digest", String(DIGEST_LENGTH)),
    Column("closes", Boolean, nullable=False),
    Column("backfilled", Boolean, nullable=False),
    Column("late", Boolean, nullable=False),
    Column("previous_digest", String(DIGEST_LENGTH), nullable=False),
    Column("digest", String(DIGEST_LENGTH), nullable=False),
    PrimaryKeyConstraint("case", "sequence"),
    CheckConstraint("sequence >= 1", name="sequence"),
    CheckConstraint("round IS NULL OR round >= 1", name="round"),
    CheckConstraint("occurred_at <= recorded_at", name="occurred_at"),
    CheckConstraint("door IN ('portal', 'command_line', 'import', 'demo', 'clock')", name="door"),
    CheckConstraint("(door = 'clock') = (actor IS NULL)", name="actor"),
    CheckConstraint("NOT closes OR (stage IS NOT NULL AND round IS NOT NULL)", name="closes"),
    CheckConstraint("length(digest) = 64 AND length(previous_digest) = 64", name="digest"),
    UniqueConstraint("key"),
    # One decision closes one round of one stage; whoever comes second is told so.
    Index(
        "uq_events_decision",
        "case",
        "stage",
        "round",
        unique=True,
        sqlite_where=text("closes"),
        postgresql_where=text("closes"),
    ),
    sqlite_with_rowid=False,
)

duties = Table(
    "duties",
    metadata,
    Column("case", String, ForeignKey("cases.number"), nullable=False),
    Column("ordinal", Integer, nullable=False),
    Column("stage", String, nullable=False),
    Column("round", Integer, nullable=False),
    Column("label", String, nullable=False),
    Column("role", String, nullable=False),
    Column("organisation", String, ForeignKey("organisations.id")),
    Column("actions", Text, nullable=False),
    Column("opened_at", Moment, nullable=False),
    Column("due", Date),
    Column("opens", Moment),
    Column("overdue", Boolean, nullable=False),
    Column("severity", String, nullable=False),
    Column("article", String, nullable=False),
    Column("provisional", Boolean, nullable=False),
    PrimaryKeyConstraint("case", "ordinal"),
    CheckConstraint("severity IN ('must', 'should')", name="severity"),
    Index("ix_duties_organisation_role", "organisation", "role"),
)

effects = Table(
    "effects",
    metadata,
    Column("key", String, primary_key=True),
    Column("case", String, ForeignKey("cases.number"), nullable=False),
    Column("kind", String, nullable=False),
    Column("status", String, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("started_at", Moment, nullable=False),
    Column("finished_at", Moment),
    Column("next_attempt_at", Moment),
    Column("fault", String),
    Column("receipt", Text),
    CheckConstraint("status IN ('running', 'failed', 'done')", name="status"),
    CheckConstraint("attempts >= 1", name="attempts"),
    CheckConstraint("(status = 'done') = (finished_at IS NOT NULL)", name="finished_at"),
    CheckConstraint("(status = 'failed') = (next_attempt_at IS NOT NULL)", name="next_attempt"),
    Index("ix_effects_case", "case"),
    Index(
        "ix_effects_retry",
        "next_attempt_at",
        sqlite_where=text("status = 'failed'"),
        postgresql_where=text("status = 'failed'"),
    ),
)

leases = Table(
    "leases",
    metadata,
    Column("case", String, ForeignKey("cases.number"), primary_key=True),
    Column("holder", String, nullable=False),
    Column("fence", Integer, nullable=False),
    Column("expires_at", Moment, nullable=False),
    CheckConstraint("fence >= 1", name="fence"),
)

attachments = Table(
    "attachments",
    metadata,
    Column("digest", String(DIGEST_LENGTH), primary_key=True),
    Column("name", String, nullable=False),
    Column("media_type", String, nullable=False),
    Column("size", BigInteger, nullable=False),
    Column("added_by", String, ForeignKey("people.id")),
    Column("added_at", Moment, nullable=False),
    CheckConstraint("size >= 0", name="size"),
    CheckConstraint("length(digest) = 64", name="digest"),
)

notices = Table(
    "notices",
    metadata,
    Column("key", String, primary_key=True),
    Column("case", String, ForeignKey("cases.number"), nullable=False),
    Column("kind", String, nullable=False),
    Column("stage", String),
    Column("round", Integer),
    Column("number", String, nullable=False),
    Column("title", String, nullable=False),
    Column("content_digest", String(DIGEST_LENGTH), nullable=False),
    Column("digest", String(DIGEST_LENGTH), ForeignKey("attachments.digest"), nullable=False),
    Column("replaces", String, ForeignKey("notices.key")),
    Column("issued_at", Moment, nullable=False),
    CheckConstraint("replaces IS NULL OR replaces <> key", name="replaces"),
    UniqueConstraint("number"),
    Index("ix_notices_case", "case"),
)

personal = Table(
    "personal",
    metadata,
    Column("reference", String, primary_key=True),
    Column("salt", LargeBinary),
    Column("name", String),
    Column("phone", String),
    Column("added_at", Moment, nullable=False),
    Column("erased_at", Moment),
    CheckConstraint(
        "erased_at IS NULL OR (name IS NULL AND phone IS NULL AND salt IS NULL)", name="erased"
    ),
)

digests = Table(
    "digests",
    metadata,
    Column("day", Date, primary_key=True),
    Column("cases", Integer, nullable=False),
    Column("digest", String(DIGEST_LENGTH), nullable=False),
    Column("previous_digest", String(DIGEST_LENGTH), nullable=False),
    Column("taken_at", Moment, nullable=False),
    CheckConstraint("length(digest) = 64", name="digest"),
)

digest_heads = Table(
    "digest_heads",
    metadata,
    Column("day", Date, ForeignKey("digests.day"), nullable=False),
    Column("case", String, ForeignKey("cases.number"), nullable=False),
    Column("sequence", Integer, nullable=False),
    Column("digest", String(DIGEST_LENGTH), nullable=False),
    PrimaryKeyConstraint("day", "case"),
)

APPEND_ONLY = (
    "events", "attachments", "notices", "notice_files", "document_numbers", "digests",
    "digest_heads", "postings",
)  # fmt: skip
