// Whether a release of Node is one that a package asks for.

/** @param version such as "20.15.0"
 *  @param range as `engines` of package.json has it: "^18.0.0 || >=20.1.0" */
export function meets(version, range) {
  const found = numbers(version);
  return range.split('||').some((each) => {
    const [, sign, wanted] = /^\s*(\^|>=)\s*(\d[\d.]*)\s*$/.exec(each) ?? [];
    if (wanted === undefined) return true;
    const least = numbers(wanted);
    return compare(found, least) >= 0 && (sign === '>=' || found[0] === least[0]);
  });
}

function numbers(version) {
  const parts = version.split('.').map((part) => Number.parseInt(part, 10));
  return [0, 1, 2].map((index) => parts[index] ?? 0);
}

function compare(a, b) {
  const at = a.findIndex((part, index) => part !== b[index]);
  return at === -1 ? 0 : a[at] - b[at];
}
