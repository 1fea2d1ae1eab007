-- Lines as they were typed, with secrets cut out, and a row for each call. Times are milliseconds since 1970 in UTC.

CREATE TABLE lines (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    -- Null for lines that were taken over from an older record, as is the session.
    at INTEGER,
    session TEXT,
    provider TEXT,
    host TEXT,
    profile TEXT,
    account TEXT,
    text TEXT NOT NULL,
    -- The same text as the line before it in its session: listed, but not recalled twice.
    repeated INTEGER NOT NULL,
    exit_code INTEGER,
    duration INTEGER
) STRICT;

CREATE TABLE calls (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    begun INTEGER NOT NULL,
    session TEXT NOT NULL,
    process INTEGER NOT NULL,
    -- No reference: lines and calls are pruned apart from each other.
    line INTEGER,
    provider TEXT NOT NULL,
    host TEXT NOT NULL,
    profile TEXT,
    account TEXT,
    method TEXT NOT NULL,
    text TEXT NOT NULL,
    effect TEXT NOT NULL,
    is_change INTEGER NOT NULL,
    request TEXT NOT NULL,
    attempts INTEGER NOT NULL,
    outcome TEXT NOT NULL CHECK (
        outcome IN ('done', 'refused', 'failed', 'unknown', 'running', 'ended_badly', 'blocked')
    ),
    exit_code INTEGER,
    duration INTEGER,
    bytes INTEGER,
    output TEXT,
    object TEXT,
    job TEXT,
    key TEXT,
    key_until INTEGER,
    -- Names of stored values.
    before TEXT,
    after TEXT,
    found TEXT CHECK (found IN ('happened', 'did_not', 'cannot_tell')),
    reconciled_by TEXT,
    reconciled_at INTEGER
) STRICT;

CREATE INDEX calls_of_line ON calls (line) WHERE line IS NOT NULL;
CREATE INDEX calls_not_known ON calls (provider, request) WHERE outcome IN ('unknown', 'running');
CREATE INDEX calls_with_job ON calls (job) WHERE job IS NOT NULL;

-- Older records whose lines were taken over, so that none is twice.
CREATE TABLE taken_over (
    source TEXT PRIMARY KEY,
    at INTEGER NOT NULL,
    lines INTEGER NOT NULL
) STRICT;
