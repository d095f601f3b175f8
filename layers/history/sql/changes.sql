-- The links after a position, a window of them, with what a follower of changes needs of each edit
-- and load. The division is where the feature stands, or stood when it was deleted; a reader gets
-- the edits whose division is in their scope, and the loads that brought rows into it.
SELECT
    c.position, c.kind, e.layer, e.feature_id, e.operation, e.version, e.uid, e.changeset_id,
    e.received_at, e.new = '{{}}' AND e.old <> '{{}}' AS removed
FROM layers_chain AS c
JOIN layers_edit AS e ON c.kind = 'edit' AND e.id = c.entry_id
CROSS JOIN LATERAL (
    SELECT coalesce(
        CASE e.layer {divisions} END,
        (
            SELECT last.old ->> 'division' FROM layers_edit AS last
            WHERE last.layer = e.layer AND last.feature_id = e.feature_id
            ORDER BY last.version DESC LIMIT 1
        )
    ) AS division
) AS stands
WHERE c.position > %(since)s AND c.position <= %(until)s
    AND e.layer = ANY(%(layers)s)
    AND {inside}
UNION ALL
SELECT
    c.position, c.kind, l.layer, NULL, 'load', NULL, NULL, l.changeset_id, l.loaded_at, FALSE
FROM layers_chain AS c
JOIN layers_load AS l ON c.kind = 'load' AND l.id = c.entry_id
WHERE c.position > %(since)s AND c.position <= %(until)s
    AND l.layer = ANY(%(layers)s)
    AND ({loaded_inside})
ORDER BY 1
LIMIT %(limit)s
