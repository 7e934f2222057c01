// What is typed in the form of a post or page is kept: on the server every few seconds, and in this browser at once, in
// case the server is not reached. Works for what blog/admin/sitting.py answers.
"use strict"

const SOON = 2000      // milliseconds after the last key
const AT_LEAST = 6000  // while somebody goes on typing
const LOCAL = 400
const MACHINE = /^(csrfmiddlewaretoken|base_revision|sitting|restored|overwrite|_.*)$/

addEventListener("DOMContentLoaded", () => {
  const note = document.querySelector("[data-autosave]")
  const form = note?.closest("form")
  if (!form) return
  const said = note.dataset
  const status = document.querySelector("[data-kept]")
  const say = (words) => status && (status.textContent = words)

  const fields = () => Object.fromEntries([...new FormData(form)].filter(([name, value]) => !MACHINE.test(name) && typeof value === "string"))
  const of = `marginalia:${said.user}:`  // others may sit at this browser later
  const key = () => of + location.pathname
  const same = (one, other) => JSON.stringify(one) === JSON.stringify(other)

  // In this browser. It may be full, or forbid it.
  const store = (value) => {
    try {
      if (value) localStorage.setItem(key(), JSON.stringify(value))
      else localStorage.removeItem(key())
    } catch { /* then the server alone keeps it */ }
  }
  const stored = (name = key()) => {
    try {
      return JSON.parse(localStorage.getItem(name))
    } catch {
      return null
    }
  }
  // What is typed belongs to its sitting, and to the version which that began from.
  const copy = (isSent) => store({ at: Date.now(), sitting: form.elements.sitting.value, base: form.elements.base_revision.value, isSent, fields: fields() })
  // What was sent has arrived if the server names its sitting; a new post's stands under the address of new ones.
  const arrived = () => {
    try {
      const mine = Object.keys(localStorage).filter((name) => name.startsWith(of))
      for (const name of mine) {
        const found = stored(name)
        if (found?.isSent && found.sitting === said.saved) localStorage.removeItem(name)
      }
    } catch { /* nothing is kept here */ }
  }

  const isRefused = "refused" in said  // then the form holds what the server may not have
  let kept = isRefused ? {} : fields()  // what the server has
  let sending = false, isSent = false, timer, local, first = 0

  const keep = async () => {
    clearTimeout(timer)
    first = 0
    if (isSent) return
    if (sending) return later()
    const now = fields()
    if (same(now, kept)) return
    sending = true
    try {
      const answer = await fetch(said.autosave, { method: "POST", body: new FormData(form), headers: { Accept: "application/json" } })
      if (answer.status === 403) return say(said.signedOut)
      if (!answer.ok) throw new Error(answer.status)
      const { kept: isKept, words, address, preview, warning } = await answer.json()
      if (!isKept) return
      kept = now
      form.dispatchEvent(new CustomEvent("marginalia:kept"))
      if (same(fields(), now)) store(null)
      say(warning || words)
      moveTo(address)
      lead(preview)
    } catch {
      say(said.offline)
      later(AT_LEAST)
    } finally {
      sending = false
    }
  }

  // A new post has an address as soon as its first words are kept.
  const moveTo = (address) => {
    if (!location.pathname.endsWith("/add/")) return
    store(null)
    history.replaceState(null, "", address)
    form.action = address
    said.autosave = address.replace(/change\/$/, "autosave/")
  }

  // To what is kept, saved or not.
  const lead = (preview) => {
    const link = document.querySelector("[data-preview]")
    link.href = preview
    link.parentElement.hidden = false
  }

  const later = (wait = SOON) => {
    first ||= Date.now()
    clearTimeout(timer)
    timer = setTimeout(keep, Math.max(0, Math.min(wait, first + AT_LEAST - Date.now())))
  }

  const typed = () => {
    later()
    clearTimeout(local)
    local = setTimeout(() => copy(false), LOCAL)
  }
  form.addEventListener("input", typed)
  form.addEventListener("change", typed)
  // What is sent may not arrive: the next page of this address finds the words, or finds them saved.
  form.addEventListener("submit", () => {
    isSent = true
    clearTimeout(local)
    copy(true)
  })
  addEventListener("online", keep)
  document.addEventListener("visibilitychange", () => document.visibilityState === "hidden" && keep())

  if (isRefused) later()

  // What this browser kept and the server does not have.
  if (said.saved) arrived()
  const found = stored()
  if (!found?.fields) return
  const now = fields()
  const differs = Object.keys(found.fields).some((name) => name in now && found.fields[name] !== now[name])
  if (!differs) return isRefused || store(null)
  const when = new Date(found.at).toLocaleString(document.documentElement.lang || undefined)
  const button = (words, does) => {
    const element = Object.assign(document.createElement("button"), { type: "button", className: "plain", textContent: words })
    element.addEventListener("click", does)
    return element
  }
  note.replaceChildren(
    `${said.found.replace("{when}", when)} `,
    button(said.take, () => {
      form.elements.sitting.value = found.sitting
      form.elements.base_revision.value = found.base
      for (const [name, value] of Object.entries(found.fields)) {
        const field = form.elements[name]
        if (!field || field.value === value) continue
        if (field.type === "checkbox") field.checked = value === "on"
        else field.value = value
        field.dispatchEvent(new Event("marginalia:set"))
        field.dispatchEvent(new Event("input", { bubbles: true }))
      }
      note.hidden = true
      form.elements.title?.focus()
    }),
    button(said.forget, () => {
      store(null)
      note.hidden = true
    }),
  )
  note.hidden = false
})
