/** What of the settings goes to the server: those that it has, and only where somebody has set them. */
import * as vscode from 'vscode';

/** The settings that are this extension's own; the server has never heard of them. */
export const CLIENT_SETTINGS: readonly string[] = [
  'currentLine.enabled',
  'inlineSuggestions.enabled',
  'pastes.enabled',
  'server.path',
];

type Section = Record<string, unknown>;

interface Manifest {
  readonly contributes: {
    readonly configuration: readonly { readonly properties: Readonly<Record<string, unknown>> }[];
  };
}

/** The keys of the server's settings, without `byline.`. */
export function serverSettings(manifest: Manifest): string[] {
  const keys = manifest.contributes.configuration.flatMap(({ properties }) => Object.keys(properties));
  return keys.map((key) => key.replace(/^byline\./, '')).filter((key) => !CLIENT_SETTINGS.includes(key));
}

/**
 * The section `byline` as the server wants it, nested, with all sections there so that what is unset there is reset.
 *
 * A default is not sent: it would hide what the files and the environment say.
 */
export function settingsForServer(manifest: Manifest): Section {
  const configuration = vscode.workspace.getConfiguration('byline');
  const settings: Record<string, Section> = {};
  for (const key of serverSettings(manifest)) {
    const [section = '', name = ''] = key.split('.');
    const given = configuration.inspect(key);
    const value = given?.workspaceFolderValue ?? given?.workspaceValue ?? given?.globalValue;
    const held = (settings[section] ??= {});
    if (value !== undefined) {
      held[name] = value;
    }
  }
  return { ...settings, trusted: vscode.workspace.isTrusted };
}
