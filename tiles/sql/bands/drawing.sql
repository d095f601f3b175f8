-- One tile of lines or areas: the prominent ones as themselves, all others counted in cells, and the
-- version of both. A feature that is drawn is counted by no cell: cells are what the pyramid counts
-- less those drawn whose middle is in the cell, so that every feature is there once.
-- A line smaller than {smallest} m would vanish in one unit of the tile: it stays counted. So does an
-- area that vanishes; one that the tile of its middle does not touch is drawn next door.
WITH drawn AS MATERIALIZED (
    SELECT
        t.id, t.upkeep_state, t.morton, {class_column} AS class, t.name,
        hash_record_extended((t.id, t.version, t.upkeep_state), 0) AS version,
        ST_AsMVTGeom(
            near.geom, ST_TileEnvelope(%(z)s, %(x)s, %(y)s), {extent}, {buffer}, true
        ) AS geom,
        near.geom AS shape
    FROM ({near}) AS near JOIN {table} AS t USING (id)
    WHERE {scope}
), kept AS MATERIALIZED ({kept}), taken AS (
    SELECT code, {counts} FROM kept
    UNION ALL
    SELECT
        morton >> {cell_shift},
        {less_by_state}
    FROM drawn
    WHERE morton BETWEEN %(first)s AND %(last)s AND (geom IS NOT NULL OR {next_door})
), counted AS (
    SELECT
        code,
        {cell_counts}
    FROM taken
    GROUP BY code
    HAVING sum({total}) > 0
)
SELECT coalesce((SELECT bit_xor(version) FROM drawn), 0), {cells_version}, (
    SELECT ST_AsMVT(tile, {layer_name}, {extent}, 'geom', 'id')
    FROM (
        SELECT
            id,
            upkeep_state AS state,
            NULLIF(class, '') AS class,
            CASE WHEN %(z)s >= {name_zoom} THEN NULLIF(name, '') END AS name,
            NULL::boolean AS aggregate,
            NULL::bigint AS n, NULL::bigint AS ok, NULL::bigint AS due,
            NULL::bigint AS overdue, NULL::bigint AS defective, NULL::bigint AS none,
            geom
        FROM drawn WHERE geom IS NOT NULL
        UNION ALL
        SELECT
            NULL, NULL, NULL, NULL, true, n, ok, due, overdue, defective, none,
            ST_MakePoint(
                (tiles_even_bits(code & {cell_mask}) + 0.5) * {cell_size},
                (tiles_even_bits((code & {cell_mask}) >> 1) + 0.5) * {cell_size}
            )
        FROM counted
    ) AS tile
)
