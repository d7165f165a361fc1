/** Keys of model providers: kept in the editor's secret store, handed to the server when it asks. */
import * as vscode from 'vscode';

const PROVIDERS = ['anthropic', 'openai'];
const NAME = /^[a-z0-9][a-z0-9._-]{0,63}$/;

export class Credentials {
  constructor(private readonly store: vscode.SecretStorage) {}

  /** The key of a provider; null where none is kept, or where the folder is not trusted. */
  async key(provider: unknown): Promise<string | null> {
    if (!vscode.workspace.isTrusted || typeof provider !== 'string' || !NAME.test(provider)) {
      return null;
    }
    return (await this.store.get(place(provider))) ?? null;
  }

  async ask(): Promise<void> {
    const provider = await choose('Whose key?');
    const prompt = `The key of ${provider}. It goes into the editor's secret store, not into the settings.`;
    const key = provider && (await vscode.window.showInputBox({ prompt, password: true, ignoreFocusOut: true }));
    if (provider && key) {
      await this.store.store(place(provider), key.trim());
    }
  }

  async forget(): Promise<void> {
    const provider = await choose('Whose key is to be forgotten?');
    if (provider) {
      await this.store.delete(place(provider));
    }
  }
}

function choose(question: string): Thenable<string | undefined> {
  return vscode.window.showQuickPick(PROVIDERS, { placeHolder: question });
}

function place(provider: string): string {
  return `byline.key.${provider}`;
}
