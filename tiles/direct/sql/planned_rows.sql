-- The features that a plan touches, as it leaves them.
SELECT
    live.id, p.division, p.name, p.class, coalesce(live.upkeep_state, 'none') AS upkeep_state, p.geom
FROM jsonb_to_recordset(%(planned)s::jsonb)
    AS p (id bigint, division varchar, name text, class text, geom geometry)
LEFT JOIN {table} AS live ON live.id = p.id
