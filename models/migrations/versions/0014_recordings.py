"""Recordings of prompts, and which of them an edition plays.

Revision ID: 0014
Revises: 0013
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "recordings",
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("ulaw", sa.LargeBinary(), nullable=False),
        sa.Column("ms", sa.Integer(), nullable=False),
        sa.Column("before_dbfs", sa.Double(), nullable=False),
        sa.Column("after_dbfs", sa.Double(), nullable=False),
        sa.Column("clipped", sa.Double(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("made_at", TIME, nullable=False),
        sa.Column("made_by", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_recordings")),
    )
    op.add_column("editions", sa.Column("recordings", sa.JSON(), nullable=False, server_default="{}"))


def downgrade() -> None:
    op.drop_column("editions", "recordings")
    op.drop_table("recordings")
