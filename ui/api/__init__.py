"""The HTTP API: routes, the shapes they take, and the problems they answer."""
