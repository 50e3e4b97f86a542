// Copying, where browsers allow it and where they only allow the old way: a page over plain HTTP on a local network.

export async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copyTheOldWay(text);
  }
}

function copyTheOldWay(text) {
  const before = document.activeElement;
  const held = document.createElement("textarea");
  held.value = text;
  held.className = "hidden";
  document.body.append(held);
  held.select();
  const done = document.execCommand("copy");
  held.remove();
  before?.focus();
  return done;
}
