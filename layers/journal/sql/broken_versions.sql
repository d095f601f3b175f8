-- Features whose entries are not one for each version: from 1 on, or from 2 on where a load made
-- them. One pass over the index (layer, feature_id, version).
SELECT e.feature_id, min(e.version), max(e.version), count(*)
FROM layers_edit AS e
WHERE e.layer = %(layer)s
GROUP BY e.feature_id
HAVING max(e.version) - min(e.version) + 1 <> count(*) OR min(e.version) > 2
ORDER BY e.feature_id
