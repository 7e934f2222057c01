// The text as HTML, to be read and changed.
import * as parts from "django-prose-editor/editor"
import { ask } from "marginalia/dialog"
import { opened, written } from "marginalia/kept"

export const Source = parts.Extension.create({
  name: "source",

  addOptions() {
    return { texts: {} }
  },

  addCommands() {
    return {
      editSource:
        () =>
        ({ editor }) => {
          const { texts } = this.options
          const html = written(editor).replace(/(<\/(?:p|h[2-4]|ul|ol|li|pre|blockquote|figure|table|tr|div)>)(?=<[^/])/g, "$1\n")
          ask(editor, {
            ...texts.buttons,
            title: texts.source,
            fields: [{ name: "html", label: texts.source, type: "textarea", rows: 18, value: html, help: texts.sourceHelp }],
          }).then((answer) => answer && editor.commands.setContent(opened(editor, answer.html), { emitUpdate: true }))
          return true
        },
    }
  },

  addMenuItems({ menu, buttons }) {
    menu.defineItem({
      name: "html",
      groups: "utility",
      button: buttons.material("html", "HTML"),
      command: (editor) => editor.commands.editSource(),
    })
  },
})
