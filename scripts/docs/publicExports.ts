import { join, relative } from 'node:path';
import ts from 'typescript';
import { type Package, root } from '../packages.ts';
import { compilerOptions } from './typeCheck.ts';

export interface PublicExport {
  readonly name: string;
  readonly path: string;
  readonly callable: boolean;
  readonly documented: boolean;
  readonly example: boolean;
}

/** What all entries of the packages export, with what TSDoc says about it. */
export function publicExports(packages: readonly Package[]): PublicExport[] {
  const entries = packages.flatMap(({ dir, entries: files }) => Object.values(files).map((file) => join(dir, file)));
  const program = ts.createProgram(entries, compilerOptions());
  const checker = program.getTypeChecker();
  const found = new Map<ts.Symbol, PublicExport>();
  for (const entry of entries) {
    const file = program.getSourceFile(entry);
    const module = file && checker.getSymbolAtLocation(file);
    for (const exported of module ? checker.getExportsOfModule(module) : []) {
      const symbol = exported.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(exported) : exported;
      const [declaration] = symbol.declarations ?? [];
      // A namespace is a file of names that are exported by themselves too.
      if (declaration === undefined || symbol.flags & ts.SymbolFlags.ValueModule) continue;
      const isValue = (symbol.flags & (ts.SymbolFlags.Function | ts.SymbolFlags.Variable)) !== 0;
      found.set(symbol, {
        name: exported.name,
        path: relative(root, declaration.getSourceFile().fileName),
        callable: isValue && checker.getTypeOfSymbol(symbol).getCallSignatures().length > 0,
        documented: symbol.getDocumentationComment(checker).length > 0,
        example: symbol.getJsDocTags(checker).some(({ name }) => name === 'example'),
      });
    }
  }
  return [...found.values()];
}
