-- The entries of some features, oldest first, and of each whether it says what a delivery said: it
-- stands in an import, undoes nothing and is not undone. By (layer, feature_id, version).
SELECT e.feature_id, e.version, e.operation, e.old, e.new, e.sent,
    c.kind = 'import' AS imported,
    c.kind = 'import' AND e.undoes_id IS NULL
        AND NOT EXISTS (SELECT FROM layers_edit AS u WHERE u.undoes_id = e.id) AS delivered
FROM layers_edit AS e
JOIN layers_changeset AS c ON c.id = e.changeset_id
WHERE e.layer = %(layer)s AND e.feature_id = ANY(%(ids)s)
ORDER BY e.feature_id, e.version
