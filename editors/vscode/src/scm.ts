/** The button in the title of Source Control that writes the message of the commit. */
import * as vscode from 'vscode';

import { repositories, type Repository } from './git';
import type { CommitMessage } from './protocol';
import type { Session } from './session';

export const GENERATE = 'byline.generateCommitMessage';

/** Fill the box of a repository; what stands there is replaced only by a choice of the person. */
export async function fillCommitMessage(session: Session, control: unknown): Promise<void> {
  const repository = await choose(control);
  if (!repository) {
    return;
  }
  const argument = { root: repository.rootUri.fsPath, offline: !vscode.workspace.isTrusted };
  const answer = await vscode.window.withProgress({ location: vscode.ProgressLocation.SourceControl }, () =>
    session.execute<CommitMessage>(GENERATE, argument),
  );
  if (!answer?.message) {
    const reason = answer?.problems[0] ?? 'There is nothing to write about: stage something first.';
    await vscode.window.showInformationMessage(`Byline: ${reason}`);
    return;
  }
  const message = repository.inputBox.value.trim() ? await pick(answer) : answer.message;
  if (message) {
    repository.inputBox.value = message;
  }
}

async function choose(control: unknown): Promise<Repository | undefined> {
  const all = repositories();
  const root = (control as { rootUri?: vscode.Uri } | undefined)?.rootUri?.toString();
  const meant = all.find(({ rootUri }) => rootUri.toString() === root);
  if (meant ?? all.length <= 1) {
    return meant ?? all[0];
  }
  const items = all.map((repository) => ({ label: vscode.workspace.asRelativePath(repository.rootUri), repository }));
  return (await vscode.window.showQuickPick(items, { placeHolder: 'Which repository is committed?' }))?.repository;
}

async function pick({ message, candidates }: CommitMessage): Promise<string | undefined> {
  const offered = candidates.length > 0 ? candidates : [{ message }];
  const items = offered.map((candidate) => ({
    label: candidate.message.split('\n', 1)[0] ?? '',
    detail: candidate.reasons?.join(' · ') ?? '',
    message: candidate.message,
  }));
  return (await vscode.window.showQuickPick(items, { placeHolder: 'Replace what stands in the box by' }))?.message;
}
