-- A layer with a plan's changes over it: the table without the features that the plan touches
-- (conditions on it reach the table's indexes), and those as the plan leaves them.
(
    SELECT id, division, name, {class_column}, upkeep_state, geom, geom_3857, morton
    FROM {table}
    WHERE NOT id = ANY (%(touched)s::bigint[])
    UNION ALL
    SELECT
        id, division, name, class, upkeep_state,
        geom, ST_Transform(geom, 3857), layers_morton(geom)
    FROM ({planned_rows}) AS planned
)
