-- Every feature of one tile, counted by cell and upkeep state, as the pyramid has them; and the
-- version of what is inside: cells have no buffer.
-- Plan: one range of the keys' index, at most 64 × 64 cells, each once for every county it is in.
WITH kept AS MATERIALIZED ({kept}), counted AS (
    SELECT
        code,
        sum(n_ok + n_due + n_overdue + n_defective + n_none) AS n,
        sum(n_ok) AS ok,
        sum(n_due) AS due,
        sum(n_overdue) AS overdue,
        sum(n_defective) AS defective
    FROM kept
    GROUP BY code
    HAVING sum(n_ok + n_due + n_overdue + n_defective + n_none) > 0
)
SELECT {version}, ({drawn})
