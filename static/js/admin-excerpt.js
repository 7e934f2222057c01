// The excerpt from the text as it stands in the form, saved or not. What was there before can be had back.
"use strict"

addEventListener("DOMContentLoaded", () => {
  for (const verbs of document.querySelectorAll("[data-excerpt]")) {
    const field = verbs.parentElement.querySelector("textarea")
    const form = field.form
    const fill = verbs.querySelector("[data-fill]")
    const undo = verbs.querySelector("[data-undo]")
    const status = verbs.querySelector("[role=status]")
    let before = ""

    const put = (words) => {
      field.value = words
      field.dispatchEvent(new Event("input", { bubbles: true }))
    }

    fill.addEventListener("click", async () => {
      const data = new FormData()
      data.set("body", form.elements.body.value)
      data.set("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value)
      fill.disabled = true
      try {
        const answer = await fetch(verbs.dataset.excerpt, { method: "POST", body: data })
        if (!answer.ok) throw new Error(answer.statusText)
        const { excerpt } = await answer.json()
        if (excerpt && excerpt !== field.value) {
          before = field.value
          undo.hidden = !before
          put(excerpt)
        }
        status.textContent = excerpt ? verbs.dataset.done : verbs.dataset.none
      } catch {
        status.textContent = verbs.dataset.failed
      } finally {
        fill.disabled = false
        fill.focus()
      }
    })
    undo.addEventListener("click", () => {
      put(before)
      undo.hidden = true
      status.textContent = verbs.dataset.back
      field.focus()
    })
    verbs.hidden = !form?.elements.body
  }
})
