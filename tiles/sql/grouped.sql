-- Every feature of one tile, counted by cell and upkeep state: nothing is left out.
-- Plan: index-only scan of (morton) INCLUDE (division, upkeep_state), hash aggregate of at most
-- 64 × 64 cells; no geometry is read.
WITH cells AS (
    SELECT
        morton >> {shift} AS cell,
        count(*) AS n,
        count(*) FILTER (WHERE upkeep_state = 'ok') AS ok,
        count(*) FILTER (WHERE upkeep_state = 'due') AS due,
        count(*) FILTER (WHERE upkeep_state = 'overdue') AS overdue,
        count(*) FILTER (WHERE upkeep_state = 'defective') AS defective
    FROM {table}
    WHERE morton BETWEEN %(first)s AND %(last)s AND {scope}
    GROUP BY 1
)
SELECT ST_AsMVT(tile, {layer_name}, {extent}, 'geom')
FROM (
    SELECT
        n, ok, due, overdue, defective, n - ok - due - overdue - defective AS none,
        ST_MakePoint(
            (tiles_even_bits(cell & {cell_mask}) + 0.5) * {cell_size},
            (tiles_even_bits((cell & {cell_mask}) >> 1) + 0.5) * {cell_size}
        ) AS geom
    FROM cells
) AS tile
