-- How many features the tile has, counted no further than the limit.
-- Plan: index-only scan of one contiguous Morton range.
SELECT count(*) FROM (
    SELECT 1 FROM {table}
    WHERE morton BETWEEN %(first)s AND %(last)s AND {scope}
    LIMIT {limit}
) AS found
