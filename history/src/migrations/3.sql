-- What answers showed of the objects of an account, so that they can be completed. Times are milliseconds since 1970 in
-- UTC.

CREATE TABLE owners (
    id INTEGER PRIMARY KEY,
    provider TEXT NOT NULL,
    host TEXT NOT NULL,
    profile TEXT,
    account TEXT,
    -- When something of it was seen last.
    at INTEGER NOT NULL
) STRICT;

CREATE TABLE seen (
    owner INTEGER NOT NULL,
    kind TEXT NOT NULL,
    key TEXT NOT NULL,
    -- What people call it; empty if there is nothing.
    label TEXT NOT NULL,
    -- The label in small letters.
    folded TEXT NOT NULL,
    -- The lists that showed it, each between two line feeds.
    lists TEXT NOT NULL,
    at INTEGER NOT NULL,
    PRIMARY KEY (owner, kind, key)
) STRICT, WITHOUT ROWID;

CREATE INDEX seen_by_kind ON seen (owner, kind, at);
CREATE INDEX seen_by_label ON seen (owner, kind, folded);
