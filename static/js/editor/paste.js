// What word processors and other pages put into the clipboard, as the elements that are meant.

// They say bold and italic by style, which the content policy keeps from being read: said by elements instead, and the
// rest of the styles left behind.
const MEANT = [
  [/(?<!-)font-weight:\s*(bold|[6-9]00)/, "strong"],
  [/(?<!-)font-style:\s*italic/, "em"],
  [/text-decoration[^;]*:[^;]*line-through/, "s"],
  [/vertical-align:\s*super/, "sup"],
  [/vertical-align:\s*sub/, "sub"],
]
// The boxes of other pages are their layout: a name that the editor has no part for leaves what they hold.
const RENAMED = { h1: "h2", h5: "h4", h6: "h4", b: "strong", i: "em", "div:not(.embed)": "section" }

export const pasted = (html) => {
  if (html.includes("data-pm-slice")) return html
  const { body } = new DOMParser().parseFromString(unread(html), "text/html")
  wordLists(body)
  wordFootnotes(body)
  for (const element of body.querySelectorAll("[data-style]")) asMeant(element)
  for (const element of body.querySelectorAll("[dir], [lang]")) {
    element.removeAttribute("dir")
    element.removeAttribute("lang")
  }
  for (const [name, other] of Object.entries(RENAMED)) {
    for (const element of body.querySelectorAll(name)) renamed(element, other)
  }
  return body.innerHTML
}

/** HTML whose styles and programs can be parsed without the content policy's complaint. */
export const unread = (html) =>
  html
    .replace(/<style[\s\S]*?<\/style\s*>/gi, "")
    .replace(/<[a-z][^>]*>/gi, (tag) =>
      tag.replace(/\sstyle(?=\s*=)/gi, " data-style").replace(/\son[a-z]+(?=\s*=)/gi, " data-on"),
    )

export const renamed = (element, name) => {
  const other = document.createElement(name)
  for (const { name, value } of element.attributes) other.setAttribute(name, value)
  other.append(...element.childNodes)
  element.replaceWith(other)
  return other
}

const asMeant = (element) => {
  const style = element.dataset.style.toLowerCase()
  delete element.dataset.style
  if (/^(b|strong)$/i.test(element.tagName) && /(?<!-)font-weight:\s*(normal|[1-5]00)/.test(style)) {
    element.replaceWith(...element.childNodes)
  } else if (element.tagName === "SPAN") {
    for (const [pattern, tag] of MEANT) {
      if (!pattern.test(style)) continue
      const meant = document.createElement(tag)
      meant.append(...element.childNodes)
      element.append(meant)
    }
  }
}

// Word writes lists as paragraphs, each with its level and a sign of its own.
const wordLists = (body) => {
  let open = [] // the lists that the last item stands in, from the outermost: {level, list}
  for (const item of body.querySelectorAll("p[data-style*='mso-list']")) {
    const [, level] = /mso-list:[^;]*\blevel(\d)/i.exec(item.dataset.style) ?? []
    if (!level) continue // "mso-list: none"
    const sign = item.querySelector("[data-style*='mso-list:Ignore' i], [data-style*='mso-list: Ignore' i]")
    const isNumbered = /^[0-9a-z]{1,4}[.)]/i.test(sign?.textContent.trim() ?? "")
    sign?.remove()
    if (item.previousElementSibling !== open[0]?.list) open = []
    // A list that began deeper goes on where it is.
    while (open.length > 1 && open.at(-1).level > level) open.pop()
    if (open.length === 1 && open[0].level > level) open[0].level = level
    if (!open.length || open.at(-1).level < level) {
      const list = document.createElement(isNumbered ? "ol" : "ul")
      if (open.length) open.at(-1).list.lastElementChild.append(list)
      else item.before(list)
      open.push({ level, list })
    }
    const entry = document.createElement("li")
    open.at(-1).list.append(entry)
    entry.append(item)
  }
}

// A mark that links to its note at the end of the page or of the text, and back.
const wordFootnotes = (body) => {
  for (const mark of body.querySelectorAll("a[href*='#_ftn'], a[href*='#_edn']")) {
    const [, id] = /#_((?:ft|ed)n\d+)$/.exec(mark.getAttribute("href")) ?? []
    const note = id && body.querySelector(`[id="${id}"]`)
    if (!note) continue
    for (const back of note.querySelectorAll(`a[href$="#_${id.replace("n", "nref")}"]`)) back.remove()
    const footnote = document.createElement("small")
    footnote.className = "footnote"
    for (const line of note.querySelectorAll("p")) footnote.append(" ", ...line.childNodes)
    if (note.textContent.trim()) footnote.append(" ", note.textContent.trim()) // what stands in none
    mark.replaceWith(footnote)
    note.remove()
  }
  for (const list of body.querySelectorAll("[data-style*='note-list']")) {
    if (!list.textContent.trim()) list.remove() // with the line above the notes
  }
}
