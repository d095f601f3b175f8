-- Demonstration zones; a handful of rows.
(
    SELECT
        code, name, name_en, programme, source, valid_from, valid_to,
        boundary AS geom,
        ST_Transform(boundary, 3857) AS geom_3857
    FROM layers_zone
)
