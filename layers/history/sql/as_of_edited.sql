-- The rows of a layer that were edited since a moment, as they were at it, whether they are still
-- there or not: made from the journal.
--
-- Time is the journal's received_at. Two edits can have got their versions in the other order than
-- their times: what counts is the version before the first entry after the moment, a state that
-- there was. `old` is empty in an entry that made the feature, `new` in one that removed it.
SELECT {rebuilt}
FROM (
    SELECT e.feature_id AS id, min(e.version) AS version
    FROM layers_edit AS e
    WHERE e.layer = {layer} AND e.received_at > {moment}
    GROUP BY e.feature_id
) AS since
CROSS JOIN LATERAL (
    SELECT layers_overlay(e.old ORDER BY e.version DESC)
               FILTER (WHERE e.version >= since.version) AS state,
           bool_or(e.version = since.version AND e.old = '{{}}' AND e.new <> '{{}}') AS absent,
           max(e.received_at) FILTER (WHERE e.version = since.version) AS changed_at,
           max(e.received_at) FILTER (WHERE e.version < since.version) AS edited_at,
           max(e.changeset_id) FILTER (WHERE e.version < since.version) AS changeset_id
    FROM layers_edit AS e
    WHERE e.layer = {layer} AND e.feature_id = since.id AND e.version >= since.version - 1
) AS past
LEFT JOIN {table} AS t ON t.id = since.id
-- When it was made: the row knows, unless it is gone, or was restored; then its first entry
-- does, or its load.
CROSS JOIN LATERAL (
    SELECT CASE WHEN t.created_at < past.changed_at THEN t.created_at ELSE coalesce(
        (
            SELECT e.received_at FROM layers_edit AS e
            WHERE e.layer = {layer} AND e.feature_id = since.id AND e.version = 1
        ), (
            SELECT l.loaded_at FROM layers_load AS l
            WHERE l.layer = {layer} AND since.id BETWEEN l.first_feature AND l.last_feature
            ORDER BY l.first_feature LIMIT 1
        )
    ) END AS created_at
) AS made
CROSS JOIN LATERAL jsonb_populate_record(
    t,
    past.state || jsonb_build_object(
        'version', since.version - 1,
        'changeset_id', coalesce(past.changeset_id, t.changeset_id),
        'upkeep_state', coalesce(t.upkeep_state, 'none'),
        'created_at', made.created_at,
        'updated_at', coalesce(past.edited_at, made.created_at)
    )
) AS r
WHERE NOT past.absent
    AND (past.edited_at IS NOT NULL OR made.created_at <= {moment})
