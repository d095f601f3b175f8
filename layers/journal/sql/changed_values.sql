-- Entries whose old values are not what the entries before them left, between two ids of features.
-- Compared as the columns' types, since the journal's texts of one number can differ.
SELECT steps.feature_id, steps.version, array_remove(ARRAY[{differing}], NULL)
FROM (
    SELECT
        e.feature_id,
        e.version,
        e.old,
        layers_overlay(e.new) OVER (
            PARTITION BY e.feature_id ORDER BY e.version
            ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
        ) AS before
    FROM layers_edit AS e
    WHERE e.layer = %(layer)s AND e.feature_id BETWEEN %(low)s AND %(high)s
) AS steps
CROSS JOIN LATERAL jsonb_populate_record(NULL::{table}, steps.before) AS t
CROSS JOIN LATERAL jsonb_populate_record(NULL::{table}, steps.before || steps.old) AS r
WHERE {any_differs}
ORDER BY 1, 2
