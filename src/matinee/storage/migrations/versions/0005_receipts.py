"""What was taken and given of each torrent, when, and on what basis."""

from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables, and begin a receipt for each torrent that is here: what came before was not recorded."""
    op.create_table(
        "receipts",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("info_hash", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("added_at", sa.Text, nullable=False),
        sa.Column("recorded_from", sa.Text, nullable=False),
        sa.Column("removed_at", sa.Text, nullable=True),
        sa.Column("title", sa.Text, nullable=True),
        sa.Column("season", sa.Integer, nullable=True),
        sa.Column("episode", sa.Integer, nullable=True),
        sa.Column("basis", sa.Text, nullable=True),
        sa.Column("basis_at", sa.Text, nullable=True),
        sa.Column("before_down", sa.BigInteger, nullable=True),
        sa.Column("before_up", sa.BigInteger, nullable=True),
        sa.Column("seen_down", sa.BigInteger, nullable=True),
        sa.Column("seen_up", sa.BigInteger, nullable=True),
    )
    op.create_index("receipts_by_torrent", "receipts", ["info_hash"])
    op.create_table(
        "receipt_bases",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("receipt", sa.Integer, sa.ForeignKey("receipts.id", ondelete="CASCADE"), nullable=False),
        sa.Column("stated_at", sa.Text, nullable=False),
        sa.Column("basis", sa.Text, nullable=False),
        sa.Column("licence", sa.Text, nullable=True),
    )
    op.create_table(
        "receipt_days",
        sa.Column("receipt", sa.Integer, sa.ForeignKey("receipts.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("day", sa.Text, primary_key=True),
        sa.Column("first_at", sa.Text, nullable=False),
        sa.Column("last_at", sa.Text, nullable=False),
        sa.Column("bytes_down", sa.BigInteger, nullable=False),
        sa.Column("bytes_up", sa.BigInteger, nullable=False),
    )
    now = datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    op.get_bind().execute(
        sa.text(
            "INSERT INTO receipts (info_hash, name, added_at, recorded_from, title, season, episode, basis, basis_at) "
            "SELECT t.info_hash, t.name, t.added_at, :now, f.title, f.season, f.episode, f.basis, f.recorded_at "
            "FROM torrents t LEFT JOIN title_torrents f ON f.info_hash = t.info_hash ORDER BY t.added_at"
        ),
        {"now": now},
    )
    op.execute(
        "INSERT INTO receipt_bases (receipt, stated_at, basis, licence) "
        "SELECT r.id, t.rights_stated_at, t.rights_basis, t.rights_licence FROM receipts r "
        "JOIN torrents t ON t.info_hash = r.info_hash "
        "WHERE t.rights_basis IS NOT NULL AND t.rights_stated_at IS NOT NULL ORDER BY r.id"
    )


def downgrade() -> None:
    """Drop them."""
    for name in ("receipt_days", "receipt_bases", "receipts"):
        op.drop_table(name)
