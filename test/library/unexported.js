// JavaScript, because the compiler whose API this is belongs to the adopter's packages: ours has none.
import { createRequire } from "node:module";
import { join } from "node:path";

/**
 * The types that components, their arguments and `deploy` are made of and that no subpath of the packed library exports: a helper that
 * returns one could not be written.
 *
 * @param {string} modules the node_modules that it is installed in, beside TypeScript 5
 * @returns {string[]} each as `name in file`
 */
export function unexported(modules) {
  const ts = createRequire(join(modules, "any.js"))("typescript");
  const dist = join(modules, "upkeep/dist");
  const roots = ["library/index", "components/index"].map((entry) => join(dist, `${entry}.d.ts`));
  const files = [...roots, join(dist, "library/declaration.d.ts")];
  const program = ts.createProgram(files, {
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
    skipLibCheck: true,
    types: [],
  });
  const checker = program.getTypeChecker();
  const declared = (symbol) => (symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol);
  const exportsOf = (file) =>
    checker.getExportsOfModule(checker.getSymbolAtLocation(program.getSourceFile(file))).map(declared);
  const exported = new Set(files.flatMap(exportsOf));
  const missing = new Set();
  const seen = new Set();
  const visit = (symbol) => {
    if (seen.has(symbol)) return;
    seen.add(symbol);
    for (const declaration of symbol.declarations ?? []) {
      if (declaration.getSourceFile().fileName.startsWith(dist)) walk(declaration);
    }
  };
  const withinAlias = (node) => Boolean(node && (ts.isTypeAliasDeclaration(node) || withinAlias(node.parent)));
  const walk = (node) => {
    if (ts.isTypeReferenceNode(node)) {
      const symbol = declared(checker.getSymbolAtLocation(node.typeName));
      const [at] = symbol.declarations ?? [];
      const file = at?.getSourceFile().fileName ?? "";
      // What an alias computes with, private to its file, is no type that an adopter has to name.
      const computing = at && !(ts.getCombinedModifierFlags(at) & ts.ModifierFlags.Export) && withinAlias(node);
      if (file.startsWith(dist) && !ts.isTypeParameterDeclaration(at) && !computing && !exported.has(symbol)) {
        missing.add(`${symbol.name} in ${file.slice(dist.length + 1)}`);
      }
      visit(symbol);
    }
    // No adopter has to name what an interface extends: its own parts are checked.
    if (ts.isExpressionWithTypeArguments(node)) visit(declared(checker.getSymbolAtLocation(node.expression)));
    ts.forEachChild(node, walk);
  };
  for (const symbol of roots.flatMap(exportsOf)) visit(symbol);
  return [...missing].sort();
}
