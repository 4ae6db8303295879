"""Alembic's entry: runs the migrations on the connection that `Store.upgrade` passes in."""

from __future__ import annotations

from alembic import context

from models.tables import metadata

connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=metadata,
    # SQLite alters a table by copying it; its DDL is transactional, so a failed migration leaves nothing half done.
    render_as_batch=True,
    transactional_ddl=True,
)
with context.begin_transaction():
    context.run_migrations()
