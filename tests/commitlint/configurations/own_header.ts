import { RuleConfigSeverity, type UserConfig } from "@commitlint/types";

const types = ["feat", "fix", "docs"] as const;

const configuration: UserConfig = {
  parserPreset: { parserOpts: { headerPattern: /^(?<scope>[a-z]+)\/(?<type>\w+)[:,] (?<subject>.+)$/i } },
  rules: {
    "type-enum": [RuleConfigSeverity.Error, "always", [...types, "chore"]],
    "type-empty": [RuleConfigSeverity.Error, "never"],
    "scope-case": [RuleConfigSeverity.Warning, "always", "lower-case"],
    "subject-case": [RuleConfigSeverity.Warning, "never", ["snake-case", "pascal-case"]],
    "scope-enum": () => [1, "always", ["api", "ui"]],
  },
};

export default configuration;
