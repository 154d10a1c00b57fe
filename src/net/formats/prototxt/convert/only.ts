// What a field of a layer must be.
import type { CaffeLayer } from '../caffe-layers.js';
import type { Issues } from '../issues.js';

/** Refuses a field that has another value than the only one that our layer has. */
export function expectOnly(
  { name, place, parameters }: CaffeLayer,
  issues: Issues,
  only: Readonly<Record<string, string | number | boolean>>,
): void {
  for (const [field, value] of Object.entries(only)) {
    const found =
      typeof value === 'string'
        ? (parameters.text(field) ?? value)
        : typeof value === 'number'
          ? parameters.number([field], value)
          : parameters.flag(field, value);
    if (found === value) continue;
    const what = `${field}: ${found}`;
    issues.add(place, `layer "${name}": ${what} is not supported, only ${value} is`);
  }
}
