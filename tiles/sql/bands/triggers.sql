-- Statement triggers, as the pyramid has them (sql/overview/triggers.sql).
CREATE TRIGGER bands_insert AFTER INSERT ON {table} REFERENCING NEW TABLE AS arrived
    FOR EACH STATEMENT EXECUTE FUNCTION {function}();
CREATE TRIGGER bands_update AFTER UPDATE ON {table}
    REFERENCING OLD TABLE AS changed_from NEW TABLE AS changed_to
    FOR EACH STATEMENT EXECUTE FUNCTION {function}();
CREATE TRIGGER bands_delete AFTER DELETE ON {table} REFERENCING OLD TABLE AS gone
    FOR EACH STATEMENT EXECUTE FUNCTION {function}();
CREATE TRIGGER bands_truncate AFTER TRUNCATE ON {table}
    FOR EACH STATEMENT EXECUTE FUNCTION {function}();
ALTER TABLE {table} ENABLE ALWAYS TRIGGER bands_truncate;
