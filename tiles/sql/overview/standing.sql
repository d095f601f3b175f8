-- How many features a tile has, the version of what is inside it, and of what is around it: 0 where
-- the tile is drawn in cells, which have no buffer, so that its surroundings need not be read.
SELECT n, own, CASE WHEN {by_cells} THEN 0 ELSE {ring} END
FROM (
    SELECT coalesce(sum(n_ok + n_due + n_overdue + n_defective + n_none), 0) AS n, {own} AS own
    FROM ({kept}) AS kept
) AS inside
