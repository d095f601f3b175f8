-- Journal states laid over each other, the later one on top: of each field the last value counts.
-- layers_overlay(old ORDER BY version DESC) is what a feature was before the first of its entries.
CREATE OR REPLACE AGGREGATE layers_overlay(jsonb) (
    SFUNC = jsonb_concat,
    STYPE = jsonb,
    INITCOND = '{}',
    PARALLEL = SAFE
);

-- Whether a row stood at a moment just as it stands now: it was there, and no entry came since.
-- A function, because the planner would reckon a subquery's cost once for every row of the table,
-- and compile the whole statement for it; the caller asks it about few.
CREATE OR REPLACE FUNCTION layers_unchanged_since(
    of_layer text, feature bigint, made timestamptz, moment timestamptz
) RETURNS boolean
LANGUAGE plpgsql STABLE PARALLEL SAFE COST 10 AS $$
DECLARE
    first_version integer;
    last_received timestamptz;
BEGIN
    SELECT min(version), max(received_at) INTO first_version, last_received
    FROM layers_edit WHERE layer = of_layer AND feature_id = feature;
    IF last_received > moment THEN
        RETURN FALSE;
    END IF;
    -- A restored row is younger than its feature; one that was loaded has no entry that made it.
    RETURN coalesce(first_version, 0) = 1 OR made <= moment;
END
$$;
