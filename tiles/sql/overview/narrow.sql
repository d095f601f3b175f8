-- The same of the parts of a scope that are smaller than a county, which the pyramid does not tell
-- apart: from the layer's table. A township has some thousand features.
-- Plan: the index on division, or on morton where the tile is the smaller of the two.
UNION ALL
SELECT code >> {coarser_by}, {counts}, 0 FROM ({summed}) AS summed
