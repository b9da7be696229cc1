// Keeps the parts of the page fresh that the service moves by itself. Without this script a reload does the same.
"use strict";

const EVERY = 2000;

async function refresh() {
  const parts = [...document.querySelectorAll("[data-live]")];
  if (document.hidden || parts.length === 0) return;
  const address = new URL(location.href);
  address.search = "";
  const answer = await fetch(address, { headers: { Accept: "text/html" } });
  if (!answer.ok) return;
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
  for (const part of parts) {
    const other = fresh.getElementById(part.id);
    const busy = part.contains(document.activeElement) && document.activeElement !== document.body;
    if (other && !busy && other.innerHTML !== part.innerHTML) {
      part.className = other.className;
      part.innerHTML = other.innerHTML;
    }
  }
}

setInterval(() => refresh().catch(() => undefined), EVERY);
