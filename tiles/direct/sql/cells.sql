-- Every feature of a tile, counted by cell and upkeep state: nothing is left out.
-- Plan: one scan of the rows that belong to the tile, hash aggregate of at most 64 × 64 cells.
WITH counted AS (
    SELECT
        {cell} AS cell,
        count(*) AS n,
        count(*) FILTER (WHERE upkeep_state = 'ok') AS ok,
        count(*) FILTER (WHERE upkeep_state = 'due') AS due,
        count(*) FILTER (WHERE upkeep_state = 'overdue') AS overdue,
        count(*) FILTER (WHERE upkeep_state = 'defective') AS defective,
        count(*) FILTER (WHERE upkeep_state = 'none') AS none
    FROM {relation} AS feature
    WHERE {belongs} AND {scope}
    GROUP BY 1
)
SELECT ST_AsMVT(tile, {layer_name}, {extent}, 'geom')
FROM (
    SELECT
        true AS aggregate, n, ok, due, overdue, defective, none,
        ST_MakePoint((({column}) + 0.5) * {cell_size}, (({row}) + 0.5) * {cell_size}) AS geom
    FROM counted
    ORDER BY cell
) AS tile
