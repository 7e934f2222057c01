// An image in its figure, and one in a line of text.
import * as parts from "django-prose-editor/editor"
import { plain } from "marginalia/elements"

const SHOWN = 'img[src]:not([src^="data:"])'
const attributes = {
  src: plain("src"),
  alt: plain("alt"),
  width: plain("width"),
  height: plain("height"),
  image: plain("image", "data-image"),
  credit: plain("credit", "data-credit"),
}

export const Image = parts.Image.extend({
  group: "",
  addAttributes: () => attributes,
  addCommands: () => ({}),
  addInputRules: () => [],
  parseHTML: () => [{ tag: SHOWN, context: "figure/" }],
})

export const InlineImage = parts.Image.extend({
  name: "inlineImage",
  inline: true,
  group: "inline",
  addAttributes: () => attributes,
  addCommands: () => ({}),
  addInputRules: () => [],
  parseHTML: () => [{ tag: SHOWN }],
})

export const figureOf = (attrs, caption, to) => ({
  type: "figure",
  content: [
    { type: "image", attrs, marks: to ? [{ type: "link", attrs: to }] : [] },
    { type: "caption", content: caption ? [{ type: "text", text: caption }] : [] },
  ],
})
