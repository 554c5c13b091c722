"""Of films that are gone: which went to make room, and how many others had all of one when any was last seen."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add it; nothing is known of what was before."""
    op.create_table(
        "freed",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("film", sa.Text, nullable=False),
    )
    op.add_column("receipts", sa.Column("seeds", sa.Integer, nullable=True))
    op.add_column("receipts", sa.Column("seeds_on", sa.Text, nullable=True))


def downgrade() -> None:
    """Take it away."""
    op.drop_column("receipts", "seeds_on")
    op.drop_column("receipts", "seeds")
    op.drop_table("freed")
