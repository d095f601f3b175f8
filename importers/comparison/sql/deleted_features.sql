-- Features that a delivery brought and a person has deleted since, with all they were. One pass over
-- the layer's entries in the journal; those that imports removed are left out before anything is
-- looked up.
SELECT e.feature_id, e.version, e.old
FROM layers_edit AS e
JOIN layers_changeset AS c ON c.id = e.changeset_id AND c.kind NOT IN ('import', 'demonstration')
WHERE e.layer = {layer} AND e.new = '{{}}' AND e.old <> '{{}}'
    AND NOT EXISTS (SELECT FROM {table} AS t WHERE t.id = e.feature_id)
    AND NOT EXISTS (
        SELECT FROM layers_edit AS later
        WHERE later.layer = e.layer AND later.feature_id = e.feature_id AND later.version > e.version
    )
    AND (
        NOT EXISTS (
            SELECT FROM layers_edit AS made
            WHERE made.layer = e.layer AND made.feature_id = e.feature_id AND made.version = 1
        )
        OR EXISTS (
            SELECT FROM layers_edit AS d
            JOIN layers_changeset AS by ON by.id = d.changeset_id AND by.kind = 'import'
            WHERE d.layer = e.layer AND d.feature_id = e.feature_id
        )
    )
