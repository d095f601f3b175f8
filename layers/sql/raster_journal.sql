-- The journal of rasters is append-only, like the journal of features.
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON layers_raster_event
    FOR EACH STATEMENT EXECUTE FUNCTION layers_refuse_rewriting();
