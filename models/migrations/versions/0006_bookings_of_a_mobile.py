"""Bookings of a mobile, newest first, from one index.

Ordered by an index on created_at alone, the bookings of a rare mobile would be looked for through the whole table.

Revision ID: 0006
Revises: 0005
"""

from __future__ import annotations

from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_bookings_mobile_created_at", "bookings", ["mobile", "created_at"])
    op.drop_index("ix_bookings_mobile", "bookings")


def downgrade() -> None:
    op.create_index("ix_bookings_mobile", "bookings", ["mobile"])
    op.drop_index("ix_bookings_mobile_created_at", "bookings")
