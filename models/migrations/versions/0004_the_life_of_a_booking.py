"""Tables of what follows a booking: executives and visits, complaints, appeals, feedback, the waiting list, access, jobs.

Revision ID: 0004
Revises: 0003
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('api_tokens',
    sa.Column('id', sa.String(), nullable=False),
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('hash', sa.String(length=64), nullable=False),
    sa.Column('scopes', sa.JSON(), nullable=False),
    sa.Column('office', sa.String(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('expires_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('revoked_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('last_used_at', sa.DateTime(timezone=True), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_api_tokens')),
    sa.UniqueConstraint('hash', name=op.f('uq_api_tokens_hash'))
    )
    op.create_table('escalation_levels',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(), nullable=False),
    sa.Column('level', sa.Integer(), nullable=False),
    sa.Column('office', sa.String(), nullable=False),
    sa.Column('hi', sa.String(), nullable=False),
    sa.Column('en', sa.String(), nullable=False),
    sa.Column('hours', sa.Integer(), nullable=False),
    sa.Column('working', sa.Boolean(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_escalation_levels')),
    sa.UniqueConstraint('kind', 'level', name=op.f('uq_escalation_levels_kind_level'))
    )
    op.create_table('job_runs',
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('done_for', sa.DateTime(timezone=True), nullable=True),
    sa.Column('holder', sa.String(), nullable=True),
    sa.Column('lease_until', sa.DateTime(timezone=True), nullable=True),
    sa.Column('started_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('report', sa.JSON(none_as_null=True), nullable=True),
    sa.Column('error', sa.String(), nullable=True),
    sa.PrimaryKeyConstraint('name', name=op.f('pk_job_runs'))
    )
    op.create_table('areas',
    sa.Column('id', sa.String(), nullable=False),
    sa.Column('city_id', sa.String(), nullable=False),
    sa.Column('hi', sa.String(), nullable=False),
    sa.Column('en', sa.String(), nullable=False),
    sa.Column('kind', sa.String(), nullable=False),
    sa.Column('places', sa.JSON(), nullable=False),
    sa.Column('pins', sa.JSON(), nullable=False),
    sa.Column('first_slot_h', sa.Integer(), nullable=True),
    sa.Column('last_end_h', sa.Integer(), nullable=True),
    sa.Column('seats', sa.Integer(), nullable=True),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['city_id'], ['cities.id'], name=op.f('fk_areas_city_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_areas'))
    )
    with op.batch_alter_table('areas') as batch_op:
        batch_op.create_index(batch_op.f('ix_areas_city_id'), ['city_id'], unique=False)

    op.create_table('executives',
    sa.Column('id', sa.String(), nullable=False),
    sa.Column('hi', sa.String(), nullable=False),
    sa.Column('en', sa.String(), nullable=False),
    sa.Column('mobile', sa.String(length=10), nullable=False),
    sa.Column('city_id', sa.String(), nullable=False),
    sa.Column('area', sa.String(), server_default='', nullable=False),
    sa.Column('weekdays', sa.JSON(), nullable=False),
    sa.Column('capacity', sa.Integer(), nullable=False),
    sa.Column('since', sa.Date(), nullable=True),
    sa.Column('until', sa.Date(), nullable=True),
    sa.ForeignKeyConstraint(['city_id'], ['cities.id'], name=op.f('fk_executives_city_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_executives'))
    )
    with op.batch_alter_table('executives') as batch_op:
        batch_op.create_index(batch_op.f('ix_executives_city_id'), ['city_id'], unique=False)

    op.create_table('idempotent_answers',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('token_id', sa.String(), nullable=False),
    sa.Column('key', sa.String(length=255), nullable=False),
    sa.Column('request', sa.String(length=64), nullable=False),
    sa.Column('status', sa.Integer(), nullable=True),
    sa.Column('body', sa.LargeBinary(), nullable=True),
    sa.Column('etag', sa.String(), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['token_id'], ['api_tokens.id'], name=op.f('fk_idempotent_answers_token_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_idempotent_answers')),
    sa.UniqueConstraint('token_id', 'key', name=op.f('uq_idempotent_answers_token_id_key'))
    )
    with op.batch_alter_table('idempotent_answers') as batch_op:
        batch_op.create_index(batch_op.f('ix_idempotent_answers_created_at'), ['created_at'], unique=False)

    op.create_table('absences',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('executive_id', sa.String(), nullable=False),
    sa.Column('day', sa.Date(), nullable=False),
    sa.Column('reason', sa.String(), nullable=False),
    sa.ForeignKeyConstraint(['executive_id'], ['executives.id'], name=op.f('fk_absences_executive_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_absences')),
    sa.UniqueConstraint('executive_id', 'day', name=op.f('uq_absences_executive_id_day'))
    )
    op.create_table('complaints',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('number', sa.String(length=9), nullable=False),
    sa.Column('replay_key', sa.String(), nullable=True),
    sa.Column('kind', sa.String(), nullable=False),
    sa.Column('confidential', sa.Boolean(), nullable=False),
    sa.Column('booking_id', sa.Integer(), nullable=True),
    sa.Column('service_id', sa.String(), nullable=True),
    sa.Column('department', sa.String(), nullable=False),
    sa.Column('city_id', sa.String(), nullable=True),
    sa.Column('place', sa.String(), nullable=False),
    sa.Column('note_id', sa.String(), nullable=True),
    sa.Column('text', sa.String(), nullable=False),
    sa.Column('mobile', sa.String(length=10), nullable=False),
    sa.Column('language', sa.String(length=8), nullable=False),
    sa.Column('caller', sa.String(), nullable=True),
    sa.Column('conversation_id', sa.String(), nullable=True),
    sa.Column('channel', sa.String(), nullable=False),
    sa.Column('stage', sa.String(), nullable=False),
    sa.Column('level', sa.Integer(), nullable=False),
    sa.Column('due_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('answer', sa.String(), nullable=False),
    sa.Column('resolved_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('rating', sa.Integer(), nullable=True),
    sa.Column('reopened', sa.Integer(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['booking_id'], ['bookings.id'], name=op.f('fk_complaints_booking_id')),
    sa.ForeignKeyConstraint(['city_id'], ['cities.id'], name=op.f('fk_complaints_city_id')),
    sa.ForeignKeyConstraint(['note_id'], ['voice_notes.id'], name=op.f('fk_complaints_note_id'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['service_id'], ['services.id'], name=op.f('fk_complaints_service_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_complaints')),
    sa.UniqueConstraint('number', name=op.f('uq_complaints_number')),
    sa.UniqueConstraint('replay_key', name=op.f('uq_complaints_replay_key'))
    )
    with op.batch_alter_table('complaints') as batch_op:
        batch_op.create_index(batch_op.f('ix_complaints_booking_id'), ['booking_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_complaints_conversation_id'), ['conversation_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_complaints_created_at'), ['created_at'], unique=False)
        batch_op.create_index(batch_op.f('ix_complaints_due_at'), ['due_at'], unique=False)
        batch_op.create_index(batch_op.f('ix_complaints_mobile'), ['mobile'], unique=False)

    op.create_table('feedback',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('booking_id', sa.Integer(), nullable=False),
    sa.Column('rating', sa.Integer(), nullable=False),
    sa.Column('note_id', sa.String(), nullable=True),
    sa.Column('text', sa.String(), nullable=False),
    sa.Column('channel', sa.String(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint('rating BETWEEN 1 AND 5', name=op.f('ck_feedback_one_to_five')),
    sa.ForeignKeyConstraint(['booking_id'], ['bookings.id'], name=op.f('fk_feedback_booking_id')),
    sa.ForeignKeyConstraint(['note_id'], ['voice_notes.id'], name=op.f('fk_feedback_note_id'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_feedback')),
    sa.UniqueConstraint('booking_id', name=op.f('uq_feedback_booking_id'))
    )
    op.create_table('visits',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('booking_id', sa.Integer(), nullable=False),
    sa.Column('executive_id', sa.String(), nullable=False),
    sa.Column('starts_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('state', sa.String(), nullable=False),
    sa.Column('purpose', sa.String(), nullable=False),
    sa.Column('assigned_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['booking_id'], ['bookings.id'], name=op.f('fk_visits_booking_id')),
    sa.ForeignKeyConstraint(['executive_id'], ['executives.id'], name=op.f('fk_visits_executive_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_visits'))
    )
    with op.batch_alter_table('visits') as batch_op:
        batch_op.create_index(batch_op.f('ix_visits_booking_id'), ['booking_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_visits_executive_id_starts_at'), ['executive_id', 'starts_at'], unique=False)
        batch_op.create_index('uq_visits_planned_booking', ['booking_id'], unique=True, sqlite_where=sa.text("state = 'planned'"), postgresql_where=sa.text("state = 'planned'"))
        batch_op.create_index('uq_visits_planned_executive', ['executive_id', 'starts_at'], unique=True, sqlite_where=sa.text("state = 'planned'"), postgresql_where=sa.text("state = 'planned'"))

    op.create_table('waiting',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('replay_key', sa.String(), nullable=True),
    sa.Column('service_id', sa.String(), nullable=False),
    sa.Column('city_id', sa.String(), nullable=False),
    sa.Column('area', sa.String(), nullable=False),
    sa.Column('first_day', sa.Date(), nullable=False),
    sa.Column('last_day', sa.Date(), nullable=False),
    sa.Column('daypart', sa.String(), nullable=True),
    sa.Column('mobile', sa.String(length=10), nullable=False),
    sa.Column('pin', sa.String(length=6), nullable=False),
    sa.Column('note_id', sa.String(), nullable=True),
    sa.Column('language', sa.String(length=8), nullable=False),
    sa.Column('caller', sa.String(), nullable=True),
    sa.Column('conversation_id', sa.String(), nullable=False),
    sa.Column('state', sa.String(), nullable=False),
    sa.Column('slot_id', sa.Integer(), nullable=True),
    sa.Column('offered_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('offer_until', sa.DateTime(timezone=True), nullable=True),
    sa.Column('offers', sa.Integer(), nullable=False),
    sa.Column('booking_id', sa.Integer(), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['booking_id'], ['bookings.id'], name=op.f('fk_waiting_booking_id')),
    sa.ForeignKeyConstraint(['city_id'], ['cities.id'], name=op.f('fk_waiting_city_id')),
    sa.ForeignKeyConstraint(['note_id'], ['voice_notes.id'], name=op.f('fk_waiting_note_id'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['service_id'], ['services.id'], name=op.f('fk_waiting_service_id')),
    sa.ForeignKeyConstraint(['slot_id'], ['slots.id'], name=op.f('fk_waiting_slot_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_waiting')),
    sa.UniqueConstraint('replay_key', name=op.f('uq_waiting_replay_key'))
    )
    with op.batch_alter_table('waiting') as batch_op:
        batch_op.create_index(batch_op.f('ix_waiting_conversation_id'), ['conversation_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_waiting_mobile'), ['mobile'], unique=False)
        batch_op.create_index(batch_op.f('ix_waiting_state_city_id_area'), ['state', 'city_id', 'area'], unique=False)

    op.create_table('appeals',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('number', sa.String(length=9), nullable=False),
    sa.Column('replay_key', sa.String(), nullable=True),
    sa.Column('level', sa.Integer(), nullable=False),
    sa.Column('ground', sa.String(), nullable=False),
    sa.Column('booking_id', sa.Integer(), nullable=True),
    sa.Column('complaint_id', sa.Integer(), nullable=True),
    sa.Column('earlier_id', sa.Integer(), nullable=True),
    sa.Column('note_id', sa.String(), nullable=True),
    sa.Column('text', sa.String(), nullable=False),
    sa.Column('mobile', sa.String(length=10), nullable=False),
    sa.Column('language', sa.String(length=8), nullable=False),
    sa.Column('caller', sa.String(), nullable=True),
    sa.Column('conversation_id', sa.String(), nullable=True),
    sa.Column('channel', sa.String(), nullable=False),
    sa.Column('stage', sa.String(), nullable=False),
    sa.Column('decide_by', sa.Date(), nullable=False),
    sa.Column('outcome', sa.String(), nullable=False),
    sa.Column('order_text', sa.String(), nullable=False),
    sa.Column('decided_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['booking_id'], ['bookings.id'], name=op.f('fk_appeals_booking_id')),
    sa.ForeignKeyConstraint(['complaint_id'], ['complaints.id'], name=op.f('fk_appeals_complaint_id')),
    sa.ForeignKeyConstraint(['earlier_id'], ['appeals.id'], name=op.f('fk_appeals_earlier_id')),
    sa.ForeignKeyConstraint(['note_id'], ['voice_notes.id'], name=op.f('fk_appeals_note_id'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_appeals')),
    sa.UniqueConstraint('earlier_id', name=op.f('uq_appeals_earlier_id')),
    sa.UniqueConstraint('number', name=op.f('uq_appeals_number')),
    sa.UniqueConstraint('replay_key', name=op.f('uq_appeals_replay_key'))
    )
    with op.batch_alter_table('appeals') as batch_op:
        batch_op.create_index(batch_op.f('ix_appeals_booking_id'), ['booking_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_appeals_complaint_id'), ['complaint_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_appeals_conversation_id'), ['conversation_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_appeals_created_at'), ['created_at'], unique=False)
        batch_op.create_index(batch_op.f('ix_appeals_mobile'), ['mobile'], unique=False)

    op.create_table('complaint_events',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('complaint_id', sa.Integer(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('who', sa.String(), nullable=False),
    sa.Column('what', sa.String(), nullable=False),
    sa.Column('from_stage', sa.String(), nullable=True),
    sa.Column('to_stage', sa.String(), nullable=False),
    sa.Column('why', sa.String(), nullable=False),
    sa.Column('data', sa.JSON(none_as_null=True), nullable=True),
    sa.ForeignKeyConstraint(['complaint_id'], ['complaints.id'], name=op.f('fk_complaint_events_complaint_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_complaint_events'))
    )
    with op.batch_alter_table('complaint_events') as batch_op:
        batch_op.create_index(batch_op.f('ix_complaint_events_complaint_id'), ['complaint_id'], unique=False)

    op.create_table('appeal_events',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('appeal_id', sa.Integer(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('who', sa.String(), nullable=False),
    sa.Column('what', sa.String(), nullable=False),
    sa.Column('from_stage', sa.String(), nullable=True),
    sa.Column('to_stage', sa.String(), nullable=False),
    sa.Column('why', sa.String(), nullable=False),
    sa.Column('data', sa.JSON(none_as_null=True), nullable=True),
    sa.ForeignKeyConstraint(['appeal_id'], ['appeals.id'], name=op.f('fk_appeal_events_appeal_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_appeal_events'))
    )
    with op.batch_alter_table('appeal_events') as batch_op:
        batch_op.create_index(batch_op.f('ix_appeal_events_appeal_id'), ['appeal_id'], unique=False)


def downgrade() -> None:
    op.drop_table("appeal_events")
    op.drop_table("complaint_events")
    op.drop_table("appeals")
    op.drop_table("waiting")
    op.drop_table("visits")
    op.drop_table("feedback")
    op.drop_table("complaints")
    op.drop_table("absences")
    op.drop_table("idempotent_answers")
    op.drop_table("executives")
    op.drop_table("areas")
    op.drop_table("job_runs")
    op.drop_table("escalation_levels")
    op.drop_table("api_tokens")
