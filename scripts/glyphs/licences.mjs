// The list of type families, their licences and their makers that goes with the data set.

const titles = {
  'OFL-1.1': 'SIL Open Font License 1.1',
  'Apache-2.0': 'Apache License 2.0',
};

/** Text of LICENCES.md. Throws if a family is under any other licence than those above. */
export function licenceList(families) {
  const rows = families.map(({ id, version, name, licence, style, part }) => {
    if (!(licence.type in titles))
      throw new Error(`${id} is under ${licence.type}: not allowed here`);
    const maker = licence.attribution.replaceAll('|', '/').replaceAll(/\s+/g, ' ').trim();
    return `| ${name} | ${style} | ${part} | ${licence.type} | ${maker} | @fontsource/${id} ${version} |`;
  });
  const used = [...new Set(families.map(({ licence }) => licence.type))].sort().reverse();
  return [
    '# Type families in `glyphs.bin`',
    '',
    'The images are renderings of letters and figures of these families; no font file is in this repository.',
    'Written by `scripts/glyphs/generate.mjs` from the metadata of the packages named in the last column.',
    '',
    ...used.map((type) => `- ${type}: ${titles[type]}`),
    '',
    '| family | style | part | licence | copyright | package |',
    '| --- | --- | --- | --- | --- | --- |',
    ...rows,
    '',
  ].join('\n');
}
