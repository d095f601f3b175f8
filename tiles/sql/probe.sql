-- How many features a tile smaller than the pyramid's cells has, counted no further than the limit.
-- Plan: index-only scan of one contiguous Morton range.
SELECT count(*), {own}, {ring} FROM (
    SELECT 1 FROM {table}
    WHERE morton BETWEEN %(first)s AND %(last)s AND {scope}
    LIMIT {limit}
) AS found
