/**
 * Proof that an inline suggestion was accepted: its commands run through here.
 *
 * A command that is registered again comes before the editor's own. So it steps aside, runs the editor's own, and comes
 * back. Where another extension does the same, there is an error, and it keeps the command.
 */
import * as vscode from 'vscode';

import type { Installed } from './installed';
import type { Watch } from './watch';

const COMMANDS = [
  'editor.action.inlineSuggest.commit',
  'editor.action.inlineSuggest.acceptNextWord',
  'editor.action.inlineSuggest.acceptNextLine',
];

/** Null where another extension has the commands. */
export function watchAccepts(
  watch: Watch,
  installed: Installed,
  log: vscode.LogOutputChannel,
): vscode.Disposable | null {
  const registered = new Map<string, vscode.Disposable>();
  let disposed = false;

  const register = (command: string): void => {
    if (!disposed) {
      registered.set(
        command,
        vscode.commands.registerCommand(command, (...args: unknown[]) => accept(command, args)),
      );
    }
  };

  const accept = async (command: string, args: unknown[]): Promise<unknown> => {
    registered.get(command)?.dispose();
    const document = vscode.window.activeTextEditor?.document;
    const tools = installed.completing;
    const [only = null] = tools.length === 1 ? tools : [];
    watch.accepts(document ? { uri: document.uri.toString(), tool: only } : null);
    try {
      return await vscode.commands.executeCommand(command, ...args);
    } finally {
      watch.accepts(null);
      register(command);
    }
  };

  const dispose = (): void => {
    disposed = true;
    registered.forEach((command) => {
      command.dispose();
    });
  };
  try {
    COMMANDS.forEach(register);
  } catch (error) {
    log.info(`Accepted inline suggestions are not recognised; another extension has their commands: ${String(error)}`);
    dispose();
    return null;
  }
  return new vscode.Disposable(dispose);
}
