"""One parser a format, each from the bytes of a file to titled sections."""
