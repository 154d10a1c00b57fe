// Refuses exports of src and page that nothing else uses. Use is: another file of src, page, test
// or bench, the public names of src/index.ts, and for types the signature of another export of the
// same file. A test beside the file is a use only of what its file needs too: what only its own
// test calls is dead.
import ts from 'typescript';

const root = ts.sys.getCurrentDirectory();
// Roots have the base's form: with '.' some paths would be relative, and `relative` cut them.
const read = (path, folder) => {
  const { config } = ts.readConfigFile(path, ts.sys.readFile);
  return ts.parseJsonConfigFileContent(config, ts.sys, folder);
};
const all = read('tsconfig.json', root);
const page = read('page/tsconfig.json', `${root}/page`);
// The page's options serve both: they know JSX and the browser besides.
const program = ts.createProgram([...all.fileNames, ...page.fileNames], page.options);
const checker = program.getTypeChecker();

const relative = (file) => file.fileName.slice(root.length + 1);
const isProduct = (path) =>
  /^(src|page\/src)\//.test(path) && !/\.(test|cases|d)\.tsx?$/.test(path);
const sources = program.getSourceFiles().filter((file) => !file.fileName.includes('node_modules'));

/** The definition that an identifier stands for, through imports, shorthands and destructuring. */
function definitionAt(node) {
  const { parent } = node;
  let symbol;
  if (ts.isShorthandPropertyAssignment(parent)) {
    symbol = checker.getShorthandAssignmentValueSymbol(parent);
  } else if (ts.isBindingElement(parent) && ts.isObjectBindingPattern(parent.parent)) {
    symbol = checker.getTypeAtLocation(parent.parent).getProperty(node.text);
  } else symbol = checker.getSymbolAtLocation(node);
  return symbol && resolved(symbol);
}
const resolved = (symbol) =>
  symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;

/** Definition -> what uses it: files, and in its own file the names of exported declarations, or
 *  none for what is not exported. */
const users = new Map();
function collect(file, node, exported) {
  const isExported = node.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword);
  const name = isExported ? (node.name?.text ?? 'a constant') : exported;
  if (ts.isIdentifier(node)) {
    const symbol = definitionAt(node);
    const isOwn = symbol?.declarations?.some((each) => each.getSourceFile() === file);
    const by = isOwn ? `#${name ?? ''}` : relative(file);
    if (symbol && !symbol.declarations?.includes(node.parent))
      users.set(symbol, (users.get(symbol) ?? new Set()).add(by));
  }
  ts.forEachChild(node, (child) => collect(file, child, name));
}
for (const file of sources) collect(file, file, null);

const listPath = 'src/public-types.ts';
let problems = 0;
for (const file of sources.filter((each) => isProduct(relative(each)))) {
  const path = relative(file);
  const module = checker.getSymbolAtLocation(file);
  if (module === undefined || path === 'src/index.ts' || path === listPath) continue;
  const own = path.replace(/\.tsx?$/, '.test.ts');
  for (const exported of checker.getExportsOfModule(module)) {
    const isType = (exported.flags & ts.SymbolFlags.Type) !== 0;
    const by = [...(users.get(resolved(exported)) ?? [])].filter(
      (each) => each !== `#${exported.name}`,
    );
    const isNeededHere = by.some((each) => each.startsWith('#'));
    const isUsed =
      by.some((each) => !each.startsWith('#') && each !== own) ||
      (isNeededHere && by.includes(own)) ||
      (isType && by.some((each) => each.length > 1 && each.startsWith('#')));
    if (isUsed) continue;
    console.error(`${path}: export ${exported.name} is used nowhere else, or by its own test only`);
    problems++;
  }
}

// The library: every type that it names, directly or by another, can be imported by its name, and
// src/public-types.ts has no others. Private members and bodies of functions name nothing.
const index = program.getSourceFile('src/index.ts');
const exports = checker.getExportsOfModule(checker.getSymbolAtLocation(index)).map(resolved);
const named = new Set();
const waiting = [...exports];

const value = (symbol) => symbol && waiting.push(resolved(symbol));

function follow(node) {
  if (ts.isBlock(node)) return;
  // A value that stands for others: its own type is theirs.
  if (ts.isTypeQueryNode(node)) value(checker.getSymbolAtLocation(node.exprName));
  if (ts.isShorthandPropertyAssignment(node)) {
    value(checker.getShorthandAssignmentValueSymbol(node));
  }
  const isPrivate =
    (node.name && ts.isPrivateIdentifier(node.name)) ||
    node.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.PrivateKeyword);
  if (isPrivate) return;
  const name = ts.isTypeReferenceNode(node)
    ? node.typeName
    : ts.isExpressionWithTypeArguments(node) && node.expression;
  const symbol = name && checker.getSymbolAtLocation(name);
  if (symbol) {
    const type = resolved(symbol);
    const [first] = type.declarations ?? [];
    const isOurs = first && isProduct(relative(first.getSourceFile()));
    if (isOurs && !(type.flags & ts.SymbolFlags.TypeParameter) && !named.has(type)) {
      named.add(type);
      waiting.push(type);
    }
  }
  ts.forEachChild(node, follow);
}
const followed = new Set();
for (const symbol of waiting) {
  if (followed.has(symbol)) continue;
  followed.add(symbol);
  const [first] = symbol.declarations ?? [];
  if (first && isProduct(relative(first.getSourceFile()))) symbol.declarations.forEach(follow);
}
for (const type of named) {
  if (exports.includes(type)) continue;
  const from = relative(type.declarations[0].getSourceFile()).replace('src/', './');
  console.error(
    `src/public-types.ts: the library names ${type.name}, which is not exported: \`export type { ${type.name} } from '${from.replace(/ts$/, 'js')}';\``,
  );
  problems++;
}
const listed = program.getSourceFile(listPath);
for (const exported of checker.getExportsOfModule(checker.getSymbolAtLocation(listed))) {
  if (named.has(resolved(exported))) continue;
  console.error(`src/public-types.ts: exports ${exported.name}, which the library does not name`);
  problems++;
}
process.exit(problems === 0 ? 0 : 1);
