"""Pages of the web: guarded requests, robots.txt, sitemaps and feeds, and what changed since the last visit."""
