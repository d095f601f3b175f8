"""Where rows are: datums, written ordinates, the evidence for both, and each place's county."""
