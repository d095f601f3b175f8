-- How many features of the reader's a box has, and a number that another set of rows, versions or
-- upkeep states would not have: each row's hash, joined by XOR, which no order matters to.
-- Plan: GiST index scan on geom_3857; the scope's ranges filter what it finds.
SELECT
    count(*),
    coalesce(bit_xor(hashtextextended(concat_ws(':', id, version, upkeep_state), 0)), 0)
FROM {table}
WHERE geom_3857 && ST_Transform(
        ST_MakeEnvelope(%(west)s, %(south)s, %(east)s, %(north)s, 4490), 3857
    )
    AND {scope}
