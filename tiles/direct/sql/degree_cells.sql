-- How many features a tile in degrees has, and the tile in counted cells where they are too many to
-- be drawn: from the pyramid (base and deltas), and near its upper and lower edge from the rows.
-- Plan: a look-up of each cell by key; for the edges, a look-up in the Morton index for each cell.
WITH counted_parts AS (
    SELECT asked.cell, n_ok, n_due, n_overdue, n_defective, n_none
    FROM unnest(%(levels)s::smallint[], %(codes)s::bigint[], %(cells)s::integer[])
        AS asked (level, code, cell)
    JOIN tiles_cell ON layer = {layer} AND tiles_cell.level = asked.level
        AND tiles_cell.code = asked.code
    WHERE {counties}
    UNION ALL
    SELECT {delta_cell}, n_ok, n_due, n_overdue, n_defective, n_none
    FROM (
        SELECT *, tiles_even_bits(code) AS x, tiles_even_bits(code >> 1) AS y
        FROM tiles_cell_delta WHERE layer = {layer} AND {counties}
    ) AS delta
    WHERE x BETWEEN {left} AND {right} AND y BETWEEN {top} AND {bottom}
    UNION ALL
    SELECT
        {feature_cell},
        (upkeep_state = 'ok')::integer,
        (upkeep_state = 'due')::integer,
        (upkeep_state = 'overdue')::integer,
        (upkeep_state = 'defective')::integer,
        (upkeep_state NOT IN ('ok', 'due', 'overdue', 'defective'))::integer
    FROM unnest(%(edge)s::bigint[]) AS edge (code)
    CROSS JOIN LATERAL (
        SELECT geom, upkeep_state FROM {table}
        WHERE morton BETWEEN edge.code << {finest_shift}
                AND (edge.code + 1 << {finest_shift}) - 1
            AND {counties}
        OFFSET 0
    ) AS feature
    WHERE {y} > {south} AND {y} <= {north}
), counted AS (
    SELECT
        cell,
        {cell_counts}
    FROM counted_parts
    GROUP BY cell
    HAVING sum({total}) > 0
)
SELECT coalesce(sum(n), 0), CASE WHEN sum(n) > {raw_limit} THEN (
    SELECT ST_AsMVT(tile, {layer_name}, {extent}, 'geom')
    FROM (
        SELECT
            true AS aggregate, n, ok, due, overdue, defective, none,
            ST_MakePoint(((cell & {mask}) + 0.5) * {cell_size}, ((cell >> {steps}) + 0.5) * {cell_size})
                AS geom
        FROM counted
        ORDER BY cell
    ) AS tile
) END
FROM counted
