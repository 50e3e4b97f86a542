"""The turns of a call: all the questions asked during it, not the last one alone."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.create_table(
        "call_turns",
        sa.Column("call_id", sa.String(length=64), nullable=False),
        sa.Column("turn_id", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["call_id"], ["calls.id"], name=op.f("fk_call_turns_call_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["turn_id"], ["turns.id"], name=op.f("fk_call_turns_turn_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("call_id", "turn_id", name=op.f("pk_call_turns")),
    )
    op.create_index(op.f("ix_call_turns_turn_id"), "call_turns", ["turn_id"], unique=False)
    op.execute("INSERT INTO call_turns (call_id, turn_id) SELECT id, turn_id FROM calls WHERE turn_id IS NOT NULL")


def downgrade() -> None:
    op.drop_index(op.f("ix_call_turns_turn_id"), table_name="call_turns")
    op.drop_table("call_turns")
