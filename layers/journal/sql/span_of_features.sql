-- From the first id to the last that the layer or its journal knows.
SELECT coalesce(min(id), 0), coalesce(max(id), -1)
FROM (
    SELECT min(id) AS id FROM {table}
    UNION ALL SELECT max(id) FROM {table}
    UNION ALL SELECT min(feature_id) FROM layers_edit WHERE layer = %(layer)s
    UNION ALL SELECT max(feature_id) FROM layers_edit WHERE layer = %(layer)s
) AS known
