-- How many bytes of the file of waiting reads are in the tables. The name is the first line of that file, and no two
-- files have the same one.
CREATE TABLE reads_taken (
    file TEXT PRIMARY KEY,
    bytes INTEGER NOT NULL
) STRICT;

-- These names used to be here, where they made the older lines look younger than they are.
DELETE FROM taken_over WHERE source LIKE 'reads of %';
