-- What the triggers of one layer's table run: rows that are gone or look different lose their bands,
-- rows that are new or look different get them.
CREATE OR REPLACE FUNCTION {function}() RETURNS trigger
LANGUAGE plpgsql AS $keeping$
BEGIN
    IF TG_OP = 'INSERT' THEN
        {insert_arrived};
    ELSIF TG_OP = 'DELETE' THEN
        DELETE FROM {bands} WHERE feature_id IN (SELECT id FROM gone);
    ELSIF TG_OP = 'UPDATE' THEN
        -- Most updates change neither: a night's new states touch every row.
        WITH sides AS MATERIALIZED (
            SELECT sum(change) AS change, id, geom_3857, class FROM (
                SELECT 1 AS change, id, geom_3857, {class_column} AS class FROM changed_to
                UNION ALL
                SELECT -1, id, geom_3857, {class_column} FROM changed_from
            ) AS both_sides
            GROUP BY id, geom_3857, class
            HAVING sum(change) <> 0
        ), forgotten AS (
            DELETE FROM {bands} WHERE feature_id IN (SELECT id FROM sides)
        )
        {insert_changed};
    ELSE
        DELETE FROM {bands};
    END IF;
    RETURN NULL;
END
$keeping$;
-- The same for rows that came while the triggers were off: all after an id.
CREATE OR REPLACE FUNCTION {row_function}(after bigint) RETURNS void
LANGUAGE sql AS $loaded$
    {insert_loaded};
$loaded$;
