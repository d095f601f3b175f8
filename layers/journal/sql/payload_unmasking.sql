SELECT
    u.id AS entry_id,
    json_build_object(
        'format', 'unmasking/1',
        'id', u.id,
        'user', u.user_id,
        'layer', u.layer,
        'feature', u.feature_id,
        'reason', u.reason,
        'at', layers_utc(u.at)
    )::text AS payload
FROM layers_unmasking AS u
