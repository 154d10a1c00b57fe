// Mutations of files, the same for the same seed: what crashes, editors, disks and strangers do.

/** A stream of numbers in [0, 1) (mulberry32). */
export function randomOf(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

const below = (random, end) => Math.floor(random() * end);
const pick = (random, list) => list[below(random, list.length)];

const numbers = [
  '0',
  '-0',
  '-1',
  '1.5',
  '1e-9',
  '7',
  '255',
  '65536',
  '999999999',
  '2147483647',
  '2147483648',
  '4294967295',
  '4294967296',
  '9007199254740993',
  '1e18',
  '1e308',
  '1e999',
  '-1e999',
  'NaN',
  '.inf',
  '.nan',
  '0x10',
  '007',
  '1e-400',
];
const words = [
  '',
  ' ',
  '\0',
  '\n',
  '..',
  '../..',
  '/',
  'null',
  'true',
  '__proto__',
  'constructor',
  'toString',
  '<b>',
  '<img src=x onerror=alert(1)>',
  '"',
  "'",
  '{',
  '}',
  '[',
  ']',
  ':',
  ',',
  '*x',
  '&x',
  '!!set',
  '<<',
  '|',
  '>',
  '\ud800',
  'é',
  '\u202e',
  'x'.repeat(300),
  ' '.repeat(5000),
  '['.repeat(3000),
  '{a:'.repeat(3000),
  '"'.repeat(999),
];
const odd = [
  null,
  true,
  false,
  0,
  -0,
  -1,
  1.5,
  1e9,
  1e18,
  1e308,
  2 ** 53,
  4294967296,
  '',
  '../..',
  '\0',
  '<b>',
  '__proto__',
  'x'.repeat(2000),
  [],
  {},
  [null],
  ['x'],
  { html: '<b>' },
  { length: 1e9 },
  [[[[]]]],
];

/** A text with one to four changes: tokens dropped, doubled, exchanged, replaced, numbers made
 *  extreme, lines moved, parts repeated, brackets without end. */
export function mutateText(text, random) {
  let tokens = text.split(/(\s+|[\w.+-]+|[^\s\w])/).filter((token) => token !== '');
  for (let change = below(random, 4); change >= 0; change--) {
    const at = below(random, tokens.length + 1);
    const to = below(random, tokens.length + 1);
    const length = 1 + below(random, pick(random, [1, 3, 20]));
    switch (below(random, 9)) {
      case 0:
        tokens.splice(at, length);
        break;
      case 1:
        tokens.splice(to, 0, ...tokens.slice(at, at + length));
        break;
      case 2:
        tokens.splice(to, 0, ...tokens.splice(at, length));
        break;
      case 3:
        tokens[at] = pick(random, words);
        break;
      case 4:
      case 5: {
        const places = tokens.flatMap((token, index) => (/^[-+]?[\d.]/.test(token) ? [index] : []));
        if (places.length > 0) tokens[pick(random, places)] = pick(random, numbers);
        break;
      }
      case 6:
        tokens.splice(at, 0, pick(random, words));
        break;
      case 7:
        tokens = tokens.slice(0, at);
        break;
      default:
        tokens.splice(
          at,
          0,
          tokens
            .slice(at, at + length)
            .join('')
            .repeat(below(random, 200)),
        );
    }
    if (tokens.length > 200_000) tokens.length = 200_000;
  }
  return tokens.join('');
}

/** A JSON text with some values replaced, dropped, doubled or moved; now and then as a text. */
export function mutateJson(text, random) {
  if (random() < 0.2) return mutateText(text, random);
  let value;
  try {
    value = JSON.parse(text);
  } catch {
    return mutateText(text, random);
  }
  const root = { value };
  for (let change = below(random, 3); change >= 0; change--) {
    const places = [];
    const walk = (holder) => {
      for (const key of Object.keys(holder)) {
        places.push([holder, key]);
        if (holder[key] !== null && typeof holder[key] === 'object') walk(holder[key]);
      }
    };
    walk(root);
    if (places.length === 0) return '';
    const [holder, key] = pick(random, places);
    const other = pick(random, places);
    const kind = below(random, 6);
    if (kind === 0) Reflect.deleteProperty(holder, key);
    else if (kind === 1) holder[pick(random, words)] = holder[key];
    else if (kind === 2) holder[key] = structuredClone(other[0][other[1]]);
    else holder[key] = structuredClone(pick(random, odd));
  }
  return JSON.stringify(root.value) ?? '';
}

/** Lines of JSON with one of them changed, torn, doubled or moved. */
export function mutateLines(text, random) {
  const lines = text.split('\n');
  const at = below(random, lines.length);
  const kind = below(random, 5);
  if (kind === 0) lines[at] = (lines[at] ?? '').slice(0, below(random, 99));
  else if (kind === 1) lines.splice(below(random, lines.length), 0, lines[at] ?? '');
  else if (kind === 2) lines.splice(at, 1);
  else if (kind === 3) return mutateText(text, random);
  else lines[at] = mutateJson(lines[at] ?? '', random);
  return lines.join('\n');
}

/** Bytes with one to four changes: bits flipped, parts cut, zeroed, repeated, exchanged, numbers of
 *  1 to 8 bytes made extreme, digits changed. Mostly near the start, where headers are. */
export function mutateBytes(bytes, random) {
  let result = Buffer.from(bytes);
  for (let change = below(random, 4); change >= 0; change--) {
    const span = random() < 0.6 ? Math.min(result.length, 600) : result.length;
    const at = below(random, span);
    const length = Math.min(result.length - at, 1 + below(random, pick(random, [1, 8, 64, 512])));
    switch (below(random, 8)) {
      case 0:
        if (result.length > 0) result[at] ^= 1 << below(random, 8);
        break;
      case 1:
        result = result.subarray(0, at);
        break;
      case 2:
        result.fill(pick(random, [0, 0xff, 0x20]), at, at + length);
        break;
      case 3:
        result = Buffer.concat([
          result.subarray(0, at),
          result.subarray(at, at + length),
          result.subarray(at),
        ]);
        break;
      case 4:
        result = Buffer.concat([result.subarray(0, at), result.subarray(at + length)]);
        break;
      case 5: {
        const width = pick(random, [1, 2, 4, 8]);
        const extreme = Buffer.alloc(8, pick(random, [0, 0xff, 0x7f, 0x80]));
        if (random() < 0.5) extreme[below(random, 8)] = below(random, 256);
        extreme.copy(result, at, 0, width);
        break;
      }
      case 6: {
        const to = below(random, span);
        result.copy(result, to, at, at + length);
        break;
      }
      default:
        for (let i = at; i < at + length; i++) {
          const byte = result[i] ?? 0;
          if (byte >= 0x30 && byte <= 0x39) result[i] = 0x30 + below(random, 10);
        }
    }
  }
  return result;
}
