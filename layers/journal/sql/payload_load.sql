-- A load is its changeset and the proof of its rows. `columns` and `block` say how the digest of
-- the rows is reckoned (layers.editing.loads).
SELECT
    l.id AS entry_id,
    json_build_object(
        'format', 'load/1',
        'id', l.id,
        'changeset', c.id,
        'kind', c.kind,
        'reason', c.reason,
        'author', c.author_id,
        'layer', l.layer,
        'source', c.source_name,
        'source_sha256', c.source_sha256,
        'rows', c.rows,
        'first', l.first_feature,
        'last', l.last_feature,
        'columns', l.columns,
        'block', l.block,
        'digest', c.digest,
        'undoes', c.undoes_id,
        'at', layers_utc(l.loaded_at)
    )::text AS payload
FROM layers_load AS l
JOIN layers_changeset AS c ON c.id = l.changeset_id
