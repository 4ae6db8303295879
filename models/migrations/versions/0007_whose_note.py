"""Whose a voice note is: found without looking through all bookings, also by the store when the note is deleted.

Revision ID: 0007
Revises: 0006
"""

from __future__ import annotations

from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

TABLES = ("appeals", "bookings", "complaints", "feedback", "waiting")


def upgrade() -> None:
    for table in TABLES:
        op.create_index(f"ix_{table}_note_id", table, ["note_id"])


def downgrade() -> None:
    for table in TABLES:
        op.drop_index(f"ix_{table}_note_id", table)
