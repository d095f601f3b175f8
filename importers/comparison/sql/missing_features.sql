-- Features of the delivery's counties that earlier imports brought and this one does not have. Most
-- were never edited: their changeset is the import. Of the others the proof of the load knows, whose
-- range their ids are in, unless an edit made them; or an entry of an import.
SELECT t.id, t.version, {shown}
FROM {table} AS t
WHERE t.county = ANY(%(counties)s) AND {inside}
    AND {key} IS NOT NULL
    AND t.changeset_id <> %(changeset)s
    AND NOT EXISTS (SELECT FROM import_found AS f WHERE f.id = t.id)
    AND (
        (
            t.version = 1
            AND t.changeset_id IN (SELECT c.id FROM layers_changeset AS c WHERE c.kind = 'import')
        )
        OR (
            t.version > 1
            AND (
                EXISTS (
                    SELECT FROM layers_load AS l
                    JOIN layers_changeset AS c ON c.id = l.changeset_id AND c.kind = 'import'
                    WHERE l.layer = %(layer)s AND t.id BETWEEN l.first_feature AND l.last_feature
                )
                AND NOT EXISTS (
                    SELECT FROM layers_edit AS e
                    WHERE e.layer = %(layer)s AND e.feature_id = t.id AND e.version = 1
                )
                OR EXISTS (
                    SELECT FROM layers_edit AS e
                    JOIN layers_changeset AS c ON c.id = e.changeset_id AND c.kind = 'import'
                    WHERE e.layer = %(layer)s AND e.feature_id = t.id
                )
            )
        )
    )
ORDER BY t.id
