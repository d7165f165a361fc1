import type { UserConfig } from "@commitlint/types";

const defineConfig = (config: UserConfig): UserConfig => config;
const types = ["feat", "fix", "zap"] as const;

export default defineConfig({
  extends: ["@commitlint/config-conventional"],
  rules: { "type-enum": [2, "always", [...types]], "scope-case": [2, "always", "kebab-case"] },
} satisfies UserConfig);
