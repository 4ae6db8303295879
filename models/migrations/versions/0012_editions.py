"""Editions of prompts and phrases; which one a conversation began with.

Revision ID: 0012
Revises: 0011
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "editions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("made_at", TIME, nullable=False),
        sa.Column("from_at", TIME, nullable=False),
        sa.Column("author", sa.String(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("copy_of", sa.Integer()),
        sa.Column("files", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_editions")),
    )
    op.create_index(op.f("ix_editions_from_at"), "editions", ["from_at"])
    op.add_column("conversations", sa.Column("edition", sa.Integer(), nullable=False, server_default="0"))


def downgrade() -> None:
    op.drop_column("conversations", "edition")
    op.drop_table("editions")
