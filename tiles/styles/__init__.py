"""MapLibre styles, generated from the registry. They name no host but this one: no sprite, and no
glyphs, so no labels: a font of Chinese is thousands of files that a map would fetch one by one."""
