// Images: from the library, or dropped and pasted into the text, whence they are uploaded to it.
import * as parts from "django-prose-editor/editor"
import { ask } from "marginalia/dialog"
import { addressOf } from "marginalia/link"

const { Decoration, DecorationSet } = parts.pm.view
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
const choose = (url, chosen) => {
  const field = `editor-${++windows}`
  const listen = ({ origin, data }) => {
    if (origin !== location.origin || data?.chosenImage?.field !== field) return
    removeEventListener("message", listen)
    chosen(data.chosenImage)
  }
  addEventListener("message", listen)
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
    choose(options.pickerUrl, ({ id, url, alt, caption, credit }) => {
      Object.assign(state, { src: url, image: String(id) })
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
      elements.alt.focus()
    })
  })
  around.push(shown, button)
}

export const Figure = parts.Figure.extend({
  marks: "link",

  addOptions() {
    return { ...this.parent?.(), texts: {}, uploadUrl: "", say: () => {} }
  },

  addAttributes: () => ({}),
  addNodeView: () => null,
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
            { name: "alt", label: texts.alt, value: alt ?? "", help: texts.altHelp },
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

const figureOf = (attrs, caption, to) => ({
  type: "figure",
  content: [
    { type: "image", attrs, marks: to ? [{ type: "link", attrs: to }] : [] },
    { type: "caption", content: caption ? [{ type: "text", text: caption }] : [] },
  ],
})

// Where an upload will stand moves with what is typed meanwhile: decorations do.
const uploads = (editor, options) => {
  const plugin = new parts.Plugin({
    state: {
      init: () => DecorationSet.empty,
      apply(transaction, kept) {
        const moved = kept.map(transaction.mapping, transaction.doc)
        const { add, remove } = transaction.getMeta(plugin) ?? {}
        if (add) {
          const sign = parts.crel("span", { className: "editor-upload", textContent: options.texts.uploading.replace("%s", add.name) })
          return moved.add(transaction.doc, [Decoration.widget(add.at, sign, { id: add.id })])
        }
        return remove ? moved.remove(moved.find(null, null, ({ id }) => id === remove)) : moved
      },
    },
    props: {
      decorations: (state) => plugin.getState(state),
      handlePaste: (view, { clipboardData }) => taken(view, clipboardData, view.state.selection.to),
      handleDrop: (view, event, _slice, isMoved) =>
        !isMoved && taken(view, event.dataTransfer, view.posAtCoords({ left: event.clientX, top: event.clientY })?.pos),
    },
  })

  const taken = (view, data, at) => {
    const files = [...(data?.files ?? [])].filter(({ type }) => type.startsWith("image/"))
    // A word processor sends a picture of the words along with them.
    if (!files.length || data.getData("text/html") || at === undefined) return false
    for (const file of files) upload(view, file, at)
    return true
  }

  const upload = async (view, file, at) => {
    const id = {}
    view.dispatch(view.state.tr.setMeta(plugin, { add: { id, at, name: file.name } }))
    const answer = await sent(options, file)
    const [place] = plugin.getState(view.state).find(null, null, (spec) => spec.id === id)
    view.dispatch(view.state.tr.setMeta(plugin, { remove: id }))
    if (answer.error) {
      options.say(`${file.name}: ${answer.error}`)
      return
    }
    const { id: image, url: src, alt, caption, credit } = answer
    // Without words yet: the library's hold until the writer says otherwise.
    const attrs = { src, image: String(image), alt: alt || null, credit: credit || null }
    if (place) editor.chain().insertContentAt(place.from, figureOf(attrs, caption)).run()
    options.say(alt ? "" : options.texts.needsWords)
  }
  return plugin
}

const sent = async ({ uploadUrl, texts }, file) => {
  const body = new FormData()
  body.append("upload", file)
  body.append("csrfmiddlewaretoken", document.querySelector("[name=csrfmiddlewaretoken]").value)
  try {
    const response = await fetch(uploadUrl, { method: "POST", body, headers: { Accept: "application/json" } })
    const answer = await response.json()
    return response.ok || answer.error ? answer : { error: texts.notSent }
  } catch {
    return { error: texts.notSent }
  }
}
