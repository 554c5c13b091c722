"""What providers of titles answered last."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        "provider_answers",
        sa.Column("provider", sa.Text, primary_key=True),
        sa.Column("question", sa.Text, primary_key=True),
        sa.Column("kept_at", sa.Text, nullable=False),
        sa.Column("titles", sa.Text, nullable=False),
    )
    op.create_index("provider_answers_by_age", "provider_answers", ["kept_at"])


def downgrade() -> None:
    """Drop it."""
    op.drop_table("provider_answers")
