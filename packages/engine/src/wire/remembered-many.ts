const remembered_max = 1000;

/** What is made of a text, remembered for the next who has the same. Forgets everything when there is too much of it, so that nobody can fill it. */
export class RememberedMany<Value> {
  readonly #values = new Map<string, Value>();

  get(text: string, make: () => Value): Value {
    const known = this.#values.get(text);
    if (known !== undefined) return known;
    const made = make();
    if (this.#values.size >= remembered_max) this.#values.clear();
    this.#values.set(text, made);
    return made;
  }
}
