"""看守：只增不改的表，由触发器拒绝改与删，数据库的主人也一样。"""

from __future__ import annotations

from alembic import op

REFUSAL = "台账只增不改，请以更正或新的公文记录"


def forbid_rewriting(table: str) -> None:
    """给一张表装上触发器：UPDATE、DELETE（PostgreSQL 还有 TRUNCATE）一律出错。"""
    if op.get_bind().dialect.name == "postgresql":
        _on_postgres(table)
    else:
        _on_sqlite(table)


def _on_sqlite(table: str) -> None:
    for verb in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} "
            f"BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
        )


def _on_postgres(table: str) -> None:
    op.execute(
        "CREATE OR REPLACE FUNCTION refuse_rewriting() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{REFUSAL}'; END $$"
    )
    op.execute(
        f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION refuse_rewriting()"
    )
