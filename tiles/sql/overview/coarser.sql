-- One level from the next finer one: four cells become one.
INSERT INTO tiles_cell (layer, level, code, county, {counts}, nonce)
SELECT layer, level - 1, code >> 2 AS code, county, {sums}, bit_xor(nonce)
FROM tiles_cell
WHERE layer = {layer} AND level = {level}
GROUP BY layer, level, code >> 2, county
ORDER BY code >> 2, county
