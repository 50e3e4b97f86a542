// Gradio chooses its labels by the browser's language, before anything of ours runs in the page: say French first.
Object.defineProperty(Navigator.prototype, "language", { get: () => "fr" });
Object.defineProperty(Navigator.prototype, "languages", { get: () => ["fr"] });
