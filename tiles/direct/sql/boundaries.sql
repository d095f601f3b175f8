-- Boundaries of divisions or zones of a day: a hundred rows. Not simplified one by one: shared edges
-- snap to the same tile grid and stay shared.
SELECT ST_AsMVT(tile, {layer_name}, {extent}, 'geom')
FROM (
    SELECT
        {attributes},
        ST_AsMVTGeom(
            ST_Transform(boundary, {srid}), {box}, {extent}, {buffer}, true
        ) AS geom
    FROM {table} AS feature
    WHERE boundary IS NOT NULL
        AND {condition}
        AND (%(day)s::date IS NULL OR coalesce(valid_from <= %(day)s, true))
        AND (%(day)s::date IS NULL OR coalesce(valid_to >= %(day)s, true))
    ORDER BY code
) AS tile
WHERE geom IS NOT NULL
