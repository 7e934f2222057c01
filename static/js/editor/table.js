// A table stands in a figure with its caption. A new one has a row of headings.
import * as parts from "django-prose-editor/editor"
import { ask } from "marginalia/dialog"

const around = ({ selection: { $from } }, name) => {
  for (let depth = $from.depth; depth > 0; depth--) if ($from.node(depth).type.name === name) return $from.before(depth)
  return null
}

export const TableFigure = parts.Node.create({
  name: "tableFigure",
  group: "block",
  content: "table caption?",
  isolating: true,

  parseHTML() {
    return [{ tag: "figure.table", priority: 60 }]
  },

  renderHTML({ HTMLAttributes }) {
    return ["figure", parts.mergeAttributes(HTMLAttributes, { class: "table" }), 0]
  },
})

export const Table = parts.Table.extend({
  addOptions() {
    return { ...this.parent?.(), texts: {} }
  },

  addCommands() {
    return {
      ...this.parent?.(),

      insertTableWithOptions:
        () =>
        ({ editor }) => {
          const { texts } = this.options
          const size = { type: "number", required: true, attributes: { min: 1, max: 50 } }
          ask(editor, {
            ...texts.buttons,
            title: texts.table,
            fields: [
              { name: "caption", label: texts.caption },
              { name: "rows", label: texts.rows, value: 3, ...size },
              { name: "columns", label: texts.columns, value: 3, ...size },
              { name: "header", label: texts.header, type: "checkbox", value: true },
            ],
          }).then((answer) => answer && editor.chain().insertContent(made(answer)).run())
          return true
        },

      deleteTable:
        () =>
        ({ state, commands, tr, dispatch }) => {
          const at = around(state, "tableFigure")
          if (at === null) return this.parent?.().deleteTable()({ state, commands, tr, dispatch })
          if (dispatch) tr.delete(at, at + state.doc.nodeAt(at).nodeSize)
          return true
        },
    }
  },

  addMenuItems(storage) {
    this.parent?.(storage)
    storage.menu.defineItem({
      name: "table:toggleHeaderRow",
      groups: "table",
      button: storage.buttons.material("table_rows", "Row of headings"),
      hidden: (editor) => !editor.isActive("table"),
      command: (editor) => editor.chain().focus().toggleHeaderRow().run(),
    })
  },
})

const made = ({ caption, rows, columns, header }) => {
  const cells = (type) => Array.from({ length: Number(columns) }, () => ({ type, content: [{ type: "paragraph" }] }))
  const row = (_, at) => ({ type: "tableRow", content: cells(header && at === 0 ? "tableHeader" : "tableCell") })
  const words = caption ? { content: [{ type: "text", text: caption }] } : {}
  const table = { type: "table", content: Array.from({ length: Number(rows) }, row) }
  return { type: "tableFigure", content: [table, { type: "caption", ...words }] }
}

/** HTML in which each table with a <caption> stands in a figure: the editor's tables have rows alone. */
export const captionsOutside = (html) => {
  if (!/<caption/i.test(html)) return html
  const { body } = new DOMParser().parseFromString(html, "text/html")
  for (const caption of body.querySelectorAll("table > caption")) {
    const table = caption.parentElement
    const figure = parts.crel("figure", { className: "table" })
    const words = parts.crel("figcaption", {}, [...caption.childNodes])
    for (const { name, value } of caption.attributes) words.setAttribute(name, value)
    table.replaceWith(figure)
    caption.remove()
    figure.append(table, words)
  }
  return body.innerHTML
}
