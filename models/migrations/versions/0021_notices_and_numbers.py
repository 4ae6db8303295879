"""Notices whose cause is gone, and those that answer a citizen.

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


def upgrade() -> None:
    op.add_column("notices", sa.Column("withdrawn_at", sa.DateTime(timezone=True)))
    op.add_column("notices", sa.Column("at_once", sa.Boolean(), server_default=sa.false(), nullable=False))


def downgrade() -> None:
    op.drop_column("notices", "at_once")
    op.drop_column("notices", "withdrawn_at")
