type Attributes = Readonly<Record<string, string | number | undefined>>

/** The element with this id, which the page has. */
export function byId<T extends Element>(id: string): T {
  const found = document.getElementById(id)
  if (found === null) throw new Error(`the page has no #${id}`)
  return found as unknown as T
}

/** A new element; text is never taken for markup. */
export function html<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  attributes: Attributes,
  ...children: readonly (Node | string)[]
): HTMLElementTagNameMap[Tag] {
  return fill(document.createElement(tag), attributes, children)
}

export function svg<Tag extends keyof SVGElementTagNameMap>(
  tag: Tag,
  attributes: Attributes,
  ...children: readonly (Node | string)[]
): SVGElementTagNameMap[Tag] {
  return fill(document.createElementNS('http://www.w3.org/2000/svg', tag), attributes, children)
}

/** Changes a text only where it is another: what is selected or read aloud is left in peace. */
export function say(element: Element, text: string): void {
  if (element.textContent !== text) element.textContent = text
}

const drawn = new WeakMap<Element, string>()

/** Draws an element's content anew only where what it shows is another: what somebody reads or has selected stays. */
export function draw<Data>(element: Element, data: Data, content: (data: Data) => readonly Node[]): void {
  const text = JSON.stringify(data) ?? ''
  if (drawn.get(element) === text) return
  drawn.set(element, text)
  element.replaceChildren(...content(data))
}

function fill<T extends Element>(element: T, attributes: Attributes, children: readonly (Node | string)[]): T {
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== undefined) element.setAttribute(name, String(value))
  }
  element.append(...children)
  return element
}
