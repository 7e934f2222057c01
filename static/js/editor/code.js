// A block of code says its language, so that the page can colour it.
import * as parts from "django-prose-editor/editor"
import { ask } from "marginalia/dialog"
import { plain } from "marginalia/elements"

export const CodeBlock = parts.CodeBlock.extend({
  addOptions() {
    return { ...this.parent?.(), texts: {}, languages: [] }
  },

  addAttributes() {
    const isBare = { default: false, parseHTML: (element) => !element.querySelector("code"), rendered: false }
    return { ...this.parent?.(), class: plain("class"), isBare }
  },

  renderHTML({ node, HTMLAttributes }) {
    const { language, isBare } = node.attrs
    const shown = language ? { "data-language": language } : {}
    const code = language ? { class: `language-${language}` } : {}
    return ["pre", parts.mergeAttributes(HTMLAttributes, shown), isBare ? 0 : ["code", code, 0]]
  },

  addCommands() {
    return {
      ...this.parent?.(),
      chooseLanguage:
        () =>
        ({ editor }) => {
          const { texts, languages } = this.options
          const { language: own, class: outer } = editor.getAttributes(this.name)
          const language = own ?? outer?.replace("language-", "")
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
            if (answer) editor.commands.updateAttributes(this.name, { language: answer.language || null, class: null, isBare: false })
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
