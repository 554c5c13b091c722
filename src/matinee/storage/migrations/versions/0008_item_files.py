"""By what a film of an archive's item is remembered."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        "item_files",
        sa.Column("info_hash", sa.Text, primary_key=True),
        sa.Column("file_index", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("key", sa.Text, nullable=True),
        sa.Column("first_hash", sa.Text, nullable=False),
        sa.Column("first_index", sa.Integer, nullable=False),
    )
    op.create_index("item_files_by_key", "item_files", ["key"])


def downgrade() -> None:
    """Drop it."""
    op.drop_table("item_files")
