// The editor of posts and pages: the package's parts and ours, without the style sheet that the editor would write into
// the page (ours are static/css/admin-writing.css and admin-editor.css).
import * as parts from "django-prose-editor/editor"
import { CodeBlock } from "marginalia/code"
import { counting } from "marginalia/count"
import { Bold, Code, Elements, Italic, Paragraph, Strike } from "marginalia/elements"
import { Embed, player } from "marginalia/embed"
import { Figure } from "marginalia/figure"
import { Find } from "marginalia/find"
import { Footnote } from "marginalia/footnote"
import { Image, InlineImage } from "marginalia/image"
import { Kept, opened, written } from "marginalia/kept"
import { Link } from "marginalia/link"
import { OrderedList } from "marginalia/list"
import { pasted } from "marginalia/paste"
import { Source } from "marginalia/source"
import { captionsOutside, Table, TableFigure } from "marginalia/table"
import { toolbar } from "marginalia/toolbar"

const ATTRIBUTE = "data-django-prose-editor-marginalia"
const OURS = {
  ...{ Bold, Code, CodeBlock, Elements, Embed, Figure, Find, Footnote, Image, InlineImage, Italic, Kept, Link },
  ...{ OrderedList, Paragraph, Source, Strike, Table, TableFigure },
}
const RIGHT_TO_LEFT = /^(ar|fa|he|ur|yi|ps|sd|ug|dv|ckb)\b/

const open = (textarea) => {
  const { extensions } = JSON.parse(textarea.getAttribute(ATTRIBUTE))
  const texts = JSON.parse(textarea.dataset.texts)
  // Of the text's images, by their numbers: has the library words?
  const described = new Map(Object.entries(JSON.parse(textarea.dataset.described)))
  const element = parts.crel("div", { className: "prose-editor" })
  textarea.before(element)
  element.append(textarea)

  const label = document.querySelector(`label[for="${textarea.id}"]`)
  if (label) label.id = `${textarea.id}_label`
  const attributes = { role: "textbox", "aria-multiline": "true", class: "prose", translate: "no" }
  if (label) attributes["aria-labelledby"] = label.id
  if (textarea.getAttribute("aria-invalid")) attributes["aria-invalid"] = "true"

  const status = parts.crel("p", { className: "editor-status", role: "status" })
  const say = (words) => (status.textContent = words)

  const made = ([name, options]) => {
    const part = OURS[name] ?? parts[name]
    if (!part) return []
    const given = typeof options === "object" ? options : {}
    return part.configure(OURS[name] ? { ...given, texts, say, described } : given)
  }
  const editor = new parts.Editor({
    element,
    injectCSS: false,
    editable: !textarea.disabled,
    content: textarea.value,
    editorProps: {
      attributes: () => ({ ...attributes, ...direction(textarea) }),
      transformPastedHTML: (html) => captionsOutside(pasted(html)),
      // Else the click that brings the focus to a picture would leave the cursor at the start of the text.
      handleDOMEvents: { mousedown: (view) => void (view.hasFocus() || view.focus()) },
      handlePaste: (_view, { clipboardData }) => void leaveImage(editor) || playerPasted(editor, clipboardData, texts),
      handleTextInput: (_view, _from, _to, text) => leaveImage(editor) && editor.commands.insertContent(text),
      handleKeyDown: (_view, { key }) => /^(Backspace|Delete)$/.test(key) && deleteFigure(editor),
    },
    extensions: Object.entries(extensions).flatMap(made),
    onCreate: ({ editor }) => queueMicrotask(() => toolbar(editor, element, texts)),
    onUpdate: ({ editor }) => {
      const html = written(editor)
      if (html === kept) return
      kept = textarea.value = html
      textarea.dispatchEvent(new Event("input", { bubbles: true }))
    },
  })
  let kept = written(editor)
  // Another script brings other words (admin-autosave.js).
  textarea.addEventListener("marginalia:set", () => editor.commands.setContent(opened(editor, textarea.value)))
  label?.addEventListener("click", () => editor.commands.focus())
  element.append(status)
  counting(editor, element, texts)
  textarea.form?.elements.language?.addEventListener("change", () => editor.setOptions())
}

// Of a post whose language is known, all of it stands as that language does, and is spelt in it.
const direction = ({ form }) => {
  const language = form?.elements.language?.value
  if (!language) return { dir: "auto" }
  return { dir: RIGHT_TO_LEFT.test(language) ? "rtl" : "ltr", lang: language }
}

// A figure cannot be without its image, so what replaces a selected image would leave an empty one behind:
// words go under the figure, and deleting takes all of it.
const figure = ({ state: { selection } }) => {
  const { $from, node } = selection
  return node?.type.name === "image" && $from.parent.type.name === "figure" ? $from : null
}

const leaveImage = (editor) => {
  const end = figure(editor)?.after()
  if (end === undefined) return false
  return editor.chain().insertContentAt(end, { type: "paragraph" }).setTextSelection(end + 1).run()
}

const deleteFigure = (editor) => {
  const place = figure(editor)
  return Boolean(place) && editor.commands.deleteRange({ from: place.before(), to: place.after() })
}

// The address of a known player, alone on an empty line, is meant as the player.
const playerPasted = (editor, clipboardData, { players }) => {
  const { $from, empty } = editor.state.selection
  if (!empty || $from.parent.type.name !== "paragraph" || $from.parent.content.size) return false
  const href = player(clipboardData.getData("text/plain").trim(), players)
  return Boolean(href) && editor.commands.insertContent({ type: "embed", attrs: { href } })
}

for (const textarea of document.querySelectorAll(`[${ATTRIBUTE}]`)) open(textarea)
