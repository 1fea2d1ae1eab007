-- What the values of the table `seen` are in or belong to, as answers showed it: a record of the zone with this id.

CREATE TABLE seen_within (
    owner INTEGER NOT NULL,
    kind TEXT NOT NULL,
    key TEXT NOT NULL,
    parent_kind TEXT NOT NULL,
    parent_key TEXT NOT NULL,
    PRIMARY KEY (owner, kind, key, parent_kind, parent_key)
) STRICT, WITHOUT ROWID;

CREATE INDEX seen_by_parent ON seen_within (owner, kind, parent_kind, parent_key);

CREATE TRIGGER seen_is_gone AFTER DELETE ON seen BEGIN
    DELETE FROM seen_within WHERE owner = OLD.owner AND kind = OLD.kind AND key = OLD.key;
END;
