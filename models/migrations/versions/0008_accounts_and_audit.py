"""Accounts of the console and the audit trail.

The trail can only grow: triggers refuse to change or remove a row, whoever asks.

Revision ID: 0008
Revises: 0007
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

TIME = sa.DateTime(timezone=True)
LONG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
REFUSAL = "the audit trail can only grow"


def upgrade() -> None:
    op.create_table(
        "accounts",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("login", sa.String(40), nullable=False),
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("roles", sa.JSON(), nullable=False),
        sa.Column("language", sa.String(8), nullable=False),
        sa.Column("password_hash", sa.String(), nullable=False),
        sa.Column("password_at", TIME),
        sa.Column("must_change", sa.Boolean(), nullable=False),
        sa.Column("totp_secret", sa.String(64)),
        sa.Column("totp_used", sa.BigInteger()),
        sa.Column("created_at", TIME, nullable=False),
        sa.Column("locked_at", TIME),
        sa.Column("last_sign_in_at", TIME),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_accounts")),
        sa.UniqueConstraint("login", name=op.f("uq_accounts_login")),
    )
    op.create_table(
        "sign_ins",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
        sa.Column("account_id", sa.String(32), nullable=False),
        sa.Column("began_at", TIME, nullable=False),
        sa.Column("seen_at", TIME, nullable=False),
        sa.Column("ended_at", TIME),
        sa.Column("address", sa.String(64), nullable=False),
        sa.Column("browser", sa.String(200), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_sign_ins_account_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_ins")),
        sa.UniqueConstraint("hash", name=op.f("uq_sign_ins_hash")),
    )
    op.create_index(op.f("ix_sign_ins_account_id"), "sign_ins", ["account_id"])
    op.create_table(
        "password_links",
        sa.Column("hash", sa.String(64), nullable=False),
        sa.Column("account_id", sa.String(32), nullable=False),
        sa.Column("made_at", TIME, nullable=False),
        sa.Column("expires_at", TIME, nullable=False),
        sa.Column("used_at", TIME),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_password_links_account_id")),
        sa.PrimaryKeyConstraint("hash", name=op.f("pk_password_links")),
    )
    op.create_index(op.f("ix_password_links_account_id"), "password_links", ["account_id"])
    op.create_table(
        "failed_tries",
        sa.Column("subject", sa.String(64), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("last_at", TIME, nullable=False),
        sa.Column("until", TIME),
        sa.PrimaryKeyConstraint("subject", name=op.f("pk_failed_tries")),
    )
    op.create_index(op.f("ix_failed_tries_last_at"), "failed_tries", ["last_at"])
    op.create_table(
        "audit",
        sa.Column("id", LONG, nullable=False),
        sa.Column("at", TIME, nullable=False),
        sa.Column("account_id", sa.String(32)),
        sa.Column("who", sa.String(40), nullable=False),
        sa.Column("what", sa.String(60), nullable=False),
        sa.Column("subject", sa.String(100), nullable=False),
        sa.Column("address", sa.String(64), nullable=False),
        sa.Column("before", sa.JSON(none_as_null=True)),
        sa.Column("after", sa.JSON(none_as_null=True)),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit")),
    )
    op.create_index(op.f("ix_audit_at"), "audit", ["at"])
    for column in ("who", "what", "subject"):
        op.create_index(op.f(f"ix_audit_{column}_id"), "audit", [column, "id"])
    _only_grows()


def _only_grows() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for deed in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER audit_no_{deed.lower()} BEFORE {deed} ON audit "
                f"BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
            )
        return
    op.execute(
        "CREATE FUNCTION audit_only_grows() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{REFUSAL}'; END $$"
    )
    op.execute(
        "CREATE TRIGGER audit_only_grows BEFORE UPDATE OR DELETE OR TRUNCATE ON audit "
        "FOR EACH STATEMENT EXECUTE FUNCTION audit_only_grows()"
    )


def downgrade() -> None:
    op.drop_table("audit")
    if op.get_bind().dialect.name != "sqlite":
        op.execute("DROP FUNCTION audit_only_grows()")
    for table in ("failed_tries", "password_links", "sign_ins", "accounts"):
        op.drop_table(table)
