// Beside a line for a colour, an input to choose it with: what is chosen is written into the line, which alone is sent.
"use strict"

addEventListener("DOMContentLoaded", () => {
  for (const colour of document.querySelectorAll("[data-colour]")) {
    const line = colour.querySelector("input")
    const label = document.querySelector(`label[for="${line.id}"]`)
    const chooser = Object.assign(document.createElement("input"), { type: "color" })
    chooser.setAttribute("aria-label", `${label.textContent} ${colour.dataset.words}`)

    const follow = () => {
      const short = /^#[0-9a-f]{3}$/i.test(line.value)
      const whole = short ? line.value.replace(/[0-9a-f]/gi, "$&$&") : line.value
      chooser.value = /^#[0-9a-f]{6}$/i.test(whole) ? whole : line.placeholder
    }

    line.addEventListener("input", follow)
    chooser.addEventListener("input", () => {
      line.value = chooser.value
    })
    follow()
    line.after(chooser)
  }
})
