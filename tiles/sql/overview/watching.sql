-- What the triggers of one layer's table run: one delta for each cell and county that a statement
-- touched. The three statements that append them are made by tiles/overview/watching.py.
CREATE OR REPLACE FUNCTION {function}() RETURNS trigger
LANGUAGE plpgsql AS $watching$
BEGIN
    IF TG_OP = 'INSERT' THEN
        {inserted};
    ELSIF TG_OP = 'UPDATE' THEN
        {updated};
    ELSIF TG_OP = 'DELETE' THEN
        {deleted};
    ELSE
        -- Emptied: whoever empties the table has it alone, so every delta there is, is visible. The
        -- lock keeps a fold from carrying deltas over while cells are being removed.
        PERFORM pg_advisory_xact_lock({lock});
        DELETE FROM tiles_cell_delta WHERE layer = {layer};
        DELETE FROM tiles_cell WHERE layer = {layer};
    END IF;
    RETURN NULL;
END
$watching$;
