// A link: to any address, or to one of the site's own posts, which are offered while one types.
/* global asked, combobox */
import * as parts from "django-prose-editor/editor"
import { ask } from "marginalia/dialog"
import { plain } from "marginalia/elements"

/** Offers posts that hold what is typed; the one that is taken gives its address. */
const offering = ({ postsUrl, texts }) => (input) => {
  const suggest = async () => {
    const sought = input.value.trim()
    if (sought.length < 2 || /^(https?:|mailto:|tel:|[#/])/.test(sought)) return []
    const { posts } = await asked(postsUrl, sought)
    return posts.map(({ title, address }) => ({ words: title, beside: address, address }))
  }
  const take = ({ address }) => (input.value = address)
  // The list comes after the line, which stands in the dialog a moment later.
  queueMicrotask(() => combobox(input, { suggest, take, texts: { list: texts.postsHere, found: texts.postsFound } }))
}

export const Link = parts.Link.extend({
  addOptions() {
    return { ...this.parent?.(), texts: {}, postsUrl: "" }
  },

  addAttributes() {
    return { ...this.parent?.(), title: plain("title") }
  },

  addCommands() {
    return {
      ...this.parent?.(),
      addLink:
        () =>
        ({ editor }) => {
          const { texts } = this.options
          const { selection } = editor.state
          const isThere = editor.isActive(this.name)
          const needsWords = selection.empty && !isThere
          const { href = "", title = "" } = editor.getAttributes(this.name)
          const words = { name: "words", label: texts.linkWords, required: true }
          ask(editor, {
            ...texts.buttons,
            title: texts.link,
            fields: [
              { name: "href", label: texts.address, value: href, required: true, help: texts.linkHelp, made: offering(this.options) },
              ...(needsWords ? [words] : []),
              { name: "title", label: texts.linkTitle, value: title ?? "" },
            ],
            remove: isThere && texts.remove,
          }).then((answer) => {
            if (!answer) return
            const chain = editor.chain().focus()
            if (answer.removed) {
              chain.extendMarkRange(this.name).unsetLink().run()
              return
            }
            const attrs = { href: addressOf(answer.href), title: answer.title || null }
            if (needsWords) {
              chain.insertContent({ type: "text", text: answer.words, marks: [{ type: this.name, attrs }] }).run()
            } else chain.extendMarkRange(this.name).setMark(this.name, attrs).run()
          })
          return true
        },
    }
  },

  addMenuItems({ menu, buttons }) {
    menu.defineItem({
      name: "link",
      groups: "link",
      button: buttons.material("insert_link", "Link"),
      active: (editor) => editor.isActive("link"),
      command: (editor) => editor.commands.addLink(),
    })
  },
})

// "example.org/a" is meant as a web address, "me@example.org" as a letter box.
export const addressOf = (text) => {
  if (/^([a-z][a-z0-9+.-]*:|[/#?])/i.test(text)) return text
  if (/^[^\s/@]+@[^\s/@]+\.[^\s/@]+$/.test(text)) return `mailto:${text}`
  return /^[^\s/]+\.[^\s/]+/.test(text) ? `https://${text}` : text
}
