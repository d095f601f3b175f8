"""Files made to order in the background, exports and packs: from waiting to clearing away."""
