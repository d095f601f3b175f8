-- Divisions whose place is known: those with a boundary (province to county), and townships and
-- villages with a seat. Some hundred rows without demonstration data, so no index on the geometry.
(
    SELECT
        code, name, level, parent_id AS parent, valid_from, valid_to, successor_id AS successor,
        seat_source,
        COALESCE(boundary, seat) AS geom,
        ST_Transform(COALESCE(boundary, seat), 3857) AS geom_3857
    FROM layers_division
    WHERE boundary IS NOT NULL OR seat IS NOT NULL
)
