// The focal point of an image: shown as a ring on it, and put there by a click. Its two fields work without this.
"use strict"

addEventListener("DOMContentLoaded", () => {
  const frame = document.querySelector(".focal-frame")
  const across = document.querySelector("#id_focal_x")
  const down = document.querySelector("#id_focal_y")
  if (!frame || !across || !down) return
  const mark = frame.querySelector(".focal-mark")

  const show = () => {
    const [x, y] = [across, down].map((field) => (field.validity.rangeOverflow || field.validity.rangeUnderflow ? NaN : field.valueAsNumber))
    mark.hidden = Number.isNaN(x + y)
    if (mark.hidden) return
    mark.style.left = `${x * 100}%`
    mark.style.top = `${y * 100}%`
  }
  frame.addEventListener("click", (event) => {
    const box = frame.querySelector("img").getBoundingClientRect()
    const part = (at, start, size) => Math.min(1, Math.max(0, (at - start) / size)).toFixed(2)
    across.value = part(event.clientX, box.left, box.width)
    down.value = part(event.clientY, box.top, box.height)
    show()
  })
  for (const field of [across, down]) field.addEventListener("input", show)
  frame.classList.add("pointed")
  document.querySelector(".focal-hint").hidden = false
  show()
})
