-- Rows of a load as they were loaded, in the order of their ids. Rows without an entry stand as they
-- are; of the others the oldest values are laid over the present row, or over none where the row is
-- gone, for an entry of removal holds every value. Rows whose entries begin with version 1 were made
-- by an edit. Both parts are ranges of ids: the primary key, and (layer, feature_id, version).
SELECT t.id, {plain}
FROM {table} AS t
WHERE t.id BETWEEN {low} AND {high}
    AND NOT EXISTS (
        SELECT FROM layers_edit AS e WHERE e.layer = {layer} AND e.feature_id = t.id
    )
UNION ALL
SELECT edited.id, {rebuilt}
FROM (
    SELECT e.feature_id AS id, layers_overlay(e.old ORDER BY e.version DESC) AS state
    FROM layers_edit AS e
    WHERE e.layer = {layer} AND e.feature_id BETWEEN {low} AND {high}
    GROUP BY e.feature_id
    HAVING min(e.version) > 1
) AS edited
LEFT JOIN {table} AS t ON t.id = edited.id
CROSS JOIN LATERAL jsonb_populate_record(t, edited.state) AS r
ORDER BY 1
