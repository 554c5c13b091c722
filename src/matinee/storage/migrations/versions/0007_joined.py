"""Titles of several sources are joined; filters and orders that need columns of their own."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_COLUMNS = ("lead", "added_at", "minutes", "allowed")


def upgrade() -> None:
    """Add what is needed. Only the shelf was ever kept: it is entered anew at the next start."""
    op.execute("DELETE FROM titles")
    with op.batch_alter_table("titles") as table:
        table.add_column(sa.Column("lead", sa.Text, nullable=True))
        table.add_column(sa.Column("added_at", sa.Text, nullable=False, server_default=""))
        table.add_column(sa.Column("minutes", sa.Integer, nullable=True))
        table.add_column(sa.Column("allowed", sa.Boolean, nullable=False, server_default=sa.false()))
    with op.batch_alter_table("titles") as table:
        for name in ("added_at", "allowed"):
            table.alter_column(name, server_default=None)
    op.create_index("titles_by_added", "titles", ["added_at", "row"])
    op.create_index("titles_by_lead", "titles", ["lead"])
    op.add_column("title_data", sa.Column("own", sa.Text, nullable=True))


def downgrade() -> None:
    """Drop it."""
    op.drop_index("titles_by_added", "titles")
    op.drop_index("titles_by_lead", "titles")
    with op.batch_alter_table("titles") as table:
        for name in _COLUMNS:
            table.drop_column(name)
    with op.batch_alter_table("title_data") as table:
        table.drop_column("own")
