"""XML formats, read as a stream by a parser that knows no entities and follows nothing."""
