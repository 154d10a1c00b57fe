// The classes of the data set: a byte-order safe name for each character. Which characters are left
// out, and why, is said in README.md.

const leftOut = new Set('0I');

/** Classes [{name, character}] in byte order of their names. */
export const classes = [
  ...[...'0123456789'].map((character) => ({ name: `digit-${character}`, character })),
  ...[...'abcdefghijklmnopqrstuvwxyz'].flatMap((letter) => [
    { name: `lower-${letter}`, character: letter },
    { name: `upper-${letter.toUpperCase()}`, character: letter.toUpperCase() },
  ]),
]
  .filter(({ character }) => !leftOut.has(character))
  .sort((a, b) => (a.name < b.name ? -1 : 1));
