/** What is behind the palette, and what the server's commands get from it. */
import * as vscode from 'vscode';
import type { Middleware } from 'vscode-languageclient/node';

import { type Credentials } from './secrets';
import { fillCommitMessage } from './scm';
import { install, InstallError } from './server/install';
import type { Session } from './session';
import type { Gutter } from './views/gutter';

/** Everything that the commands are about. */
export interface Parts {
  readonly extension: vscode.ExtensionContext;
  readonly log: vscode.LogOutputChannel;
  readonly session: Session;
  readonly gutter: Gutter;
  readonly credentials: Credentials;
  /** The folder for an environment of our own. */
  readonly own: string;
}

/** The commands of this extension; those of the server are registered by the language client. */
export function registerCommands(parts: Parts): vscode.Disposable {
  const { credentials, gutter, log, session } = parts;
  const commands: Readonly<Record<string, (argument?: unknown) => unknown>> = {
    'byline.chooseAgents': chooseAgents,
    'byline.fillCommitMessage': (control) => fillCommitMessage(session, control),
    'byline.forgetKey': () => credentials.forget(),
    'byline.installServer': () => installServer(parts),
    'byline.restartServer': () => session.restart(),
    'byline.setKey': () => credentials.ask(),
    'byline.showLog': () => {
      log.show();
    },
    'byline.toggleGutter': () => gutter.toggle(),
  };
  const registered = Object.entries(commands).map(([id, run]) => vscode.commands.registerCommand(id, run));
  return vscode.Disposable.from(...registered);
}

/** The server's commands, called from the palette, are about the selected lines; a table goes to the clipboard. */
export const aboutSelection: NonNullable<Middleware['executeCommand']> = async (command, args, next) => {
  const given = args as unknown[];
  const about = given[0] === undefined ? [selectedPlace()] : given;
  const argument = command === 'byline.writeWithModel' ? await withInstruction(about[0]) : about;
  if (argument === undefined) {
    return undefined;
  }
  const answer: unknown = await next(command, argument);
  const { text } = (answer ?? {}) as { text?: unknown };
  if (command === 'byline.copyAttribution' && given[0] === undefined && typeof text === 'string') {
    await vscode.env.clipboard.writeText(text);
  }
  return answer;
};

/** What a model is to write, the person says; undefined where they say nothing. */
async function withInstruction(place: unknown): Promise<unknown[] | undefined> {
  const given = (place ?? {}) as { instruction?: unknown };
  if (given.instruction !== undefined) {
    return [given];
  }
  const instruction = await vscode.window.showInputBox({
    title: 'Write with a model',
    prompt: 'What is to be written here, in a sentence or two?',
  });
  return instruction?.trim() ? [{ ...given, instruction }] : undefined;
}

function selectedPlace(): object {
  const editor = vscode.window.activeTextEditor;
  if (!editor) {
    return {};
  }
  const { document, selection } = editor;
  const end = selection.isEmpty ? document.lineAt(selection.active.line).range.end : selection.end;
  const { start } = selection;
  return {
    uri: document.uri.toString(),
    range: {
      start: { line: start.line, character: 0 },
      end: { line: end.line, character: selection.isEmpty ? Math.max(1, end.character) : end.character },
    },
  };
}

async function installServer({ extension, log, own, session }: Parts): Promise<void> {
  try {
    if (await install(extension.extensionPath, own, log)) {
      await session.restart();
    }
  } catch (error) {
    if (!(error instanceof InstallError)) {
      throw error;
    }
    if ((await vscode.window.showErrorMessage(error.message, 'Show Log')) === 'Show Log') {
      log.show();
    }
  }
}

const AGENTS: readonly { readonly label: string; readonly name: string }[] = [
  { label: 'Claude Code', name: 'claude-code' },
  { label: 'Codex', name: 'codex' },
  { label: 'Gemini CLI', name: 'gemini-cli' },
  { label: 'OpenCode', name: 'opencode' },
  { label: 'Copilot', name: 'copilot' },
  { label: 'Copilot CLI', name: 'copilot-cli' },
  { label: 'Cursor', name: 'cursor' },
  { label: 'Aider', name: 'aider' },
  { label: 'Cline', name: 'cline' },
  { label: 'Windsurf', name: 'windsurf' },
  { label: 'Continue', name: 'continue' },
  { label: 'Amp', name: 'amp' },
  { label: 'Droid', name: 'droid' },
];

/** Transcripts hold more than code: which are read, the person says. */
async function chooseAgents(): Promise<void> {
  const configuration = vscode.workspace.getConfiguration('byline');
  const now = configuration.get<string | string[]>('agents.read', []);
  const items = AGENTS.map((agent) => ({ ...agent, picked: now === 'all' || now.includes(agent.name) }));
  const chosen = await vscode.window.showQuickPick(items, {
    canPickMany: true,
    title: 'Whose transcripts may Byline read?',
    placeHolder: 'They say which AI wrote what, from which prompt. Nothing is sent anywhere.',
  });
  if (chosen) {
    const names = chosen.map(({ name }) => name);
    await configuration.update('agents.read', names, vscode.ConfigurationTarget.Global);
  }
}
