"""Bookings are found by their stage: after a season, a handful among a million.

Revision ID: 0020
Revises: 0019
"""

from __future__ import annotations

from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(op.f("ix_bookings_stage_updated_at"), "bookings", ["stage", "updated_at"])


def downgrade() -> None:
    op.drop_index(op.f("ix_bookings_stage_updated_at"), table_name="bookings")
