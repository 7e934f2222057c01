// A framed page's links lead to pages that no frame may show: those open in its place.
const frame = document.querySelector("iframe");

function lead() {
  for (const link of frame.contentDocument.links) {
    if (!link.getAttribute("href").startsWith("#")) link.target = "_top";
  }
}

frame.addEventListener("load", lead);
if (frame.contentDocument.readyState === "complete") lead();
