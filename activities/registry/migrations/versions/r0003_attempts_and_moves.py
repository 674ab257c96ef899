"""Every attempt at sending, last days that moved, when a duty is told of and what counted it."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


BEFORE = "state IN ('claimed', 'sent', 'failed')"
AFTER = "state IN ('claimed', 'sent', 'failed', 'withdrawn')"


def _deliveries(states: str, *added: sa.Column[str] | sa.Column[bool]) -> sa.Table:
    """The table as it stands: SQLite, which alters by copying, forgets checks by itself."""
    return sa.Table(
        "deliveries",
        sa.MetaData(),
        sa.Column("message_id", sa.String(length=64), nullable=False),
        sa.Column("case_id", sa.Text(), nullable=bool(added)),
        sa.Column("duty_id", sa.Text(), nullable=False),
        sa.Column("rung", sa.Text(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        *added,
        sa.CheckConstraint(states, name="ck_deliveries_state"),
        sa.ForeignKeyConstraint(["case_id"], ["cases.case_id"], name="fk_deliveries_case_id_cases"),
        sa.PrimaryKeyConstraint("message_id", name="pk_deliveries"),
        sa.Index("ix_deliveries_case_id_duty_id", "case_id", "duty_id"),
    )


def _added() -> tuple[sa.Column[str], sa.Column[str], sa.Column[bool]]:
    return (
        sa.Column("kind", sa.Text(), nullable=False, server_default="reminder"),
        sa.Column("brief", sa.Text(), nullable=False, server_default=""),
        sa.Column("repeated", sa.Boolean(), nullable=False, server_default=sa.false()),
    )


def upgrade() -> None:
    with op.batch_alter_table("deliveries", copy_from=_deliveries(BEFORE)) as deliveries:
        for column in _added():
            deliveries.add_column(column)
        deliveries.alter_column("case_id", existing_type=sa.Text(), nullable=True)
        deliveries.drop_constraint(op.f("ck_deliveries_state"), type_="check")
        deliveries.create_check_constraint(op.f("ck_deliveries_state"), AFTER)
    op.execute("UPDATE deliveries SET brief = subject")
    op.create_table(
        "attempts",
        sa.Column("message_id", sa.String(length=64), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("repeated", sa.Boolean(), nullable=False),
        sa.Column("receipt", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "state IN ('planned', 'begun', 'sent', 'failed', 'refused', 'unknown')",
            name=op.f("ck_attempts_state"),
        ),
        sa.ForeignKeyConstraint(
            ["message_id"],
            ["deliveries.message_id"],
            name=op.f("fk_attempts_message_id_deliveries"),
        ),
        sa.PrimaryKeyConstraint("message_id", "number", name=op.f("pk_attempts")),
    )
    op.create_index(
        op.f("ix_attempts_channel_address_begun_at"),
        "attempts",
        ["channel", "address", "begun_at"],
        unique=False,
    )
    # What was only claimed may have gone out: as a begun attempt it is asked about, and otherwise
    # sent again with a mark.
    op.execute(
        "INSERT INTO attempts (message_id, number, channel, address, state, begun_at, ended_at,"
        " repeated, receipt, note)"
        " SELECT message_id, 1, channel, address,"
        " CASE state WHEN 'claimed' THEN 'begun' ELSE state END,"
        " at, sent_at, repeated, '', note FROM deliveries"
    )
    op.create_table(
        "moves",
        sa.Column("case_id", sa.Text(), nullable=False),
        sa.Column("duty_id", sa.Text(), nullable=False),
        sa.Column("cause_id", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("unit_name", sa.Text(), nullable=False),
        sa.Column("old_last_day", sa.Date(), nullable=False),
        sa.Column("new_last_day", sa.Date(), nullable=False),
        sa.Column("old_provisional", sa.Boolean(), nullable=False),
        sa.Column("new_provisional", sa.Boolean(), nullable=False),
        sa.Column("cause", sa.Text(), nullable=False),
        sa.Column("document_number", sa.Text(), nullable=True),
        sa.Column("moved_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.case_id"], name=op.f("fk_moves_case_id_cases")),
        sa.PrimaryKeyConstraint("case_id", "duty_id", "cause_id", name=op.f("pk_moves")),
    )
    # Not altered by copying: that would forget the check of its states.
    op.add_column("duties", sa.Column("rungs", sa.JSON(), nullable=False, server_default="[]"))
    for table in ("duties", "notices"):
        op.add_column(table, sa.Column("calendar", sa.Text(), nullable=False, server_default=""))


def downgrade() -> None:
    for table in ("duties", "notices"):
        op.drop_column(table, "calendar")
    op.drop_column("duties", "rungs")
    op.drop_table("moves")
    op.drop_table("attempts")
    op.execute("DELETE FROM deliveries WHERE case_id IS NULL")
    op.execute("UPDATE deliveries SET state = 'failed' WHERE state = 'withdrawn'")
    with op.batch_alter_table("deliveries", copy_from=_deliveries(AFTER, *_added())) as deliveries:
        for column in _added():
            deliveries.drop_column(column.name)
        deliveries.alter_column("case_id", existing_type=sa.Text(), nullable=False)
        deliveries.drop_constraint(op.f("ck_deliveries_state"), type_="check")
        deliveries.create_check_constraint(op.f("ck_deliveries_state"), BEFORE)
