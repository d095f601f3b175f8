-- The journal of accounts is append-only, like the journal of features.
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON layers_account_event
    FOR EACH STATEMENT EXECUTE FUNCTION layers_refuse_rewriting();

-- Where each record was that somebody looked at before the journal kept its division. Records that
-- are gone stay without one: only who administers everything reads those entries.
ALTER TABLE layers_unmasking DISABLE TRIGGER append_only;
UPDATE layers_unmasking AS looked SET division = feature.division
FROM (
    SELECT 'resettlement-sites' AS layer, id, division FROM layers_resettlement_site
    UNION ALL SELECT 'roads', id, division FROM layers_road
    UNION ALL SELECT 'water-works', id, division FROM layers_water_work
    UNION ALL SELECT 'toilets', id, division FROM layers_toilet
    UNION ALL SELECT 'assets', id, division FROM layers_asset
) AS feature
WHERE feature.layer = looked.layer AND feature.id = looked.feature_id;
ALTER TABLE layers_unmasking ENABLE TRIGGER append_only;
