-- Moves the deltas that this statement's snapshot sees into every level. The removal and the sums
-- are one statement, so whoever looks sees a delta either as it was or in the cells, never both.
-- Each level is summed from the next finer one, a chain made by tiles/overview/folding.py.
WITH taken AS (
    DELETE FROM tiles_cell_delta RETURNING layer, code, county, {counts}, nonce
), {levels}, folded AS (
    INSERT INTO tiles_cell AS cell (layer, level, code, county, {counts}, nonce)
    SELECT layer, level, code, county, {counts}, nonce FROM ({every_level}) AS every_level
    ORDER BY layer, level, code, county
    ON CONFLICT (layer, level, code, county) DO UPDATE
    SET {added}, nonce = cell.nonce # excluded.nonce
)
SELECT count(*) FROM taken
