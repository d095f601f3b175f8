-- One page as the text of its features, and what paging needs to know of it, in one round trip.
-- `rows` is at most one row longer than the page and in its order, so the texts are made of the
-- page's rows only. row_to_json over the columns wanted costs half of ST_AsGeoJSON(record).
SELECT
    string_agg({feature}, E',\n' {direction}) FILTER (WHERE position <= {limit}) AS features,
    LEAST(count(*), {limit}) AS returned,
    count(*) > {limit} AS more,
    max({keys}::text) FILTER (WHERE position = 1) AS first,
    max({keys}::text) FILTER (WHERE position = {limit}) AS last,
    ({matched}) AS matched
FROM (SELECT limited.*, row_number() OVER () AS position FROM ({rows}) AS limited) AS feature
CROSS JOIN LATERAL (SELECT {properties}) AS attributes
