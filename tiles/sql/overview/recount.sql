-- The finest level of one layer, from its table, and the deltas that the recount includes dropped:
-- one statement, one snapshot. What is committed later keeps its deltas.
-- Plan: index-only scan of the whole index (morton) INCLUDE (division, upkeep_state); the county is
-- taken from the division because the index lacks it.
WITH superseded AS (
    DELETE FROM tiles_cell_delta WHERE layer = {layer}
)
INSERT INTO tiles_cell (layer, level, code, county, {counts}, nonce)
SELECT {layer}, {finest}, code, county, {counts}, nonce FROM ({summed}) AS summed
ORDER BY code, county
