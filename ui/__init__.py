"""Floor 4: people and programs come in here, by command, HTTP and pages; says everything in French."""
