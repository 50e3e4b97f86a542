"""What users notice of the command, the API and the pages."""
