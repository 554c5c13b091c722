"""What may make room for other films: which are kept for offline, which are the user's own, when one was last used."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add it; nothing is known of what was there before."""
    op.add_column("torrents", sa.Column("kept", sa.Boolean, nullable=False, server_default=sa.false()))
    op.add_column("torrents", sa.Column("own", sa.Boolean, nullable=False, server_default=sa.false()))
    op.add_column("torrents", sa.Column("used_at", sa.Text, nullable=True))


def downgrade() -> None:
    """Take it away."""
    for name in ("used_at", "own", "kept"):
        op.drop_column("torrents", name)
