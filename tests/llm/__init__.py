"""Language models: a provider that fails in every way, and a real, weak model."""
