"""建库与升级：把台账的结构带到最新；已是最新则什么也不做。"""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import inspect, text
from sqlalchemy.schema import CreateSchema

from records.cases.projections import complete_milestones
from records.database.ledger_tables import postings
from records.database.milestone_tables import milestones
from records.database.store import SCHEMA, Store
from records.database.tables import APPEND_ONLY
from records.money.ledger import complete

MIGRATIONS = Path(__file__).parent / "migrations"


def migrate(store: Store, revision: str = "head") -> None:
    """把台账的结构升到 `revision`；启动与演示前都先调用，可重复调用。"""
    with store.write() as connection:
        if store.on_postgres:
            connection.execute(CreateSchema(SCHEMA, if_not_exists=True))
        configuration = Config()
        configuration.set_main_option("script_location", str(MIGRATIONS))
        configuration.set_main_option("path_separator", "os")
        configuration.attributes["connection"] = connection
        command.upgrade(configuration, revision)
    if inspect(store.engine).has_table(postings.name):
        complete(store)
    if inspect(store.engine).has_table(milestones.name):
        complete_milestones(store)


def grant_application_role(store: Store, role: str) -> None:
    """给办事程序的数据库角色授权：流水、公文、每日摘要只能读和添，不能改和删。

    Args:
        store: 以台账所有者身份打开的 PostgreSQL。
        role: 已建好的数据库角色名。

    Raises:
        ValueError: 不是 PostgreSQL；SQLite 没有角色，由触发器看守。
    """
    if not store.on_postgres:
        raise ValueError("SQLite 没有数据库角色，流水由触发器看守，无须授权。")
    quoted = store.engine.dialect.identifier_preparer.quote(role)
    append_only = ", ".join(APPEND_ONLY)
    statements = (
        f"GRANT USAGE ON SCHEMA {SCHEMA} TO {quoted}",
        f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA {SCHEMA} TO {quoted}",
        f"REVOKE UPDATE, DELETE, TRUNCATE ON {append_only} FROM {quoted}",
        # The balances follow the postings by a trigger of the owner's.
        f"REVOKE INSERT, UPDATE, DELETE ON balances FROM {quoted}",
        f"REVOKE INSERT, UPDATE, DELETE ON alembic_version FROM {quoted}",
    )
    with store.write() as connection:
        for statement in statements:
            connection.execute(text(statement))
