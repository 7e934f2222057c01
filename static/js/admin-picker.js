// The window in which an image is chosen: tells the page that opened it, and closes.
"use strict"

const field = new URLSearchParams(location.search).get("field")

const tell = ({ pick, url, alt, decorative, caption, credit }) => {
  if (!window.opener) return
  const chosenImage = { field, id: pick, url, alt, decorative, caption, credit }
  window.opener.postMessage({ chosenImage }, location.origin)
  window.close()
}

for (const element of document.querySelectorAll("[data-pick]")) {
  if ("now" in element.dataset) tell(element.dataset)
  element.addEventListener("click", () => tell(element.dataset))
}
