// While work lasts, its page is asked for again each second and what changed is shown; at its end the page is reloaded.
const shown = document.querySelector("[data-running]");

async function look() {
  try {
    const answer = await fetch(location.href, { cache: "no-store", redirect: "manual" });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const now = page.querySelector("[data-running]");
    if (!now) {
      location.reload();
      return;
    }
    if (now.textContent !== shown.textContent) shown.replaceChildren(...now.childNodes);
  } catch {
    // The server may be restarting: it will be asked again.
  }
  setTimeout(look, 1000);
}

if (shown) setTimeout(look, 1000);
