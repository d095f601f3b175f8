-- Nothing but the editing service writes a layer table. The service declares itself for one
-- transaction (layers.editing.guard); any other statement that changes rows is refused.
CREATE OR REPLACE FUNCTION layers_refuse_direct_write() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    IF current_setting('layers.writer', true) IS DISTINCT FROM pg_current_xact_id()::text THEN
        RAISE EXCEPTION 'table % is written by the editing service only', TG_TABLE_NAME
            USING HINT = 'Send an edit to /api/edits, or load a file with import_layer.',
                  ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NULL;
END
$$;

-- The journal is append-only.
CREATE OR REPLACE FUNCTION layers_refuse_rewriting() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the journal % is append-only', TG_TABLE_NAME
        USING ERRCODE = 'insufficient_privilege';
END
$$;

CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON layers_edit
    FOR EACH STATEMENT EXECUTE FUNCTION layers_refuse_rewriting();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON layers_unmasking
    FOR EACH STATEMENT EXECUTE FUNCTION layers_refuse_rewriting();

CREATE TRIGGER writer_only BEFORE INSERT OR UPDATE OR DELETE ON layers_resettlement_site
    FOR EACH STATEMENT EXECUTE FUNCTION layers_refuse_direct_write();
CREATE TRIGGER writer_only BEFORE INSERT OR UPDATE OR DELETE ON layers_road
    FOR EACH STATEMENT EXECUTE FUNCTION layers_refuse_direct_write();
CREATE TRIGGER writer_only BEFORE INSERT OR UPDATE OR DELETE ON layers_water_work
    FOR EACH STATEMENT EXECUTE FUNCTION layers_refuse_direct_write();
CREATE TRIGGER writer_only BEFORE INSERT OR UPDATE OR DELETE ON layers_toilet
    FOR EACH STATEMENT EXECUTE FUNCTION layers_refuse_direct_write();
CREATE TRIGGER writer_only BEFORE INSERT OR UPDATE OR DELETE ON layers_asset
    FOR EACH STATEMENT EXECUTE FUNCTION layers_refuse_direct_write();
