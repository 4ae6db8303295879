"""The desk's telephones: the leg of each agent, who is to be rung, supervisors in a call, where a waiting caller is,
and the processes that look after the line.

Revision ID: 0010
Revises: 0009
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

TIME = sa.DateTime(timezone=True)
OPEN = sa.text("ended_at IS NULL")


def upgrade() -> None:
    op.add_column("presences", sa.Column("leg", sa.String(), nullable=False, server_default=""))
    op.add_column("presences", sa.Column("rung_at", TIME))
    op.add_column("handoffs", sa.Column("asked", sa.JSON(none_as_null=True)))
    op.create_table(
        "listeners",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("handoff_id", sa.Integer(), nullable=False),
        sa.Column("supervisor", sa.String(32), nullable=False),
        sa.Column("part", sa.String(), nullable=False),
        sa.Column("leg", sa.String(), nullable=False),
        sa.Column("since", TIME, nullable=False),
        sa.Column("ended_at", TIME),
        sa.ForeignKeyConstraint(["handoff_id"], ["handoffs.id"], name=op.f("fk_listeners_handoff_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_listeners")),
    )
    op.create_index(op.f("ix_listeners_handoff_id"), "listeners", ["handoff_id"])
    columns = ["handoff_id", "supervisor"]
    op.create_index("uq_listeners_open", "listeners", columns, unique=True, sqlite_where=OPEN, postgresql_where=OPEN)
    op.create_table(
        "tenders",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("seen_at", TIME, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tenders")),
    )
    op.create_index(op.f("ix_tenders_seen_at"), "tenders", ["seen_at"])


def downgrade() -> None:
    op.drop_table("tenders")
    op.drop_table("listeners")
    op.drop_column("handoffs", "asked")
    op.drop_column("presences", "rung_at")
    op.drop_column("presences", "leg")
