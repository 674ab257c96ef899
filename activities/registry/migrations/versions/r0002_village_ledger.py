"""The village ledger and the bases of compensation; neither can be changed once it is written."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

TABLES = ("sheets", "village_ledger")


def upgrade() -> None:
    op.create_table(
        "sheets",
        sa.Column("case_id", sa.Text(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("file", sa.Text(), nullable=False),
        sa.Column("registered_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_id"], ["cases.case_id"], name=op.f("fk_sheets_case_id_cases")
        ),
        sa.PrimaryKeyConstraint("case_id", "digest", name=op.f("pk_sheets")),
    )
    op.create_table(
        "village_ledger",
        sa.Column("entry_id", sa.Text(), nullable=False),
        sa.Column("district", sa.Text(), nullable=False),
        sa.Column("township", sa.Text(), nullable=False),
        sa.Column("village", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("way", sa.Text(), nullable=False),
        sa.Column("occurred_on", sa.Date(), nullable=False),
        sa.Column("amount", sa.Text(), nullable=False),
        sa.Column("document_number", sa.Text(), nullable=False),
        sa.Column("consent", sa.Text(), nullable=True),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("other_district", sa.Text(), nullable=True),
        sa.Column("other_township", sa.Text(), nullable=True),
        sa.Column("other_village", sa.Text(), nullable=True),
        sa.Column("project", sa.Text(), nullable=True),
        sa.Column("site", sa.Text(), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("case_id", sa.Text(), nullable=True),
        sa.Column("fact", sa.Text(), nullable=True),
        sa.Column("case_entry", sa.Text(), nullable=True),
        sa.Column("verified_on", sa.Date(), nullable=True),
        sa.Column("reverses", sa.Text(), nullable=True),
        sa.Column("registered_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("kind IN ('quota', 'subsidy')", name=op.f("ck_village_ledger_kind")),
        sa.ForeignKeyConstraint(
            ["case_id"], ["cases.case_id"], name=op.f("fk_village_ledger_case_id_cases")
        ),
        sa.ForeignKeyConstraint(
            ["reverses"],
            ["village_ledger.entry_id"],
            name=op.f("fk_village_ledger_reverses_village_ledger"),
        ),
        sa.PrimaryKeyConstraint("entry_id", name=op.f("pk_village_ledger")),
        sa.UniqueConstraint(
            "district",
            "township",
            "village",
            "kind",
            "number",
            name=op.f("uq_village_ledger_district_township_village_kind_number"),
        ),
        sa.UniqueConstraint("reverses", name=op.f("uq_village_ledger_reverses")),
    )
    op.create_index(
        op.f("ix_village_ledger_case_id_fact"), "village_ledger", ["case_id", "fact"], unique=False
    )
    for table in TABLES:
        _keep(table)


def _keep(table: str) -> None:
    """Let the database itself refuse to change or delete a row.

    A later migration that copies one of these tables to alter it (as SQLite needs) must put its
    triggers back.
    """
    if op.get_bind().dialect.name == "sqlite":
        for change in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {table}_no_{change.lower()} BEFORE {change} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
            )
        return
    op.execute(
        f"CREATE FUNCTION {table}_append_only() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{table} is append-only'; END $$"
    )
    op.execute(
        f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
        f"FOR EACH STATEMENT EXECUTE FUNCTION {table}_append_only()"
    )


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)
        if op.get_bind().dialect.name == "postgresql":
            op.execute(f"DROP FUNCTION {table}_append_only()")
