// What commitlint says. In, from the file that is named: a list of configurations, `{file, messages}`. Out: for each of
// them the rules that it loads, and for each message the names of the rules that it breaks.
import lint from "@commitlint/lint";
import load from "@commitlint/load";
import { readFileSync } from "node:fs";

const questions = JSON.parse(readFileSync(process.argv[2], "utf8"));

async function broken(loaded, message) {
  const options = { parserOpts: loaded.parserPreset?.parserOpts, defaultIgnores: loaded.defaultIgnores };
  const { errors, warnings } = await lint(message, loaded.rules, options);
  return [...errors, ...warnings].map(({ name }) => name).sort();
}

const answer = [];
for (const { file, messages } of questions) {
  const loaded = await load({}, { file });
  const verdicts = [];
  for (const message of messages) verdicts.push(await broken(loaded, message));
  answer.push({ rules: loaded.rules, verdicts });
}
process.stdout.write(JSON.stringify(answer));
