// A reader's own choice of light or dark, kept in this browser alone. It runs before anything is painted; the buttons
// in the foot of the page come later, and only here: without scripts the device or the site decides.
"use strict"
{
  const root = document.documentElement
  const ofSite = root.dataset.scheme || "system"

  // Storage may be forbidden; then a choice lasts as long as the page.
  let here = null
  const chosen = () => {
    try {
      here = localStorage.getItem("scheme") ?? here
    } catch {}
    return ["system", "light", "dark"].includes(here) ? here : ofSite
  }

  const show = () => {
    const scheme = chosen()
    if (scheme === "system") delete root.dataset.scheme
    else root.dataset.scheme = scheme
    document.querySelector("meta[name='color-scheme']").content = scheme === "system" ? "light dark" : scheme
    for (const bar of document.querySelectorAll("meta[name='theme-color']")) {
      const own = bar.dataset.bar
      bar.media = scheme === "system" ? `(prefers-color-scheme: ${own})` : scheme === own ? "all" : "not all"
    }
    for (const button of document.querySelectorAll("[data-choose-scheme]")) {
      button.setAttribute("aria-pressed", button.dataset.chooseScheme === scheme)
    }
  }

  show()
  addEventListener("storage", show)
  addEventListener("pageshow", show)  // a page may come back that was left before another was chosen

  addEventListener("DOMContentLoaded", () => {
    const group = document.querySelector(".schemes")
    if (!group) return
    group.addEventListener("click", event => {
      const button = event.target.closest("[data-choose-scheme]")
      if (!button) return
      here = button.dataset.chooseScheme
      try {
        localStorage.setItem("scheme", here)
      } catch {}
      show()
    })
    show()
    group.hidden = false
  })
}
