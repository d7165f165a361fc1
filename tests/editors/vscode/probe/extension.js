// For the tests only: another extension in the same window, which does there what the test says.
//
// POST {body, args} to its port: the answer is what the function with that body gives for `vscode`, `probe` and `args`.
const http = require('node:http');
const vscode = require('vscode');

const AsyncFunction = (async () => undefined).constructor;

// What the provider of inline suggestions offers; the test sets it.
const probe = { suggestion: null };

async function answer(request) {
  let text = '';
  for await (const part of request) {
    text += part;
  }
  const { body, args } = JSON.parse(text);
  return new AsyncFunction('vscode', 'probe', 'args', body)(vscode, probe, args);
}

exports.activate = (context) => {
  const server = http.createServer((request, response) => {
    answer(request).then(
      (value) => response.end(JSON.stringify({ value: value ?? null })),
      (error) => response.end(JSON.stringify({ error: String(error?.stack ?? error) })),
    );
  });
  server.listen(Number(process.env.PROBE_PORT), '127.0.0.1');
  context.subscriptions.push(
    { dispose: () => server.close() },
    vscode.languages.registerInlineCompletionItemProvider({ scheme: 'file' }, {
      provideInlineCompletionItems: (_, position) =>
        probe.suggestion ? [new vscode.InlineCompletionItem(probe.suggestion, new vscode.Range(position, position))] : [],
    }),
    vscode.languages.registerDocumentFormattingEditProvider({ language: 'python' }, {
      provideDocumentFormattingEdits(document) {
        const edits = [];
        for (let index = 0; index < document.lineCount; index += 1) {
          const { text, range } = document.lineAt(index);
          const formatted = text.replace(/(\w)=(\w)/g, '$1 = $2');
          if (formatted !== text) {
            edits.push(vscode.TextEdit.replace(range, formatted));
          }
        }
        return edits;
      },
    }),
  );
};
