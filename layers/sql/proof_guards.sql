-- What the database refuses so that rows and journal cannot part: docs/journal.md says against whom.

-- At commit every row that was written has its entry in the journal: of the row's new version, or,
-- for a removal, a later one that leaves nothing. What the entry says is compared by verify_journal.
CREATE OR REPLACE FUNCTION layers_require_entry() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        IF EXISTS (
            SELECT FROM layers_edit AS e
            WHERE e.layer = TG_ARGV[0] AND e.feature_id = OLD.id AND e.version > OLD.version
                AND e.new = '{}'
        ) THEN
            RETURN NULL;
        END IF;
    ELSIF TG_OP = 'UPDATE' AND (NEW.version <= OLD.version OR NEW.id <> OLD.id) THEN
        RAISE EXCEPTION 'row % of % was changed without a new version', OLD.id, TG_TABLE_NAME
            USING ERRCODE = 'insufficient_privilege';
    ELSIF EXISTS (
        SELECT FROM layers_edit AS e
        WHERE e.layer = TG_ARGV[0] AND e.feature_id = NEW.id AND e.version = NEW.version
    ) THEN
        RETURN NULL;
    END IF;
    RAISE EXCEPTION '% of row % of % has no entry in the journal',
        lower(TG_OP), coalesce(NEW.id, OLD.id), TG_TABLE_NAME
        USING HINT = 'Send an edit to /api/edits, or load a file with import_layer.',
              ERRCODE = 'insufficient_privilege';
END
$$;

-- Puts a layer table under guard; again after it has got a column. Upkeep state and due day are
-- derived and may change alone, without even waking the trigger. A row of the bulk load that the
-- transaction has declared (layers.editing.guard) queues nothing: the load's digest proves it.
CREATE OR REPLACE FUNCTION layers_guard_table(guarded regclass, layer text) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
    columns text;
    changed text;
BEGIN
    -- A geometry is compared as its bytes: pg_restore makes the trigger with an empty search path,
    -- where the geometry's own equality is not found.
    SELECT string_agg(quote_ident(attname), ', ' ORDER BY attnum),
           string_agg(
               format(
                   CASE WHEN atttypid = 'geometry'::regtype
                        THEN 'OLD.%1$I::bytea IS DISTINCT FROM NEW.%1$I::bytea'
                        ELSE 'OLD.%1$I IS DISTINCT FROM NEW.%1$I' END,
                   attname
               ), ' OR ' ORDER BY attnum
           )
    INTO columns, changed
    FROM pg_attribute
    WHERE attrelid = guarded AND attnum > 0 AND NOT attisdropped AND attgenerated = ''
        AND attname NOT IN ('upkeep_state', 'upkeep_due_on');
    EXECUTE format(
        $guard$
        CREATE OR REPLACE TRIGGER writer_only BEFORE INSERT OR UPDATE OR DELETE ON %1$s
            FOR EACH STATEMENT EXECUTE FUNCTION layers_refuse_direct_write();
        CREATE OR REPLACE TRIGGER never_emptied BEFORE TRUNCATE ON %1$s
            FOR EACH STATEMENT EXECUTE FUNCTION layers_refuse_emptying();
        DROP TRIGGER IF EXISTS journalled_insert ON %1$s;
        CREATE CONSTRAINT TRIGGER journalled_insert AFTER INSERT ON %1$s
            DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
            WHEN (current_setting('layers.load', true) IS DISTINCT FROM NEW.changeset_id::text)
            EXECUTE FUNCTION layers_require_entry(%2$L);
        DROP TRIGGER IF EXISTS journalled_update ON %1$s;
        CREATE CONSTRAINT TRIGGER journalled_update AFTER UPDATE OF %3$s ON %1$s
            DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
            WHEN (%4$s)
            EXECUTE FUNCTION layers_require_entry(%2$L);
        DROP TRIGGER IF EXISTS journalled_delete ON %1$s;
        CREATE CONSTRAINT TRIGGER journalled_delete AFTER DELETE ON %1$s
            DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
            EXECUTE FUNCTION layers_require_entry(%2$L);
        $guard$, guarded, layer, columns, changed
    );
END
$$;

CREATE OR REPLACE FUNCTION layers_refuse_emptying() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'table % is never emptied', TG_TABLE_NAME
        USING ERRCODE = 'insufficient_privilege';
END
$$;

-- Links are made by the journal's triggers: at depth 1 stands this trigger alone.
CREATE OR REPLACE FUNCTION layers_refuse_direct_link() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    IF pg_trigger_depth() < 2 THEN
        RAISE EXCEPTION 'the chain is written by the journal''s triggers only'
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NULL;
END
$$;

-- A changeset may still be filled in while its transaction lasts; what is linked is said for good.
CREATE OR REPLACE FUNCTION layers_refuse_changed_proof() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT FROM layers_load AS l
        JOIN layers_chain AS c ON c.kind = 'load' AND c.entry_id = l.id
        WHERE l.changeset_id = OLD.id
    ) OR (
        (OLD.kind, OLD.reason, OLD.author_id) IS DISTINCT FROM
            (NEW.kind, NEW.reason, NEW.author_id)
        AND EXISTS (
            SELECT FROM layers_edit AS e
            JOIN layers_chain AS c ON c.kind = 'edit' AND c.entry_id = e.id
            WHERE e.changeset_id = OLD.id
        )
    ) THEN
        RAISE EXCEPTION 'changeset % is proven and cannot be changed', OLD.id
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END
$$;

CREATE OR REPLACE FUNCTION layers_refuse_changed_settlement() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM layers_chain WHERE kind = 'submission' AND entry_id = OLD.id) THEN
        RAISE EXCEPTION 'submission % is settled and cannot be changed', OLD.id
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END
$$;

CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON layers_chain
    FOR EACH STATEMENT EXECUTE FUNCTION layers_refuse_rewriting();
CREATE TRIGGER linked_only BEFORE INSERT ON layers_chain
    FOR EACH STATEMENT EXECUTE FUNCTION layers_refuse_direct_link();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON layers_load
    FOR EACH STATEMENT EXECUTE FUNCTION layers_refuse_rewriting();
CREATE TRIGGER append_only BEFORE DELETE ON layers_submission
    FOR EACH STATEMENT EXECUTE FUNCTION layers_refuse_rewriting();
CREATE TRIGGER settled_once BEFORE UPDATE ON layers_submission
    FOR EACH ROW WHEN (OLD.settlement <> '') EXECUTE FUNCTION layers_refuse_changed_settlement();
CREATE TRIGGER proven_once BEFORE UPDATE ON layers_changeset
    FOR EACH ROW WHEN (OLD.* IS DISTINCT FROM NEW.*)
    EXECUTE FUNCTION layers_refuse_changed_proof();

CREATE TRIGGER never_emptied BEFORE TRUNCATE ON layers_edit
    FOR EACH STATEMENT EXECUTE FUNCTION layers_refuse_emptying();
CREATE TRIGGER never_emptied BEFORE TRUNCATE ON layers_unmasking
    FOR EACH STATEMENT EXECUTE FUNCTION layers_refuse_emptying();
CREATE TRIGGER never_emptied BEFORE TRUNCATE ON layers_chain
    FOR EACH STATEMENT EXECUTE FUNCTION layers_refuse_emptying();
CREATE TRIGGER never_emptied BEFORE TRUNCATE ON layers_load
    FOR EACH STATEMENT EXECUTE FUNCTION layers_refuse_emptying();
CREATE TRIGGER never_emptied BEFORE TRUNCATE ON layers_submission
    FOR EACH STATEMENT EXECUTE FUNCTION layers_refuse_emptying();
CREATE TRIGGER never_emptied BEFORE TRUNCATE ON layers_changeset
    FOR EACH STATEMENT EXECUTE FUNCTION layers_refuse_emptying();

SELECT layers_guard_table('layers_resettlement_site', 'resettlement-sites');
SELECT layers_guard_table('layers_road', 'roads');
SELECT layers_guard_table('layers_water_work', 'water-works');
SELECT layers_guard_table('layers_toilet', 'toilets');
SELECT layers_guard_table('layers_asset', 'assets');
