"""看守：只增不改的表，由触发器拒绝改与删，数据库的主人也一样。"""

# ruff: noqa: S608 - the statements are put together from words of our own

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


def forbid_replacing(table: str, *keys: str, rowid: bool) -> None:
    """SQLite 的 REPLACE 删去旧行而不触发 DELETE 的触发器，所以有了的行先行拒绝；PostgreSQL 没有。

    Args:
        table: 哪张表。
        keys: 各个唯一键，写成与 NEW 的一行相比的条件。
        rowid: 是否另有行号的表；行号相撞也会替换。
    """
    if op.get_bind().dialect.name == "postgresql":
        return
    clashes = " OR ".join(f"({key})" for key in (*keys, *(["rowid = NEW.rowid"] if rowid else [])))
    op.execute(
        f"CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table} "
        f"WHEN EXISTS (SELECT 1 FROM {table} WHERE {clashes}) "
        f"BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
    )


def same(*columns: str) -> str:
    """各列与 NEW 的一行相同。"""
    return " AND ".join(f'"{column}" = NEW."{column}"' for column in columns)
