// What to mend before publishing, asked anew a moment after the text has changed. Only the count is read out.
"use strict"

addEventListener("DOMContentLoaded", () => {
  const WAIT = 2000
  const FIELDS = ["title", "excerpt", "body", "cover"]
  const checklist = document.querySelector("[data-checklist]")
  const form = checklist?.closest("form")
  if (!form) return
  const said = checklist.querySelector("[data-said]")
  const list = checklist.querySelector("[data-advice]")

  const typed = () => {
    const data = new URLSearchParams({ here: checklist.dataset.here })
    for (const name of FIELDS) data.set(name, form.elements[name]?.value ?? "")
    return data
  }

  const show = ({ said: words, advice }) => {
    if (said.textContent !== words) said.textContent = words
    list.replaceChildren(
      ...advice.map(({ kind, words: line }) => {
        const item = Object.assign(document.createElement("li"), { textContent: line, dir: "auto" })
        item.dataset.kind = kind
        return item
      }),
    )
    checklist.hidden = false
  }

  let asked = typed().toString()
  let asking
  const ask = async () => {
    const data = typed()
    if (data.toString() === asked) return
    asked = data.toString()
    asking?.abort()
    asking = new AbortController()
    data.set("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value)
    try {
      const answer = await fetch(checklist.dataset.address, { method: "POST", body: data, signal: asking.signal })
      if (answer.ok) show(await answer.json())
    } catch {
      // Advice may wait: the next change asks again.
    }
  }

  let timer
  form.addEventListener("input", () => {
    clearTimeout(timer)
    timer = setTimeout(ask, WAIT)
  })
})
