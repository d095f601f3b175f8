-- Statement triggers: a statement that writes a million rows sums them once. The last one fires also
-- where triggers are silenced (session_replication_role), because a table is emptied in no other way.
CREATE TRIGGER overview_insert AFTER INSERT ON {table}
    REFERENCING NEW TABLE AS arrived
    FOR EACH STATEMENT EXECUTE FUNCTION {function}();
CREATE TRIGGER overview_update AFTER UPDATE ON {table}
    REFERENCING OLD TABLE AS changed_from NEW TABLE AS changed_to
    FOR EACH STATEMENT EXECUTE FUNCTION {function}();
CREATE TRIGGER overview_delete AFTER DELETE ON {table}
    REFERENCING OLD TABLE AS gone
    FOR EACH STATEMENT EXECUTE FUNCTION {function}();
CREATE TRIGGER overview_truncate AFTER TRUNCATE ON {table}
    FOR EACH STATEMENT EXECUTE FUNCTION {function}();
ALTER TABLE {table} ENABLE ALWAYS TRIGGER overview_truncate;
