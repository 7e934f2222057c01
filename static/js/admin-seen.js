// How a post or page will look in search results and where it is shared, while it is being written.
"use strict"

// Most that is shown of it, as pixels of the letters that search engines set it in.
const ROOM = { title: [580, "20px Arial, sans-serif"], words: [920, "14px Arial, sans-serif"] }
const SUMMARY = 200  // characters, as blog/render makes it
const APART = "h2, h3, h4, pre, table, figcaption"  // what no summary is made of

const canvas = document.createElement("canvas").getContext("2d")

const cut = (text, [room, font]) => {
  canvas.font = font
  if (canvas.measureText(text).width <= room) return text
  const letters = [...text]
  let [least, most] = [0, letters.length]
  while (least < most) {
    const middle = Math.ceil((least + most) / 2)
    if (canvas.measureText(`${letters.slice(0, middle).join("")} …`).width <= room) least = middle
    else most = middle - 1
  }
  const kept = letters.slice(0, least).join("")
  return `${kept.replace(/\s+\S*$/, "") || kept} …`
}

const firstWords = (html) => {
  const { body } = new DOMParser().parseFromString(html.replace(/<(\/?(p|li|div|br|blockquote)\b)/gi, " <$1"), "text/html")
  for (const element of body.querySelectorAll(APART)) element.remove()
  const words = body.textContent.trim().replace(/\s+/g, " ")
  return words.length > SUMMARY ? `${words.slice(0, SUMMARY).replace(/\s+\S*$/, "")}…` : words
}

addEventListener("DOMContentLoaded", () => {
  const seen = document.querySelector("[data-seen]")
  const form = seen?.closest("form")
  if (!form) return
  const { site, host, head, kind, whole, cut: tooLong, untitled, wordless } = seen.dataset
  const { title, slug, excerpt, seo_title: seoTitle, seo_description: seoWords, cover, published_at: at } = form.elements
  const part = (name) => seen.querySelector(`[data-${name}]`)
  const value = (field) => field?.value.trim().replace(/\s+/g, " ") ?? ""
  const asSaved = at?.value

  const dated = () => {
    if (kind === "page" || (head && at?.value === asSaved)) return head
    const day = at?.value || new Date().toISOString()
    return `/${day.slice(0, 4)}/${day.slice(5, 7)}/`
  }

  const picture = () => {
    const from = cover?.value && cover.closest("[data-choice]")?.querySelector("img")
    part("cover").hidden = !from
    if (from && part("cover").src !== from.src) part("cover").src = from.src
  }

  // Under the two fields: how long they are, and whether that is too long.
  const counters = [[seoTitle, "title"], [seoWords, "words"]].filter(([field]) => field).map(([field, name]) => {
    const count = Object.assign(document.createElement("p"), { className: "help count", id: `${field.id}_count` })
    field.after(count)
    field.setAttribute("aria-describedby", [field.getAttribute("aria-describedby"), count.id].filter(Boolean).join(" "))
    return [count, field, name]
  })

  const show = () => {
    const summary = value(excerpt) || firstWords(form.elements.body?.value ?? "") || wordless
    const full = { title: value(seoTitle) || value(title) || untitled, words: value(seoWords) || summary }
    const named = `${full.title} · ${site}`
    part("title").textContent = cut(named, ROOM.title)
    part("words").textContent = cut(full.words, ROOM.words)
    part("address").textContent = [host, ...`${dated()}${value(slug) || slug?.placeholder || ""}`.split("/").filter(Boolean)].join(" › ")
    part("host").textContent = host
    part("card-title").textContent = value(title) || untitled
    part("card-words").textContent = summary
    for (const [count, field, name] of counters) {
      const text = value(field)
      const isWhole = cut(text, ROOM[name]) === text
      count.textContent = text && (isWhole ? whole : tooLong).replace("{n}", [...text].length)
      count.classList.toggle("too-long", !isWhole)
    }
    picture()
  }

  let timer
  form.addEventListener("input", () => {
    clearTimeout(timer)
    timer = setTimeout(show, 100)
  })
  new MutationObserver(picture).observe(cover?.closest("[data-choice]") ?? seen.querySelector("h2"), { childList: true })
  seen.hidden = false
  show()
})
