"""What a file's columns, words, units and divisions are in a layer's terms."""
