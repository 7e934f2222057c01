// A block of code says its language, so that the page can colour it.
import * as parts from "django-prose-editor/editor"
import { ask } from "marginalia/dialog"

export const CodeBlock = parts.CodeBlock.extend({
  addOptions() {
    return { ...this.parent?.(), texts: {}, languages: [] }
  },

  renderHTML({ node, HTMLAttributes }) {
    const { language } = node.attrs
    const shown = language ? { "data-language": language } : {}
    const code = language ? { class: `language-${language}` } : {}
    return ["pre", parts.mergeAttributes(HTMLAttributes, shown), ["code", code, 0]]
  },

  addCommands() {
    return {
      ...this.parent?.(),
      chooseLanguage:
        () =>
        ({ editor }) => {
          const { texts, languages } = this.options
          const { language } = editor.getAttributes(this.name)
          const isKnown = !language || languages.some(([key]) => key === language)
          ask(editor, {
            ...texts.buttons,
            title: texts.language,
            fields: [
              {
                name: "language",
                label: texts.language,
                type: "select",
                value: language ?? "",
                options: [["", texts.noLanguage], ...languages, ...(isKnown ? [] : [[language, language]])],
              },
            ],
          }).then((answer) => {
            if (answer) editor.commands.updateAttributes(this.name, { language: answer.language || null })
          })
          return true
        },
    }
  },

  addMenuItems(storage) {
    this.parent?.(storage)
    storage.menu.defineItem({
      name: "codeLanguage",
      groups: "inserts",
      button: storage.buttons.material("code_blocks", "Language"),
      hidden: (editor) => !editor.isActive("codeBlock"),
      command: (editor) => editor.commands.chooseLanguage(),
    })
  },
})
