"""One parser a format, each from a file's text to titled sections."""
