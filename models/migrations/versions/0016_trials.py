"""Trials of drafts, their conversations; editions that are taken back before their time.

Revision ID: 0016
Revises: 0015
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "trials",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("draft_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("made_at", TIME, nullable=False),
        sa.Column("files", sa.JSON(), nullable=False),
        sa.Column("recordings", sa.JSON(), nullable=False),
        sa.Column("began_at", TIME),
        sa.Column("ended_at", TIME),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("errors", sa.JSON(), nullable=False),
        sa.Column("doubts", sa.JSON(), nullable=False),
        sa.Column("broken", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_trials")),
        sa.UniqueConstraint("draft_id", "version", name=op.f("uq_trials_draft_id_version")),
        sqlite_autoincrement=True,
    )
    op.add_column("conversations", sa.Column("trial", sa.Integer()))
    op.add_column("drafts", sa.Column("dialled_at", TIME))
    op.add_column("editions", sa.Column("withdrawn_at", TIME))
    op.add_column("editions", sa.Column("withdrawn_by", sa.String()))
    op.add_column("editions", sa.Column("carried_to", sa.Integer()))


def downgrade() -> None:
    for column in ("carried_to", "withdrawn_by", "withdrawn_at"):
        op.drop_column("editions", column)
    op.drop_column("drafts", "dialled_at")
    op.drop_column("conversations", "trial")
    op.drop_table("trials")
