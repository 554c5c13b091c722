"""Every table. A change here needs a migration in ``migrations/versions`` and a new ``HEAD`` in ``database.py``."""

from sqlalchemy import BigInteger, Boolean, Column, Float, LargeBinary, MetaData, Table, Text

metadata = MetaData()

torrents = Table(
    "torrents",
    metadata,
    Column("info_hash", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("magnet", Text, nullable=False),
    Column("metainfo", LargeBinary, nullable=True),
    Column("resume", LargeBinary, nullable=True),
    Column("added_at", Text, nullable=False),
    Column("paused", Boolean, nullable=False),
    Column("sharing", Text, nullable=False),
    Column("rights_basis", Text, nullable=True),
    Column("rights_licence", Text, nullable=True),
    Column("rights_stated_at", Text, nullable=True),
    Column("down_limit_bytes_per_s", BigInteger, nullable=False),
    Column("up_limit_bytes_per_s", BigInteger, nullable=False),
)

cookies = Table(
    "cookies",
    metadata,
    Column("hash", LargeBinary, primary_key=True),
    Column("expires_at", Float, nullable=False),
)
