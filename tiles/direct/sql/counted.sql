-- How many features belong to a tile, counted no further than the limit.
SELECT count(*) FROM (
    SELECT 1 FROM {relation} AS feature WHERE {belongs} AND {scope} LIMIT {limit}
) AS found
