-- The rows of a page read from spans of an index, in its order. The nested loop takes the spans one
-- after the other and stops as soon as the page is full: the cost does not grow with what lies
-- before or behind the page. Rows with equal codes are sorted among themselves (incremental sort).
SELECT feature.*
FROM (SELECT * FROM (VALUES {spans}) AS each (first, last, inside) WHERE {worthwhile}) AS span
CROSS JOIN LATERAL (
    SELECT {columns} FROM {relation} AS feature
    WHERE feature.{column} BETWEEN span.first AND span.last AND {conditions}
    ORDER BY {ordering} LIMIT {limit}
) AS feature
