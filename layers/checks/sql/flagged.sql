-- Rows of which any field meets its condition, with the values of those that do, in order.
SELECT t.id, t.version, t.geom, ARRAY[{found}]
FROM {table} AS t
WHERE {window} AND ({any})
ORDER BY t.id
