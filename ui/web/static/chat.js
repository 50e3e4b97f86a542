// What the chat page does in the browser itself: its panel of conversations, printing, its address, what is read aloud.
"use strict";

const byId = (id) => document.getElementById(id);
const calm = () => matchMedia("(prefers-reduced-motion: reduce)").matches;

// The panel of conversations is closed until asked for, on a phone as on a desk.
// Gradio's style reaches only what is within its own container: the class stands on the panes, not on the body.
const pastIsOpen = () => byId("panes")?.classList.contains("past-open") ?? false;

function showPast(wanted) {
  byId("panes").classList.toggle("past-open", wanted);
  byId("past-button")?.setAttribute("aria-expanded", String(wanted));
  if (wanted) byId("past").querySelector("input, textarea")?.focus({ preventScroll: calm() });
}

function openProfile() {
  const toggle = byId("profile")?.querySelector("button");
  if (toggle === undefined || toggle === null) return;
  if (!toggle.classList.contains("open")) toggle.click();
  toggle.scrollIntoView({ block: "nearest" });
  toggle.focus();
}

document.addEventListener("click", (event) => {
  const at = (selector) => event.target.closest?.(selector);
  if (at("#past-button")) showPast(!pastIsOpen());
  else if (at("#print")) print();
  else if (at("#new")) {
    history.replaceState(null, "", "?conversation=nouvelle");
    byId("question")?.querySelector("textarea")?.focus();
  } else if (at("a.edit")) {
    event.preventDefault();
    openProfile();
  }
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || !pastIsOpen()) return;
  showPast(false);
  byId("past-button").focus();
});

// On a phone the panel stands before the conversation: one that is opened must be seen.
document.addEventListener("change", (event) => {
  if (!event.target.closest("#past-list") || !matchMedia("(max-width: 47.99rem)").matches) return;
  showPast(false);
  byId("past-button").focus();
});

// On paper every source is open.
let closedBefore = [];
addEventListener("beforeprint", () => {
  closedBefore = [...document.querySelectorAll("#sources details:not([open])")];
  for (const one of closedBefore) one.open = true;
});
addEventListener("afterprint", () => {
  for (const one of closedBefore) one.open = false;
  closedBefore = [];
});

let asked = 0;
let said = "";
let named = "";

function follow() {
  byId("past-button")?.setAttribute("aria-expanded", String(pastIsOpen()));
  byId("past-button")?.setAttribute("aria-controls", "past");
  // Gradio sends the whole history at each sentence: a log that speaks would say it all again and again.
  document.querySelector("#log [role=log]")?.setAttribute("aria-live", "off");
  for (const id of ["thanks", "past-said", "profile-said"]) byId(id)?.setAttribute("role", "status");
  for (const link of document.querySelectorAll("#foot a[target], #carry a[target]")) link.removeAttribute("target");
  for (const group of document.querySelectorAll("fieldset[id]")) {
    const named = group.querySelector("[data-testid=block-info]")?.textContent.trim();
    if (named && group.getAttribute("aria-label") !== named) group.setAttribute("aria-label", named);
    // Gradio gives each radio button a name of its own: the arrows of the keyboard would not go from one to the next.
    for (const radio of group.querySelectorAll("input[type=radio]")) {
      if (radio.name !== `${group.id}-choice`) radio.name = `${group.id}-choice`;
    }
  }
  for (const toggle of document.querySelectorAll("button.label-wrap")) {
    toggle.setAttribute("aria-expanded", String(toggle.classList.contains("open")));
    toggle.querySelector(".icon")?.setAttribute("aria-hidden", "true");
  }
  announce();
  nameAddress();
  showLatestQuestion();
}

// The finished answer, once.
function announce() {
  const text = byId("announced")?.textContent.trim() ?? "";
  if (text === said || byId("talk") === null) return;
  said = text;
  let region = byId("said");
  if (region === null) {
    region = document.createElement("div");
    region.id = "said";
    region.setAttribute("role", "status");
    byId("talk").append(region);
  }
  region.textContent = text;
}

// The address names the conversation, so that reloading the page finds it again.
function nameAddress() {
  const link = document.querySelector("#carry a")?.getAttribute("href");
  const id = link?.match(/^\/v1\/conversations\/([^/]+)\/export/)?.[1] ?? "";
  // Only when it changes: while a new conversation begins, the one before is still there for a moment.
  if (id === named) return;
  named = id;
  if (id) history.replaceState(null, "", `?conversation=${id}`);
}

function showLatestQuestion() {
  const questions = document.querySelectorAll("#log .user-row, #log .message-row.user-row");
  if (questions.length > asked && asked > 0) {
    questions[questions.length - 1].scrollIntoView({ behavior: calm() ? "auto" : "smooth", block: "start" });
  }
  asked = questions.length;
}

function begin() {
  follow();
  new MutationObserver(follow).observe(document.body, {
    childList: true,
    subtree: true,
    characterData: true,
    attributeFilter: ["class", "name"],
  });
}

// Gradio puts this script in the page itself, often after the page is read.
if (document.readyState === "loading") addEventListener("DOMContentLoaded", begin);
else begin();
