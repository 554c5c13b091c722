"""What of a torrent is fetched though nobody plays it, in which order, and until when it is given."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

COLUMNS = ("takes", "place", "give_ratio", "give_hours", "completed_at")


def upgrade() -> None:
    """Add it, and have those that are here in the order in which they were added."""
    op.add_column("torrents", sa.Column("takes", sa.Text, nullable=True))
    op.add_column("torrents", sa.Column("place", sa.Integer, nullable=False, server_default="0"))
    op.add_column("torrents", sa.Column("give_ratio", sa.Float, nullable=True))
    op.add_column("torrents", sa.Column("give_hours", sa.Float, nullable=True))
    op.add_column("torrents", sa.Column("completed_at", sa.Text, nullable=True))
    op.execute(
        "UPDATE torrents SET place = (SELECT count(*) FROM torrents o WHERE o.added_at < torrents.added_at)"
    )


def downgrade() -> None:
    """Take it away."""
    for column in COLUMNS:
        op.drop_column("torrents", column)
