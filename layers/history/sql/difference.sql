-- By which rows a layer was another at a moment than it is now: those of now that were not there, or
-- looked different (-1), and what they were then (1). What it costs grows with the edits since, not
-- with the layer. Rows loaded since have no entry of their own; their load has (see as_of.sql, whose
-- complement this is). OFFSET 0 keeps the planner to the index on ids: it knows nothing of how few
-- rows those are, and would read the table.
(
    SELECT -1 AS change, t.division, t.county, t.morton, t.upkeep_state
    FROM (
        SELECT DISTINCT e.feature_id FROM layers_edit AS e
        WHERE e.layer = {layer} AND e.received_at > {moment}
    ) AS edited
    CROSS JOIN LATERAL (
        SELECT division, county, morton, upkeep_state FROM {table}
        WHERE id = edited.feature_id
        OFFSET 0
    ) AS t
    UNION ALL
    SELECT -1, t.division, t.county, t.morton, t.upkeep_state
    FROM layers_load AS l
    CROSS JOIN LATERAL (
        SELECT id, division, county, morton, upkeep_state, created_at FROM {table}
        WHERE id BETWEEN l.first_feature AND l.last_feature
        OFFSET 0
    ) AS t
    WHERE l.layer = {layer} AND l.loaded_at > {moment} - interval '10 minutes'
        AND t.created_at > {moment}
        AND NOT EXISTS (
            SELECT FROM layers_edit AS e WHERE e.layer = {layer} AND e.feature_id = t.id
        )
    UNION ALL
    SELECT 1, division, county, morton, upkeep_state FROM ({edited}) AS edited
)
