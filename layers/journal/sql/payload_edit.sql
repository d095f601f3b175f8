-- What the chain says of an entry. The list of columns is the format's, and never grows: a column
-- that comes later belongs to the next format. Keys come in this order, jsonb values in jsonb's own,
-- and times are spelled out in UTC, so the text is the same in every session. (json, not jsonb, which
-- would take old and new apart and sort them again: 19 microseconds an entry, not 29.)
SELECT
    e.id AS entry_id,
    json_build_object(
        'format', 'edit/1',
        'id', e.id,
        'uid', e.uid,
        'changeset', e.changeset_id,
        'kind', c.kind,
        'reason', c.reason,
        'layer', e.layer,
        'feature', e.feature_id,
        'operation', e.operation,
        'outcome', e.outcome,
        'base_version', e.base_version,
        'version', e.version,
        'old', e.old,
        'new', e.new,
        'sent', e.sent,
        'undoes', e.undoes_id,
        'part_of', e.part_of_id,
        'author', e.author_id,
        'reviewer', e.reviewer_id,
        'device', e.device,
        'base_edit', e.base_edit,
        'captured_at', layers_utc(e.captured_at),
        'received_at', layers_utc(e.received_at)
    )::text AS payload
FROM layers_edit AS e
JOIN layers_changeset AS c ON c.id = e.changeset_id
