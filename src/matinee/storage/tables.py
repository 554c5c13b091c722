"""Every table. A change here needs a migration in ``migrations/versions`` and a new ``HEAD`` in ``database.py``."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Connection,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    false,
)

metadata = MetaData()

Folded = Text().with_variant(Text(collation="C"), "postgresql")
"""Folded words, compared byte by byte as SQLite does: prefixes are found as ranges."""

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
    Column("kept", Boolean, nullable=False, server_default=false()),
    Column("own", Boolean, nullable=False, server_default=false()),
    Column("used_at", Text, nullable=True),
    Column("takes", Text, nullable=True),
    Column("place", Integer, nullable=False, server_default="0"),
    Column("give_ratio", Float, nullable=True),
    Column("give_hours", Float, nullable=True),
    Column("completed_at", Text, nullable=True),
)
"""``takes`` is JSON: which files are fetched though nobody plays them, see ``torrent/store``; ``place`` is the order in
which torrents are; a ``give_`` that is null goes by the settings."""

cookies = Table(
    "cookies",
    metadata,
    Column("hash", LargeBinary, primary_key=True),
    Column("expires_at", Float, nullable=False),
)

devices = Table(
    "devices",
    metadata,
    Column("id", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("may", Text, nullable=False),
    Column("hash", LargeBinary, nullable=False, unique=True),
    Column("created_at", Float, nullable=False),
    Column("seen_at", Float, nullable=False),
    Column("expires_at", Float, nullable=False),
    Column("address", Text, nullable=False),
)

titles = Table(
    "titles",
    metadata,
    Column("row", Integer, primary_key=True, autoincrement=False),
    Column("id", Text, nullable=False, unique=True),
    Column("lead", Text, nullable=True),
    Column("source", Text, nullable=False),
    Column("seen_at", Text, nullable=False),
    Column("added_at", Text, nullable=False),
    Column("digest", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("year", Integer, nullable=False),
    Column("minutes", Integer, nullable=True),
    Column("children", Boolean, nullable=False),
    Column("rating", Float, nullable=False),
    Column("sort_name", Folded, nullable=False),
    Column("judged", Text, nullable=False),
    Column("shown", Boolean, nullable=False),
    Column("allowed", Boolean, nullable=False),
    Index("titles_by_name", "sort_name", "row"),
    Index("titles_by_year", "year", "row"),
    Index("titles_by_rating", "rating", "row"),
    Index("titles_by_added", "added_at", "row"),
    Index("titles_by_source", "source", "seen_at"),
    Index("titles_by_lead", "lead"),
)
"""What filters and sorting look at, and nothing that is long. ``row`` is never used twice: the words of one that went
may still be in the index, where an older program entered them. ``judged`` names the country and year for which
``shown`` and ``allowed`` were found. ``lead`` is the id of the title to which another source's is joined; such a row is
never shown, and has no words."""

title_data = Table(
    "title_data",
    metadata,
    Column("row", Integer, ForeignKey("titles.row", ondelete="CASCADE"), primary_key=True),
    Column("whole", Text, nullable=False),
    Column("own", Text, nullable=True),
)
"""A title as JSON, see ``catalogue/title_data``. ``own`` is what its source says, where others are joined with it."""

title_names = Table(
    "title_names",
    metadata,
    Column("row", Integer, ForeignKey("titles.row", ondelete="CASCADE"), primary_key=True),
    Column("name", Folded, primary_key=True),
    Column("year", Integer, nullable=False),
    Index("title_names_by_name", "name", "row", "year"),
)
"""``year`` is the title's: of thousands of one name those of another year are left out without a look at them."""

title_tags = Table(
    "title_tags",
    metadata,
    Column("tag", Text, primary_key=True),
    Column("row", Integer, ForeignKey("titles.row", ondelete="CASCADE"), primary_key=True),
    Index("title_tags_by_row", "row"),
)
"""``genre:noir``, ``language:fr``, ``country:FR``, ``shelf:essentials``, ``decade:1940``, ``licence:CC-BY-3.0``,
``offered``; and what it is joined by, beside its names: ``imdb:tt0013442``, see ``catalogue/joining``."""

title_vocabulary = Table("title_vocabulary", metadata, Column("word", Text, primary_key=True))
"""Every word of a name or a person that was ever kept; what is typed nearly so is found by it."""

catalogue_state = Table(
    "catalogue_state",
    metadata,
    Column("key", Text, primary_key=True),
    Column("value", Text, nullable=False),
)
"""Single values: which shelf was taken in, the next row."""

title_torrents = Table(
    "title_torrents",
    metadata,
    Column("info_hash", Text, primary_key=True),
    Column("title", Text, nullable=False),
    Column("season", Integer, nullable=True),
    Column("episode", Integer, nullable=True),
    Column("basis", Text, nullable=False),
    Column("recorded_at", Text, nullable=False),
)
"""Which title a torrent was added for, and on what basis: the verdict and all evidence, as JSON, as they were then."""

promises = Table(
    "promises",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("outcome", Text, nullable=False),
)
"""When a film was to start and did, as JSON, see ``models/promise``; the newest has the highest number."""

freed = Table(
    "freed",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("film", Text, nullable=False),
)
"""Films that went to make room, as JSON, see ``models/space``; the last has the highest number."""

provider_answers = Table(
    "provider_answers",
    metadata,
    Column("provider", Text, primary_key=True),
    Column("question", Text, primary_key=True),
    Column("kept_at", Text, nullable=False),
    Column("titles", Text, nullable=False),
    Index("provider_answers_by_age", "kept_at"),
)
"""What a provider answered last, its titles as JSON, see ``catalogue/title_data``."""

receipts = Table(
    "receipts",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("info_hash", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("added_at", Text, nullable=False),
    Column("recorded_from", Text, nullable=False),
    Column("removed_at", Text, nullable=True),
    Column("title", Text, nullable=True),
    Column("season", Integer, nullable=True),
    Column("episode", Integer, nullable=True),
    Column("basis", Text, nullable=True),
    Column("basis_at", Text, nullable=True),
    Column("before_down", BigInteger, nullable=True),
    Column("before_up", BigInteger, nullable=True),
    Column("seen_down", BigInteger, nullable=True),
    Column("seen_up", BigInteger, nullable=True),
    Column("seeds", Integer, nullable=True),
    Column("seeds_on", Text, nullable=True),
    Index("receipts_by_torrent", "info_hash"),
)
"""A torrent from when it was added to when it was removed, see ``models/receipt``; never deleted with the torrent.
``basis`` is JSON as in ``title_torrents``; ``seen_down`` and ``seen_up`` are libtorrent's counts when they were last
looked at, from which the next day's share is told; ``seeds`` others had all of it when any was last seen."""

receipt_bases = Table(
    "receipt_bases",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("receipt", Integer, ForeignKey("receipts.id", ondelete="CASCADE"), nullable=False),
    Column("stated_at", Text, nullable=False),
    Column("basis", Text, nullable=False),
    Column("licence", Text, nullable=True),
)

receipt_days = Table(
    "receipt_days",
    metadata,
    Column("receipt", Integer, ForeignKey("receipts.id", ondelete="CASCADE"), primary_key=True),
    Column("day", Text, primary_key=True),
    Column("first_at", Text, nullable=False),
    Column("last_at", Text, nullable=False),
    Column("bytes_down", BigInteger, nullable=False),
    Column("bytes_up", BigInteger, nullable=False),
)

profiles = Table(
    "profiles",
    metadata,
    Column("id", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("colour", Text, nullable=False),
    Column("child", Boolean, nullable=False),
    Column("keeps_history", Boolean, nullable=False),
    Column("created_ms", BigInteger, nullable=False),
)

library = Table(
    "library",
    metadata,
    Column("profile", Text, ForeignKey("profiles.id", ondelete="CASCADE"), primary_key=True),
    Column("kind", Text, primary_key=True),
    Column("key", Text, primary_key=True),
    Column("changed_ms", BigInteger, nullable=False),
    Column("value", Text, nullable=False),
    Index("library_by_age", "profile", "kind", "changed_ms"),
)
"""What is remembered, as JSON, see ``library/records``. One shape for all of it: what is merged, told and exported is
a record with a key and a moment (docs/decisions/0021-library.md)."""

library_state = Table(
    "library_state",
    metadata,
    Column("key", Text, primary_key=True),
    Column("value", Text, nullable=False),
)
"""Single values: what opens the way out of a child's profile."""

item_files = Table(
    "item_files",
    metadata,
    Column("info_hash", Text, primary_key=True),
    Column("file_index", Integer, primary_key=True, autoincrement=False),
    Column("key", Text, nullable=True),
    Column("first_hash", Text, nullable=False),
    Column("first_index", Integer, nullable=False),
    Index("item_files_by_key", "key"),
)
"""Films of torrents that an archive made. ``key`` is the item and the film's own hash; ``first_hash`` and
``first_index`` say under which torrent and file it is remembered: the one that had it first."""

WORD_INDEXES = ("title_words", "title_texts")
"""Indexes of words: FTS5 tables, or text search of PostgreSQL; neither is for SQLAlchemy to describe."""


def create_words(connection: Connection) -> None:
    """Make the indexes of words. Contentless: a title's words are in ``title_data`` already."""
    if connection.dialect.name == "sqlite":
        options = "content='', detail=column, prefix='1 2 3', tokenize='unicode61 remove_diacritics 0'"
        connection.exec_driver_sql(f"CREATE VIRTUAL TABLE title_words USING fts5(names, facts, {options})")
        connection.exec_driver_sql(f"CREATE VIRTUAL TABLE title_texts USING fts5(words, {options})")
        merge_words_later(connection)
        return
    row = "row integer PRIMARY KEY REFERENCES titles (row) ON DELETE CASCADE"
    connection.exec_driver_sql(
        f"CREATE TABLE title_words ({row}, names tsvector NOT NULL, facts tsvector NOT NULL)"
    )
    connection.exec_driver_sql(f"CREATE TABLE title_texts ({row}, words tsvector NOT NULL)")
    for table, columns in (
        ("title_words", "names"),
        ("title_words", "(names || facts)"),
        ("title_texts", "words"),
    ):
        connection.exec_driver_sql(f"CREATE INDEX ON {table} USING gin ({columns})")


def merge_words_later(connection: Connection) -> None:
    """Have SQLite merge eight parts of an index of words at once, not four: a third less work for who enters many."""
    if connection.dialect.name == "sqlite":
        for name in WORD_INDEXES:
            connection.exec_driver_sql(f"INSERT INTO {name} ({name}, rank) VALUES ('automerge', 8)")  # noqa: S608 - ours
