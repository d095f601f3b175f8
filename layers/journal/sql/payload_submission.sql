-- What was received, and how it was settled; one still open is not an entry yet.
SELECT
    s.id AS entry_id,
    json_build_object(
        'format', 'submission/1',
        'id', s.id,
        'uid', s.uid,
        'kind', s.kind,
        'layer', s.layer,
        'operation', s.operation,
        'feature', s.feature_id,
        'division', s.division,
        'request', s.request,
        'author', s.author_id,
        'device', s.device,
        'captured_at', layers_utc(s.captured_at),
        'received_at', layers_utc(s.received_at),
        'settlement', s.settlement,
        'settled_at', layers_utc(s.settled_at),
        'settled_by', s.settled_by_id,
        'settled_edit', s.settled_edit_id
    )::text AS payload
FROM layers_submission AS s
WHERE s.settlement <> ''
