// "1. " begins a numbered list: the package takes its rule away along with the choice of signs.
import * as parts from "django-prose-editor/editor"

export const OrderedList = parts.OrderedList.extend({
  addInputRules() {
    const getAttributes = ([, start]) => ({ start: Number(start) })
    return [parts.wrappingInputRule({ find: /^(\d{1,4})[.)]\s$/, type: this.type, getAttributes })]
  },
})
