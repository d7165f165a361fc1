import conventional from "@commitlint/config-conventional";

/** @type {import('@commitlint/types').UserConfig} */
const configuration = {
  ...conventional,
  rules: {
    ...conventional.rules,
    "type-enum": [2, "always", [...conventional.rules["type-enum"][2], "wip"]],
    "header-max-length": [2, "always", 45],
  },
};

export default configuration;
