"""The year beside the name: titles of one name are many, those of one name and year are few."""

import sqlalchemy as sa
from alembic import op

from matinee.storage.tables import merge_words_later

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add it, and have the index hold it."""
    op.add_column("title_names", sa.Column("year", sa.Integer, nullable=False, server_default="0"))
    op.execute("UPDATE title_names SET year = (SELECT t.year FROM titles t WHERE t.row = title_names.row)")
    op.drop_index("title_names_by_name", "title_names")
    op.create_index("title_names_by_name", "title_names", ["name", "row", "year"])
    merge_words_later(op.get_bind())


def downgrade() -> None:
    """Take it away."""
    op.drop_index("title_names_by_name", "title_names")
    op.drop_column("title_names", "year")
    op.create_index("title_names_by_name", "title_names", ["name", "row"])
