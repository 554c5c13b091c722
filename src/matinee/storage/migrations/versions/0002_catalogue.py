"""The catalogue: titles, their names, tags and words; which torrent was added for which title, and on what basis."""

import sqlalchemy as sa
from alembic import op

from matinee.storage.tables import create_words

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_FOLDED = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
_CHILDREN = ("title_data", "title_names", "title_tags")
_ALONE = ("title_vocabulary", "catalogue_state", "title_torrents")


def _row() -> sa.Column[int]:
    return sa.Column("row", sa.Integer, sa.ForeignKey("titles.row", ondelete="CASCADE"), primary_key=True)


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "titles",
        sa.Column("row", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("id", sa.Text, nullable=False, unique=True),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("seen_at", sa.Text, nullable=False),
        sa.Column("digest", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("year", sa.Integer, nullable=False),
        sa.Column("children", sa.Boolean, nullable=False),
        sa.Column("rating", sa.Float, nullable=False),
        sa.Column("sort_name", _FOLDED, nullable=False),
        sa.Column("judged", sa.Text, nullable=False),
        sa.Column("shown", sa.Boolean, nullable=False),
    )
    op.create_index("titles_by_name", "titles", ["sort_name", "row"])
    op.create_index("titles_by_year", "titles", ["year", "row"])
    op.create_index("titles_by_rating", "titles", ["rating", "row"])
    op.create_index("titles_by_source", "titles", ["source", "seen_at"])
    op.create_table("title_data", _row(), sa.Column("whole", sa.Text, nullable=False))
    op.create_table("title_names", _row(), sa.Column("name", _FOLDED, primary_key=True))
    op.create_index("title_names_by_name", "title_names", ["name", "row"])
    op.create_table("title_tags", sa.Column("tag", sa.Text, primary_key=True), _row())
    op.create_index("title_tags_by_row", "title_tags", ["row"])
    op.create_table("title_vocabulary", sa.Column("word", sa.Text, primary_key=True))
    op.create_table(
        "catalogue_state",
        sa.Column("key", sa.Text, primary_key=True),
        sa.Column("value", sa.Text, nullable=False),
    )
    op.create_table(
        "title_torrents",
        sa.Column("info_hash", sa.Text, primary_key=True),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("season", sa.Integer, nullable=True),
        sa.Column("episode", sa.Integer, nullable=True),
        sa.Column("basis", sa.Text, nullable=False),
        sa.Column("recorded_at", sa.Text, nullable=False),
    )
    create_words(op.get_bind())


def downgrade() -> None:
    """Drop them."""
    for name in ("title_words", "title_texts", *_CHILDREN, "titles", *_ALONE):
        op.drop_table(name)
