"""结构变迁的运行环境：用 records.migrate 交来的连接，版本号记在自己的模式里。"""

from __future__ import annotations

from alembic import context

from records.database.store import SCHEMA
from records.database.tables import metadata

connection = context.config.attributes["connection"]
on_postgres = connection.dialect.name == "postgresql"

context.configure(
    connection=connection,
    target_metadata=metadata,
    # A version table in `public` would be taken for Prefect's own on a shared PostgreSQL.
    version_table_schema=SCHEMA if on_postgres else None,
    render_as_batch=not on_postgres,
    transaction_per_migration=True,
)

with context.begin_transaction():
    context.run_migrations()
