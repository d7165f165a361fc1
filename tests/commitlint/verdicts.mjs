// What commitlint says. In, from the file that is named: a list of configurations, `{file, messages, buffers}`. Out: for
// each of them the rules that it loads, and for each message the names of the rules that it breaks; and for each buffer,
// which is checked as `commitlint --edit` does it in git's hook.
import lint from "@commitlint/lint";
import load from "@commitlint/load";
import { readFileSync } from "node:fs";

const questions = JSON.parse(readFileSync(process.argv[2], "utf8"));

async function broken(loaded, message, more) {
  const parserOpts = more ? { ...loaded.parserPreset?.parserOpts, ...more } : loaded.parserPreset?.parserOpts;
  const options = { parserOpts, defaultIgnores: loaded.defaultIgnores };
  const { errors, warnings } = await lint(message, loaded.rules, options);
  return [...errors, ...warnings].map(({ name }) => name).sort();
}

const answer = [];
for (const { file, messages, buffers } of questions) {
  const loaded = await load({}, { file });
  const verdicts = [];
  for (const message of messages) verdicts.push(await broken(loaded, message));
  const edited = [];
  for (const buffer of buffers) edited.push(await broken(loaded, `${buffer}\n`, { commentChar: "#" }));
  answer.push({ rules: loaded.rules, verdicts, edited });
}
process.stdout.write(JSON.stringify(answer));
