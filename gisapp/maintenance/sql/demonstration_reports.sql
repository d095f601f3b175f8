-- Reports of demonstration features: the last one a cycle before the day it is due again, and some
-- before that, a cycle apart each. One pass over the table; the uid is a digest of the feature's id,
-- which never comes back, and of the report's number.
INSERT INTO maintenance_upkeeprecord
    (uid, layer, feature_id, division, rule_id, done_on, outcome, note, due_before,
     photo_name, photo_type, photo_sha256, author_id, received_at, demonstration)
SELECT md5('demonstration-report/' || %(layer)s || '/' || feature.id || '/' || number)::uuid,
       %(layer)s, feature.id, division, rule.id, reported.done_on, 'done', '', reported.done_on,
       '', '', '', %(author)s, (reported.done_on || ' 12:00+08:00')::timestamptz, TRUE
FROM (SELECT id, division, demonstration, upkeep_due_on, code, {rule} AS rule_id
      FROM {table}) AS feature
JOIN maintenance_upkeeprule AS rule ON rule.id = feature.rule_id
CROSS JOIN generate_series(0, %(earlier)s) AS number
CROSS JOIN LATERAL (
    SELECT upkeep_due_on - (number + 1) * rule.cycle_days AS done_on
) AS reported
WHERE feature.demonstration AND upkeep_due_on IS NOT NULL AND reported.done_on <= %(day)s
  -- Only the first toilets of each village, where there are very many (code: ...-000123).
  AND (%(last_serial)s::int IS NULL OR right(feature.code, 6)::int <= %(last_serial)s::int)
