-- The rows of a page found by whatever index serves the conditions, then sorted.
SELECT {columns} FROM {relation} AS feature
WHERE {conditions}
ORDER BY {ordering} LIMIT {limit}
