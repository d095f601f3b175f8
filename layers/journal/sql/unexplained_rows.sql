-- Rows that neither an entry nor a load made, or that have a later version without any entry.
SELECT t.id, t.version
FROM {table} AS t
WHERE t.id BETWEEN %(low)s AND %(high)s
    AND NOT EXISTS (
        SELECT FROM layers_edit AS e
        WHERE e.layer = %(layer)s AND e.feature_id = t.id AND (e.version = 1 OR t.version > 1)
    )
    AND (
        t.version <> 1
        OR NOT EXISTS (
            SELECT FROM layers_load AS l
            WHERE l.layer = %(layer)s AND t.id BETWEEN l.first_feature AND l.last_feature
        )
    )
UNION
-- Edited features that must have been loaded, and that no load covers.
SELECT e.feature_id, min(e.version)
FROM layers_edit AS e
WHERE e.layer = %(layer)s AND e.feature_id BETWEEN %(low)s AND %(high)s
GROUP BY e.feature_id
HAVING min(e.version) > 1
    AND NOT EXISTS (
        SELECT FROM layers_load AS l
        WHERE l.layer = %(layer)s AND e.feature_id BETWEEN l.first_feature AND l.last_feature
    )
ORDER BY 1
