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
