-- The band rows of some of the layer's rows: pure functions of shape and class.
INSERT INTO {bands} (geom, feature_id, band, first_zoom)
SELECT tiles_generalised(geom_3857, tolerance), id, top, first_zoom
FROM (
    SELECT id, geom_3857, tiles_first_zoom(geom_3857, {earlier}) AS first_zoom
    FROM ({rows}) AS given WHERE NOT ST_IsEmpty(geom_3857)
) AS shapes
JOIN (VALUES {tolerances}) AS bands (top, tolerance) ON first_zoom <= top
