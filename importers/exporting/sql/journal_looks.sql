-- One entry for each record of an export whose personal data its file holds. Who and why are the
-- same for all; the journal's own trigger links them when the transaction commits.
INSERT INTO layers_unmasking (user_id, layer, feature_id, division, reason, at)
SELECT %(user)s, %(layer)s, looked.feature_id, looked.division, %(reason)s, %(at)s
FROM unnest(%(ids)s::bigint[], %(divisions)s::text[]) AS looked (feature_id, division)
