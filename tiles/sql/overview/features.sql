-- How many features the cells of a layer count; the coarsest level has some hundred rows.
SELECT coalesce(sum(n_ok + n_due + n_overdue + n_defective + n_none), 0)
FROM tiles_cell
WHERE layer = {layer} AND level = {coarsest}
