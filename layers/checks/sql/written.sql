(
    SELECT w.*, ST_Transform(w.geom, 3857) AS geom_3857, NULL::integer AS version{extra}
    FROM unnest(
        {column_0}::integer[], {column_1}::bigint[], {column_2}::text[], {column_3}::text[],
        {column_4}::geometry[]
    ) AS w (n, id, {kind}, name, geom)
)
