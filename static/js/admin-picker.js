// The window in which an image is chosen: tells the page that opened it, and closes.
"use strict"

const asked = new URLSearchParams(location.search)

const tell = ({ pick, url, alt, decorative, caption, credit }) => {
  if (!window.opener) return
  if (asked.has("CKEditorFuncNum")) {
    // The editor's image dialog speaks the protocol of CKEditor 4's file browsers.
    const data = { id: pick, url, alt, alternative_text: alt, caption, credit }
    window.opener.CKEDITOR?.tools.callFunction(Number(asked.get("CKEditorFuncNum")), url, data)
  } else {
    const chosenImage = { field: asked.get("field"), id: pick, url, alt, decorative, caption, credit }
    window.opener.postMessage({ chosenImage }, location.origin)
  }
  window.close()
}

for (const element of document.querySelectorAll("[data-pick]")) {
  if ("now" in element.dataset) tell(element.dataset)
  element.addEventListener("click", () => tell(element.dataset))
}
