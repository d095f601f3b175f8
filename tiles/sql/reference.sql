-- Boundaries of divisions or zones: a hundred rows, transformed as they are read. They are not
-- simplified one by one: shared edges snap to the same tile grid and stay shared.
SELECT ST_AsMVT(tile, {layer_name}, {extent}, 'geom')
FROM (
    SELECT
        {attributes},
        ST_AsMVTGeom(
            ST_Transform(boundary, 3857),
            ST_TileEnvelope(%(z)s, %(x)s, %(y)s), {extent}, {buffer}, true
        ) AS geom
    FROM {table}
    WHERE boundary && ST_Transform(
            ST_TileEnvelope(%(z)s, %(x)s, %(y)s, margin => {margin}), 4490
        )
        AND {condition}
) AS tile
WHERE geom IS NOT NULL
