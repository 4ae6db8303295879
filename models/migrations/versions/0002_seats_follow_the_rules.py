"""A slot has seats of its own only where an administrator set them; otherwise the rules in force count.

Version 0001 copied the rules' number into every slot, so that a changed setting had no effect for thirty days. Nothing
could edit a slot then: every number in the column is such a copy.

Revision ID: 0002
Revises: 0001
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("slots") as batch_op:
        batch_op.alter_column("seats", existing_type=sa.Integer(), nullable=True)
    op.execute("UPDATE slots SET seats = NULL")


def downgrade() -> None:
    op.execute("UPDATE slots SET seats = 2 WHERE seats IS NULL")  # the default of visits.seats
    with op.batch_alter_table("slots") as batch_op:
        batch_op.alter_column("seats", existing_type=sa.Integer(), nullable=False)
