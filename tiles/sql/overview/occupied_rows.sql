-- The rows in those ranges. A reader of one county asks for a tile of ten: the index on places alone
-- would find the rows of all ten first. OFFSET 0 keeps the planner from that, whose estimates of
-- such joins are far off.
-- Plan: for each range an index scan of the Morton index.
(SELECT {table}.*
FROM ({occupied}) AS occupied
CROSS JOIN LATERAL (
    SELECT * FROM {table} WHERE morton BETWEEN occupied.first AND occupied.last OFFSET 0
) AS {table})
