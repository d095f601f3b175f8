"""Lines and areas, generalised once for a band of zooms, so that no tile reads what it cannot show."""
