"""Bookings that change, notices about more than bookings, slots by area.

Revision ID: 0005
Revises: 0004
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('booking_events') as batch_op:
        batch_op.add_column(sa.Column('what', sa.String(), server_default='stage', nullable=False))
        batch_op.add_column(sa.Column('data', sa.JSON(none_as_null=True), nullable=True))

    with op.batch_alter_table('bookings') as batch_op:
        batch_op.add_column(sa.Column('version', sa.Integer(), server_default='1', nullable=False))
        batch_op.add_column(sa.Column('channel', sa.String(), server_default='phone', nullable=False))
        batch_op.add_column(sa.Column('executive_id', sa.String(), nullable=True))
        batch_op.add_column(sa.Column('due_on', sa.Date(), nullable=True))
        batch_op.add_column(sa.Column('reason', sa.String(), server_default='', nullable=False))
        batch_op.add_column(sa.Column('missing', sa.JSON(), server_default='[]', nullable=False))
        batch_op.add_column(sa.Column('name', sa.String(), server_default='', nullable=False))
        batch_op.add_column(sa.Column('address', sa.String(), server_default='', nullable=False))
        batch_op.add_column(sa.Column('updated_at', sa.DateTime(timezone=True), nullable=True))
        batch_op.create_index(batch_op.f('ix_bookings_executive_id'), ['executive_id'], unique=False)
        batch_op.create_foreign_key(batch_op.f('fk_bookings_executive_id'), 'executives', ['executive_id'], ['id'])

    op.execute("UPDATE bookings SET updated_at = created_at")
    with op.batch_alter_table('bookings') as batch_op:
        batch_op.alter_column('updated_at', existing_type=sa.DateTime(timezone=True), nullable=False)

    with op.batch_alter_table('closures') as batch_op:
        batch_op.add_column(sa.Column('calendar', sa.String(), server_default='visits', nullable=False))

    with op.batch_alter_table('notices') as batch_op:
        batch_op.add_column(sa.Column('subject', sa.String(), nullable=True))
        batch_op.add_column(sa.Column('complaint_id', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('appeal_id', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('waiting_id', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('template_id', sa.String(), server_default='', nullable=False))
        batch_op.add_column(sa.Column('variables', sa.JSON(none_as_null=True), nullable=True))
        batch_op.add_column(sa.Column('expires_at', sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('receipt_at', sa.DateTime(timezone=True), nullable=True))
        batch_op.alter_column('booking_id',
               existing_type=sa.INTEGER(),
               nullable=True)
        batch_op.drop_constraint(batch_op.f('uq_notices_booking_id_event_version'), type_='unique')
    op.execute("UPDATE notices SET subject = 'booking:' || booking_id")
    with op.batch_alter_table('notices') as batch_op:
        batch_op.alter_column('subject', existing_type=sa.String(), nullable=False)
        batch_op.create_index(batch_op.f('ix_notices_appeal_id'), ['appeal_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_notices_booking_id'), ['booking_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_notices_carrier_id'), ['carrier_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_notices_complaint_id'), ['complaint_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_notices_waiting_id'), ['waiting_id'], unique=False)
        batch_op.create_unique_constraint(batch_op.f('uq_notices_subject_event_version_channel'), ['subject', 'event', 'version', 'channel'])
        batch_op.create_foreign_key(batch_op.f('fk_notices_complaint_id'), 'complaints', ['complaint_id'], ['id'])
        batch_op.create_foreign_key(batch_op.f('fk_notices_waiting_id'), 'waiting', ['waiting_id'], ['id'])
        batch_op.create_foreign_key(batch_op.f('fk_notices_appeal_id'), 'appeals', ['appeal_id'], ['id'])

    with op.batch_alter_table('slots') as batch_op:
        batch_op.add_column(sa.Column('area', sa.String(), server_default='', nullable=False))
        batch_op.drop_constraint(batch_op.f('uq_slots_city_id_starts_at'), type_='unique')
        batch_op.create_unique_constraint(batch_op.f('uq_slots_city_id_area_starts_at'), ['city_id', 'area', 'starts_at'])

def downgrade() -> None:
    with op.batch_alter_table("slots") as batch_op:
        batch_op.drop_constraint("uq_slots_city_id_area_starts_at", type_="unique")
        batch_op.drop_column("area")
        batch_op.create_unique_constraint("uq_slots_city_id_starts_at", ["city_id", "starts_at"])
    op.execute("DELETE FROM notices WHERE booking_id IS NULL OR channel <> 'sms'")
    with op.batch_alter_table("notices") as batch_op:
        for of in ("complaint_id", "waiting_id", "appeal_id"):
            batch_op.drop_constraint(f"fk_notices_{of}", type_="foreignkey")
        batch_op.drop_constraint("uq_notices_subject_event_version_channel", type_="unique")
        for of in ("complaint_id", "waiting_id", "appeal_id", "booking_id", "carrier_id"):
            batch_op.drop_index(f"ix_notices_{of}")
        for column in ("subject", "complaint_id", "appeal_id", "waiting_id", "template_id", "variables", "expires_at", "receipt_at"):
            batch_op.drop_column(column)
        batch_op.alter_column("booking_id", existing_type=sa.Integer(), nullable=False)
        batch_op.create_unique_constraint("uq_notices_booking_id_event_version", ["booking_id", "event", "version"])
    with op.batch_alter_table("closures") as batch_op:
        batch_op.drop_column("calendar")
    with op.batch_alter_table("bookings") as batch_op:
        batch_op.drop_constraint("fk_bookings_executive_id", type_="foreignkey")
        batch_op.drop_index("ix_bookings_executive_id")
        for column in ("version", "channel", "executive_id", "due_on", "reason", "missing", "name", "address", "updated_at"):
            batch_op.drop_column(column)
    with op.batch_alter_table("booking_events") as batch_op:
        batch_op.drop_column("what")
        batch_op.drop_column("data")
