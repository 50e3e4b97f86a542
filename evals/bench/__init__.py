"""Scripts that measure what a question set cannot: speed, memory, typing mistakes."""
