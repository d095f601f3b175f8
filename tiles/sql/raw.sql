-- Features of one tile as they are, with a buffer, for tiles of few features; and their version.
-- Plan: GiST index scan on geom_3857; the scope's ranges filter the few rows found. Or the cells
-- that have features of the scope (sql/overview/occupied_rows.sql). What has no place inside the
-- buffer has no geom, and ST_AsMVT leaves it out: asked here too, ST_AsMVTGeom would run twice a row.
SELECT {version}, (
    SELECT ST_AsMVT(tile, {layer_name}, {extent}, 'geom', 'id')
    FROM (
        SELECT
            id,
            upkeep_state AS state,
            NULLIF({class_column}, '') AS class,
            CASE WHEN %(z)s >= {name_zoom} THEN NULLIF(name, '') END AS name,
            ST_AsMVTGeom(
                geom_3857, (SELECT ST_TileEnvelope(%(z)s, %(x)s, %(y)s)::box2d),
                {extent}, {buffer}, true
            ) AS geom
        FROM {rows} AS features
        WHERE {near} AND {scope}
    ) AS tile
)
