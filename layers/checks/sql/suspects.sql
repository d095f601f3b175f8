-- Rows of a window that a rule takes a closer look at. With a range of divisions this reads the
-- division index and those rows; the condition itself is what the database judges without help.
SELECT t.id, t.version, {columns}
FROM {table} AS t
WHERE {window} AND ({suspicion})
ORDER BY t.id
