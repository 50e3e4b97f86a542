"""Documents of office suites: Word, PowerPoint and OpenDocument, archives checked before they are opened."""
