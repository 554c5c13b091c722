"""Torrents with their rights and resume data; cookies of browsers that were let in."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create both tables."""
    op.create_table(
        "torrents",
        sa.Column("info_hash", sa.Text, primary_key=True),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("magnet", sa.Text, nullable=False),
        sa.Column("metainfo", sa.LargeBinary, nullable=True),
        sa.Column("resume", sa.LargeBinary, nullable=True),
        sa.Column("added_at", sa.Text, nullable=False),
        sa.Column("paused", sa.Boolean, nullable=False),
        sa.Column("sharing", sa.Text, nullable=False),
        sa.Column("rights_basis", sa.Text, nullable=True),
        sa.Column("rights_licence", sa.Text, nullable=True),
        sa.Column("rights_stated_at", sa.Text, nullable=True),
        sa.Column("down_limit_bytes_per_s", sa.BigInteger, nullable=False),
        sa.Column("up_limit_bytes_per_s", sa.BigInteger, nullable=False),
    )
    op.create_table(
        "cookies",
        sa.Column("hash", sa.LargeBinary, primary_key=True),
        sa.Column("expires_at", sa.Float, nullable=False),
    )


def downgrade() -> None:
    """Drop both tables."""
    op.drop_table("cookies")
    op.drop_table("torrents")
