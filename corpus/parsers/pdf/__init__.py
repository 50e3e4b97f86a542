"""PDF, text or scanned: lines put back in reading order, then read like those of any format."""
