-- How many features a tile has, the version of what is inside it, and of what is around it.
SELECT coalesce(sum(n_ok + n_due + n_overdue + n_defective + n_none), 0), {own}, {ring}
FROM ({kept}) AS kept
