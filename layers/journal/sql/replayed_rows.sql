-- Features whose row is not what their entries say, between two ids: of each field the last new
-- value counts, and the last version. Fields that no entry names are as the load brought them,
-- which the load's digest proves.
SELECT
    said.id,
    said.version AS said_version,
    t.version AS row_version,
    said.gone,
    t.id IS NULL AS missing,
    array_remove(ARRAY[{differing}], NULL) AS differing
FROM (
    SELECT
        e.feature_id AS id,
        max(e.version) AS version,
        layers_overlay(e.new ORDER BY e.version) AS state,
        (array_agg(e.new = '{{}}' AND e.old <> '{{}}' ORDER BY e.version DESC))[1] AS gone
    FROM layers_edit AS e
    WHERE e.layer = %(layer)s AND e.feature_id BETWEEN %(low)s AND %(high)s
    GROUP BY e.feature_id
) AS said
LEFT JOIN {table} AS t ON t.id = said.id
CROSS JOIN LATERAL jsonb_populate_record(t, said.state) AS r
WHERE said.gone IS DISTINCT FROM (t.id IS NULL)
    OR (t.id IS NOT NULL AND (t.version <> said.version OR {any_differs}))
ORDER BY said.id
