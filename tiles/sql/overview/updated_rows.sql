-- What an UPDATE changed of what tiles show: each old row taken off, each new one put on. Rows whose
-- two sides look the same cancel out. Not a join of both sides: PostgreSQL knows nothing of how many
-- rows a transition table has when it plans, and a nested loop over ten thousand takes minutes.
SELECT sum(change) AS change, morton, county, upkeep_state
FROM (
    SELECT -1 AS change, id, morton, county, upkeep_state, name, {class_column} AS class, geom
    FROM changed_from
    UNION ALL
    SELECT 1, id, morton, county, upkeep_state, name, {class_column}, geom FROM changed_to
) AS sides
GROUP BY id, morton, county, upkeep_state, name, class, geom
HAVING sum(change) <> 0
