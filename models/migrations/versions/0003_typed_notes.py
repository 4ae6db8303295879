"""A voice note may have been typed: by who has no microphone, or cannot speak.

Revision ID: 0003
Revises: 0002
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("voice_notes") as batch_op:
        batch_op.add_column(sa.Column("text", sa.String(), server_default="", nullable=False))


def downgrade() -> None:
    with op.batch_alter_table("voice_notes") as batch_op:
        batch_op.drop_column("text")
