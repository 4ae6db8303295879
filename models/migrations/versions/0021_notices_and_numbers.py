"""Notices whose cause is gone, and those that answer a citizen; numbers that called, by age.

Revision ID: 0021
Revises: 0020
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

NUMBERED = sa.text("from_number IS NOT NULL")


def upgrade() -> None:
    op.add_column("notices", sa.Column("withdrawn_at", sa.DateTime(timezone=True)))
    op.add_column("notices", sa.Column("at_once", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.create_index("ix_calls_numbered", "calls", ["started_at"], sqlite_where=NUMBERED, postgresql_where=NUMBERED)
    op.create_index(op.f("ix_callers_last_seen"), "callers", ["last_seen"])


def downgrade() -> None:
    op.drop_index(op.f("ix_callers_last_seen"), table_name="callers")
    op.drop_index("ix_calls_numbered", table_name="calls")
    op.drop_column("notices", "at_once")
    op.drop_column("notices", "withdrawn_at")
