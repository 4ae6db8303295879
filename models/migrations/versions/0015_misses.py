"""What was done about sentences that were not understood.

Revision ID: 0015
Revises: 0014
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "misses_handled",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("node", sa.String(), nullable=False),
        sa.Column("sentence", sa.String(64), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("target", sa.String(), nullable=False),
        sa.Column("draft_id", sa.Integer()),
        sa.Column("handled_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("handled_by", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_misses_handled")),
        sa.UniqueConstraint("node", "sentence", name=op.f("uq_misses_handled_node_sentence")),
        sqlite_autoincrement=True,
    )


def downgrade() -> None:
    op.drop_table("misses_handled")
