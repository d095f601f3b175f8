SELECT count(*)
FROM {table} AS t
WHERE t.id BETWEEN %(first)s AND %(last)s
    AND t.version > 1
    AND NOT EXISTS (
        SELECT FROM layers_edit AS e
        WHERE e.layer = %(layer)s AND e.feature_id = t.id AND e.version = 1
    )
