-- An open defect for every defective demonstration feature, reported in the last three weeks.
INSERT INTO maintenance_defect
    (uid, layer, feature_id, division, state, severity, description, reported_by_id, reported_at,
     closing_note, demonstration)
SELECT md5('demonstration-defect/' || %(layer)s || '/' || id)::uuid,
       %(layer)s, id, division, 'open',
       CASE WHEN id %% 20 = 0 THEN 'dangerous' WHEN id %% 4 = 0 THEN 'major' ELSE 'minor' END,
       (%(texts)s::text[])[1 + id %% cardinality(%(texts)s::text[])],
       %(author)s, %(day)s::timestamptz - (1 + id %% 21) * interval '1 day',
       '', TRUE
FROM {table}
WHERE demonstration AND upkeep_state = 'defective'
