-- Which of the coarsest cells hold anything of a layer, as the pyramid has them.
SELECT DISTINCT code FROM (
    SELECT code FROM tiles_cell WHERE layer = {layer} AND level = {coarsest}
    UNION ALL
    SELECT code >> {coarser_by} FROM tiles_cell_delta WHERE layer = {layer}
) AS found
