"""Who has a record open on the screen.

Revision ID: 0011
Revises: 0010
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "viewings",
        sa.Column("subject", sa.String(40), nullable=False),
        sa.Column("agent", sa.String(32), nullable=False),
        sa.Column("since", TIME, nullable=False),
        sa.Column("seen_at", TIME, nullable=False),
        sa.PrimaryKeyConstraint("subject", "agent", name=op.f("pk_viewings")),
    )
    op.create_index(op.f("ix_viewings_seen_at"), "viewings", ["seen_at"])


def downgrade() -> None:
    op.drop_table("viewings")
