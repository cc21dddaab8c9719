/** What is made of a text, remembered for the next who has the same. Forgets everything when there is too much of it, so that nobody can fill it. */
export class RememberedMany<Value> {
  readonly #values = new Map<string, Value>();
  readonly #most: number;

  constructor(most: number) {
    this.#most = most;
  }

  get(text: string, make: (text: string) => Value): Value {
    const known = this.#values.get(text);
    if (known !== undefined) return known;
    const made = make(text);
    if (this.#values.size >= this.#most) this.#values.clear();
    this.#values.set(text, made);
    return made;
  }
}
