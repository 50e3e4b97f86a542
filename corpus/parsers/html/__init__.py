"""Web pages: the main content, with the structure and the anchors of the original."""
