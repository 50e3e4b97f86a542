"""Floor 3: questions are measured on the path users take."""
