-- The overview pyramid: how many features of each upkeep state stand in a cell, by owning county.
-- A cell of level z is a Web Mercator tile of zoom z, named by its Morton code. What the pyramid
-- says is always the sum of both tables: cells hold what was folded, deltas what was not yet.
-- No layer's table is named here, and a new layer needs no change (tiles/overview/watching.py).

-- Counts and nonces are in no index and pages keep room, so that a fold updates in place (HOT).
CREATE TABLE tiles_cell (
    code bigint NOT NULL,
    nonce bigint NOT NULL,
    n_ok integer NOT NULL,
    n_due integer NOT NULL,
    n_overdue integer NOT NULL,
    n_defective integer NOT NULL,
    n_none integer NOT NULL,
    level smallint NOT NULL,
    county varchar(6) COLLATE "C" NOT NULL,
    layer varchar(40) COLLATE "C" NOT NULL,
    PRIMARY KEY (layer, level, code, county)
) WITH (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.05);

-- Appended to by triggers, emptied by the fold; codes are of the finest level. Small, and all of it
-- changes all the time: its statistics would never be right, so it is vacuumed by count alone.
CREATE TABLE tiles_cell_delta (
    code bigint NOT NULL,
    nonce bigint NOT NULL,
    at timestamptz NOT NULL DEFAULT now(),
    n_ok integer NOT NULL,
    n_due integer NOT NULL,
    n_overdue integer NOT NULL,
    n_defective integer NOT NULL,
    n_none integer NOT NULL,
    county varchar(6) COLLATE "C" NOT NULL,
    layer varchar(40) COLLATE "C" NOT NULL
) WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 20000);
CREATE INDEX tiles_cell_delta_code ON tiles_cell_delta (layer, code);

-- 64 random bits. From the operating system's generator, as random uuids are: random() is seeded
-- once a connection, can be seeded by anybody (setseed), and is linear enough that the XOR of its
-- numbers, which is what versions are, need not be random. The uuid's 122 random bits are hashed to
-- 64, because six bits of a random uuid are fixed.
CREATE FUNCTION tiles_nonce() RETURNS bigint
LANGUAGE sql VOLATILE PARALLEL SAFE
AS $$ SELECT uuid_hash_extended(gen_random_uuid(), 0) $$;
