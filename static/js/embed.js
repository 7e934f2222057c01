// The player of another site comes when a reader asks for it, never before (blog/render/embeds.py).
for (const button of document.querySelectorAll("[data-player]")) {
  button.hidden = false
  button.addEventListener("click", () => {
    const frame = document.createElement("iframe")
    frame.title = button.dataset.title
    frame.allow = "fullscreen"
    frame.sandbox = "allow-scripts allow-same-origin allow-popups allow-popups-to-escape-sandbox allow-presentation"
    // Not less: YouTube plays nothing on a page that does not say whose it is.
    frame.referrerPolicy = "strict-origin-when-cross-origin"
    frame.src = button.dataset.player
    button.parentElement.querySelector(".whose").remove()
    button.replaceWith(frame)
    frame.focus()
  })
}
