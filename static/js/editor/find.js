// Find and replace, within the text that is being written.
import * as parts from "django-prose-editor/editor"

const { Decoration, DecorationSet } = parts.pm.view
// Letter by letter, so that places fit: "İ" alone has a longer small letter, of which the first part says enough.
const folded = (text) => Array.from(text, (letter) => letter.toLowerCase().slice(0, letter.length)).join("")

/** Where the words stand: [{from, to}], each within one block of text. */
const places = (doc, sought) => {
  const found = []
  if (!sought) return found
  doc.descendants((node, at) => {
    if (!node.isTextblock) return true
    // An object in the line (a footnote, a line's end) counts as one sign, as in the document's own places.
    const text = folded(node.textBetween(0, node.content.size, undefined, "\ufffc"))
    for (let from = text.indexOf(sought); from >= 0; from = text.indexOf(sought, from + sought.length)) {
      found.push({ from: at + 1 + from, to: at + 1 + from + sought.length })
    }
    return false
  })
  return found
}

export const Find = parts.Extension.create({
  name: "find",

  addOptions() {
    return { texts: {} }
  },

  addStorage() {
    return { sought: "", at: -1, found: [], bar: null }
  },

  addProseMirrorPlugins() {
    const { storage } = this
    return [
      new parts.Plugin({
        props: {
          decorations: ({ doc }) => {
            if (!storage.sought) return null
            storage.found = places(doc, storage.sought)
            const marks = storage.found.map(({ from, to }, number) =>
              Decoration.inline(from, to, { class: number === storage.at ? "found found-now" : "found" }),
            )
            return DecorationSet.create(doc, marks)
          },
        },
      }),
    ]
  },

  addCommands() {
    return {
      openFind:
        () =>
        ({ editor }) => {
          this.storage.bar ??= bar(editor, this.storage, this.options.texts)
          this.storage.bar.open()
          return true
        },
    }
  },

  addKeyboardShortcuts() {
    return { "Mod-f": () => this.editor.commands.openFind() }
  },

  addMenuItems({ menu, buttons }) {
    menu.defineItem({
      name: "find",
      groups: "utility",
      button: buttons.material("search", "Find and replace"),
      command: (editor) => editor.commands.openFind(),
    })
  },
})

const bar = (editor, storage, texts) => {
  const field = (label) => parts.crel("input", { type: "search", "aria-label": label, placeholder: label, dir: "auto" })
  const button = (textContent) => parts.crel("button", { type: "button", textContent })
  const [sought, other] = [field(texts.find), field(texts.replaceWith)]
  const [before, next, one, all, shut] = ["before", "next", "replace", "replaceAll", "close"].map((name) => button(texts[name]))
  const count = parts.crel("span", { role: "status", className: "small" })
  const children = [sought, before, next, count, other, one, all, shut]
  const dom = parts.crel("div", { className: "find-bar", role: "search", "aria-label": texts.findAndReplace }, children)
  editor.view.dom.before(dom)

  const show = (at, isMoved = true) => {
    const { found } = storage
    storage.at = found.length ? (at + found.length) % found.length : -1
    count.textContent = sought.value ? texts.ofThese.replace("%s", storage.at + 1).replace("%s", found.length) : ""
    const place = found[storage.at]
    if (place && isMoved) editor.chain().setTextSelection(place).scrollIntoView().run()
    else editor.view.dispatch(editor.state.tr)
  }

  const look = () => {
    storage.sought = folded(sought.value)
    storage.found = places(editor.state.doc, storage.sought)
    const after = storage.found.findIndex(({ from }) => from >= editor.state.selection.from)
    show(Math.max(0, after))
  }

  // The marks of the first replaced letter hold for what comes in its place.
  const put = (tr, { from, to }) => {
    const marks = tr.doc.resolve(from).marksAcross(tr.doc.resolve(to)) ?? []
    return other.value ? tr.replaceWith(from, to, editor.schema.text(other.value, marks)) : tr.delete(from, to)
  }

  const replace = (which) => {
    const { tr } = editor.state
    for (const place of which.toReversed()) put(tr, place)
    editor.view.dispatch(tr)
    storage.found = places(editor.state.doc, storage.sought)
  }

  sought.addEventListener("input", look)
  before.addEventListener("click", () => show(storage.at - 1))
  next.addEventListener("click", () => show(storage.at + 1))
  one.addEventListener("click", () => {
    const place = storage.found[storage.at]
    if (!place) return
    replace([place])
    // What was put in may hold the words that are sought.
    const after = storage.found.findIndex(({ from }) => from >= place.from + other.value.length)
    show(Math.max(0, after))
  })
  all.addEventListener("click", () => {
    const { length } = storage.found
    replace(storage.found)
    show(0, false)
    count.textContent = texts.replaced.replace("%s", length)
  })
  const close = () => {
    dom.hidden = true
    storage.sought = ""
    editor.commands.focus()
  }
  shut.addEventListener("click", close)
  dom.addEventListener("keydown", (event) => {
    if (event.key === "Escape") close()
    else if (event.key === "Enter" && event.target === sought) show(storage.at + (event.shiftKey ? -1 : 1))
    else if (event.key === "Enter" && event.target === other) one.click()
    else return
    // Enter in a field of the page's form would save the post.
    event.preventDefault()
    event.stopPropagation()
  })

  return {
    open() {
      dom.hidden = false
      const { from, to } = editor.state.selection
      const words = editor.state.doc.textBetween(from, to, " ")
      if (words && words.length < 100) sought.value = words
      sought.focus()
      sought.select()
      look()
    },
  }
}
