-- What a plan changes: the features that it touches are taken away (-1), and are there as it leaves
-- them (1).
(
    SELECT -1 AS change, division, county, morton, upkeep_state
    FROM {table}
    WHERE id = ANY (%(touched)s::bigint[])
    UNION ALL
    SELECT 1, division, left(division, 6), layers_morton(geom), upkeep_state
    FROM ({planned_rows}) AS planned
)
