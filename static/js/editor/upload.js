// Images that are dropped or pasted into the text: uploaded to the library, one after the other, each to its place.
import * as parts from "django-prose-editor/editor"
import { figureOf } from "marginalia/image"
import { unread } from "marginalia/paste"

const { Decoration, DecorationSet } = parts.pm.view

// Where an upload will stand moves with what is typed meanwhile: decorations do.
export const uploads = (editor, options) => {
  const plugin = new parts.Plugin({
    state: {
      init: () => DecorationSet.empty,
      apply(transaction, kept) {
        const moved = kept.map(transaction.mapping, transaction.doc)
        const { add, remove } = transaction.getMeta(plugin) ?? {}
        if (add) return moved.add(transaction.doc, add.map(({ id, file, at }) => Decoration.widget(at, sign(file), { id })))
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

  const sign = ({ name }) =>
    parts.crel("span", { className: "editor-upload", textContent: options.texts.uploading.replace("%s", name) })

  const taken = (view, data, at) => {
    const files = [...(data?.files ?? [])].filter(({ type }) => type.startsWith("image/"))
    if (!files.length || at === undefined || hasWords(data.getData("text/html"))) return false
    const place = between(view.state, at)
    upload(view, files.map((file) => ({ id: {}, file, at: place })))
    return true
  }

  const upload = async (view, waiting) => {
    view.dispatch(view.state.tr.setMeta(plugin, { add: waiting }))
    const said = new Set()
    for (const { id, file } of waiting) {
      const answer = await sent(options, file)
      const [place] = plugin.getState(view.state).find(null, null, (spec) => spec.id === id)
      view.dispatch(view.state.tr.setMeta(plugin, { remove: id }))
      if (answer.error) {
        said.add(`${file.name}: ${answer.error}`)
        continue
      }
      const { id: image, url: src, alt, caption, credit } = answer
      const isDescribed = Boolean(alt || answer.decorative)
      options.described.set(String(image), isDescribed)
      // Without words yet: the library's hold until the writer says otherwise.
      const figure = figureOf({ src, image: String(image), alt: alt || null, credit: credit || null }, caption)
      if (place) editor.commands.insertContentAt(between(view.state, place.from), figure, { updateSelection: false })
      if (!isDescribed) said.add(options.texts.needsWords)
    }
    options.say([...said].join(" "))
  }
  return plugin
}

// At an end of a paragraph it comes beside it, else it parts it.
const between = ({ doc }, at) => {
  const place = doc.resolve(at)
  if (!place.parent.isTextblock || place.depth === 0) return at
  if (place.parentOffset === 0) return place.before()
  return place.parentOffset === place.parent.content.size ? place.after() : at
}

// A word processor sends a picture of the words along with them; a browser, with a picture, its element.
const hasWords = (html) => {
  const { body } = new DOMParser().parseFromString(unread(html), "text/html")
  return Boolean(html) && (Boolean(body.textContent.trim()) || body.querySelectorAll("img").length !== 1)
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
