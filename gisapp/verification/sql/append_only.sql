-- A visit and its photographs are evidence: nobody alters or drops a row, not the service either.
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON verification_visit
    FOR EACH STATEMENT EXECUTE FUNCTION layers_refuse_rewriting();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON verification_photo
    FOR EACH STATEMENT EXECUTE FUNCTION layers_refuse_rewriting();
