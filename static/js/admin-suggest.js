// Fields that the server completes: labels, one after the other; a series; the post that this one is a translation of.
"use strict"

// Of names between commas, where the one at the cursor begins and ends. A comma within quotes parts nothing.
const nameAt = (text, cursor) => {
  let [start, end, quoted] = [0, text.length, false]
  for (const [place, char] of [...text.split("").entries()]) {
    if (char === '"') quoted = !quoted
    if (char !== "," || quoted) continue
    if (place < cursor) start = place + 1
    else {
      end = place
      break
    }
  }
  return [start, end]
}

// A name within a sentence that may run the other way.
const apart = (name) => `\u2068${name}\u2069`

const plain = (name) => name.replaceAll('"', "").trim()

const suggesting = (box) => {
  const input = box.querySelector("input")
  const { suggest: address, already, use, found, list } = box.dataset
  const isMany = "many" in box.dataset
  const hints = Object.assign(document.createElement("div"), { className: "hints" })
  hints.setAttribute("role", "status")
  input.removeAttribute("list")  // what the browser would offer where scripts do not run

  const place = (cursor = input.selectionStart) => isMany ? nameAt(input.value, cursor) : [0, input.value.length]
  const typed = () => plain(input.value.slice(...place()))

  const put = (name, [start, end]) => {
    const before = input.value.slice(0, start)
    const after = input.value.slice(end).replace(/^,\s*/, "")
    const words = isMany && name.includes(",") ? `"${name}"` : name
    const head = `${before}${before && isMany ? " " : ""}${words}${isMany ? ", " : ""}`.replace(/,\s+/g, ", ")
    input.value = head + after
    input.setSelectionRange(head.length, head.length)
    input.dispatchEvent(new Event("input", { bubbles: true }))
  }

  combobox(input, {
    texts: { found, list },
    suggest: async () => {
      const words = typed()
      const taken = new Set(isMany ? input.value.split(",").map(plain) : [])
      taken.delete(words)
      return (await asked(address, words)).found.filter(({ value }) => !taken.has(value))
    },
    take: ({ value }) => put(value, place()),
  })
  box.append(hints)

  // A name that is there already, or nearly, is pointed out once it has been left.
  const looked = new Map()
  const look = async (name) => {
    if (!name || looked.has(name)) return
    looked.set(name, null)
    const { already: there } = await asked(address, name).catch(() => ({}))
    if (there) looked.set(name, there)
    tell()
  }

  const names = () => {
    const found = new Map()
    for (let at = 0; at <= input.value.length; ) {
      const [start, end] = place(at)
      const name = plain(input.value.slice(start, end))
      if (name) found.set(name, [start, end])
      at = end + 1
    }
    return found
  }

  const tell = () => {
    const rows = []
    for (const name of names().keys()) {
      const there = looked.get(name)
      if (!there) continue
      const row = document.createElement("p")
      const button = Object.assign(document.createElement("button"), { type: "button", className: "plain", textContent: use })
      button.addEventListener("click", () => {
        put(there, names().get(name))
        tell()
        input.focus()
      })
      row.append(already.replace("{typed}", () => apart(name)).replace("{name}", () => apart(there)), " ", button)
      rows.push(row)
    }
    hints.replaceChildren(...rows)
  }

  input.addEventListener("input", () => {
    if (hints.children.length) tell()
    const [start] = place()
    for (const [name, [from]] of names()) if (from !== start) look(name)
  })
  input.addEventListener("blur", () => {
    for (const name of names().keys()) look(name)
  })
}

const choosingPost = (box) => {
  const number = box.querySelector("input[type=number]")
  const combo = box.querySelector(".combo")
  const search = combo.querySelector("input")
  const chosen = box.querySelector(".chosen")
  const clear = chosen.querySelector("[data-clear]")
  const { post: address, found, list } = box.dataset

  const show = () => {
    combo.hidden = Boolean(number.value)
    chosen.hidden = !number.value
  }
  const set = (value) => {
    number.value = value
    number.dispatchEvent(new Event("input", { bubbles: true }))
    show()
  }

  search.id = `${number.id}_search`
  document.querySelector(`label[for="${number.id}"]`)?.setAttribute("for", search.id)
  for (const name of ["aria-describedby", "aria-invalid"]) {
    if (number.hasAttribute(name)) search.setAttribute(name, number.getAttribute(name))
  }
  number.hidden = true
  clear.hidden = false
  combobox(search, {
    texts: { found, list },
    suggest: async () => (await asked(address, search.value)).found,
    take: ({ value, words, beside }) => {
      chosen.querySelector(".chosen-title").textContent = words
      chosen.querySelector(".small").textContent = beside
      search.value = ""
      set(value)
      clear.focus()
    },
  })
  // Enter means the words of the search here, never the form.
  search.addEventListener("keydown", (event) => event.key === "Enter" && event.preventDefault())
  clear.addEventListener("click", () => {
    set("")
    search.focus()
  })
  show()
}

addEventListener("DOMContentLoaded", () => {
  for (const box of document.querySelectorAll("[data-suggest]")) suggesting(box)
  for (const box of document.querySelectorAll("[data-post]")) choosingPost(box)
})
