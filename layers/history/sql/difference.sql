-- By which rows a layer was another at a moment than it is now: those of now that were not there, or
-- looked different (-1), and what they were then (1). What it costs grows with the edits since, not
-- with the layer. Rows loaded since have no entry of their own; their load has (see as_of.sql, whose
-- complement this is).
(
    SELECT -1 AS change, division, county, morton, upkeep_state
    FROM {table}
    WHERE id IN (
        SELECT e.feature_id FROM layers_edit AS e
        WHERE e.layer = {layer} AND e.received_at > {moment}
    )
    UNION ALL
    SELECT -1, t.division, t.county, t.morton, t.upkeep_state
    FROM layers_load AS l
    JOIN {table} AS t ON t.id BETWEEN l.first_feature AND l.last_feature
    WHERE l.layer = {layer} AND l.loaded_at > {moment} - interval '10 minutes'
        AND t.created_at > {moment}
        AND NOT EXISTS (
            SELECT FROM layers_edit AS e WHERE e.layer = {layer} AND e.feature_id = t.id
        )
    UNION ALL
    SELECT 1, division, county, morton, upkeep_state FROM ({edited}) AS edited
)
