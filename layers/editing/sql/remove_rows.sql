-- Takes rows out of a layer and writes the entry of each, which keeps every value. The rows go in
-- the order the table gives them; their entries are in the order of their ids.
WITH gone AS (
    DELETE FROM {table} WHERE {condition} RETURNING {table}.*
)
INSERT INTO layers_edit (
    uid, changeset_id, layer, feature_id, operation, outcome, base_version, version, old, new,
    author_id, captured_at, received_at
)
SELECT
    gen_random_uuid(), %(changeset)s, %(layer)s, gone.id, 'delete', 'applied', gone.version,
    gone.version + 1, {state}, '{{}}', %(author)s, %(now)s, %(now)s
FROM gone
ORDER BY gone.id
