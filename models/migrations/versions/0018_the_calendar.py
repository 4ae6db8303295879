"""Hours and seats by weekday and day, agents' hours, moves out of closed days, and counters of changes.

Revision ID: 0018
Revises: 0017
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "data_versions",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_data_versions")),
    )
    op.create_table(
        "day_rules",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("city_id", sa.String(), server_default="", nullable=False),
        sa.Column("area", sa.String(), server_default="", nullable=False),
        sa.Column("weekday", sa.Integer()),
        sa.Column("day", sa.Date()),
        sa.Column("first_slot_h", sa.Integer()),
        sa.Column("last_end_h", sa.Integer()),
        sa.Column("seats", sa.Integer()),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("(day IS NULL) <> (weekday IS NULL)", name=op.f("ck_day_rules_day_or_weekday")),
        sa.CheckConstraint("(first_slot_h IS NULL) = (last_end_h IS NULL)", name=op.f("ck_day_rules_both_hours")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_day_rules")),
        sa.UniqueConstraint("city_id", "area", "weekday", name=op.f("uq_day_rules_city_id_area_weekday")),
        sa.UniqueConstraint("city_id", "area", "day", name=op.f("uq_day_rules_city_id_area_day")),
    )
    op.create_table(
        "agent_days",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("weekday", sa.Integer()),
        sa.Column("day", sa.Date()),
        sa.Column("open_h", sa.Integer()),
        sa.Column("close_h", sa.Integer()),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("(day IS NULL) <> (weekday IS NULL)", name=op.f("ck_agent_days_day_or_weekday")),
        sa.CheckConstraint("(open_h IS NULL) = (close_h IS NULL)", name=op.f("ck_agent_days_both_hours")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agent_days")),
        sa.UniqueConstraint("weekday", name=op.f("uq_agent_days_weekday")),
        sa.UniqueConstraint("day", name=op.f("uq_agent_days_day")),
    )
    op.create_table(
        "clearings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("city_id", sa.String(), server_default="", nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("who", sa.String(), nullable=False),
        sa.Column("cause", sa.String(), nullable=False),
        sa.Column("made_at", TIME, nullable=False),
        sa.Column("done_at", TIME),
        sa.Column("moved", sa.Integer(), nullable=False),
        sa.Column("left", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_clearings")),
    )


def downgrade() -> None:
    for table in ("clearings", "agent_days", "day_rules", "data_versions"):
        op.drop_table(table)
