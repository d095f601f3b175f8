-- The features of a tile and its buffer, each as itself; in the order of their ids, so that the
-- same features are the same bytes.
-- Plan: GiST index scan on geom_3857, under whatever relation stands over the table.
SELECT ST_AsMVT(tile, {layer_name}, {extent}, 'geom', 'id')
FROM (
    SELECT
        feature.id,
        feature.upkeep_state AS state,
        NULLIF(feature.{class_column}, '') AS class,
        CASE WHEN {named} THEN NULLIF(feature.name, '') END AS name,
        ST_AsMVTGeom({geometry}, {box}, {extent}, {buffer}, true) AS geom
    FROM {relation} AS feature
    WHERE {reach} AND {scope}
    ORDER BY feature.id
) AS tile
WHERE geom IS NOT NULL
