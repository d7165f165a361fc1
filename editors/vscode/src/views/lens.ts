/** Lenses stay where they are while the server has no answer: if they went, the code below them would jump. */
import type * as vscode from 'vscode';
import type { Middleware } from 'vscode-languageclient/node';

const REMEMBERED = 20; // documents

export function steadyLenses(): NonNullable<Middleware['provideCodeLenses']> {
  const last = new Map<string, vscode.CodeLens[]>();
  return async (document, token, next) => {
    const uri = document.uri.toString();
    const found = await next(document, token);
    if (found) {
      last.delete(uri);
      last.set(uri, found);
      const [oldest] = last.keys();
      if (last.size > REMEMBERED && oldest !== undefined) {
        last.delete(oldest);
      }
      return found;
    }
    return last.get(uri)?.filter(({ range }) => range.end.line < document.lineCount);
  };
}
