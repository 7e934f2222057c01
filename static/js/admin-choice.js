// A field that holds an image: the library opens in a window of its own, and its choice is shown here.
"use strict"

addEventListener("DOMContentLoaded", () => {
  for (const choice of document.querySelectorAll("[data-choice]")) {
    const input = choice.querySelector("input")
    const open = choice.querySelector("[data-choose]")
    const clear = choice.querySelector("[data-clear]")

    const show = (id, url, alt) => {
      input.value = id
      input.dispatchEvent(new Event("input", { bubbles: true }))
      choice.querySelector("img")?.remove()
      if (url) {
        const image = Object.assign(new Image(), { src: url, alt, className: "choice-image" })
        choice.prepend(image)
      }
      clear.hidden = !id
    }

    input.hidden = true
    clear.hidden = !input.value
    open.addEventListener("click", (event) => {
      event.preventDefault()
      window.open(open.href, "_blank", "width=900,height=700")
    })
    clear.addEventListener("click", () => {
      show("", "", "")
      open.focus()
    })
    addEventListener("message", ({ origin, data }) => {
      const chosen = data?.chosenImage
      if (origin === location.origin && chosen?.field === input.id) show(chosen.id, chosen.url, chosen.alt)
    })
  }
})
