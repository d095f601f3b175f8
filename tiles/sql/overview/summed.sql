-- Rows (change, morton, county, upkeep_state) summed by cell of the finest level, county and state,
-- each sum with a nonce of its own. A state that is none of the four counts as none: the total is
-- the number of rows whatever they say.
SELECT
    morton >> {finest_shift} AS code,
    county,
    coalesce(sum(change) FILTER (WHERE upkeep_state = 'ok'), 0) AS n_ok,
    coalesce(sum(change) FILTER (WHERE upkeep_state = 'due'), 0) AS n_due,
    coalesce(sum(change) FILTER (WHERE upkeep_state = 'overdue'), 0) AS n_overdue,
    coalesce(sum(change) FILTER (WHERE upkeep_state = 'defective'), 0) AS n_defective,
    coalesce(
        sum(change) FILTER (WHERE upkeep_state NOT IN ('ok', 'due', 'overdue', 'defective')), 0
    ) AS n_none,
    tiles_nonce() AS nonce
FROM ({rows}) AS counted
WHERE morton IS NOT NULL
GROUP BY morton >> {finest_shift}, county
