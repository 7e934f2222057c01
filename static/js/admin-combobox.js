// A line of text with suggestions under it, as https://www.w3.org/WAI/ARIA/apg/patterns/combobox/ has it: the focus stays
// in the line, arrows walk through the list, Enter takes, Escape closes.
"use strict"

// `suggest` gives options for what is typed (none: it stays closed), each with `words` and perhaps `beside`; `take` gets
// the one that was chosen. `texts` are `list`, its name, and `found`, which says how many.
const combobox = (input, { suggest, take, texts }) => {
  const list = Object.assign(document.createElement("ul"), { id: `${input.id}_list`, className: "options", hidden: true })
  const status = Object.assign(document.createElement("span"), { className: "unseen" })
  list.setAttribute("role", "listbox")
  list.setAttribute("aria-label", texts.list)
  status.setAttribute("role", "status")
  input.after(list, status)
  for (const [name, value] of Object.entries({ role: "combobox", "aria-autocomplete": "list", "aria-controls": list.id })) {
    input.setAttribute(name, value)
  }

  let options = []
  let active = -1
  let asked = 0
  let timer

  const go = (to) => {
    active = to
    for (const [nth, item] of [...list.children].entries()) item.setAttribute("aria-selected", String(nth === to))
    if (to < 0) return input.removeAttribute("aria-activedescendant")
    input.setAttribute("aria-activedescendant", list.children[to].id)
    list.children[to].scrollIntoView({ block: "nearest" })
  }

  const close = () => {
    clearTimeout(timer)
    asked++
    list.hidden = true
    list.replaceChildren()
    options = []
    input.setAttribute("aria-expanded", "false")
    go(-1)
  }

  const show = (found) => {
    options = found
    list.replaceChildren(...found.map(({ words, beside }, nth) => {
      const item = Object.assign(document.createElement("li"), { id: `${list.id}_${nth}` })
      item.setAttribute("role", "option")
      item.append(Object.assign(document.createElement("bdi"), { textContent: words }))
      if (beside) item.append(" ", Object.assign(document.createElement("span"), { className: "small", textContent: beside }))
      return item
    }))
    list.hidden = !found.length
    input.setAttribute("aria-expanded", String(Boolean(found.length)))
    status.textContent = found.length ? texts.found.replace("{n}", found.length) : ""
    go(-1)
  }

  const ask = async () => {
    const mine = ++asked
    const found = await suggest().catch(() => [])
    if (mine === asked && document.activeElement === input) show(found)
  }

  const choose = (nth) => {
    const chosen = options[nth]
    close()
    take(chosen)
  }

  input.addEventListener("input", (event) => {
    if (!event.isTrusted) return
    clearTimeout(timer)
    timer = setTimeout(ask, 150)
  })
  input.addEventListener("keydown", (event) => {
    if (event.isComposing) return
    const last = options.length - 1
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault()
      if (last < 0) return void ask()
      const onward = event.key === "ArrowDown" ? active + 1 : active - 1
      go(onward > last ? 0 : onward < 0 ? last : onward)
    } else if (event.key === "Enter" && active >= 0) {
      event.preventDefault()
      choose(active)
    } else if (event.key === "Escape" && last >= 0) {
      event.preventDefault()
      close()
    }
  })
  input.addEventListener("blur", close)
  // Pressing would take the focus away, and the list with it, before the click comes.
  list.addEventListener("pointerdown", (event) => event.preventDefault())
  list.addEventListener("click", (event) => {
    const nth = [...list.children].indexOf(event.target.closest("li"))
    if (nth >= 0) choose(nth)
  })
  close()
}

// What the server answers for the words typed (blog/admin/suggest.py).
const asked = async (address, words) => {
  const url = new URL(address, location.href)
  url.searchParams.set("q", words)
  const answer = await fetch(url, { headers: { Accept: "application/json" } })
  if (!answer.ok) throw new Error(answer.statusText)
  return answer.json()
}
