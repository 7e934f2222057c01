// Images, from the library (static/js/editor/upload.js has those that are dropped and pasted).
import * as parts from "django-prose-editor/editor"
import { ask } from "marginalia/dialog"
import { figureOf } from "marginalia/image"
import { addressOf } from "marginalia/link"
import { uploads } from "marginalia/upload"

let windows = 0

/** The image that is chosen, or that the cursor stands in the caption of: {at, node, figure}. */
const current = ({ selection: { $from, node, from } }) => {
  for (let depth = $from.depth; depth > 0; depth--) {
    const figure = $from.node(depth)
    if (figure.type.name !== "figure") continue
    return { at: $from.start(depth), node: figure.firstChild, figure: $from.before(depth), hasCaption: figure.childCount > 1 }
  }
  return node?.type.name === "inlineImage" ? { at: from, node, figure: from, hasCaption: true } : null
}

/** A figure of one image, which may be a link, and a caption: what the editor has a part for. */
const isPlain = ({ children: [first, caption, more] }) => {
  const image = first?.matches("a") && first.childNodes.length === 1 ? first.firstElementChild : first
  return Boolean(image?.matches("img")) && (!caption || caption.matches("figcaption")) && !more
}

// The library, in a window that tells what was chosen (static/js/admin-picker.js).
let waiting = null
const choose = (url, chosen) => {
  waiting?.abort() // for a window before it, that may have been closed without a choice
  const { signal } = (waiting = new AbortController())
  const field = `editor-${++windows}`
  const listen = ({ origin, data }) => {
    if (origin !== location.origin || data?.chosenImage?.field !== field) return
    waiting.abort()
    chosen(data.chosenImage)
  }
  addEventListener("message", listen, { signal })
  window.open(`${url}?field=${field}`, "_blank", "width=900,height=700")
}

/** The field that shows which image it is, with the way to the library. */
const picture = (options, state) => (input, around) => {
  // Seen by nobody; it is what the browser points at if no picture was chosen.
  input.className = "editor-unseen"
  input.tabIndex = -1
  const check = () => input.setCustomValidity(state.src ? "" : options.texts.chooseFirst)
  check()
  const shown = parts.crel("img", { className: "editor-picture", alt: "", hidden: !state.src, src: state.src || "" })
  const button = parts.crel("button", { type: "button", textContent: state.src ? options.texts.another : options.texts.library })
  button.addEventListener("click", () => {
    choose(options.pickerUrl, ({ id, url, alt, decorative, caption, credit }) => {
      Object.assign(state, { src: url, image: String(id) })
      options.described.set(String(id), Boolean(alt || decorative))
      shown.src = url
      shown.hidden = false
      const { elements } = input.form
      input.value = url
      check()
      elements.alt.value = alt ?? ""
      elements.decorative.checked = false
      elements.credit.value = credit ?? ""
      if (elements.caption) elements.caption.value = caption ?? ""
      button.textContent = options.texts.another
      elements.alt.dispatchEvent(new Event("input", { bubbles: true }))
      elements.alt.focus()
    })
  })
  around.push(shown, button)
}

/** Asks for the words of an image, unless it only decorates or the library has words for it. */
const wanted = ({ texts, described }, state) => (input) => {
  const check = () => {
    const { alt, decorative } = input.form.elements
    const hasWords = Boolean(alt.value.trim())
    const isMissing = state.src && !hasWords && !decorative.checked && !described.get(state.image)
    alt.setCustomValidity(isMissing ? texts.altMissing : "")
    decorative.setCustomValidity(hasWords && decorative.checked ? texts.altTwice : "")
  }
  // The fields after this one come a moment later.
  queueMicrotask(() => {
    input.form.addEventListener("input", check)
    check()
  })
}

export const Figure = parts.Figure.extend({
  marks: "link",

  addOptions() {
    return { ...this.parent?.(), texts: {}, uploadUrl: "", say: () => {}, described: new Map() }
  },

  addAttributes: () => ({}),
  addNodeView: () => null,
  addExtensions: () => [], // the package's menu over a figure would take its image out of it
  parseHTML: () => [{ tag: "figure", getAttrs: (element) => isPlain(element) && null }],

  addCommands() {
    const edit =
      () =>
      ({ editor, dispatch }) => {
        const found = current(editor.state)
        if (!dispatch) return Boolean(found) || parts.canInsertNode(editor.state, editor.schema.nodes.figure)
        const { texts } = this.options
        const { src = "", alt = null, credit = null, image = null } = found?.node.attrs ?? {}
        const state = { src, image }
        const caption = { name: "caption", label: texts.caption }
        const link = found?.node.marks.find(({ type }) => type.name === "link")
        ask(editor, {
          ...texts.buttons,
          title: texts.image,
          fields: [
            { name: "src", label: texts.picture, value: src, made: picture(this.options, state) },
            { name: "alt", label: texts.alt, value: alt ?? "", help: texts.altHelp, made: wanted(this.options, state) },
            { name: "decorative", label: texts.decorative, type: "checkbox", value: src && alt === "" },
            ...(found?.hasCaption ? [] : [caption]),
            { name: "credit", label: texts.credit, value: credit ?? "" },
            { name: "href", label: texts.linksTo, value: link?.attrs.href ?? "" },
          ],
          remove: found && texts.remove,
        }).then((answer) => {
          if (answer?.removed) {
            const size = editor.state.doc.nodeAt(found.figure).nodeSize
            editor.commands.deleteRange({ from: found.figure, to: found.figure + size })
          } else if (answer && state.src) {
            const words = answer.decorative ? "" : answer.alt || null
            const attrs = { ...state, alt: words, credit: answer.credit || null }
            const to = answer.href && { ...link?.attrs, href: addressOf(answer.href) }
            if (found) editor.chain().command(changing(found, attrs, to, answer.caption)).setNodeSelection(found.at).run()
            else editor.chain().insertContent(figureOf(attrs, answer.caption, to)).run()
          }
        })
        return true
      }
    return { ...this.parent?.(), editImage: edit, insertFigure: edit }
  },

  addProseMirrorPlugins() {
    return [uploads(this.editor, this.options)]
  },
})

const changing = ({ at, node, hasCaption }, attrs, to, caption) => ({ tr, state: { schema } }) => {
  const { link } = schema.marks
  const rest = link.removeFromSet(node.marks)
  tr.setNodeMarkup(at, undefined, { ...node.attrs, ...attrs }, to ? link.create(to).addToSet(rest) : rest)
  if (!hasCaption && caption) tr.insert(at + 1, schema.nodes.caption.create(null, schema.text(caption)))
  return true
}
