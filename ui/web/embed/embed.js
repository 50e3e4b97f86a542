// <script src="https://…/embed.js" data-cle="elus_pub_…" data-couleur="#1f3fb5" data-hauteur="640"></script>
// puts the assistant in a frame, right where the script stands.
(() => {
  "use strict";
  const script = document.currentScript;
  const address = new URL("embed", script.src);
  address.searchParams.set("cle", script.dataset.cle ?? "");
  if (script.dataset.couleur) address.searchParams.set("couleur", script.dataset.couleur);
  const frame = document.createElement("iframe");
  frame.src = address;
  frame.title = "Assistant des élus";
  frame.style.cssText = "display: block; width: 100%; border: 1px solid #767c8c;";
  const height = Number.parseInt(script.dataset.hauteur, 10);
  frame.style.height = `${Number.isNaN(height) ? 640 : Math.max(320, height)}px`;
  script.after(frame);
})();
