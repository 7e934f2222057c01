// The form of a post or page: what saves the writer a surprise. Everything works without it.
"use strict"

addEventListener("DOMContentLoaded", () => {
  const form = document.querySelector("#post_form, #page_form")
  if (!form) return
  const { title, slug, published_at: at } = form.elements

  // An empty slug shows what it will be (blog/slugs.py makes it).
  const slugOf = (text) =>
    text.normalize("NFKC").replace(/['’]/g, "").toLowerCase().replace(/[^\p{L}\p{M}\p{N}]+/gu, "-").replace(/^-|-$/g, "")
  const hint = () => slug && (slug.placeholder = slugOf(title.value))
  title?.addEventListener("input", hint)
  if (title) hint()

  // A time to come makes "Publish" say what it will do.
  const publish = form.querySelector("[data-schedule]")
  const offset = Number(document.body.dataset.adminUtcOffset) * 1000
  const words = publish && { now: publish.value, later: publish.dataset.schedule }
  const rename = () => {
    const siteTime = new Date(Date.now() + offset).toISOString().slice(0, 16)
    publish.value = at.value > siteTime ? words.later : words.now
  }
  if (publish && at) {
    at.addEventListener("input", rename)
    rename()
  }

  // Leaving with unsaved words asks first.
  let touched = Boolean(form.querySelector(".errornote"))
  form.addEventListener("input", () => (touched = true))
  form.addEventListener("submit", () => (touched = false))
  form.addEventListener("marginalia:kept", () => (touched = false))  // admin-autosave.js: nothing would be lost
  addEventListener("beforeunload", (event) => {
    if (touched) event.preventDefault()
  })
})
