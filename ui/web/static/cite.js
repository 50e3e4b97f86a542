// A marker [n], or a nearest passage, opens its <details> in the sources panel and takes the focus there.
"use strict";

const PATIENCE_MS = 10000;

function open(id, deadline) {
  const source = document.getElementById(id);
  if (source === null) {
    // The panel comes with the end of the answer: a marker may be clicked before.
    if (Date.now() < deadline) setTimeout(() => open(id, deadline), 100);
    return;
  }
  source.open = true;
  const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  source.scrollIntoView({ behavior: calm ? "auto" : "smooth", block: "nearest" });
  source.querySelector(":scope > summary").focus({ preventScroll: true });
}

document.addEventListener(
  "click",
  (event) => {
    const link = event.target.closest?.("a.cit, a.skip");
    if (link === null || link === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    const id = link.getAttribute("href").slice(1);
    if (link.matches(".skip")) document.querySelector(`#${id} textarea`)?.focus();
    else open(id, Date.now() + PATIENCE_MS);
  },
  true,
);

// What Gradio names in English only.
const NAMES = {
  "Submit": "Envoyer",
  "Stop": "Arrêter",
  "Scroll to bottom": "Aller au dernier message",
  "chatbot conversation": "Conversation",
  "Clear": "Effacer",
  "copy": "Copier",
};

function rename(root) {
  for (const element of root.querySelectorAll("[aria-label], [title]")) {
    for (const name of ["aria-label", "title"]) {
      const french = NAMES[element.getAttribute(name)];
      if (french !== undefined) element.setAttribute(name, french);
    }
    // Gradio reads the whole HTML of a message aloud as its name.
    const role = element.getAttribute("aria-label")?.match(/^(user|bot)'s message/)?.[1];
    if (role) element.setAttribute("aria-label", role === "user" ? "Question posée" : "Réponse");
  }
}

addEventListener("DOMContentLoaded", () => {
  rename(document);
  new MutationObserver(() => rename(document)).observe(document.body, {
    childList: true,
    subtree: true,
    attributeFilter: ["aria-label", "title"],
  });
});
