// What the site's cleaner lets through beyond the package's parts (blog/sanitize.py, whose lists come with the page):
// its small elements as marks, its attributes on every block, and either name of an element that has two.
import * as parts from "django-prose-editor/editor"

const { Node, mergeAttributes } = parts

/** An attribute that is kept as it stands: the package's own reading would make a number of "007". */
export const plain = (name, called = name) => ({
  default: null,
  parseHTML: (element) => element.getAttribute(called),
  renderHTML: (attributes) => (attributes[name] === null ? {} : { [called]: attributes[name] }),
})

const plainly = (names) => Object.fromEntries(names.map((name) => [name, plain(name)]))

// Made anew, an element has the first name; one that came with the other keeps it.
const eitherName = (part, ...names) =>
  part.extend({
    excludes: "",
    addAttributes() {
      return { ...this.parent?.(), name: { default: names[0], parseHTML: ({ localName }) => localName, rendered: false } }
    },
    parseHTML: () => names.map((tag) => ({ tag })),
    renderHTML: ({ mark, HTMLAttributes }) => [mark.attrs.name, HTMLAttributes, 0],
  })

export const Bold = eitherName(parts.Bold, "strong", "b")
export const Italic = eitherName(parts.Italic, "em", "i")
export const Strike = eitherName(parts.Strike, "s", "del")

// Code may be bold, or a link.
export const Code = parts.Code.extend({
  excludes: "",
  addAttributes: () => plainly(["class"]),
})

// A <div> of words alone is a paragraph by another name.
export const Paragraph = parts.Paragraph.extend({
  addOptions() {
    return { ...this.parent?.(), blocks: [] }
  },
  addAttributes() {
    return { name: { default: "p", parseHTML: ({ localName }) => localName, rendered: false } }
  },
  parseHTML() {
    const blocks = this.options.blocks.join()
    return [{ tag: "p" }, { tag: "div", getAttrs: (element) => !element.querySelector(blocks) && null }]
  },
  renderHTML: ({ node, HTMLAttributes }) => [node.attrs.name, HTMLAttributes, 0],
})

export const Box = Node.create({
  name: "box",
  group: "block",
  content: "block+",
  parseHTML: () => [{ tag: "div" }],
  renderHTML: ({ HTMLAttributes }) => ["div", mergeAttributes(HTMLAttributes), 0],
})

const PLACES = {
  paragraph: "p",
  box: "div",
  embed: "div",
  heading: "h2",
  codeBlock: "pre",
  blockquote: "blockquote",
  bulletList: "ul",
  orderedList: "ol",
  listItem: "li",
  table: "table",
  tableRow: "tr",
  tableHeader: "th",
  tableCell: "td",
  figure: "figure",
  tableFigure: "figure",
  caption: "figcaption",
}
// Else a span says nothing, and a footnote (of several blocks: the rest are a node) is no small print.
const MEANT = { span: "span[dir], span[lang]", small: "small:not(.footnote)" }
// These the nodes read themselves.
const OWN = ["class", "start", "colspan", "rowspan"]

export const Elements = parts.Extension.create({
  name: "elements",

  addOptions() {
    return { attributes: {}, marks: [] }
  },

  addGlobalAttributes() {
    return Object.entries(PLACES).map(([type, tag]) => ({
      types: [type],
      attributes: plainly(this.options.attributes[tag].filter((name) => !OWN.includes(name))),
    }))
  },

  addExtensions() {
    const { attributes, marks } = this.options
    const made = (tag) =>
      parts.Mark.create({
        name: tag,
        addAttributes: () => plainly(attributes[tag]),
        parseHTML: () => [{ tag: MEANT[tag] ?? tag }],
        renderHTML: ({ HTMLAttributes }) => [tag, HTMLAttributes, 0],
      })
    return [Box, ...marks.map(made)]
  },
})
