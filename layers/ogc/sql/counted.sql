-- The rows in spans of an index, counted; from the index alone where the conditions are on it.
SELECT COALESCE(sum(counted.n), 0)::bigint
FROM (VALUES {spans}) AS span (first, last, inside)
CROSS JOIN LATERAL (
    SELECT count(*) AS n FROM {relation} AS feature
    WHERE feature.{column} BETWEEN span.first AND span.last AND {conditions}
) AS counted
