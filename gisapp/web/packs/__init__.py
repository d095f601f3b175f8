"""The panel of offline packs on the page of exports."""
