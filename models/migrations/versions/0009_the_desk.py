"""The desk: the queue for agents, their presence, and the work list.

Revision ID: 0009
Revises: 0008
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

TIME = sa.DateTime(timezone=True)
OPEN_HANDOFF = sa.text("state IN ('waiting', 'offered', 'talking')")
OPEN_TASK = sa.text("done_at IS NULL")


def upgrade() -> None:
    _handoffs()
    op.create_table(
        "presences",
        sa.Column("agent", sa.String(32), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("next_state", sa.String(), nullable=False),
        sa.Column("since", TIME, nullable=False),
        sa.Column("ready_since", TIME),
        sa.Column("seen_at", TIME, nullable=False),
        sa.Column("phone", sa.String(), nullable=False),
        sa.Column("languages", sa.JSON(), nullable=False),
        sa.Column("queues", sa.JSON(), nullable=False),
        sa.Column("handoff_id", sa.Integer()),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("agent", name=op.f("pk_presences")),
    )
    op.create_index(op.f("ix_presences_state"), "presences", ["state"])
    _tasks()
    # The supervisor's page asks for the conversations of a day.
    op.create_index(op.f("ix_conversations_started_at"), "conversations", ["started_at"])


def _handoffs() -> None:
    op.create_table(
        "handoffs",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("conversation_id", sa.String(), nullable=False),
        sa.Column("call_sid", sa.String()),
        sa.Column("caller", sa.String()),
        sa.Column("language", sa.String(8), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("queue", sa.String(), nullable=False),
        sa.Column("priority", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("entered_at", TIME, nullable=False),
        sa.Column("waiting_since", TIME, nullable=False),
        sa.Column("dropped_at", TIME),
        sa.Column("offered_to", sa.String(32)),
        sa.Column("offered_at", TIME),
        sa.Column("refusals", sa.JSON(), nullable=False),
        sa.Column("agent", sa.String(32)),
        sa.Column("answered_at", TIME),
        sa.Column("accepted_at", TIME),
        sa.Column("ended_at", TIME),
        sa.Column("wrapped_at", TIME),
        sa.Column("returned_to", sa.String()),
        sa.Column("disposition", sa.String()),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("room", sa.String()),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("updated_at", TIME, nullable=False),
        sa.Column("summary", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_handoffs")),
    )
    for column in ("conversation_id", "caller", "entered_at", "ended_at"):
        op.create_index(op.f(f"ix_handoffs_{column}"), "handoffs", [column])
    op.create_index(op.f("ix_handoffs_agent_ended_at"), "handoffs", ["agent", "ended_at"])
    for name, column, unique in (("uq_handoffs_open", "conversation_id", True), ("ix_handoffs_line", "state", False)):
        op.create_index(name, "handoffs", [column], unique=unique, sqlite_where=OPEN_HANDOFF, postgresql_where=OPEN_HANDOFF)
    op.create_table(
        "handoff_events",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("handoff_id", sa.Integer(), nullable=False),
        sa.Column("at", TIME, nullable=False),
        sa.Column("who", sa.String(), nullable=False),
        sa.Column("what", sa.String(), nullable=False),
        sa.Column("data", sa.JSON(none_as_null=True)),
        sa.ForeignKeyConstraint(["handoff_id"], ["handoffs.id"], name=op.f("fk_handoff_events_handoff_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_handoff_events")),
    )
    op.create_index(op.f("ix_handoff_events_handoff_id"), "handoff_events", ["handoff_id"])


def _tasks() -> None:
    op.create_table(
        "tasks",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("conversation_id", sa.String()),
        sa.Column("number", sa.String()),
        sa.Column("language", sa.String(8), nullable=False),
        sa.Column("made_at", TIME, nullable=False),
        sa.Column("due_at", TIME, nullable=False),
        sa.Column("owner", sa.String(32)),
        sa.Column("taken_at", TIME),
        sa.Column("done_at", TIME),
        sa.Column("done_by", sa.String(), nullable=False),
        sa.Column("outcome", sa.String(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("updated_at", TIME, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tasks")),
        sa.UniqueConstraint("kind", "subject", name=op.f("uq_tasks_kind_subject")),
    )
    op.create_index("ix_tasks_open", "tasks", ["due_at"], sqlite_where=OPEN_TASK, postgresql_where=OPEN_TASK)


def downgrade() -> None:
    op.drop_index(op.f("ix_conversations_started_at"), "conversations")
    for table in ("tasks", "presences", "handoff_events", "handoffs"):
        op.drop_table(table)
