-- A layer with a plan's changes over it: the table without the features that the plan touches
-- (conditions on it reach the table's indexes), and those as the plan leaves them.
(
    SELECT id, division, name, {class_column}, upkeep_state, geom, geom_3857, morton
    FROM {table}
    WHERE NOT id = ANY (%(touched)s::bigint[])
    UNION ALL
    SELECT
        live.id, p.division, p.name, p.class, coalesce(live.upkeep_state, 'none'),
        p.geom, ST_Transform(p.geom, 3857), layers_morton(p.geom)
    FROM jsonb_to_recordset(%(planned)s::jsonb)
        AS p (id bigint, division varchar, name text, class text, geom geometry)
    LEFT JOIN {table} AS live ON live.id = p.id
)
