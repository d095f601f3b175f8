-- Every feature of one tile, counted by cell and upkeep state: nothing is left out. For tiles whose
-- cells are finer than the pyramid's.
-- Plan: index-only scan of (morton) INCLUDE (division, upkeep_state), hash aggregate of at most
-- 64 × 64 cells; no geometry is read.
WITH counted AS (
    SELECT
        morton >> {shift} AS code,
        count(*) AS n,
        count(*) FILTER (WHERE upkeep_state = 'ok') AS ok,
        count(*) FILTER (WHERE upkeep_state = 'due') AS due,
        count(*) FILTER (WHERE upkeep_state = 'overdue') AS overdue,
        count(*) FILTER (WHERE upkeep_state = 'defective') AS defective
    FROM {table}
    WHERE morton BETWEEN %(first)s AND %(last)s AND {scope}
    GROUP BY 1
)
SELECT {version}, ({drawn})
